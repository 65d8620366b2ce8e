import Accounts
import Configuration
import Crypto
import Decompression
import Delimited
import Dispatch
import Findings
import Platform
package import Reports
import SalesforceExports
import Synchronization

/// How a run ended.
package struct ScanOutcome: Sendable {
  /// The end record.
  package let end: EndRecord
  /// What the user should know, for standard error.
  package let messages: [String]
  /// What each input was, for those who want to know.
  package let details: [String]
}

/// The run was asked to stop (SIGINT).
package struct Cancelled: Error, Sendable {
  /// Makes the error.
  package init() {}
}

/// The main job: reads inputs, folds logins, joins, judges and writes results.
package struct Scan {
  let options: ScanOptions
  /// What reading may cost.
  let limits: InflateLimits
  let recordLimits: RecordLimits
  private let clock = ContinuousClock()

  /// Asks the run to stop; for a signal handler.
  ///
  /// - Returns: Whether it was asked before.
  package static func cancel() -> Bool {
    Interruption.isRequested.exchange(true, ordering: .relaxed)
  }

  /// Makes a run.
  package init(_ options: ScanOptions) {
    self.options = options
    let given = options.configuration.limits
    var limits = InflateLimits()
    if let ratio = given.expansionRatio { limits.expansionRatio = ratio }
    if let bytes = given.expandedBytes { limits.expandedBytes = bytes }
    self.limits = limits
    var records = RecordLimits()
    if let bytes = given.fieldBytes {
      records.fieldBytes = bytes
      records.recordBytes = max(records.recordBytes, bytes)
    }
    if let columns = given.columns { records.columns = columns }
    recordLimits = records
  }

  /// Does the whole job.
  ///
  /// - Throws: ``UsageError`` before anything is analysed; ``OutputError`` when a result cannot be
  ///   written; ``Cancelled``.
  package func run() throws -> ScanOutcome {
    let start = clock.now
    let baseline = try options.baselinePath.map { path in
      try ResultsBaseline(try ResultsFile.read(path, keeping: options.temporaryFolder))
    }
    var state = try gather()
    let judgement = Judgement(
      ledger: state.ledger, snapshots: state.snapshots, verifications: state.verifications,
      events: state.events, statements: options.statements, evaluationTime: options.now)
    return try conclude(&state, judgement, baseline, start: start)
  }

  /// Reads all inputs.
  func gather() throws -> RunState {
    if let since = options.since, let until = options.until, since >= until {
      throw UsageError("--since \(since.text) is not before --until \(until.text)")
    }
    try OutputCheck.distinct(options)
    var set = InputSet(options.inputs, limits: limits, recordLimits: recordLimits)
    try OutputCheck.sparing(
      set.inputs.map(\.candidate.path) + [options.knownIDsPath].compactMap(\.self),
      outputs: options.outputFiles)
    // The ledger that is written may be one that is read: it is replaced when the run has ended.
    try OutputCheck.sparing(
      set.ledgers.map(\.candidate.path),
      outputs: options.outputFiles.filter { $0 != options.ledgerPath })
    var ledgers = LedgerSet(&set, limits: limits)
    try ledgers.check(options)
    let known = try options.knownIDsPath.map { path throws(UsageError) in
      try LoginIDFile.read(path)
    }
    set.chooseLogins(options.loginSource, &ledgers)
    let check = try LocalTimeCheck(
      set.inputs, options: options, known: ledgers.dateOrders
    ) { reader($0) }
    let times = TimestampReader(timeZone: options.timeZone, dateOrder: check.order)
    var state = RunState(set, ledgers, keepsRejects: options.rejectsPath != nil, options: options)
    state.loginKind = set.loginKind
    state.leavesOutLogins = set.leavesOutLogins
    state.dateOrder = check.order
    state.times = times
    state.knownIDs = known
    try loadTables(&state, times)
    try loadEvents(&state, times)
    try foldLogins(&state, times)
    state.forget(options.forgetBefore)
    try Self.checkCancelled()
    options.progress?(.finished)
    return state
  }

  /// Reads a file of the run.
  func reader(_ input: ProbedInput) -> ExportReader {
    ExportReader(input: input, limits: limits, recordLimits: recordLimits)
  }

  /// Ends the run when a signal asked for it.
  static func checkCancelled() throws {
    if Interruption.isRequested.load(ordering: .relaxed) { throw Cancelled() }
  }

  // MARK: Results

  /// What one worker found about the accounts that it judged.
  private struct JudgedPart: Sendable {
    /// Records of accounts and findings, where some output shows them.
    var lines: PlacedLines<Int>?
    var findingLines: PlacedLines<String>?
    var totals = ResultTotals()
    var findings: [ListedFinding] = []
    var rules: Set<String> = []
    var summaries: [(place: Int, summary: AccountSummary)] = []
    /// When accounts logged in, by key, where findings are compared with earlier ones.
    var reaches: [String: AccountReach] = [:]
  }

  private func conclude(
    _ state: inout RunState, _ judgement: Judgement, _ baseline: ResultsBaseline?,
    start: ContinuousClock.Instant
  ) throws -> ScanOutcome {
    let context = options.ruleContext(judgement, logins: state.loginColumns)
    var totals = ResultTotals()
    var findings: [ListedFinding] = []
    var facts = state.runFacts()
    let records = ResultRecords(
      inputs: state.records,
      command: ReplayCommand(
        inputs: state.ledgers.arguments(options.inputs), options: options.readingArguments),
      baseline: baseline, detected: options.now)
    let outputs =
      options.outputs.isEmpty ? [OutputTarget(format: .text, path: nil)] : options.outputs
    let keepsLines = outputs.contains { $0.format != .text }
    let temporary = options.temporaryFolder
    var engine = RuleEngine(
      context: context,
      organizationID: options.configuration.organization.id ?? "",
      suppressions: options.suppressionRules, keepsEvidence: keepsLines)
    let parts = try judgement.forEachAccount(threads: options.threads) {
      JudgedPart(
        lines: keepsLines ? PlacedLines(in: temporary) : nil,
        findingLines: keepsLines ? PlacedLines(in: temporary) : nil)
    } _: { [engine] part, place, account in
      try Self.checkCancelled()
      let found = engine.judge(account)
      guard RuleEngine.deservesRecord(account, found) else { return }
      try part.lines?.add(records.line(account, findings: found), place: place)
      part.totals.add(ResultTotals(account))
      if baseline != nil, let first = account.firstLogin, let last = account.lastLogin {
        part.reaches[account.key.text] = AccountReach(first: first, last: last)
      }
      for finding in found {
        part.rules.insert(finding.rule.id)
        let record = records.record(finding, includingEvidence: keepsLines)
        try part.findingLines?.add(record.line, place: finding.id)
        part.findings.append(
          ListedFinding(record, suppressionNumbers: finding.suppressionNumbers))
      }
      part.summaries.append((place, AccountSummary(account)))
    }
    for part in parts {
      totals.add(part.totals)
      findings.append(contentsOf: part.findings)
      engine.note(rules: part.rules)
    }
    for entry in parts.flatMap(\.summaries).sorted(by: { $0.place < $1.place }) {
      engine.note(entry.summary)
    }
    facts.first = totals.first
    facts.last = totals.last
    let organization = engine.judge(facts)
    let organizationRecords = organization.map {
      records.record($0, includingEvidence: keepsLines)
    }
    for (finding, record) in zip(organization, organizationRecords) {
      findings.append(ListedFinding(record, suppressionNumbers: finding.suppressionNumbers))
    }
    findings.sort { $0.id < $1.id }
    var run = state.runRecord(options, engine.states, totals)
    run.suppressions = options.suppressionRecords(findings)
    run.gaps = context.gaps
    var end = endRecord(state, totals, findings)
    var gone: [FindingRecord] = []
    var goneLines = PlacedLines<String>(in: temporary)
    if let baseline {
      let reaches = parts.map(\.reaches).reduce(into: [:]) { $0.merge($1) { first, _ in first } }
      let found = Set(findings.map(\.id))
      try baseline.forEachGoneFinding(run: run, end: end, accounts: reaches, found: found) {
        finding in
        if keepsLines { try goneLines.add(finding.line, place: finding.id) }
        gone.append(finding.withoutRows)
      }
      end.gone = FindingChange.counts(gone)
    }
    var lines: ResultLines?
    if keepsLines {
      var others = PlacedLines<String>(in: temporary)
      for record in organizationRecords { try others.add(record.line, place: record.id) }
      lines = ResultLines(
        accounts: PlacedLines.inOrder(parts.compactMap(\.lines)),
        findings: PlacedLines.inOrder(
          parts.compactMap(\.findingLines) + [others]), gone: PlacedLines.inOrder([goneLines]))
    }
    let elapsed = clock.now - start
    // Whole milliseconds, as results hold it, so that a report made from them says the same.
    run.elapsedSeconds = (elapsed / .milliseconds(1)).rounded() / 1_000
    if let threshold = options.failOnNew {
      end.newOverThreshold = findings.count { finding in
        threshold.counts(
          finding.status, finding.severity, isSuppressed: finding.suppression != nil)
          && finding.change != .persisting
      }
      if end.exit == 0, end.newOverThreshold ?? 0 > 0 { end.exit = 1 }
    }
    let writer = ResultWriter(
      outputs: outputs, usesColor: options.usesColor, temporary: temporary)
    // An output that fails does not keep the rejected rows from being written.
    var failure: OutputError?
    func attempt(_ body: () throws -> Void) throws {
      do { try body() } catch let error as OutputError { failure = failure ?? error }
    }
    try attempt {
      try writer.write(
        run: run, lines: lines, findings: findings, gone: gone, totals: totals, end: end)
    }
    if let path = options.rejectsPath { try attempt { try state.writeRejects(to: path) } }
    // Last, so that a ledger never holds rows whose results could not be written.
    if let failure { throw failure }
    var messages = state.messages
    if let path = options.ledgerPath {
      if let reason = state.ledgerObstacle(end) {
        messages.append("\(path): the ledger is not written: \(reason)")
      } else {
        let ids = state.ownIDs
        if let idsPath = options.idsPath {
          try LoginIDFile.write(ids, columns: loginColumns(state.unread), to: idsPath)
        }
        try state.writeLedger(to: path, ids, options)
      }
    }
    return ScanOutcome(
      end: end, messages: messages + run.suppressions.compactMap(\.complaint),
      details: state.details)
  }

  private func endRecord(
    _ state: RunState, _ totals: ResultTotals, _ findings: [ListedFinding]
  ) -> EndRecord {
    var end = EndRecord()
    end.rows = state.rows
    end.accounts = totals.accounts
    for finding in findings {
      end.bySeverity[finding.severity, default: 0] += 1
      end.byStatus[finding.status, default: 0] += 1
      if finding.suppression != nil { end.suppressed += 1 }
    }
    if let threshold = options.failOn {
      end.overThreshold =
        findings.filter {
          threshold.counts($0.status, $0.severity, isSuppressed: $0.suppression != nil)
        }.count
    }
    end.incompleteReasons = state.incompleteReasons(options)
    if !state.isBalanced(totals) {
      end.incompleteReasons.append(
        "internal fault: rows are not accounted for; keep the inputs, and report it")
    }
    end.exit =
      !state.isBalanced(totals)
      ? 70
      : state.rows.read == state.rows.rejected
        ? 66 : !end.isComplete ? 2 : end.overThreshold > 0 ? 1 : 0
    return end
  }
}
