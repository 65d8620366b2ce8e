public import Delimited

/// The words that other programs write where a value is missing.
///
/// Databases write `null` and `\N` (COPY of PostgreSQL, LOAD DATA of MySQL), Python `None`, `nan` and
/// `NaT`, R and pandas `NA` and `<NA>`, spreadsheets `#N/A`.
public enum MissingValue {
  /// Words that stand for nothing in every column.
  private static let words: Set<String> = [
    "null", "(null)", "[null]", "<null>", "{null}", "#null!", "\\n", "nan", "nat", "<na>", "none",
    "nil", "<nil>", "undefined", "#n/a", "#nv", "#nd", "#na", "(none)", "<none>", "(blank)",
    "(empty)", "<empty>", "dbnull", "n.a.",
  ]

  /// Words that are values of some columns: `N/A` of `ApiType` and its kin
  /// (docs/salesforce.md#login-history-by-query),
  /// `NA`
  /// of countries.
  private static let wordsOfSome: Set<String> = ["n/a", "na", "-", "--", "–", "—"]

  private static let longest = 9

  /// Whether a byte begins one of the words, in any case; most values begin otherwise.
  private static let beginsWord: [Bool] = {
    var table = [Bool](repeating: false, count: 256)
    for word in words.union(wordsOfSome) {
      for first in [word, word.uppercased()].compactMap(\.utf8.first) { table[Int(first)] = true }
    }
    return table
  }()

  /// Whether a field holds nothing: it is blank, or a word for nothing.
  ///
  /// - Parameters:
  ///   - text: The field, trimmed.
  ///   - keepingMarks: Whether `N/A`, `NA` and dashes are values, as they are in columns of text.
  /// - Complexity: O(1).
  public static func isMissing(_ text: String, keepingMarks: Bool = false) -> Bool {
    let count = text.utf8.count
    if count == 0 { return true }
    guard count <= longest, let first = text.utf8.first, beginsWord[Int(first)] else {
      return false
    }
    let folded = text.lowercased()
    return words.contains(folded) || (!keepingMarks && wordsOfSome.contains(folded))
  }
}

extension String {
  /// What a field says once the traces of a spreadsheet are taken off: blanks around it, and the guard
  /// `="…"` by which cells are kept from being read as numbers.
  public var withoutGuard: String {
    let bytes = utf8.span
    if bytes.isEmpty { return self }
    // Nearly all fields begin and end with what is neither a blank nor part of a guard.
    let first = bytes[0]
    if Self.isPlain(first), Self.isPlain(bytes[bytes.count - 1]), first != UInt8(ascii: "="),
      first != UInt8(ascii: "'")
    {
      return self
    }
    let text = trimmedBroadly
    guard let first = text.utf8.first, first == UInt8(ascii: "=") || first == UInt8(ascii: "'")
    else { return text }
    guard text.utf8.count >= 3, text.hasPrefix("=\""), text.hasSuffix("\"") else {
      // An apostrophe before the value marks text in some spreadsheets.
      guard text.utf8.count > 1, text.hasPrefix("'"), !text.dropFirst().contains("'") else {
        return text
      }
      return String(text.dropFirst()).trimmedBroadly
    }
    return String(text.dropFirst(2).dropLast()).replacing("\"\"", with: "\"").trimmedBroadly
  }

  /// Whether a byte is a character of ASCII that shows.
  fileprivate static func isPlain(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }

  /// The text without blanks of any kind and marks without width at both ends.
  var trimmedBroadly: String {
    let plain = trimmed
    // Nearly all fields begin and end with what is no blank.
    guard let first = plain.utf8.first, let last = plain.utf8.last, first >= 0x80 || last >= 0x80
    else { return plain }
    let scalars = plain.unicodeScalars
    func isBlank(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isWhitespace || scalar.value == 0xFEFF
        || (0x200B...0x200F).contains(scalar.value)
    }
    guard let start = scalars.firstIndex(where: { !isBlank($0) }),
      let end = scalars.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(scalars[start...end])
  }
}

extension FieldBytes {
  /// Whether the field holds nothing, or a word for it.
  public var isMissing: Bool { MissingValue.isMissing(string.withoutGuard) }

  /// What a spreadsheet's guard keeps, `="…"`, where its bytes alone tell: inside there is no quote, no
  /// blank at an end, and no other guard.
  ///
  /// - Returns: The bytes that ``Swift/String/withoutGuard`` leaves of the field's text; `nil` for another
  ///   field.
  public var insideGuard: FieldBytes? {
    // In a field in quotes those of the guard are doubled.
    let (front, back) = isQuoted ? (4, 3) : (2, 1)
    guard count > front + back, self[front - 1] == ASCII.quote, self[count - back] == ASCII.quote
    else { return nil }
    if isQuoted {
      guard self[1] == 0x3D, self[2] == ASCII.quote, self[count - 2] == ASCII.quote else {
        return nil
      }
    } else {
      guard self[0] == 0x3D else { return nil }
    }
    let inside = unsafe FieldBytes(start: start + front, count: count - front - back)
    // An apostrophe at the start would be taken for a guard of its own.
    guard !inside.contains(ASCII.quote), String.isPlain(inside[0]), inside[0] != 0x27,
      String.isPlain(inside[inside.count - 1])
    else { return nil }
    return inside
  }
}
