import Platform

/// A JSON value; objects are written with their keys in the order of their bytes.
package enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case int(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// A string, or null.
  package init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }

  /// The object as one line without its end: compact, `schema` first, all other keys sorted.
  ///
  /// - Complexity: O(*n* log *n*) in the keys of each object.
  package func line(schema: String) -> [UInt8] {
    guard case .object(let members) = self else { return [] }
    var bytes: [UInt8] = []
    bytes.append(contentsOf: "{\"schema\":\"\(schema)\"".utf8)
    for (key, value) in Self.sorted(members) {
      bytes.append(UInt8(ascii: ","))
      Self.write(key, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      value.write(to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  private static func sorted(_ members: [String: JSONValue]) -> [(key: String, value: JSONValue)] {
    members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  /// Appends the compact form.
  package func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .int(let value): bytes.append(contentsOf: String(value).utf8)
    case .number(let value):
      let isWhole = value == value.rounded() && abs(value) < 1e15
      bytes.append(contentsOf: (isWhole ? String(Int(value)) : String(value)).utf8)
    case .string(let text): Self.write(text, to: &bytes)
    case .array(let values):
      bytes.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in Self.sorted(members).enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.write(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// Quotes, backslashes and controls are escaped; so are the controls above ASCII and the line
  /// separators, which a terminal or a script could obey.
  static func write(_ text: String, to bytes: inout [UInt8]) {
    func escape(_ value: UInt32) {
      bytes.append(contentsOf: "\\u".utf8)
      for shift in [12, 8, 4, 0] {
        bytes.append(Hexadecimal.digits[Int(value >> UInt32(shift)) & 15])
      }
    }
    bytes.append(UInt8(ascii: "\""))
    // Most texts are plain: they are written as they are, and taken back when they turn out otherwise.
    let start = bytes.count
    bytes.append(contentsOf: text.utf8)
    var isPlain = true
    for byte in bytes[start...] where byte < 0x20 || byte >= 0x7F || byte == 0x22 || byte == 0x5C {
      isPlain = false
      break
    }
    if isPlain {
      bytes.append(UInt8(ascii: "\""))
      return
    }
    bytes.removeSubrange(start...)
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: bytes.append(contentsOf: "\\\"".utf8)
      case 0x5C: bytes.append(contentsOf: "\\\\".utf8)
      case 0x0A: bytes.append(contentsOf: "\\n".utf8)
      case 0x0D: bytes.append(contentsOf: "\\r".utf8)
      case 0x09: bytes.append(contentsOf: "\\t".utf8)
      case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: escape(scalar.value)
      default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.EncodedScalar())
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
