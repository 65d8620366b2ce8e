/// What is wrong with a text that should be JSON.
package struct JSONDefect: Error, Sendable, Equatable {
  /// What is wrong.
  package let detail: String
  /// Byte of the text, counted from 0.
  package let byteOffset: Int
}

/// Reads one object as results hold it: compact, `schema` first and all other keys in the order of
/// their bytes, as ``JSONValue/line(schema:)`` writes it.
///
/// It is stricter than JSON, so that a line that passed through other hands is noticed, and it is
/// bounded, so that a hostile line costs no more than its own length: arrays and objects nest at
/// most ``depthLimit`` levels.
package struct JSONReader {
  /// Most levels of arrays and objects.
  package static let depthLimit = 32

  private let bytes: [UInt8]
  private var position = 0
  /// Members of the outermost object that are checked and not kept.
  private let passedOver: Set<String>

  private init(_ bytes: [UInt8], passingOver names: Set<String>) {
    self.bytes = bytes
    passedOver = names
  }

  /// The members of the object that is the whole text.
  ///
  /// - Parameters:
  ///   - bytes: One line without its end.
  ///   - names: Members of the outermost object whose values are checked and left out, because
  ///     nobody will ask for them.
  /// - Throws: ``JSONDefect`` for anything but one compact object with sorted keys.
  /// - Complexity: O(*n*), where *n* is the number of bytes.
  package static func object(
    _ bytes: [UInt8], passingOver names: Set<String> = []
  ) throws(JSONDefect) -> [String: JSONValue] {
    var reader = JSONReader(bytes, passingOver: names)
    let members = try reader.object(depth: 1)
    guard reader.position == bytes.count else { throw reader.defect("more text after the object") }
    return members
  }

  private func defect(_ detail: String) -> JSONDefect {
    JSONDefect(detail: detail, byteOffset: position)
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ byte: UInt8) throws(JSONDefect) {
    guard next == byte else {
      throw defect("'\(Character(UnicodeScalar(byte)))' is expected")
    }
    position += 1
  }

  // MARK: Values

  private mutating func value(depth: Int) throws(JSONDefect) -> JSONValue {
    guard let byte = next else { throw defect("the text ends early") }
    switch byte {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONDefect) -> JSONValue {
    for byte in word.utf8 {
      guard next == byte else { throw defect("a value is expected") }
      position += 1
    }
    return value
  }

  private mutating func object(depth: Int) throws(JSONDefect) -> [String: JSONValue] {
    guard depth <= Self.depthLimit else { throw defect("nested too deeply") }
    try take(UInt8(ascii: "{"))
    var members: [String: JSONValue] = [:]
    if next == UInt8(ascii: "}") {
      position += 1
      return members
    }
    var previous: String?
    while true {
      let start = position
      let key = try string()
      let mayBeFirst = depth == 1 && previous == nil && key == "schema"
      if let previous, !previous.utf8.lexicographicallyPrecedes(key.utf8) {
        throw JSONDefect(
          detail: "keys are not in the order in which they were written", byteOffset: start)
      }
      try take(UInt8(ascii: ":"))
      if depth == 1, passedOver.contains(key) {
        try pass(depth: depth)
      } else {
        members[key] = try value(depth: depth)
      }
      // `schema` stands before all others, whatever they are.
      previous = mayBeFirst ? "" : key
      guard next == UInt8(ascii: ",") else { break }
      position += 1
    }
    try take(UInt8(ascii: "}"))
    return members
  }

  private mutating func array(depth: Int) throws(JSONDefect) -> [JSONValue] {
    guard depth <= Self.depthLimit else { throw defect("nested too deeply") }
    try take(UInt8(ascii: "["))
    var values: [JSONValue] = []
    if next == UInt8(ascii: "]") {
      position += 1
      return values
    }
    while true {
      values.append(try value(depth: depth))
      guard next == UInt8(ascii: ",") else { break }
      position += 1
    }
    try take(UInt8(ascii: "]"))
    return values
  }

  /// Checks a value without keeping it.
  private mutating func pass(depth: Int) throws(JSONDefect) {
    switch next {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth < Self.depthLimit else { throw defect("nested too deeply") }
      let isObject = next == UInt8(ascii: "{")
      let close = UInt8(ascii: isObject ? "}" : "]")
      position += 1
      if next == close {
        position += 1
        return
      }
      while true {
        if isObject {
          try passString()
          try take(UInt8(ascii: ":"))
        }
        try pass(depth: depth + 1)
        guard next == UInt8(ascii: ",") else { break }
        position += 1
      }
      try take(close)
    case UInt8(ascii: "\""): try passString()
    default: _ = try value(depth: depth)
    }
  }

  // MARK: Numbers

  private mutating func number() throws(JSONDefect) -> JSONValue {
    let start = position
    var isWhole = true
    if next == UInt8(ascii: "-") { position += 1 }
    if next == UInt8(ascii: "0") {
      position += 1
    } else {
      try digits()
    }
    if next == UInt8(ascii: ".") {
      isWhole = false
      position += 1
      try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      isWhole = false
      position += 1
      if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { position += 1 }
      try digits()
    }
    // Most numbers are short counts: up to 18 digits fit an Int whatever they are.
    if isWhole, position - start <= 18, bytes[start] != UInt8(ascii: "-") {
      return .int(bytes[start..<position].reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let value = Int(text) { return .int(value) }
    guard let value = Double(text), value.isFinite else { throw defect("the number is too large") }
    return .number(value)
  }

  private mutating func digits() throws(JSONDefect) {
    guard let byte = next, isDigit(byte) else { throw defect("a value is expected") }
    while let byte = next, isDigit(byte) { position += 1 }
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  // MARK: Strings

  private mutating func string() throws(JSONDefect) -> String {
    try take(UInt8(ascii: "\""))
    let start = position
    // Most strings have no escape: they are taken whole.
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      position += 1
    }
    var text = try piece(start..<position)
    while next != UInt8(ascii: "\"") {
      guard let byte = next else { throw defect("the text ends inside a string") }
      guard byte >= 0x20 else { throw defect("a control character in a string") }
      if byte == UInt8(ascii: "\\") {
        text.unicodeScalars.append(try escape())
        continue
      }
      let start = position
      while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
        position += 1
      }
      text += try piece(start..<position)
    }
    position += 1
    return text
  }

  private func piece(_ range: Range<Int>) throws(JSONDefect) -> String {
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw JSONDefect(detail: "a string is not UTF-8", byteOffset: range.lowerBound)
    }
    return text
  }

  /// Checks a string without keeping it; plain ASCII needs no text made of it.
  private mutating func passString() throws(JSONDefect) {
    let start = position
    try take(UInt8(ascii: "\""))
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20,
      byte < 0x80
    {
      position += 1
    }
    if next == UInt8(ascii: "\"") {
      position += 1
    } else {
      position = start
      _ = try string()
    }
  }

  private mutating func escape() throws(JSONDefect) -> Unicode.Scalar {
    try take(UInt8(ascii: "\\"))
    guard let byte = next else { throw defect("the text ends inside a string") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw defect("an unknown escape in a string")
    }
  }

  private mutating func unicodeEscape() throws(JSONDefect) -> Unicode.Scalar {
    var value = try hexadecimal()
    if (0xD800..<0xDC00).contains(value), next == UInt8(ascii: "\\") {
      position += 1
      try take(UInt8(ascii: "u"))
      let low = try hexadecimal()
      guard (0xDC00..<0xE000).contains(low) else { throw defect("half a character in a string") }
      value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw defect("half a character in a string") }
    return scalar
  }

  private mutating func hexadecimal() throws(JSONDefect) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw defect("four hexadecimal digits are expected")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
