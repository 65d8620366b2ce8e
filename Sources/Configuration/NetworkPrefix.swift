package import SalesforceExports

/// A network: all addresses that share their first bits, written as in `192.0.2.0/24` (CIDR).
package struct NetworkPrefix: Hashable, Sendable, CustomStringConvertible {
  /// The first address of the network.
  package let base: NetworkAddress
  /// How many leading bits the addresses share.
  package let length: Int
  private let mask: UInt128

  /// Makes the network of a given length that holds an address.
  ///
  /// - Precondition: `length` is within 0...32 or 0...128.
  package init(holding address: NetworkAddress, length: Int) {
    let bitCount = address.family.bitCount
    precondition((0...bitCount).contains(length), "a prefix is no longer than its addresses")
    // A shift by the full width gives zero in Swift, so /0 and /128 need no case of their own.
    let ones = address.family == .version4 ? UInt128(0xFFFF_FFFF) : UInt128.max
    mask = ones & (ones << UInt128(bitCount - length))
    base = NetworkAddress(family: address.family, bits: address.bits & mask)
    self.length = length
  }

  /// Reads a network; a bare address is the network of that one address.
  ///
  /// - Throws: ``NetworkPrefixError`` when the text is neither, or when bits are set that the
  ///   length leaves to the hosts; the error then tells the network that was probably meant.
  package init(_ text: String) throws(NetworkPrefixError) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let address = NetworkAddress(String(first)) else {
      throw NetworkPrefixError(
        .malformedAddress,
        "expected an IPv4 or IPv6 address or network, such as `192.0.2.0/24` or `2001:db8::/32`")
    }
    let bitCount = address.family.bitCount
    guard parts.count == 2 else {
      self.init(holding: address, length: bitCount)
      return
    }
    guard let length = Self.length(parts[1]), length <= bitCount else {
      throw NetworkPrefixError(
        .malformedLength, "expected a prefix length of 0 to \(bitCount) after the slash")
    }
    self.init(holding: address, length: length)
    guard base == address else {
      throw NetworkPrefixError(
        .hostBitsSet, "bits are set beyond the first \(length)", network: self)
    }
  }

  /// Whether the network holds an address.
  ///
  /// An IPv4-mapped IPv6 address is also looked for in IPv4 networks: it is the same host.
  package func contains(_ address: NetworkAddress) -> Bool {
    if address.family == base.family { return address.bits & mask == base.bits }
    guard let mapped = address.mappedVersion4 else { return false }
    return base.family == .version4 && mapped.bits & mask == base.bits
  }

  /// Whether the network holds the address that `text` is; text that is no address is in none.
  package func contains(_ text: String) -> Bool {
    NetworkAddress(text).map(contains) ?? false
  }

  /// The network in canonical form, such as `192.0.2.0/24`.
  package var description: String { "\(base)/\(length)" }

  private static func length(_ text: Substring) -> Int? {
    let bytes = text.utf8
    guard (1...3).contains(bytes.count), bytes.count == 1 || bytes.first != UInt8(ascii: "0"),
      bytes.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
    else { return nil }
    return Int(text)
  }
}

/// Why a text is no network.
package struct NetworkPrefixError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Kind of a defect.
  package enum Code: Hashable, Sendable {
    /// What stands before the slash is no address.
    case malformedAddress
    /// What follows the slash is no length that addresses of this family have.
    case malformedLength
    /// The address has bits set that belong to hosts, such as `192.0.2.7/24`.
    case hostBitsSet
  }

  /// What is wrong, to match on.
  package let code: Code
  /// What is wrong, as half a sentence for people.
  package let detail: String
  /// For ``Code/hostBitsSet``: the network of that length that holds the address.
  package let network: NetworkPrefix?

  init(_ code: Code, _ detail: String, network: NetworkPrefix? = nil) {
    self.code = code
    self.detail = detail
    self.network = network
  }

  /// The detail.
  package var description: String { detail }
}

/// Networks arranged so that asking for an address does not depend on how many there are.
package struct NetworkPrefixList: Hashable, Sendable {
  /// The networks in the order they were written.
  package let prefixes: [NetworkPrefix]
  /// Index of the first writing of each network.
  private var indices: [NetworkPrefix: Int] = [:]
  /// Lengths that occur.
  private var version4Lengths: [Int] = []
  private var version6Lengths: [Int] = []

  /// Makes a list.
  package init(_ prefixes: [NetworkPrefix] = []) {
    self.prefixes = prefixes
    for (index, prefix) in prefixes.enumerated() where indices[prefix] == nil {
      indices[prefix] = index
    }
    version4Lengths = Self.lengths(of: .version4, in: prefixes)
    version6Lengths = Self.lengths(of: .version6, in: prefixes)
  }

  /// Whether the list holds no network.
  package var isEmpty: Bool { prefixes.isEmpty }

  /// The position in ``prefixes`` of the earliest network that holds `address`, or `nil`.
  ///
  /// - Complexity: O(*l*), where *l* is the number of different prefix lengths.
  package func firstIndex(containing address: NetworkAddress) -> Int? {
    let lengths = address.family == .version4 ? version4Lengths : version6Lengths
    let own = lengths.compactMap { indices[NetworkPrefix(holding: address, length: $0)] }.min()
    guard let mapped = address.mappedVersion4, let other = firstIndex(containing: mapped)
    else { return own }
    return min(own ?? other, other)
  }

  /// The positions of the first writing of each network that holds `address`, ascending.
  ///
  /// - Complexity: O(*l*), where *l* is the number of different prefix lengths.
  package func indices(containing address: NetworkAddress) -> [Int] {
    let lengths = address.family == .version4 ? version4Lengths : version6Lengths
    var result = lengths.compactMap { indices[NetworkPrefix(holding: address, length: $0)] }
    if let mapped = address.mappedVersion4 { result += indices(containing: mapped) }
    return result.sorted()
  }

  /// Whether any network of the list holds `address`.
  package func contains(_ address: NetworkAddress) -> Bool {
    firstIndex(containing: address) != nil
  }

  /// Whether any network holds the address that `text` is; text that is no address is in none.
  package func contains(_ text: String) -> Bool {
    NetworkAddress(text).map(contains) ?? false
  }

  private static func lengths(
    of family: NetworkAddress.Family, in prefixes: [NetworkPrefix]
  ) -> [Int] {
    Set(prefixes.filter { $0.base.family == family }.map(\.length)).sorted()
  }
}
