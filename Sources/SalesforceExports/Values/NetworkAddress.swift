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
    // Most addresses are of IPv4, which needs no copy of the text.
    if let bits = Self.version4(text.utf8) {
      self.init(family: .version4, bits: UInt128(bits))
      return
    }
    guard let bits = Self.version6(Array(text.utf8)[...]) else { return nil }
    self.init(family: .version6, bits: bits)
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
    if family == .version4 { return Self.dotted(UInt32(truncatingIfNeeded: bits)) }
    if let mapped = mappedVersion4 { return "::ffff:\(mapped)" }
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
    // RFC 5952 §4.2: the longest run of two zero groups or more is written `::`, the first on ties.
    var longest = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, groups[end] == 0 { end += 1 }
      if end - start >= 2, end - start > longest.count { longest = start..<end }
      start = max(end, start + 1)
    }
    func text(_ part: ArraySlice<UInt16>) -> String {
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    if longest.isEmpty { return text(groups[...]) }
    return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
  }

  private static func dotted(_ bits: UInt32) -> String {
    "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
  }

  private static func version4(_ bytes: some Sequence<UInt8>) -> UInt32? {
    var result: UInt32 = 0
    var value: UInt32 = 0
    var digitCount = 0
    var dotCount = 0
    for byte in bytes {
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

  private static func version6(_ bytes: ArraySlice<UInt8>) -> UInt128? {
    let colon = UInt8(ascii: ":")
    let indices = bytes.indices.dropLast()
    guard let gap = indices.first(where: { bytes[$0] == colon && bytes[$0 + 1] == colon }) else {
      guard let all = groups(bytes, mayEndDotted: true), all.count == 8 else { return nil }
      return number(all)
    }
    // `::` stands for the groups that are missing, one at least. A second `::` leaves an empty
    // group in the tail, which is no group.
    guard let head = groups(bytes[..<gap], mayEndDotted: false),
      let tail = groups(bytes[(gap + 2)...], mayEndDotted: true), head.count + tail.count <= 7
    else { return nil }
    let missing = [UInt16](repeating: 0, count: 8 - head.count - tail.count)
    return number(head + missing + tail)
  }

  private static func number(_ groups: [UInt16]) -> UInt128 {
    groups.reduce(0) { $0 << 16 | UInt128($1) }
  }

  private static func groups(_ bytes: ArraySlice<UInt8>, mayEndDotted: Bool) -> [UInt16]? {
    if bytes.isEmpty { return [] }
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    var result: [UInt16] = []
    for (index, part) in parts.enumerated() {
      if mayEndDotted, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
        guard let tail = version4(part) else { return nil }
        result.append(UInt16(tail >> 16))
        result.append(UInt16(tail & 0xFFFF))
        break
      }
      guard (1...4).contains(part.count) else { return nil }
      var value: UInt16 = 0
      for byte in part {
        guard let digit = Hexadecimal.value(of: byte) else { return nil }
        value = value << 4 | UInt16(digit)
      }
      result.append(value)
    }
    return result
  }
}
