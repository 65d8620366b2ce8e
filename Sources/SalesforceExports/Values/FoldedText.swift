/// A name reduced to what comparison keeps: ASCII letters in lower case and digits.
///
/// Salesforce spells one value three ways (API value, label, event-log code) and differs between
/// objects in case and punctuation (docs/salesforce.md#login-types-and-sub-types); other alphabets are
/// kept as they are, so
/// that two different localised names never fall together.
public struct FoldedText: Hashable, Sendable {
  /// The reduced text.
  public let text: String

  /// Reduces `name`.
  ///
  /// - Complexity: O(*n*) in the length of the name.
  public init(_ name: some StringProtocol) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(name.utf8.count)
    for byte in name.utf8 {
      switch byte {
      case 0x41...0x5A: bytes.append(byte + 0x20)
      case 0x61...0x7A, 0x30...0x39, 0x80...: bytes.append(byte)
      default: break
      }
    }
    text = String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a name reduces to this text, without making the reduced name.
  public func equals(_ name: String) -> Bool {
    // Reducing takes away, so a shorter name is another one.
    guard name.utf8.count >= text.utf8.count else { return false }
    var rest = text.utf8.makeIterator()
    for byte in name.utf8 {
      switch byte {
      case 0x41...0x5A: if rest.next() != byte + 0x20 { return false }
      case 0x61...0x7A, 0x30...0x39, 0x80...: if rest.next() != byte { return false }
      default: break
      }
    }
    return rest.next() == nil
  }
}

extension String {
  /// The text with the letters A to Z in lower case, all other bytes as they are.
  ///
  /// Names that people give are compared in this form where case does not matter: what Unicode folds, as
  /// the sign of the kelvin to k, is another name.
  ///
  /// - Complexity: O(*n*).
  public var asciiLowercased: String {
    // Nearly all names are.
    guard utf8.contains(where: { $0 &- 0x41 < 26 }) else { return self }
    return String(decoding: utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  /// The text without spaces, tabs and line ends at both ends.
  public var trimmed: String {
    @inline(__always) func isBlank(_ byte: UInt8) -> Bool {
      byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }
    let bytes = utf8
    guard let start = bytes.first, let end = bytes.last else { return self }
    // Nearly all texts are.
    if !isBlank(start), !isBlank(end) { return self }
    guard let first = bytes.firstIndex(where: { !isBlank($0) }),
      let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(self[first...last])
  }
}
