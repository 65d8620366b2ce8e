import Platform
package import SalesforceExports

/// Figures and times as people read them, the same in every report.
package enum FigureText {
  /// Digits in groups of three.
  package static func number(_ value: Int) -> String {
    let digits = String(abs(value))
    guard digits.utf8.count > 3 else { return String(value) }
    var result = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.utf8.count - index) % 3 == 0 { result += "," }
      result.append(digit)
    }
    return result
  }

  /// The number with its noun, which takes an s in the plural.
  package static func count(_ value: Int, _ noun: String) -> String {
    "\(number(value)) \(value.named(noun))"
  }

  /// `YYYY-MM-DD HH:MM`.
  package static func minute(_ instant: Instant) -> String {
    instant.text.prefix(16).map { $0 == "T" ? " " : String($0) }.joined()
  }

  /// `YYYY-MM-DD HH:MM:SS`.
  package static func second(_ instant: Instant) -> String {
    instant.text.prefix(19).map { $0 == "T" ? " " : String($0) }.joined()
  }

  /// `YYYY-MM-DD`.
  package static func date(_ instant: Instant) -> String { CivilDate(day: instant.day).text }

  /// A share in percent; the whole and nothing are said only where they are exact.
  package static func percent(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "" }
    let rounded = Int((Double(part) * 100 / Double(whole)).rounded())
    if rounded == 0, part > 0 { return "< 1 %" }
    if rounded == 100, part < whole { return "> 99 %" }
    return "\(rounded) %"
  }

  /// A size in decimal units.
  package static func size(_ bytes: Int) -> String {
    guard bytes >= 1_000 else { return "\(bytes) B" }
    var value = Double(bytes)
    var unit = ""
    for name in ["kB", "MB", "GB", "TB"] where value >= 1_000 {
      value /= 1_000
      unit = name
    }
    let tenths = Int((value * 10).rounded())
    return value < 10
      ? "\(tenths / 10).\(tenths % 10) \(unit)" : "\(number(Int(value.rounded()))) \(unit)"
  }
}
