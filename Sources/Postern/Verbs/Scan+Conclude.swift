import Accounts
import Configuration
import Findings
import Platform
import Reports
import SalesforceExports

extension Scan {
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

  /// Judges all accounts, and writes the results and the ledger.
  func conclude(
    _ plan: RunPlan, _ tables: RunTables, _ logins: RunLogins, _ accounting: RunAccounting,
    _ judgement: Judgement, _ baseline: ResultsBaseline?, start: ContinuousClock.Instant
  ) throws -> ScanOutcome {
    let context = options.ruleContext(judgement, logins: accounting.inputs.loginColumns)
    var totals = ResultTotals()
    var findings: [ListedFinding] = []
    let records = ResultRecords(
      inputs: accounting.inputs.records,
      command: ReplayCommand(inputs: plan.arguments, options: options.readingArguments),
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
      try Cancelled.check()
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
    let organization = engine.judge(
      accounting.inputs.facts(first: totals.first, last: totals.last))
    let organizationRecords = organization.map {
      records.record($0, includingEvidence: keepsLines)
    }
    for (finding, record) in zip(organization, organizationRecords) {
      findings.append(ListedFinding(record, suppressionNumbers: finding.suppressionNumbers))
    }
    findings.sort { $0.id < $1.id }
    var run = RunRecord(plan, accounting, judgement)
    run.first = totals.first
    run.last = totals.last
    run.rules = engine.states
    run.suppressions = options.suppressionRecords(findings)
    run.gaps = context.gaps
    var end = endRecord(accounting, totals, findings)
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
    let elapsed = ContinuousClock.now - start
    // Whole milliseconds, as results hold it, so that a report made from them says the same.
    run.elapsedSeconds = (elapsed / .milliseconds(1)).rounded() / 1_000
    if let threshold = options.failOnNew {
      end.newOverThreshold = findings.count { finding in
        threshold.counts(
          finding.status, finding.severity, isSuppressed: finding.suppression != nil)
          && finding.change != .persisting
      }
    }
    let exit = exit(accounting, totals, end)
    end.exit = exit.rawValue
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
    if let path = options.rejectsPath {
      try attempt { try accounting.inputs.writeRejects(to: path) }
    }
    // Last, so that a ledger never holds rows whose results could not be written.
    if let failure { throw failure }
    var messages = accounting.messages
    if let path = options.ledgerPath {
      if let reason = accounting.ledgerObstacle(totals) {
        messages.append("\(path): the ledger is not written: \(reason)")
      } else {
        let ids = logins.ownIDs(plan)
        if let idsPath = options.idsPath {
          try LoginIDFile.write(ids, columns: LoginColumnSet.richest(plan.unread), to: idsPath)
        }
        try LedgerContent(plan, tables, logins, accounting, ids: ids)
          .write(to: path, forgettingBefore: options.forgetBefore)
      }
    }
    return ScanOutcome(
      end: end, exit: exit, messages: messages + run.suppressions.compactMap(\.complaint),
      details: accounting.details)
  }

  private func endRecord(
    _ accounting: RunAccounting, _ totals: ResultTotals, _ findings: [ListedFinding]
  ) -> EndRecord {
    var end = EndRecord()
    end.rows = accounting.rows
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
    end.incompleteReasons = accounting.incompleteReasons
    if !accounting.isBalanced(totals) {
      end.incompleteReasons.append(
        "internal fault: rows are not accounted for; keep the inputs, and report it")
    }
    return end
  }

  private func exit(
    _ accounting: RunAccounting, _ totals: ResultTotals, _ end: EndRecord
  ) -> ExitCode {
    .deciding([
      .internalFault: !accounting.isBalanced(totals), .nothingAnalysed: accounting.lacksLogins,
      .incomplete: !end.isComplete,
      .overThreshold: end.overThreshold > 0 || end.newOverThreshold ?? 0 > 0,
    ])
  }
}
