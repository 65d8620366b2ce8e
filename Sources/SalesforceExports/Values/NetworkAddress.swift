import Platform

/// An IPv4 or IPv6 address.
public struct NetworkAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The two families of addresses, IPv4 first in order.
  public enum Family: Int, Hashable, Sendable {
    /// 32 bits.
    case version4 = 4
    /// 128 bits.
    case version6 = 6

    /// Number of bits of an address.
    public var bitCount: Int { self == .version4 ? 32 : 128 }
  }

  /// Which family the address belongs to.
  public let family: Family
  /// The number that the address is: an IPv4 address takes the lowest 32 bits.
  public let bits: UInt128

  /// Makes an address from its number.
  ///
  /// - Precondition: An IPv4 address has no bit above the lowest 32.
  public init(family: Family, bits: UInt128) {
    precondition(family == .version6 || bits <= 0xFFFF_FFFF, "an IPv4 address has 32 bits")
    self.family = family
    self.bits = bits
  }

  /// Reads an address.
  ///
  /// IPv4 is four decimal numbers without leading zeros (`010` is 10 to some programs and 8 to
  /// others). IPv6 is any form of RFC 4291 §2.2, a dotted tail included, without a zone.
  ///
  /// - Returns: `nil` when the text is no address.
  public init?(_ text: String) {
    let bytes = text.utf8.span
    if let bits = Self.version4(bytes, from: 0) {
      self.init(family: .version4, bits: UInt128(bits))
    } else if let bits = Self.version6(bytes) {
      self.init(family: .version6, bits: bits)
    } else {
      return nil
    }
  }

  /// The IPv4 address inside an IPv4-mapped IPv6 address (`::ffff:192.0.2.1`), or `nil`.
  public var mappedVersion4: NetworkAddress? {
    guard family == .version6, bits >> 32 == 0xFFFF else { return nil }
    return NetworkAddress(family: .version4, bits: bits & 0xFFFF_FFFF)
  }

  /// Orders by family, then by number.
  public static func < (left: Self, right: Self) -> Bool {
    (left.family.rawValue, left.bits) < (right.family.rawValue, right.bits)
  }

  /// The address in its canonical form: dotted decimal, or RFC 5952.
  public var description: String {
    // The longest is `ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff`. Exports may name another address in each row.
    let bytes = [UInt8](capacity: 39) { text in
      if family == .version4 {
        Self.append(dotted: UInt32(truncatingIfNeeded: bits), to: &text)
      } else if let mapped = mappedVersion4 {
        for byte in "::ffff:".utf8 { text.append(byte) }
        Self.append(dotted: UInt32(truncatingIfNeeded: mapped.bits), to: &text)
      } else {
        appendGroups(to: &text)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the eight groups of an IPv6 address.
  private func appendGroups(to text: inout OutputSpan<UInt8>) {
    func group(_ place: Int) -> UInt32 {
      UInt32(UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * place)))
    }
    // RFC 5952 §4.2: the longest run of two zero groups or more is written `::`, the first on ties.
    var longest = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, group(end) == 0 { end += 1 }
      if end - start >= 2, end - start > longest.count { longest = start..<end }
      start = max(end, start + 1)
    }
    let colon = UInt8(ascii: ":")
    var place = 0
    while place < 8 {
      if place == longest.lowerBound, !longest.isEmpty {
        text.append(colon)
        text.append(colon)
        place = longest.upperBound
        continue
      }
      if place > 0, place != longest.upperBound || longest.isEmpty { text.append(colon) }
      let value = group(place)
      // Without leading zeros.
      for shift in [12, 8, 4, 0] as [UInt32] where shift == 0 || value >> shift > 0 {
        text.append(Hexadecimal.digit(UInt8(truncatingIfNeeded: value >> shift & 15)))
      }
      place += 1
    }
  }

  private static func append(dotted bits: UInt32, to text: inout OutputSpan<UInt8>) {
    for shift in [24, 16, 8, 0] as [UInt32] {
      let value = bits >> shift & 255
      if value >= 100 { text.append(UInt8(ascii: "0") + UInt8(value / 100)) }
      if value >= 10 { text.append(UInt8(ascii: "0") + UInt8(value / 10 % 10)) }
      text.append(UInt8(ascii: "0") + UInt8(value % 10))
      if shift > 0 { text.append(UInt8(ascii: ".")) }
    }
  }

  /// The IPv4 address that a text is from a place to its end.
  private static func version4(_ bytes: Span<UInt8>, from start: Int) -> UInt32? {
    // `255.255.255.255` is the longest, `0.0.0.0` the shortest.
    guard (7...15).contains(bytes.count - start) else { return nil }
    var result: UInt32 = 0
    var value: UInt32 = 0
    var digitCount = 0
    var dotCount = 0
    for position in start..<bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: ".") {
        guard digitCount > 0, dotCount < 3 else { return nil }
        result = result << 8 | value
        (value, digitCount, dotCount) = (0, 0, dotCount + 1)
        continue
      }
      // A zero may stand alone, and begins no longer number.
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), digitCount == 0 || value > 0
      else { return nil }
      value = value * 10 + UInt32(byte - UInt8(ascii: "0"))
      digitCount += 1
      guard value <= 255 else { return nil }
    }
    guard dotCount == 3, digitCount > 0 else { return nil }
    return result << 8 | value
  }

  /// The IPv6 address that a text is.
  private static func version6(_ bytes: Span<UInt8>) -> UInt128? {
    let colon = UInt8(ascii: ":")
    // Eight groups of 16 bits, those before and behind the gap without what it stands for.
    var number: UInt128 = 0
    var count = 0
    var gap: Int?
    var position = 0
    if bytes.count >= 2, bytes[0] == colon, bytes[1] == colon { (gap, position) = (0, 2) }
    while position < bytes.count {
      let start = position
      var value: UInt128 = 0
      while position < bytes.count, position - start < 5,
        let digit = Hexadecimal.value(of: bytes[position])
      {
        value = value << 4 | UInt128(digit)
        position += 1
      }
      if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
        guard count <= 6, let tail = version4(bytes, from: start) else { return nil }
        number = number << 32 | UInt128(tail)
        count += 2
        break
      }
      guard (1...4).contains(position - start), count < 8 else { return nil }
      number = number << 16 | value
      count += 1
      if position == bytes.count { break }
      guard bytes[position] == colon else { return nil }
      position += 1
      // Behind a colon stands a group, or another colon once.
      guard position < bytes.count else { return nil }
      guard bytes[position] == colon else { continue }
      guard gap == nil else { return nil }
      gap = count
      position += 1
    }
    guard let gap else { return count == 8 ? number : nil }
    // `::` stands for the groups that are missing, one at least.
    guard count <= 7 else { return nil }
    let tailBits = UInt128(16 * (count - gap))
    let tail = number & (1 << tailBits - 1)
    return (number >> tailBits) << UInt128(16 * (8 - gap)) | tail
  }
}
