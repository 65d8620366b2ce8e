package import Results

/// A JSON value; objects are written with their keys in the order of their bytes.
package enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case int(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])
  /// An object of counts, whose keys are foreign texts and told apart by their bytes.
  case counts(NamedCounts)

  /// A string, or null.
  package init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }

  /// The object as one line without its end: compact, `schema` first, all other keys sorted.
  ///
  /// - Complexity: O(*n* log *n*) in the keys of each object.
  package func line(schema: String) -> [UInt8] {
    guard case .object(let members) = self else { return [] }
    var text = ByteText(capacity: 1 << 10)
    text.append(literal: "{\"schema\":\"")
    text.append(schema)
    text.append(UInt8(ascii: "\""))
    for (key, value) in Self.sorted(members) {
      text.append(UInt8(ascii: ","))
      text.append(json: key)
      text.append(UInt8(ascii: ":"))
      value.write(to: &text)
    }
    text.append(UInt8(ascii: "}"))
    return text.array
  }

  private static func sorted(_ members: [String: JSONValue]) -> [(key: String, value: JSONValue)] {
    members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  /// Appends the compact form.
  package func write(to text: inout ByteText) {
    switch self {
    case .null: text.append(literal: "null")
    case .bool(let value): text.append(literal: value ? "true" : "false")
    case .int(let value): text.append(decimal: value)
    case .number(let value): text.append(value)
    case .string(let value): text.append(json: value)
    case .array(let values):
      text.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        value.write(to: &text)
      }
      text.append(UInt8(ascii: "]"))
    case .object(let members):
      text.append(UInt8(ascii: "{"))
      for (index, member) in Self.sorted(members).enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        text.append(json: member.key)
        text.append(UInt8(ascii: ":"))
        member.value.write(to: &text)
      }
      text.append(UInt8(ascii: "}"))
    case .counts(let counts):
      text.append(UInt8(ascii: "{"))
      for (index, entry) in counts.entries.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        text.append(json: entry.name)
        text.append(UInt8(ascii: ":"))
        text.append(decimal: entry.count)
      }
      text.append(UInt8(ascii: "}"))
    }
  }
}
