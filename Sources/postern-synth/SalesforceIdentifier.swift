/// A record id of a synthetic org: key prefix, instance, and a counter in base 62.
struct SalesforceIdentifier {
  /// The 18 characters; the last three repeat the letter case of the others.
  let bytes: InlineArray<18, UInt8>

  /// The id number `number` of the kind of record whose ids start with `prefix`.
  init(prefix: KeyPrefix, number: UInt64) {
    var bytes = InlineArray<18, UInt8>(repeating: UInt8(ascii: "0"))
    bytes[0] = prefix.first
    bytes[1] = prefix.second
    bytes[2] = prefix.third
    bytes[3] = UInt8(ascii: "H")
    bytes[4] = UInt8(ascii: "n")
    var rest = number
    var position = 14
    while rest > 0 && position > 4 {
      bytes[position] = Self.digit(rest % 62)
      rest /= 62
      position -= 1
    }
    for group in 0..<3 {
      var caseBits: UInt8 = 0
      for offset in 0..<5 {
        let byte = bytes[group * 5 + offset]
        if byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") { caseBits |= 1 << offset }
      }
      bytes[15 + group] =
        caseBits < 26 ? UInt8(ascii: "A") + caseBits : UInt8(ascii: "0") + caseBits - 26
    }
    self.bytes = bytes
  }

  /// The id as text.
  var text: String {
    var characters: [UInt8] = []
    for index in bytes.indices { characters.append(bytes[index]) }
    return String(decoding: characters, as: UTF8.self)
  }

  private static func digit(_ value: UInt64) -> UInt8 {
    let value = UInt8(truncatingIfNeeded: value)
    if value < 10 { return UInt8(ascii: "0") + value }
    return value < 36 ? UInt8(ascii: "A") + value - 10 : UInt8(ascii: "a") + value - 36
  }
}

/// The three characters that say what kind of record an id names.
struct KeyPrefix {
  /// The first character.
  let first: UInt8
  /// The second character.
  let second: UInt8
  /// The third character.
  let third: UInt8

  /// The prefix of three characters.
  init(_ first: Unicode.Scalar, _ second: Unicode.Scalar, _ third: Unicode.Scalar) {
    self.first = UInt8(ascii: first)
    self.second = UInt8(ascii: second)
    self.third = UInt8(ascii: third)
  }

  static let organization = KeyPrefix("0", "0", "D")
  static let user = KeyPrefix("0", "0", "5")
  static let contact = KeyPrefix("0", "0", "3")
  static let profile = KeyPrefix("0", "0", "e")
  static let permissionSet = KeyPrefix("0", "P", "S")
  static let permissionSetGroup = KeyPrefix("0", "P", "G")
  static let groupComponent = KeyPrefix("0", "P", "H")
  static let mutingSet = KeyPrefix("0", "Q", "M")
  static let assignment = KeyPrefix("0", "P", "a")
  static let login = KeyPrefix("0", "Y", "a")
  static let request = KeyPrefix("4", "u", "6")
  static let verification = KeyPrefix("0", "c", "4")
}
