import SalesforceExports

/// The network that an address stands for where rules compare networks: IPv4 /24, IPv6 /48
/// (docs/judgement.md); eight bytes.
package struct Neighbourhood: Hashable, Sendable {
  /// The bits of the network, above all of them one for IPv6.
  private let word: UInt64
  private static let version6 = UInt64(1) << 63

  /// The network of an address; `nil` where the text is none.
  package init?(_ text: String) {
    guard var address = NetworkAddress(text) else { return nil }
    address = address.mappedVersion4 ?? address
    word =
      address.family == .version4
      ? UInt64(address.bits >> 8) : UInt64(address.bits >> 80) | Self.version6
  }

  /// What stands for no network; no address has these bits.
  fileprivate static let absent = Neighbourhood(word: .max)

  private init(word: UInt64) { self.word = word }

  /// The network as results show it.
  package var text: String {
    let bits = UInt128(word & ~Self.version6)
    return word & Self.version6 == 0
      ? NetworkAddress(family: .version4, bits: bits << 8).neighbourhood
      : NetworkAddress(family: .version6, bits: bits << 80).neighbourhood
  }
}

/// The networks of a ledger's addresses, each read once; eight bytes an address.
struct Neighbourhoods: Sendable {
  private let networks: [Neighbourhood]

  /// Reads addresses, whose places are their codes.
  ///
  /// - Complexity: O(*n*) in their bytes.
  init(_ addresses: [String]) { networks = addresses.map { Neighbourhood($0) ?? .absent } }

  /// The network of an address; `nil` for text that is none.
  subscript(_ code: UInt32) -> Neighbourhood? {
    let network = networks[Int(code)]
    return network == .absent ? nil : network
  }
}
