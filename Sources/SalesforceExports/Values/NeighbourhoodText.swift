extension NetworkAddress {
  /// The network that an address stands for where rules compare networks: IPv4 /24, IPv6 /48
  /// (docs/judgement.md).
  public var neighbourhood: String {
    if let mapped = mappedVersion4 { return mapped.neighbourhood }
    let (hostBits, length): (UInt128, Int) = family == .version4 ? (8, 24) : (80, 48)
    let base = NetworkAddress(family: family, bits: (bits >> hostBits) << hostBits)
    return "\(base)/\(length)"
  }
}
