import Accounts
import Platform
import SalesforceExports

struct IndicatorMatched: Rule {
  static let description = RuleDescription(
    id: "PST-API-011", title: "login that matches an indicator of an attack",
    severity: .high, onePer: "account, indicator", isEvent: true, needs: [.indicators],
    condition:
      "a login's source address lies in a network of the configuration's indicators, or its "
      + "application matches one, or, in event log files, its raw user agent (BROWSER_TYPE) does; "
      + "LoginHistory has parsed names of browsers, which are not compared; an indicator with dates "
      + "matches logins within them alone, and where the first and last successful API login of a "
      + "kind stand on both sides of them, whether others fell between cannot be told: undecided",
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
    var values: Set<ExactText> = []
    var first: Instant?
    var last: Instant?
    var addresses: Set<ExactText> = []
    var rows: [EvidenceRow] = []
    var uses: [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] = []
    var places: [AddressFacts] = []

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
    return matches.sorted { $0.key < $1.key }.compactMap { text, match in
      guard let dates = indicators.dates[text] else { return draft(text, match, facts, context) }
      return draft(text, match, within: dates, facts, context)
    }
  }

  private func add(_ address: AddressFacts, to match: inout Match, _ context: RuleContext) {
    match.values.insert(address.use.value)
    match.addresses.insert(address.use.value)
    match.places.append(address)
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
      draft.extents = [RowExtent(addresses: codes.union(match.places.map(\.code)))]
      draft.firstSeen = match.first
      draft.lastSeen = match.last
      draft.evidenceTotal = outcomes.attempted
    } else {
      outcomes = (match.uses.outcomes.attempted, match.uses.outcomes.succeeded)
      draft.cite(match.uses, "matches the indicator", context)
    }
    if outcomes.succeeded == 0 { draft.steps.append((-2, "attempts only, none succeeded")) }
    draft.counts = ["attempted": outcomes.attempted, "succeeded": outcomes.succeeded]
    draft.conditions = conditions(text, match, String(outcomes.attempted), context)
    return draft
  }

  /// The finding on an indicator with dates; `nil` where no login can be within them.
  private func draft(
    _ text: String, _ match: Match, within dates: IndicatorDates, _ facts: AccountFacts,
    _ context: RuleContext
  ) -> FindingDraft? {
    let logins =
      match.places.isEmpty
      ? DatedLogins(of: match.uses, of: facts, within: dates)
      : DatedLogins(from: match.places, of: facts, within: dates)
    guard logins.atMost > 0 else { return nil }
    var draft = FindingDraft()
    draft.discriminator = "indicator=\(text)"
    draft.followsIndicators = false
    if match.places.isEmpty {
      draft.shapes = Set(match.uses.map(\.code))
      draft.extents = [RowExtent(shapes: draft.shapes, dates: dates)]
    } else {
      draft.origins = (match.addresses, [])
      draft.extents = [RowExtent(addresses: Set(match.places.map(\.code)), dates: dates)]
    }
    let isExact = logins.atLeast == logins.atMost
    let number =
      isExact ? String(logins.atMost) : "at least \(logins.atLeast), at most \(logins.atMost)"
    draft.conditions = conditions(text, match, number, context)
    if logins.atLeast > 0 {
      draft.cite(logins.logged, "matches the indicator, within its dates")
      draft.evidence = logins.known.map {
        context.evidence($0, "matches the indicator, within its dates")
      }
      for row in logins.known.map(\.row) {
        draft.firstSeen = draft.firstSeen.map { min($0, row.time) } ?? row.time
        draft.lastSeen = draft.lastSeen.map { max($0, row.time) } ?? row.time
      }
      let succeeded = logins.logged.count { $0.traits.outcome == .succeeded } + logins.apiAtLeast
      draft.counts = ["attempted": logins.atLeast, "succeeded": succeeded]
      draft.evidenceTotal = logins.atLeast
      if succeeded == 0 {
        if isExact {
          draft.steps.append((-2, "attempts only, none succeeded"))
        } else {
          draft.confidence = .low
        }
      }
    } else {
      draft.status = .unknown
      draft.evidence = logins.around.withoutRepeats.map {
        context.evidence($0, "matches the indicator, outside its dates")
      }
      draft.remediation =
        "Run `postern hunt --indicators FILE` on the exports: it sees each login by itself, and says "
        + "whether one was within the dates."
    }
    if !isExact {
      draft.counts["attempted_at_most"] = logins.atMost
      draft.dataQuality.append(
        "of successful API logins the number, the first and the last of each kind are kept: between "
          + "\(logins.atLeast) and \(logins.atMost.counted("login")) were within the dates; `postern hunt` on "
          + "the exports tells which")
    }
    return draft
  }

  private func conditions(
    _ text: String, _ match: Match, _ number: String, _ context: RuleContext
  ) -> [Condition] {
    let source = context.indicators.sources[text]
    var conditions = [
      Condition(
        "logins that match \(text)", number, threshold: "1 or more",
        source: "indicators of the configuration and its files" + (source.map { ": " + $0 } ?? ""),
        wouldChange: "taking the indicator out, where it is known to be wrong"),
      Condition(
        "matching values", match.values.sorted().prefix(20).map(\.string).joined(separator: ", "),
        source: "SourceIp, Application or BROWSER_TYPE of the login rows"),
    ]
    if let dates = context.indicators.dates[text] {
      conditions.append(
        Condition(
          "dates of the indicator", dates.text,
          source: "from and until of its entry; the end is exclusive",
          wouldChange: "other dates, where the campaign is known to have lasted longer"))
    }
    return conditions
  }
}
