/// A piece of an HTML page that is safe by construction.
///
/// The literal parts come from this program's sources; every text put in between goes through
/// ``SafeText/html(_:limit:)``, and the compiler sees to that: a `String` cannot become markup in
/// any other way. (A template engine would do this too, but none that was looked at escapes by
/// scalars, and a misspelt name in a template loses its section without a word.)
struct Markup: ExpressibleByStringInterpolation, Sendable {
  /// Scalars of a foreign text that the page shows at most.
  static let textLimit = 240

  fileprivate(set) var html: String

  /// Markup of the program's own.
  init(stringLiteral value: String) { html = value }

  /// Markup with texts between.
  init(stringInterpolation: StringInterpolation) { html = stringInterpolation.html }

  /// Nothing.
  init() { html = "" }

  /// A piece that a ``MarkupStore`` kept.
  init(stored bytes: ArraySlice<UInt8>) { html = String(decoding: bytes, as: UTF8.self) }

  /// Collects the parts.
  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var html = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      html.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    mutating func appendLiteral(_ literal: String) { html += literal }

    /// A foreign text, shown up to a limit.
    mutating func appendInterpolation(_ text: String) {
      html += SafeText.html(text, limit: Markup.textLimit)
    }

    /// A foreign name, an address or a path, shown up to a limit; it may break behind its signs.
    mutating func appendInterpolation(name text: String) {
      html += SafeText.htmlName(text, limit: Markup.textLimit)
    }

    /// A text that is of no use unless it is whole: a command.
    mutating func appendInterpolation(whole text: String) { html += SafeText.html(text) }

    /// A number in groups of three digits.
    mutating func appendInterpolation(_ number: Int) { html += FigureText.number(number) }

    /// A number without groups, for coordinates and attributes.
    mutating func appendInterpolation(plain number: Int) { html += String(number) }

    /// A word of this program's own sources.
    mutating func appendInterpolation(literal: StaticString) { html += literal.description }

    /// A word out of an enumeration of this program, for a class name or as text.
    mutating func appendInterpolation(plainWord word: String) {
      let isPlain = word.utf8.allSatisfy {
        0x61...0x7A ~= $0 || 0x41...0x5A ~= $0 || $0 == UInt8(ascii: "-")
      }
      html +=
        isPlain
        ? word : String(word.unicodeScalars.filter { $0.properties.isAlphabetic || $0 == "-" })
    }

    /// A coordinate.
    mutating func appendInterpolation(_ coordinate: Double) { html += SVGPath.text(coordinate) }

    /// A number with all its digits, for the script.
    mutating func appendInterpolation(exact number: Double) { html += "\(number)" }

    /// Coordinates of a path, which hold no foreign text.
    mutating func appendInterpolation(coordinates: String) { html += SafeText.html(coordinates) }

    /// Markup, as it is.
    mutating func appendInterpolation(_ markup: Markup) { html += markup.html }
  }

  static func + (left: Markup, right: Markup) -> Markup {
    var sum = left
    sum += right
    return sum
  }

  static func += (left: inout Markup, right: Markup) { left.html += right.html }

  /// Makes room for more bytes.
  mutating func reserve(_ byteCount: Int) { html.reserveCapacity(html.utf8.count + byteCount) }

  var isEmpty: Bool { html.isEmpty }

  var byteCount: Int { html.utf8.count }
}

extension Sequence<Markup> {
  /// All pieces, one after the other.
  func joined(_ separator: String = "") -> Markup {
    var result = Markup()
    var isFirst = true
    for piece in self {
      if !isFirst { result.html += separator }
      isFirst = false
      result.html += piece.html
    }
    return result
  }
}
