import Configuration
import Platform
import SalesforceExports

/// Indicators, arranged so that a value is compared with all of them at once.
struct IndicatorTable: Sendable {
  /// The entries, in the order of writing.
  let indicators: [Indicator]
  private let networks: NetworkPrefixList
  /// Entries of each network, by its place in the list.
  private var entriesOfNetworks: [[Int]]
  private var applications = NameTable()
  private var userAgents = NameTable()

  /// Arranges entries.
  ///
  /// - Parameter hasUserAgents: Whether the rows hold raw user agents: event log files do, LoginHistory
  ///   has parsed names of browsers that mean something else.
  init(_ indicators: [Indicator], hasUserAgents: Bool) {
    self.indicators = indicators
    var prefixes: [NetworkPrefix] = []
    var places: [NetworkPrefix: Int] = [:]
    entriesOfNetworks = []
    for (entry, indicator) in indicators.enumerated() {
      switch indicator.subject {
      case .network(let prefix):
        if let place = places[prefix] {
          entriesOfNetworks[place].append(entry)
        } else {
          places[prefix] = prefixes.count
          prefixes.append(prefix)
          entriesOfNetworks.append([entry])
        }
      case .application(let pattern): applications.add(pattern, entry)
      case .userAgent(let pattern): if hasUserAgents { userAgents.add(pattern, entry) }
      }
    }
    networks = NetworkPrefixList(prefixes)
  }

  /// Whether any entry is a network.
  var hasNetworks: Bool { !networks.isEmpty }

  /// Entries whose network holds an address, ascending; none for other text.
  ///
  /// - Complexity: O(*l*), where *l* is the number of different prefix lengths.
  func entries(address text: String) -> [Int] {
    guard !networks.isEmpty, let address = NetworkAddress(text) else { return [] }
    return networks.indices(containing: address).flatMap { entriesOfNetworks[$0] }.sorted()
  }

  /// Entries that an application's name matches, with the version of the client behind it or without, ascending.
  ///
  /// - Complexity: O(*p*) in the patterns with a wildcard.
  func entries(application: String) -> [Int] {
    let entries = applications.entries(application)
    let name = LoginShape.applicationName(application)
    if name.hasBytes(of: application) { return entries }
    return Set(entries + applications.entries(name)).sorted()
  }

  /// Entries that a raw user agent matches, ascending.
  ///
  /// - Complexity: O(*p*) in the patterns with a wildcard.
  func entries(userAgent: String) -> [Int] { userAgents.entries(userAgent) }

  /// Entries that a row's application or user agent matches, ascending.
  func entries(of shape: LoginShape) -> [Int] {
    (entries(application: shape.application) + entries(userAgent: shape.browser)).sorted()
  }

  /// Patterns, of which those without a wildcard are looked up.
  private struct NameTable {
    private var plain: [ExactText: [Int]] = [:]
    private var patterns: [(pattern: NamePattern, entry: Int)] = []

    mutating func add(_ pattern: NamePattern, _ entry: Int) {
      if pattern.hasWildcard {
        patterns.append((pattern, entry))
      } else {
        plain[pattern.text.asciiLowercased, default: []].append(entry)
      }
    }

    func entries(_ name: String) -> [Int] {
      guard !name.isEmpty else { return [] }
      var result = plain[name.asciiLowercased] ?? []
      for entry in patterns where entry.pattern.matches(name) { result.append(entry.entry) }
      return result.sorted()
    }
  }
}
