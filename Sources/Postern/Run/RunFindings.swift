import Accounts
import Configuration
import Findings
import Platform
import Reports
import Results
import SalesforceExports
import Synchronization

/// The accounts of a run, judged: their records have gone to the outputs, and what only the whole of
/// them tells is here.
struct RunFindings: Sendable {
  let tally: FindingTally
  /// Attempts of all accounts.
  let attempts: Int
  /// Which rules found something, found nothing, or could not run.
  let rules: [RuleState]
  /// Stretches without rows in which the org is usually busy.
  let gaps: [ActivityGaps.Gap]
  /// Findings of the earlier run that this one does not have; `nil` without a baseline.
  let gone: [FindingChange: Int]?
  /// Files of logins of which too many could not be classed, as reasons why a run is incomplete.
  let unclassedReasons: [String]

  /// What one worker keeps of the accounts that it judged.
  private struct Part: Sendable {
    let lanes: FormLanes
    var tally = FindingTally()
    var attempts = 0
    /// Attempts without a class, and without an outcome.
    var open = (unclassed: 0, withoutOutcome: 0)
    var rules: Set<String> = []
    /// Of the reported accounts, by unit.
    var summaries: [(unit: Int, accounts: [AccountSummary])] = []
    var applications: ApplicationUses
    /// What a baseline is asked with: findings, and accounts of which it has more.
    var keys: Set<FindingKey> = []
    var presences: [ExactText: AccountPresence] = [:]

    init(_ lanes: FormLanes, _ judgement: Judgement) {
      self.lanes = lanes
      applications = ApplicationUses(judgement)
    }

    /// Notes what is said of an account in the sums of the run.
    mutating func note(
      _ account: AccountFacts, _ found: [Finding], place: Int, _ judgement: Judgement
    ) {
      tally.accounts += 1
      attempts += account.total.attempted
      open.unclassed += account.unclassified.attempted
      open.withoutOutcome += account.unknownStatuses
      // Findings are large, and looked at where they lie.
      for position in found.indices {
        rules.insert(found[position].rule.id)
        tally.note(found[position].suppressionNumbers)
      }
      applications.note(account, place: place, in: judgement)
    }

    /// Notes an account without a record: what it had may be gone because there is nothing to report.
    mutating func note(unreported account: AccountFacts, _ baseline: FindingsBaseline?) {
      if let baseline, baseline.hasMore(about: account.keyText, than: []) {
        presences[ExactText(account.keyText)] = AccountPresence(account)
      }
    }

    /// Notes what a baseline is asked with.
    mutating func note(
      _ group: ResultsGroup, _ account: AccountFacts, _ baseline: FindingsBaseline
    ) {
      for finding in group.findings {
        if let key = FindingKey(finding.id) { keys.insert(key) }
      }
      if baseline.hasMore(about: group.account.key, than: group.findings) {
        presences[ExactText(group.account.key)] = AccountPresence(account)
      }
    }
  }

  /// Nothing, of a run that judges nothing.
  init(unjudged ledger: AccountLedger) {
    tally = FindingTally()
    attempts = ledger.attemptCount
    rules = []
    gaps = []
    gone = nil
    unclassedReasons = []
  }

  /// Judges all accounts and the org, and renders their records in all forms.
  ///
  /// - Parameters:
  ///   - baseline: The earlier run that findings are compared with.
  ///   - holds: Whether a login is among the rows; `nil` where that is not known.
  ///   - forgotten: People whose findings are not handed on.
  ///   - writer: Receives the records; it is left open.
  /// - Throws: ``OutputError``; ``Cancelled``; `ResultsError` when the baseline cannot be read again.
  init(
    _ plan: RunPlan, _ accounting: RunAccounting, _ judgement: Judgement, _ run: RunRecord,
    baseline: FindingsBaseline?, holds: (@Sendable (SalesforceID) -> Bool)?,
    forgotten: ForgottenNames, to writer: ResultsWriter
  ) throws {
    let options = plan.options
    let detail = writer.detail
    var context = options.ruleContext(judgement, accounting.inputs)
    var earlierRows: (@Sendable (String) -> EarlierRows?)?
    if let baseline { earlierRows = { baseline.rows($0) } }
    func ruleEngine(_ detail: RecordDetail) -> RuleEngine {
      context.describes = detail.contains(.reasoning)
      return RuleEngine(
        context: context,
        organizationID: options.organizationID,
        suppressions: options.suppressionRules,
        keepsEvidence: !detail.isDisjoint(with: [.evidence, .replay]), earlierRows: earlierRows)
    }
    var engine = ruleEngine(detail)
    let wholeEngine = ruleEngine(.all)
    let command = ReplayCommand(inputs: plan.arguments, options: options.readingArguments)
    let maker = RecordMaker(run: run, baseline: baseline) { command.events($0) }
    let unitCount = Atomic<Int>(0)
    let parts = try judgement.forEachUnit(threads: options.threads) {
      Part(writer.makeLanes(), judgement)
    } _: { [engine] part, unit, accounts in
      try Cancelled.check()
      let found = engine.judge(accounts)
      // Groups are large: they are taken out from the end without a copy.
      var groups: [ResultsGroup] = []
      var reported: [Int] = []
      groups.reserveCapacity(accounts.count)
      reported.reserveCapacity(accounts.count)
      var summaries: [AccountSummary] = []
      summaries.reserveCapacity(accounts.count)
      for position in accounts.indices {
        accounts[position].withFacts { account in
          guard RuleEngine.isReported(account, found[position]) else {
            part.note(unreported: account, baseline)
            return
          }
          reported.append(position)
          part.note(account, found[position], place: accounts[position].place, judgement)
          summaries.append(AccountSummary(account))
        }
      }
      part.summaries.append((unit, summaries))
      for position in reported.reversed() {
        groups.append(
          accounts[position].withFacts { maker.group($0, found[position], detail) })
      }
      for position in reported {
        var group = groups.removeLast()
        let wanted = part.lanes.detail(of: group).members
        if !detail.isSuperset(of: wanted) {
          // Few accounts are shown whole, so these are judged again, with their rows.
          group = accounts[position].withFacts {
            maker.group($0, wholeEngine.judge($0), wanted.union(detail))
          }
        }
        part.tally.note(group.findings, options)
        if let baseline {
          accounts[position].withFacts { [group] in part.note(group, $0, baseline) }
        }
        part.lanes.render(&group)
      }
      unitCount.add(1, ordering: .relaxed)
      try writer.add(part.lanes, unit: unit)
    }
    var tally = parts.reduce(into: FindingTally()) { $0.add($1.tally) }
    for part in parts { engine.note(rules: part.rules) }
    engine.note(
      parts.flatMap(\.summaries).sorted(by: { $0.unit < $1.unit }).map(\.accounts))
    var keys = parts.reduce(into: Set<FindingKey>()) { $0.formUnion($1.keys) }

    let lanes = writer.makeLanes()
    var facts = accounting.inputs.facts(first: run.first, last: run.last)
    facts.contradictions = accounting.contradictions
    var applications = ApplicationUses(judgement)
    for part in parts { applications.formUnion(part.applications) }
    facts.applications = judgement.applications(applications)
    let organization = engine.judge(facts, threads: options.threads)
    facts.accounts = engine.accounts
    let applicationMaker = ApplicationRecordMaker(context, facts)
    for application in facts.applications {
      var group = ResultsGroup(applicationMaker.record(application))
      lanes.render(&group)
    }
    tally.applications = facts.applications.count
    for finding in organization { tally.note(finding.suppressionNumbers) }
    for finding in organization.map({ maker.record($0, .all) }).sorted(by: FindingRecord.precedes) {
      tally.note(finding, options)
      if let key = FindingKey(finding.id) { keys.insert(key) }
      var group = ResultsGroup(.organization, finding)
      lanes.render(&group)
    }
    rules = engine.states
    let open = parts.map(\.open)
    unclassedReasons = accounting.unclassedReasons(
      context.judgement, options,
      counted: max(
        open.reduce(0) { $0 + $1.unclassed }, open.reduce(0) { $0 + $1.withoutOutcome }))
    gaps = context.gaps
    if let baseline {
      var end = EndRecord()
      end.rules = rules
      end.incompleteReasons = accounting.incompleteReasons + unclassedReasons
      end.gaps = gaps
      let presences = parts.map(\.presences).reduce(into: [:]) { $0.merge($1) { one, _ in one } }
      let check = EvaluationCheck(run, end: end, accounts: presences, holds: holds)
      var counts: [FindingChange: Int] = [:]
      try baseline.forEachGoneFinding(found: keys, check) { finding in
        if forgotten.contains(finding.account) { return }
        var finding = finding
        if !forgotten.isEmpty { forgotten.remove(from: &finding) }
        if let change = finding.lifecycle?.change { counts[change, default: 0] += 1 }
        var group = ResultsGroup(.gone, finding)
        lanes.render(&group)
      }
      gone = counts
    } else {
      gone = nil
    }
    try writer.add(lanes, unit: unitCount.load(ordering: .relaxed))
    for part in parts { part.lanes.finish() }
    lanes.finish()
    self.tally = tally
    attempts = parts.reduce(0) { $0 + $1.attempts }
  }
}
