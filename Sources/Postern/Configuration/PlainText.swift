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
  /// The text without spaces, tabs and line ends at both ends.
  var withoutSurroundingBlanks: String {
    let isBlank: (Unicode.Scalar) -> Bool = { $0 == " " || ("\u{9}"..."\u{D}").contains($0) }
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !isBlank($0) }),
      let last = scalars.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(scalars[first...last])
  }

  /// What follows `prefix`, which is compared without regard to case, without blanks around it.
  ///
  /// - Returns: `nil` when the text does not begin so.
  func suffix(afterPrefix prefix: String) -> String? {
    guard utf8.count >= prefix.utf8.count else { return nil }
    let head = String(decoding: utf8.prefix(prefix.utf8.count), as: UTF8.self)
    guard head.lowercased() == prefix else { return nil }
    return String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
      .withoutSurroundingBlanks
  }

  /// The text between grave accents, safe for a terminal and cut at 80 characters.
  ///
  /// A configuration is the user's own, and may still have been copied from anywhere: control
  /// characters, and those that reorder or hide text, are written as `\u{…}`.
  var quotedForMessage: String {
    var result = ""
    for (count, scalar) in unicodeScalars.enumerated() {
      guard count < 80 else {
        result += "…"
        break
      }
      result += scalar.escapedForMessage
    }
    return "`\(result)`"
  }

  /// The text with what a terminal could obey written as `\u{…}`.
  var escapedForMessage: String { unicodeScalars.map(\.escapedForMessage).joined() }
}

extension Unicode.Scalar {
  /// The character itself, or `\u{…}` where printing it could change what a terminal shows.
  fileprivate var escapedForMessage: String {
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      "\\u{\(String(value, radix: 16, uppercase: true))}"
    default: String(self)
    }
  }
}
