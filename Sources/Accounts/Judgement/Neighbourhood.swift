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

  /// The network as results show it.
  package var text: String {
    let bits = UInt128(word & ~Self.version6)
    return word & Self.version6 == 0
      ? NetworkAddress(family: .version4, bits: bits << 8).neighbourhood
      : NetworkAddress(family: .version6, bits: bits << 80).neighbourhood
  }
}
