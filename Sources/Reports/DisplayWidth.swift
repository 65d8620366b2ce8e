/// How many columns of a terminal a text takes.
package enum DisplayWidth {
  /// Columns of a text that ``SafeText/terminal(_:)`` has made safe.
  ///
  /// Wide characters of East Asian scripts and emoji take two, combining marks none.
  package static func of(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  /// A text brought to exactly `width` columns: blanks fill it up, and what is too long is cut with
  /// an ellipsis.
  ///
  /// - Parameter keepsEnd: Cuts at the beginning, as suits paths.
  package static func fit(_ text: String, _ width: Int, keepsEnd: Bool = false) -> String {
    let own = of(text)
    if own <= width { return text + String(repeating: " ", count: width - own) }
    guard width > 0 else { return "" }
    var kept: [Unicode.Scalar] = []
    var used = 1
    let scalars = Array(text.unicodeScalars)
    for scalar in keepsEnd ? scalars.reversed() : scalars {
      let step = self.width(scalar)
      if used + step > width { break }
      used += step
      kept.append(scalar)
    }
    var result = String.UnicodeScalarView()
    if keepsEnd {
      result.append("…")
      result.append(contentsOf: kept.reversed())
    } else {
      result.append(contentsOf: kept)
      result.append("…")
    }
    return String(result) + String(repeating: " ", count: width - used)
  }

  /// A text as lines of words that take at most `width` columns; a word that is longer stays whole.
  package static func lines(of text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in text.split(separator: " ") {
      let length = of(String(word))
      if used > 0, used + 1 + length > width {
        lines.append(line)
        (line, used) = ("", 0)
      }
      line += (used == 0 ? "" : " ") + word
      used += (used == 0 ? 0 : 1) + length
    }
    return lines + [line]
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
      0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
