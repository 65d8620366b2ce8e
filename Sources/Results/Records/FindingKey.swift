/// The id of a finding as the 128 bits that its text spells.
package struct FindingKey: Hashable, Sendable {
  private let high: UInt64
  private let low: UInt64

  /// Reads `pf1:` and 32 hexadecimal digits; `nil` for any other text.
  package init?(_ id: String) {
    var high: UInt64 = 0
    var low: UInt64 = 0
    var digits = 0
    for (position, byte) in id.utf8.enumerated() {
      if position < 4 { continue }
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: return nil
      }
      if digits < 16 { high = high << 4 | UInt64(digit) } else { low = low << 4 | UInt64(digit) }
      digits += 1
    }
    guard digits == 32, id.hasPrefix("pf1:") else { return nil }
    self.high = high
    self.low = low
  }
}
