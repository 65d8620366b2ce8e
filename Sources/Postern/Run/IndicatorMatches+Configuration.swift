import Accounts
import Configuration
import Findings
import Platform
import SalesforceExports

extension IndicatorMatches {
  /// Compares the distinct values of a run with indicators, once each.
  ///
  /// - Parameters:
  ///   - indicators: What the configuration and its files state.
  ///   - judgement: The run.
  ///   - hasUserAgents: Whether the rows hold raw user agents.
  /// - Complexity: O(*a* · *l* + *s* · *p*): addresses times different prefix lengths, and shapes
  ///   times patterns with a wildcard; the number of networks and plain names does not matter.
  init(_ indicators: [Indicator], in judgement: Judgement, hasUserAgents: Bool) {
    self.init()
    guard !indicators.isEmpty else { return }
    stateDates(of: indicators)
    let table = IndicatorTable(indicators, hasUserAgents: hasUserAgents)
    func texts(_ entries: [Int]) -> [String]? {
      entries.isEmpty ? nil : entries.map { indicators[$0].text }.distinctByBytes()
    }
    // An administrator inside an account may come from where nobody logs in, and so may requests and
    // pages.
    let sessions = judgement.events.impersonations.sessions
    let pageAddresses: Set<ExactText> = Set(judgement.events.pages.entries.map(\.address))
    let requests = judgement.events.requests
    if table.hasNetworks {
      let all = [
        judgement.ledger.addresses, sessions.map(\.address), requests.addresses,
        pageAddresses.map(\.string),
      ]
      for text in all.joined() where !text.isEmpty {
        addresses[text] = texts(table.entries(address: text))
      }
    }
    let names: Set<ExactText> = Set(
      judgement.ledger.shapes.map(\.application) + sessions.map(\.application))
    for application in names.union(requests.applications).map(\.string) {
      applications[application] = texts(table.entries(application: application))
    }
    for agent in judgement.ledger.shapes.map(\.browser).distinctByBytes() {
      userAgents[agent] = texts(table.entries(userAgent: agent))
    }
  }

  /// Keeps dates and sources by what is looked for: two entries for one thing hold in both their dates.
  private mutating func stateDates(of indicators: [Indicator]) {
    var all: [ExactText: IndicatorDates] = [:]
    for indicator in indicators {
      let dates = IndicatorDates(indicator.dates)
      all[indicator.text, default: dates].formUnion(dates)
      guard !indicator.source.isEmpty else { continue }
      let known = sources[indicator.text]
      sources[indicator.text] = known.map { $0 + "; " + indicator.source } ?? indicator.source
    }
    dates = all.filter { !$0.value.isAlways }
  }
}

extension IndicatorDates {
  /// The dates that an entry states.
  init(_ range: Configuration.InstantRange) {
    self.init(
      from: range.from.map { Instant(milliseconds: $0) },
      until: range.until.map { Instant(milliseconds: $0) })
  }
}
