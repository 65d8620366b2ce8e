import Platform
import Results
package import SalesforceExports

/// Figures and times as people read them, the same in every report.
package enum FigureText {
  /// Digits in groups of three.
  package static func number(_ value: Int) -> String {
    let text = String(value)
    let digits = text.utf8Span.span
    let first = value < 0 ? 1 : 0
    guard digits.count - first > 3 else { return text }
    var result = ByteText(capacity: 32)
    for position in digits.indices {
      if position > first, (digits.count - position) % 3 == 0 { result.append(UInt8(ascii: ",")) }
      result.append(digits[position])
    }
    return result.string
  }

  /// The number with its noun, which takes an s in the plural.
  package static func count(_ value: Int, _ noun: String) -> String {
    "\(number(value)) \(value.named(noun))"
  }

  /// `YYYY-MM-DD HH:MM`.
  package static func minute(_ instant: Instant) -> String { clock(instant, 16) }

  /// `YYYY-MM-DD HH:MM:SS`.
  package static func second(_ instant: Instant) -> String { clock(instant, 19) }

  /// The first bytes of a time, with a blank between date and clock.
  private static func clock(_ instant: Instant, _ byteCount: Int) -> String {
    var text = ByteText(capacity: 32)
    text.append(instant)
    text.truncate(to: min(byteCount, text.count))
    for position in 0..<text.count where text[position] == UInt8(ascii: "T") {
      text.replace(position, by: UInt8(ascii: " "))
    }
    return text.string
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
