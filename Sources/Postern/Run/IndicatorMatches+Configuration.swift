import Accounts
import Configuration
import Findings
import SalesforceExports

extension IndicatorMatches {
  /// Compares the distinct values of a run with indicators, once each.
  ///
  /// - Parameters:
  ///   - indicators: What the configuration and its files state.
  ///   - judgement: The run.
  ///   - hasUserAgents: Whether the rows hold raw user agents: event log files do, LoginHistory has
  ///     parsed names of browsers that mean something else.
  /// - Complexity: O(*a* · *l* + *s* · *p*): addresses times different prefix lengths, and shapes
  ///   times patterns with a wildcard; the number of networks and plain names does not matter.
  init(_ indicators: [Indicator], in judgement: Judgement, hasUserAgents: Bool) {
    self.init()
    guard !indicators.isEmpty else { return }
    var networks: [NetworkPrefix] = []
    var applicationNames = NameTable()
    var agentNames = NameTable()
    for indicator in indicators {
      switch indicator.subject {
      case .network(let prefix): networks.append(prefix)
      case .application(let pattern): applicationNames.add(pattern, indicator.text)
      case .userAgent(let pattern): agentNames.add(pattern, indicator.text)
      }
    }
    let list = NetworkPrefixList(networks)
    // An administrator inside an account may come from where nobody logs in, and so may requests and
    // pages.
    let sessions = judgement.events.impersonations.sessions
    let pageAddresses = Set(judgement.events.pages.entries.map(\.address))
    let requests = judgement.events.requests
    func match(address text: String) {
      guard let address = NetworkAddress(text) else { return }
      let hits = list.indices(containing: address).map { networks[$0].description }
      if !hits.isEmpty { addresses[text] = Set(hits).sorted() }
    }
    if !list.isEmpty {
      for text in judgement.ledger.addresses where !text.isEmpty { match(address: text) }
      for session in sessions where !session.address.isEmpty { match(address: session.address) }
      for text in requests.addresses where !text.isEmpty { match(address: text) }
      for text in pageAddresses where !text.isEmpty { match(address: text) }
    }
    let names = Set(judgement.ledger.shapes.map(\.application)).union(sessions.map(\.application))
      .union(requests.applications)
    for application in names where !application.isEmpty {
      let hits = applicationNames.matches(application)
      if !hits.isEmpty { applications[application] = hits }
    }
    guard hasUserAgents else { return }
    for agent in Set(judgement.ledger.shapes.map(\.browser)) where !agent.isEmpty {
      let hits = agentNames.matches(agent)
      if !hits.isEmpty { userAgents[agent] = hits }
    }
  }

  /// Patterns, of which those without a wildcard are looked up.
  private struct NameTable {
    private var plain: [String: Set<String>] = [:]
    private var patterns: [(pattern: NamePattern, text: String)] = []

    mutating func add(_ pattern: NamePattern, _ text: String) {
      if pattern.hasWildcard {
        patterns.append((pattern, text))
      } else {
        plain[pattern.text.lowercased(), default: []].insert(text)
      }
    }

    func matches(_ name: String) -> [String] {
      var texts = plain[name.lowercased()] ?? []
      for entry in patterns where entry.pattern.matches(name) { texts.insert(entry.text) }
      return texts.sorted()
    }
  }
}
