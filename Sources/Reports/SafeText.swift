/// The one place that makes foreign text safe to show.
package enum SafeText {
  /// Text for a terminal: whatever it could obey, reorder or hide is written as `\u{…}`.
  package static func terminal(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isUnsafe(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// One word for a POSIX shell.
  ///
  /// Words of harmless characters stand as they are; all others go between single quotes, in which
  /// a shell interprets nothing.
  package static func shell(_ word: String) -> String {
    var isHarmless = !word.isEmpty
    for byte in word.utf8 where !isHarmlessInShell(byte) { isHarmless = false }
    if isHarmless { return word }
    var result = "'"
    for scalar in word.unicodeScalars {
      if scalar == "'" { result += "'\\''" } else { result.unicodeScalars.append(scalar) }
    }
    return result + "'"
  }

  @inline(__always)
  private static func isHarmlessInShell(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "-"),
      UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: ","):
      true
    default: false
    }
  }

  /// Text for an HTML page: for an element's content and for an attribute between double quotes.
  ///
  /// It is judged scalar by scalar, not by characters: a quote with a combining mark after it is
  /// still a quote to a browser. What could reorder or hide is written as on a terminal.
  ///
  /// - Parameter limit: Scalars that are shown; the number of the rest stands behind them. `nil`
  ///   shows all.
  package static func html(_ text: String, limit: Int? = nil) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
        && byte != UInt8(ascii: "&") && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "'")
    }
    if isPlain, text.utf8.count <= limit ?? Int.max { return text }
    var result = ""
    let scalars = text.unicodeScalars
    let shown = limit.map { scalars.prefix($0) } ?? scalars[...]
    for scalar in shown {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default:
        if isUnsafe(scalar) {
          result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    let rest = scalars[shown.endIndex...].count
    if rest > 0 { result += "… [+\(rest)]" }
    return result
  }

  /// The same of a name, an address or a path, which may break behind its signs.
  package static func htmlName(_ text: String, limit: Int? = nil) -> String {
    var result = ""
    let escaped = html(text, limit: limit).unicodeScalars
    var mayBreak = false
    for scalar in escaped {
      if mayBreak { result += "<wbr>" }
      result.unicodeScalars.append(scalar)
      mayBreak = scalar == "@" || scalar == "." || scalar == "_" || scalar == "/"
    }
    return result
  }

  /// Whether a terminal could obey it, or it reorders or hides text.
  static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E: return false
    case 0..<0x20, 0x7F...0x9F: return true
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      return true
    // Fillers and selectors of variants, which are letters and marks that nobody sees.
    default: return scalar.properties.isDefaultIgnorableCodePoint
    }
  }
}
