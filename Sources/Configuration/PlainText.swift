import Reports
import SalesforceExports

extension UInt8 {
  /// Whether the byte is an ASCII letter or digit.
  var isASCIILetterOrDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }
}

extension String {
  /// What follows `prefix`, which is compared without regard to case, without blanks around it.
  ///
  /// - Returns: `nil` when the text does not begin so.
  func suffix(afterPrefix prefix: String) -> String? {
    guard utf8.count >= prefix.utf8.count else { return nil }
    let head = String(decoding: utf8.prefix(prefix.utf8.count), as: UTF8.self)
    guard head.lowercased() == prefix else { return nil }
    return String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
      .trimmed
  }

  /// The text between grave accents, safe for a terminal and cut at 80 characters.
  ///
  /// A configuration is the user's own, and may still have been copied from anywhere: control
  /// characters, and those that reorder or hide text, are written as `\u{…}`.
  package var quotedForMessage: String {
    let scalars = unicodeScalars
    let shown = String(String.UnicodeScalarView(scalars.prefix(80)))
    return "`\(shown.escapedForMessage)\(scalars.count > 80 ? "…" : "")`"
  }

  /// The text with what a terminal could obey written as `\u{…}`.
  var escapedForMessage: String { SafeText.terminal(self) }
}
