import Accounts
import SalesforceExports

struct IndicatorMatched: Rule {
  static let description = RuleDescription(
    id: "PST-API-011", title: "login that matches an indicator of an attack",
    severity: .high, onePer: "account, indicator", isEvent: true, needs: [.indicators],
    condition:
      "a login's source address lies in a network of the configuration's indicators, or its "
      + "application matches one, or, in event log files, its raw user agent (BROWSER_TYPE) does; "
      + "LoginHistory has parsed names of browsers, which are not compared",
    severitySteps: [
      "−2 attempts only, none succeeded", "−1 every source inside trusted_networks",
    ],
    evidence: "the matching logins; of successful API logins the first and last of each kind",
    remediation:
      "Treat the account as compromised until the login is explained: freeze it (Setup > Users > the "
      + "user > Freeze), revoke its sessions and tokens (Setup > Session Management; "
      + SetupPath.revokingTokens
      + "), change password and security token, and look at what it read and exported since the first "
      + "match.",
    references: [Reference.vishing], attack: ["T1078.004", "T1090"])

  /// What an account has in common with one indicator.
  private struct Match {
    var outcomes = (attempted: 0, succeeded: 0)
    var values: Set<String> = []
    var first: Instant?
    var last: Instant?
    var addresses: Set<String> = []
    var rows: [EvidenceRow] = []
    var uses: [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] = []

    mutating func reach(_ start: Instant, _ end: Instant) {
      first = first.map { min($0, start) } ?? start
      last = last.map { max($0, end) } ?? end
    }
  }

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    let indicators = context.indicators
    guard !indicators.isEmpty else { return [] }
    var matches: [String: Match] = [:]
    if !indicators.addresses.isEmpty {
      for address in facts.addresses {
        guard let texts = indicators.addresses[address.use.value] else { continue }
        for text in texts { add(address, to: &matches[text, default: Match()], context) }
      }
    }
    if !indicators.applications.isEmpty || !indicators.userAgents.isEmpty {
      for entry in facts.shapes where entry.use.count > 0 {
        let texts =
          (indicators.applications[entry.shape.application] ?? []).map {
            ($0, entry.shape.application)
          } + (indicators.userAgents[entry.shape.browser] ?? []).map { ($0, entry.shape.browser) }
        for (text, value) in texts {
          matches[text, default: Match()].values.insert(value)
          matches[text]?.uses.append(entry)
        }
      }
    }
    return matches.sorted { $0.key < $1.key }.map { draft($0.key, $0.value, facts, context) }
  }

  private func add(_ address: AddressFacts, to match: inout Match, _ context: RuleContext) {
    match.values.insert(address.use.value)
    match.addresses.insert(address.use.value)
    match.outcomes.attempted += address.use.count
    match.outcomes.succeeded += address.apiSuccesses
    match.reach(address.use.first, address.use.last)
    for row in [address.firstAPISuccess, address.lastAPISuccess].compactMap({ $0 }).withoutRepeats {
      match.rows.append(context.evidence(row, "matches the indicator"))
    }
  }

  private func draft(
    _ text: String, _ match: Match, _ facts: AccountFacts, _ context: RuleContext
  ) -> FindingDraft {
    var draft = FindingDraft()
    draft.discriminator = "indicator=\(text)"
    // The rule itself says that an indicator was met.
    draft.followsIndicators = false
    var outcomes = match.outcomes
    if !match.addresses.isEmpty {
      let codes = Set(
        Set(facts.logins.map(\.row.address)).filter {
          match.addresses.contains(context.address($0))
        })
      let logged = facts.logins.filter { codes.contains($0.row.address) }
      outcomes.succeeded += logged.count { $0.traits.outcome == .succeeded }
      draft.cite(logged, "matches the indicator")
      draft.evidence = match.rows
      draft.origins = (match.addresses, [])
      draft.firstSeen = match.first
      draft.lastSeen = match.last
      draft.evidenceTotal = outcomes.attempted
    } else {
      outcomes = (match.uses.outcomes.attempted, match.uses.outcomes.succeeded)
      draft.cite(match.uses, "matches the indicator", context)
    }
    if outcomes.succeeded == 0 { draft.steps.append((-2, "attempts only, none succeeded")) }
    draft.counts = ["attempted": outcomes.attempted, "succeeded": outcomes.succeeded]
    draft.conditions = [
      Condition(
        "logins that match \(text)", String(outcomes.attempted), threshold: "1 or more",
        source: "indicators of the configuration and its files",
        wouldChange: "taking the indicator out, where it is known to be wrong"),
      Condition(
        "matching values", match.values.sorted().prefix(20).joined(separator: ", "),
        source: "SourceIp, Application or BROWSER_TYPE of the login rows"),
    ]
    return draft
  }
}
