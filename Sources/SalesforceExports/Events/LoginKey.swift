public import Delimited

/// The key that ties the events of one login session together (`LOGIN_KEY`, `LoginKey`).
///
/// Salesforce's keys are 16 characters of base 64
/// (docs/salesforce.md#event-log-files): these are packed
/// without loss. Keys of another form are represented by a hash of 96 bits.
public struct LoginKey: Hashable, Sendable, Comparable {
  /// The first 64 bits.
  public let high: UInt64
  /// The last 32 bits.
  public let low: UInt32

  /// Makes a key of its packed halves.
  package init(high: UInt64, low: UInt32) {
    self.high = high
    self.low = low
  }

  /// Orders by the bits.
  public static func < (left: LoginKey, right: LoginKey) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }

  /// Reads the key in a field; `nil` for a blank and a word for nothing.
  ///
  /// - Parameter field: The field without quotes.
  public init?(field: FieldBytes) {
    if field.count == 16, let packed = Self.packed(field) {
      self.init(high: packed.high, low: packed.low)
      return
    }
    let text = field.string.withoutGuard
    if MissingValue.isMissing(text) { return nil }
    self.init(Array(text.utf8))
  }

  /// Reads a key; `nil` for empty text.
  ///
  /// - Complexity: O(*n*) in the length of the text.
  public init?(_ bytes: some RandomAccessCollection<UInt8>) {
    guard !bytes.isEmpty else { return nil }
    if bytes.count == 16, let packed = Self.packed(bytes) {
      (high, low) = packed
      return
    }
    // Two rounds of FNV-1a from different starts; the text is Salesforce's, not an attacker's.
    var one: UInt64 = 0xCBF2_9CE4_8422_2325
    var other: UInt64 = 0x9E37_79B9_7F4A_7C15
    for byte in bytes {
      one = (one ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
      other = (other ^ UInt64(byte)) &* 0xD6E8_FEB8_6659_FD93
    }
    high = one
    low = UInt32(truncatingIfNeeded: other >> 32)
  }

  private static func packed(
    _ bytes: some RandomAccessCollection<UInt8>
  ) -> (high: UInt64, low: UInt32)? {
    var high: UInt64 = 0
    var low: UInt32 = 0
    for byte in bytes {
      let code: UInt8
      switch byte {
      case 0x41...0x5A: code = byte - 0x41
      case 0x61...0x7A: code = byte - 0x61 + 26
      case 0x30...0x39: code = byte - 0x30 + 52
      case 0x2B, 0x2D: code = 62
      case 0x2F, 0x5F: code = 63
      default: return nil
      }
      high = high << 6 | UInt64(low >> 26)
      low = low << 6 | UInt32(code)
    }
    return (high, low)
  }
}
