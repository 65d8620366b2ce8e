package import Accounts
import Platform
import SalesforceExports
import Synchronization

/// Whether a rule ran, and what came of it.
package struct RuleState: Sendable, Equatable {
  /// The rule's id and major version.
  package let id: String
  package let version: Int
  /// What came of it.
  package let state: State
  /// Inputs that were missing, in the words of ``RuleInput/text``.
  package let missing: [String]

  /// Whether a rule ran and found something; the raw values stand in results.
  package enum State: String, Sendable, CaseIterable {
    case found
    /// It ran over everything and found nothing.
    case none
    /// An input that it needs was missing.
    case notRun = "not_run"
  }

  /// Makes a state.
  package init(id: String, version: Int, state: State, missing: [String]) {
    self.id = id
    self.version = version
    self.state = state
    self.missing = missing
  }
}

/// A suppression as the engine sees it.
package struct SuppressionRule: Sendable {
  /// Id of the rule.
  package let rule: String
  /// Whether it is meant for an account; the account is `nil` for findings about the org.
  package let matches: @Sendable (AccountReference?, _ profile: String) -> Bool
  /// What is noted in the finding.
  package let suppression: AppliedSuppression
  /// Whether it no longer holds at the evaluation time.
  package let isExpired: Bool

  /// Makes a suppression.
  package init(
    rule: String, suppression: AppliedSuppression, isExpired: Bool,
    matches: @escaping @Sendable (AccountReference?, String) -> Bool
  ) {
    self.rule = rule
    self.suppression = suppression
    self.isExpired = isExpired
    self.matches = matches
  }
}

/// Runs the rules over accounts and the run, and completes what they say to findings.
package struct RuleEngine: Sendable {
  /// Most rows that a finding keeps.
  package static let evidenceLimit = 20
  /// Distance in days from which a snapshot lowers confidence.
  package static let staleSnapshot = RuleThreshold(
    "stale_snapshot_days", 30, "distance of a snapshot from the logins that lowers confidence")

  private let context: RuleContext
  /// The same for rules about accounts.
  private let accountContext: RuleContext
  private let organizationID: String
  /// Whether findings about accounts hold the rows that they rest on; only their total otherwise.
  private let keepsEvidence: Bool
  /// Rows that an earlier run had of a finding; `nil` where it did not have the finding.
  private let earlierRows: (@Sendable (_ id: String) -> EarlierRows?)?
  private let rules: [any Rule]
  private let suppressions: [SuppressionRule]
  /// The rules whose inputs are at hand, and those of them about accounts.
  private let runnable: [any Rule]
  private let accountRules: [any Rule]
  private var foundRules: Set<String> = []
  /// Accounts that were noted, in the order of their keys.
  package private(set) var accounts: [AccountSummary] = []

  /// Makes an engine.
  ///
  /// - Parameters:
  ///   - rules: The catalogue.
  ///   - context: What rules know.
  ///   - organizationID: The org's id from the configuration; empty when not told.
  ///   - suppressions: All suppressions, expired ones included; of those that hold the first that
  ///     is meant for a finding applies.
  ///   - keepsEvidence: Whether somebody will see the rows that findings about accounts rest on.
  ///   - earlierRows: Rows that an earlier run had of a finding.
  package init(
    rules: [any Rule], context: RuleContext, organizationID: String,
    suppressions: [SuppressionRule] = [], keepsEvidence: Bool = true,
    earlierRows: (@Sendable (_ id: String) -> EarlierRows?)? = nil
  ) {
    self.rules = rules
    self.earlierRows = earlierRows
    self.keepsEvidence = keepsEvidence
    self.context = context
    var accountContext = context
    accountContext.collectsRows =
      keepsEvidence || earlierRows != nil || context.isTrusted != nil || !context.indicators.isEmpty
    self.accountContext = accountContext
    self.organizationID = organizationID
    self.suppressions = suppressions
    runnable = rules.filter { Self.missing($0.description, in: context).isEmpty }
    accountRules = runnable.filter(\.description.isAboutAccounts)
  }

  /// Findings about one account, in the order of their ids; give their rules to ``note(rules:)``.
  package func judge(_ facts: AccountFacts) -> [Finding] {
    judge([Judgement.PlacedAccount(place: 0, facts)])[0].sorted { $0.id < $1.id }
  }

  /// Findings about each of some accounts, in the order of rules.
  ///
  /// A rule looks at all accounts before the next one does: the rules are more code than a core holds near.
  package func judge(_ accounts: [Judgement.PlacedAccount]) -> [[Finding]] {
    var drafted: [(position: Int, rule: Int, drafts: [FindingDraft])] = []
    // By number: taking a rule out of the list copies it.
    for number in accountRules.indices {
      accountRules[number].judge(accounts, in: accountContext) { position, drafts in
        drafted.append((position, number, drafts))
      }
    }
    var findings = [[Finding]](repeating: [], count: accounts.count)
    // A draft is large, and completed where it lies.
    for place in drafted.indices {
      let position = drafted[place].position
      let rule = accountRules[drafted[place].rule].description
      accounts[position].withFacts { facts in
        for number in drafted[place].drafts.indices {
          findings[position].append(complete(&drafted[place].drafts[number], rule, facts))
        }
      }
    }
    return findings
  }

  /// Findings about one account with all rows that each rests on, in the order of their ids.
  package func judgeWithRows(_ facts: AccountFacts) -> [(finding: Finding, rows: FindingRows)] {
    accountRules.flatMap { rule in
      rule.findings(for: facts, in: context).map { draft in
        var draft = draft
        let rows = FindingRows(draft, account: facts.key)
        return (complete(&draft, rule.description, facts), rows)
      }
    }.sorted { $0.finding.id < $1.finding.id }
  }

  /// Findings about the org with all rows that each rests on, after all accounts.
  package func judgeWithRows(_ run: RunFacts) -> [(finding: Finding, rows: FindingRows)] {
    var run = run
    run.accounts = accounts
    return runnable.flatMap { rule in
      rule.findings(for: run, in: context).map { draft in
        (complete(draft, rule.description), FindingRows(draft, account: nil))
      }
    }.sorted { $0.finding.id < $1.finding.id }
  }

  /// All rows of the finding with an id; `nil` where the account has no such finding.
  package func rows(ofFinding id: String, _ facts: AccountFacts) -> FindingRows? {
    for rule in accountRules {
      for draft in rule.findings(for: facts, in: context)
      where Self.id(
        organization: organizationID, rule: rule.description, account: facts.keyText,
        discriminator: draft.discriminator) == id
      {
        return FindingRows(draft, account: facts.key)
      }
    }
    return nil
  }

  /// Whether an account has a record: one with logins or API requests has, a user without only when
  /// it is an integration account or something worse than info is found about it.
  package static func isReported(_ facts: AccountFacts, _ findings: [Finding]) -> Bool {
    facts.firstLogin != nil || facts.requests != nil || facts.accountClass == .integration
      || findings.contains { $0.severity > .info }
  }

  /// Notes an account that was judged; accounts are noted in the order of their keys.
  package mutating func note(_ summary: AccountSummary) { accounts.append(summary) }

  /// Notes accounts that were judged, in the order of their keys, behind those before.
  package mutating func note(_ summaries: [[AccountSummary]]) {
    accounts.reserveCapacity(accounts.count + summaries.reduce(0) { $0 + $1.count })
    for some in summaries { accounts.append(contentsOf: some) }
  }

  /// Notes the ids of rules that found something about accounts.
  package mutating func note(rules: Set<String>) { foundRules.formUnion(rules) }

  /// Findings about the org, after all accounts.
  ///
  /// - Parameter threads: How many workers look, each with a rule of its own.
  package mutating func judge(_ run: RunFacts, threads: Int = 1) -> [Finding] {
    var run = run
    run.accounts = accounts
    let next = Atomic<Int>(0)
    let found = Locked<[Finding]>([])
    WorkerThreads.run(max(1, min(threads, runnable.count))) { [self, run] _ in
      var own: [Finding] = []
      while true {
        let number = next.add(1, ordering: .relaxed).oldValue
        guard number < runnable.count else { break }
        let rule = runnable[number]
        for draft in rule.findings(for: run, in: context) {
          own.append(complete(draft, rule.description))
        }
      }
      found.withLock { $0 += own }
    }
    let findings = found.withLock { $0 }
    for finding in findings { foundRules.insert(finding.rule.id) }
    return findings.sorted { $0.id < $1.id }
  }

  /// Which rules found something, found nothing, or could not run.
  package var states: [RuleState] {
    rules.map(\.description).sorted { $0.id < $1.id }.map { rule in
      let missing = Self.missing(rule, in: context)
      let state: RuleState.State =
        !missing.isEmpty ? .notRun : foundRules.contains(rule.id) ? .found : .none
      return RuleState(id: rule.id, version: rule.version, state: state, missing: missing)
    }
  }

  /// What a rule cannot run without, and this run has not.
  private static func missing(_ rule: RuleDescription, in context: RuleContext) -> [String] {
    rule.needs.filter { !context.inputs.contains($0) }.map(\.text)
      + rule.needsColumns.filter { context.missingLoginColumns.contains($0) }
      .map { "column \($0) of the login export" }
      + (rule.needs.contains(.indicators) ? context.indicatorObstacles : [])
  }

  // MARK: Completing

  /// A finding about an account.
  private func complete(
    _ draft: inout FindingDraft, _ rule: RuleDescription, _ facts: AccountFacts
  ) -> Finding {
    limit(&draft, rule, facts)
    // A copy of the facts costs dozens of counts, and hardly any run has use for it.
    let asksForSources = context.isTrusted != nil || !context.indicators.isEmpty
    return complete(
      draft, rule, AccountReference(facts), key: facts.keyText, profile: facts.profile,
      asksForSources ? facts : nil)
  }

  /// A finding about the org.
  private func complete(_ draft: FindingDraft, _ rule: RuleDescription) -> Finding {
    complete(draft, rule, nil, key: "", profile: "", nil)
  }

  /// - Parameter key: Text of the account's key; empty for a finding about the org.
  private func complete(
    _ draft: FindingDraft, _ rule: RuleDescription, _ reference: consuming AccountReference?,
    key: String, profile: String, _ facts: AccountFacts?
  ) -> Finding {
    let status = draft.status ?? rule.status
    let isAboutAccount = !key.isEmpty
    let (severity, reasons) = severity(
      draft, rule, status, isAboutAccount: isAboutAccount, facts)
    var finding = Finding(
      id: Self.id(
        organization: organizationID, rule: rule, account: key,
        discriminator: draft.discriminator),
      rule: rule, status: status, severity: severity, severityReasons: reasons,
      confidence: draft.confidence, account: reference, discriminator: draft.discriminator,
      firstSeen: draft.firstSeen, lastSeen: draft.lastSeen, counts: draft.counts,
      conditions: draft.conditions,
      evidence: keepsEvidence || !isAboutAccount
        ? EvidenceChoice(judgement: context.judgement, limit: Self.evidenceLimit).rows(of: draft)
        : [],
      evidenceTotal: max(draft.evidenceTotal, draft.heldRowCount),
      remediation: draft.remediation ?? rule.remediation, dataQuality: draft.dataQuality,
      suppression: nil)
    finding.hasMoreRows =
      draft.heldRowCount > finding.evidence.count
      || draft.restsOnLogins && finding.evidenceTotal > finding.evidence.count
    if rule.isEvent, let earlier = earlierRows?(finding.id) {
      finding.newRows = earlier.newRows(of: draft, count: finding.evidenceTotal)
    }
    if !suppressions.isEmpty { suppress(&finding, rule, profile: profile) }
    return consume finding
  }

  private func suppress(_ finding: inout Finding, _ rule: RuleDescription, profile: String) {
    finding.suppressionNumbers = suppressions.indices.filter { number in
      suppressions[number].rule == rule.id
        && suppressions[number].matches(finding.account, profile)
    }
    let entries = finding.suppressionNumbers.map { suppressions[$0] }
    finding.suppression = entries.first { !$0.isExpired }?.suppression
    if finding.suppression == nil { finding.expiredSuppression = entries.first?.suppression }
  }

  private func limit(_ draft: inout FindingDraft, _ rule: RuleDescription, _ facts: AccountFacts) {
    if facts.classification.isByBehaviour {
      draft.confidence = .low
      draft.dataQuality.append(
        "behaves like an integration account: its class rests on behaviour alone")
    }
    guard rule.restsOnSnapshots, facts.user != nil else { return }
    let history = context.judgement.history
    if let first = draft.firstSeen ?? facts.firstLogin ?? history.first,
      let last = draft.lastSeen ?? facts.lastLogin ?? history.last
    {
      noteSnapshot(&draft, first, last)
    }
    if context.describes, rule.needs.contains(.permissions) {
      draft.dataQuality.append(contentsOf: facts.changes.map(\.text))
      for label in (facts.permissions?.sessionActivated ?? []).sorted().map(\.string) {
        draft.dataQuality.append("\(label) is in force only in sessions that activate it: left out")
      }
    }
  }

  /// Names the snapshot nearest to the logins and its distance; a stale one lowers confidence.
  private func noteSnapshot(_ draft: inout FindingDraft, _ first: Instant, _ last: Instant) {
    let limit = context.value(of: Self.staleSnapshot)
    guard let (date, days) = context.nearestSnapshot(to: first, last) else {
      guard context.describes else { return }
      draft.conditions.append(
        Condition(
          "snapshot", "undated", threshold: "within \(Int(limit).counted("day")) of the logins",
          isMet: false, source: "names of the snapshot files",
          wouldChange: "a date in the file name, or --snapshot-time"))
      return
    }
    if days > limit { draft.confidence = draft.confidence.lowered }
    guard context.describes else { return }
    let day = CivilDate(day: date.day).text
    draft.conditions.append(
      Condition(
        "snapshot", "\(day), \(Int(days).counted("day")) from these logins",
        threshold: "within \(Int(limit).counted("day")) of the logins", isMet: days <= limit,
        source: "names of the snapshot files", wouldChange: "a snapshot of another day"))
    guard days > limit else { return }
    draft.dataQuality.append(
      "the snapshot of \(day) is \(Int(days).counted("day")) from these logins")
  }

  private func severity(
    _ draft: FindingDraft, _ rule: RuleDescription, _ status: FindingStatus,
    isAboutAccount: Bool, _ facts: AccountFacts?
  ) -> (Severity, [String]) {
    let describes = context.describes || !isAboutAccount
    var reasons: [String] = []
    func reason(_ text: @autoclosure () -> String) {
      if describes { reasons.append(text()) }
    }
    guard status == .fail else {
      reason(status == .unknown ? "undecided: always info" : "no accusation: always info")
      return (.info, reasons)
    }
    let base = draft.base ?? rule.severity
    var severity = base
    reason(
      draft.baseReason.isEmpty ? "base \(base.name)" : "base \(base.name): \(draft.baseReason)")
    for step in draft.steps {
      severity = severity.stepped(by: step.count)
      reason("\(step.count > 0 ? "+" : "−")\(abs(step.count)): \(step.reason)")
    }
    guard isAboutAccount || draft.origins != nil || isWhole(draft) else {
      return (severity, reasons)
    }
    if draft.followsIndicators, !context.indicators.isEmpty,
      let indicator = indicator(draft, facts)
    {
      severity = severity.stepped(by: 1)
      reason("+1: used from indicator \(indicator)")
    }
    if let isTrusted = context.isTrusted, severity > .low {
      let sources = sources(draft, facts)
      if !sources.isEmpty, sources.allSatisfy(isTrusted) {
        severity = severity.stepped(by: -1)
        reason("−1: every source is inside trusted_networks")
      }
    }
    return (severity, reasons)
  }

  /// Whether a draft holds all rows that it is about.
  private func isWhole(_ draft: FindingDraft) -> Bool {
    let held = draft.heldRowCount
    return held > 0 && draft.evidenceTotal <= held
  }

  /// Addresses of the rows that a finding is about; of rows that are not kept all that may be theirs.
  ///
  /// A row without address could have come from anywhere: an empty text is in no network.
  private func sources(_ draft: FindingDraft, _ facts: AccountFacts?) -> [String] {
    if let origins = draft.origins { return origins.addresses.sorted().map(\.string) }
    if isWhole(draft) {
      var codes: Set<UInt32> = []
      for citation in draft.citations {
        for login in citation.logins { codes.insert(login.row.address) }
      }
      return (codes.map(context.address) + draft.evidence.map(\.address)).distinctByBytes()
    }
    guard let facts else { return [] }
    if !draft.shapes.isEmpty { return sources(ofShapes: draft.shapes, facts) }
    let placed = facts.addresses.reduce(0) { $0 + $1.use.count }
    return facts.addresses.map(\.use.value).sortedByBytes()
      + (placed < facts.total.attempted ? [""] : [])
  }

  /// Addresses from which rows of some shapes came.
  ///
  /// Of successful API logins an address keeps the number and the first and last shape, so one with
  /// three or more may be named although none of them was of these shapes.
  private func sources(ofShapes codes: Set<UInt32>, _ facts: AccountFacts) -> [String] {
    var addresses = Set<ExactText>(
      facts.logins.lazy.filter { codes.contains($0.shape) }.map { context.address($0.row.address) })
    let isOfAPI = facts.shapes.contains {
      codes.contains($0.code) && $0.shape.door == .api && $0.shape.outcome == .succeeded
    }
    guard isOfAPI else { return addresses.sorted().map(\.string) }
    var placed = 0
    for address in facts.addresses where address.apiSuccesses > 0 {
      placed += address.apiSuccesses
      let shown = [address.firstAPISuccess, address.lastAPISuccess].compactMap { $0?.shape }
      if address.apiSuccesses > 2 || shown.contains(where: codes.contains) {
        addresses.insert(address.use.value)
      }
    }
    if placed < facts.api.succeeded { addresses.insert("") }
    return addresses.sorted().map(\.string)
  }

  /// The indicator from which a finding's rows came; `nil` for none.
  ///
  /// One with dates counts where a row within them is known: a finding is not raised by a login that
  /// may have been outside.
  private func indicator(_ draft: FindingDraft, _ facts: AccountFacts?) -> String? {
    let matches = context.indicators
    if !matches.addresses.isEmpty {
      for source in sources(draft, facts) {
        guard let texts = matches.addresses[source] else { continue }
        let stretches = matches.dates.isEmpty ? [] : stretches(of: draft, from: source, facts)
        let text = texts.first { text in
          matches.dates[text] == nil
            || stretches.contains { matches.holds(text, from: $0.first, to: $0.last) }
        }
        if let text { return text }
      }
    }
    guard !matches.applications.isEmpty || !matches.userAgents.isEmpty else { return nil }
    var found: Set<ExactText> = []
    func named(_ shape: LoginShape) -> [String] {
      (matches.applications[shape.application] ?? []) + (matches.userAgents[shape.browser] ?? [])
    }
    var known: [UInt32: [String]] = [:]
    for citation in draft.citations {
      for login in citation.logins {
        let all = known[login.shape] ?? named(context.shape(login.shape))
        known[login.shape] = all
        for text in all where matches.holds(text, at: login.row.time) { found.insert(text) }
      }
    }
    for row in draft.evidence {
      for text in named(row.shape) where matches.holds(text, at: row.row.time) {
        found.insert(text)
      }
    }
    for text in draft.origins?.applications.flatMap({ matches.applications[$0] ?? [] }) ?? []
    where matches.dates[text] == nil || isWithin(text, draft) {
      found.insert(text)
    }
    return found.min()?.string
  }

  private func isWithin(_ text: String, _ draft: FindingDraft) -> Bool {
    guard let first = draft.firstSeen, let last = draft.lastSeen else { return false }
    return context.indicators.holds(text, from: first, to: last)
  }

  /// Stretches of time of which each ends with rows of a draft from an address, or holds only such
  /// rows of it.
  private func stretches(
    of draft: FindingDraft, from source: String, _ facts: AccountFacts?
  ) -> [(first: Instant, last: Instant)] {
    var times: [Instant] = []
    for citation in draft.citations {
      for login in citation.logins where context.address(login.row.address).hasBytes(of: source) {
        times.append(login.row.time)
      }
    }
    for row in draft.evidence where row.address.hasBytes(of: source) { times.append(row.row.time) }
    var result = times.map { (first: $0, last: $0) }
    if draft.origins != nil, let first = draft.firstSeen, let last = draft.lastSeen {
      result.append((first, last))
    }
    guard !isWhole(draft), draft.origins == nil, let facts else { return result }
    func isMeant(_ shape: UInt32) -> Bool { draft.shapes.isEmpty || draft.shapes.contains(shape) }
    for address in facts.addresses where address.use.value.hasBytes(of: source) {
      result.append((address.use.first, address.use.last))
      for row in [address.firstAPISuccess, address.lastAPISuccess].compactMap({ $0 })
      where isMeant(row.shape) {
        result.append((row.row.time, row.row.time))
      }
      for login in facts.logins where login.row.address == address.code && isMeant(login.shape) {
        result.append((login.row.time, login.row.time))
      }
    }
    return result
  }
}
