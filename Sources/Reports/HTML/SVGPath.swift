/// The data of an SVG path, in tenths of a unit.
struct SVGPath {
  private(set) var data = ""

  var isEmpty: Bool { data.isEmpty }

  /// Adds a filled rectangle.
  mutating func rectangle(x: Double, y: Double, width: Double, height: Double) {
    data += "M\(Self.text(x)) \(Self.text(y))h\(Self.text(width))v\(Self.text(height))"
    data += "h\(Self.text(-width))z"
  }

  /// Adds a run of unit cells, to be drawn as a dashed stroke.
  mutating func run(column: Int, row: Int, length: Int) {
    data += "M\(column) \(row).5h\(length)"
  }

  /// A path element with the class; nothing without data.
  func element(_ name: StaticString) -> Markup {
    isEmpty ? Markup() : "<path class=\(literal: name) d=\"\(coordinates: data)\"/>"
  }

  /// A number with at most one decimal.
  static func text(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let whole = String(abs(tenths) / 10)
    let sign = tenths < 0 ? "-" : ""
    return abs(tenths) % 10 == 0 ? sign + whole : sign + whole + ".\(abs(tenths) % 10)"
  }
}
