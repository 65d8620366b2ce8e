import Results

/// The one place that makes foreign text safe to show.
package enum SafeText {
  /// Text for a terminal: whatever it could obey, reorder or hide is written as `\u{…}`.
  package static func terminal(_ text: String) -> String {
    replacing(text, isPlain: { $0 >= 0x20 && $0 < 0x7F }, by: shownIfUnsafe)
  }

  /// One word for a POSIX shell.
  ///
  /// Words of harmless characters stand as they are; all others go between single quotes, in which
  /// a shell interprets nothing.
  package static func shell(_ word: String) -> String {
    let bytes = word.utf8Span.span
    var isHarmless = !bytes.isEmpty
    for position in bytes.indices {
      isHarmless = isHarmless && isHarmlessInShell(bytes[position])
    }
    if isHarmless { return word }
    func isPlain(_ byte: UInt8) -> Bool { byte != UInt8(ascii: "'") && byte < 0x80 }
    return "'" + replacing(word, isPlain: isPlain) { $0 == "'" ? "'\\''" : nil } + "'"
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
    func isPlain(_ byte: UInt8) -> Bool {
      byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
        && byte != UInt8(ascii: "&") && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "'")
    }
    return replacing(text, limit: limit ?? .max, isPlain: isPlain) { scalar in
      switch scalar {
      case "<": "&lt;"
      case ">": "&gt;"
      case "&": "&amp;"
      case "\"": "&quot;"
      case "'": "&#39;"
      default: shownIfUnsafe(scalar)
      }
    }
  }

  /// The same of a name, an address or a path, which may break behind its signs.
  package static func htmlName(_ text: String, limit: Int? = nil) -> String {
    let escaped = html(text, limit: limit)
    let bytes = escaped.utf8Span.span
    var result = ByteText(capacity: bytes.count + 32)
    var start = 0
    for position in bytes.indices {
      switch bytes[position] {
      case UInt8(ascii: "@"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"):
        guard position + 1 < bytes.count else { continue }
        result.append(bytes, start..<position + 1)
        result.append(literal: "<wbr>")
        start = position + 1
      default: break
      }
    }
    result.append(bytes, start..<bytes.count)
    return result.string
  }

  /// A text with something else in the place of some scalars; what lies between these is copied in one piece.
  ///
  /// - Parameters:
  ///   - limit: Scalars that are shown; the number of the rest stands behind them.
  ///   - isPlain: Whether a byte is one of ASCII that stands for itself.
  ///   - replacement: What stands for any other scalar; `nil` for itself.
  /// - Complexity: O(*n*) in the text.
  @inline(__always)
  static func replacing(
    _ text: String, limit: Int = .max, isPlain: (UInt8) -> Bool,
    by replacement: (Unicode.Scalar) -> String?
  ) -> String {
    let bytes = text.utf8Span.span
    var position = 0
    while position < bytes.count, position < limit, isPlain(bytes[position]) { position += 1 }
    if position == bytes.count { return text }
    var result = ByteText(capacity: bytes.count + 32)
    // Where begins what is not copied yet.
    var start = 0
    var shown = position
    while position < bytes.count, shown < limit {
      shown += 1
      if isPlain(bytes[position]) {
        position += 1
        continue
      }
      let scalar = text.unicodeScalars[text.utf8.index(text.startIndex, offsetBy: position)]
      let end = position + UTF8.width(scalar)
      if let other = replacement(scalar) {
        result.append(bytes, start..<position)
        result.append(other)
        start = end
      }
      position = end
    }
    result.append(bytes, start..<position)
    var rest = 0
    // Each scalar has one byte that does not continue it.
    while position < bytes.count {
      if bytes[position] & 0xC0 != 0x80 { rest += 1 }
      position += 1
    }
    if rest > 0 { result.append("… [+\(rest)]") }
    return result.string
  }

  /// What stands for a scalar that could be obeyed, or reorders or hides text; `nil` for any other.
  static func shownIfUnsafe(_ scalar: Unicode.Scalar) -> String? {
    isUnsafe(scalar) ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : nil
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
