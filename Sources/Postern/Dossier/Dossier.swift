import Accounts
import Configuration
import Findings
import Platform
package import Reports
import Results
import SalesforceExports

/// A form of a dossier.
package enum DossierFormat: String, Sendable, CaseIterable {
  case text
  case jsonl
  case html
}

/// No account, or more than one, is meant (exit 66).
package struct AccountNotFound: Error, Sendable, CustomStringConvertible {
  /// What is wrong, and who could be meant.
  package let description: String
}

/// Everything about one account.
package struct Dossier {
  private let options: ScanOptions
  private let who: String
  private let outputs: [OutputTarget<DossierFormat>]
  private let screen: AccountReport.Screen

  /// Makes a run.
  ///
  /// - Parameters:
  ///   - who: An id of 15 or 18 characters, a username, or a key as results give it.
  ///   - outputs: Forms with paths; `nil` is standard output.
  /// - Throws: ``UsageError`` for text that can name no account.
  package init(
    of who: String, _ options: ScanOptions, outputs: [OutputTarget<DossierFormat>],
    screen: AccountReport.Screen
  ) throws(UsageError) {
    self.options = options.writing(outputs.map(\.path))
    self.who = who.trimmed
    self.outputs = outputs.isEmpty ? [OutputTarget(format: .text, path: nil)] : outputs
    self.screen = screen
    let pattern: AccountPattern
    do throws(AccountPatternError) {
      pattern = try AccountPattern(self.who)
    } catch {
      throw UsageError("\(who): \(error.detail)")
    }
    switch pattern.subject {
    case .id: break
    case .username(let name) where !name.hasWildcard: break
    default:
      throw UsageError(
        "\(who): name one account by id or username; postern events --account takes patterns")
    }
  }

  /// Does the whole job.
  ///
  /// - Throws: ``UsageError``, ``AccountNotFound``, ``OutputError``, ``Cancelled``.
  package func run() throws -> ReadingOutcome {
    var plan = try RunPlan(options)
    let tables = try RunTables(plan)
    let logins = try RunLogins(&plan, tables)
    let accounting = RunAccounting(plan, tables, logins)
    let judgement = Judgement(plan, tables, logins)
    let context = options.ruleContext(judgement, accounting.inputs)
    // Evidence is kept of the one account alone.
    func ruleEngine(keepsEvidence: Bool) -> RuleEngine {
      RuleEngine(
        context: context, organizationID: options.organizationID,
        suppressions: options.suppressionRules, keepsEvidence: keepsEvidence)
    }
    var engine = ruleEngine(keepsEvidence: true)
    let scout = ruleEngine(keepsEvidence: false)
    var found: [AccountFacts] = []
    var others: [Candidate] = []
    let results = judgement.results(threads: options.threads) { facts in
      let findings = scout.judge(facts)
      let isRecorded = RuleEngine.isReported(facts, findings)
      return (
        Candidate(facts), isRecorded ? AccountSummary(facts) : nil,
        Set(findings.map(\.rule.id)), matches(facts) ? facts : nil
      )
    }
    for (candidate, summary, rules, facts) in results {
      try Cancelled.check()
      if let summary {
        engine.note(summary)
        engine.note(rules: rules)
      }
      if candidate.hasLogins { others.append(candidate) }
      if let facts { found.append(facts) }
    }
    guard found.count == 1, let account = found.first else {
      throw notFound(found.map { Candidate($0) }, others, accounting, tables.snapshots)
    }
    let facts = accounting.inputs.facts(
      first: judgement.history.first, last: judgement.history.last)
    let findings =
      engine.judge(account) + engine.judge(facts).filter { $0.account?.key == account.key }
    let outcome = outcome(accounting, accounting.unclassedReasons(judgement, options))
    try write(
      account, findings.sorted { $0.id < $1.id }, accounting.inputs, context,
      run: RunRecord(plan, accounting, judgement, baseline: nil),
      incomplete: outcome.incompleteReasons)
    return outcome
  }

  private func outcome(
    _ accounting: RunAccounting, _ unclassed: [String]
  ) -> ReadingOutcome {
    var outcome = ReadingOutcome(accounting, incomplete: unclassed)
    let gone = accounting.inputs.goneFiles
    if !gone.isEmpty {
      outcome.messages.append(
        "what a ledger knows is from files that are not where they were, so rows cannot be looked up "
          + "there: " + gone.prefix(5).joined(separator: ", ")
          + (gone.count > 5 ? " and \(gone.count - 5) more" : ""))
    }
    outcome.decide(accounting)
    return outcome
  }

  // MARK: Who is meant

  private struct Candidate: Sendable {
    let key: String
    let username: String
    let name: String
    let hasLogins: Bool

    init(_ facts: AccountFacts) {
      key = facts.key.text
      username = facts.username
      name = facts.user?.name ?? ""
      hasLogins = facts.firstLogin != nil
    }

    var text: String { username.isEmpty ? key : "\(username) (\(key))" }
  }

  private func matches(_ facts: AccountFacts) -> Bool {
    if let id = SalesforceID(who) { return facts.id == id }
    let name = who.asciiLowercased
    return [facts.username, facts.key.text].contains { $0.asciiLowercased.hasBytes(of: name) }
  }

  private func notFound(
    _ found: [Candidate], _ others: [Candidate], _ accounting: RunAccounting,
    _ snapshots: Snapshots
  ) -> AccountNotFound {
    if found.count > 1 {
      return AccountNotFound(
        description: "\(who) names \(found.count.counted("account")); take the id: "
          + found.map(\.key).joined(separator: ", "))
    }
    if others.isEmpty {
      return AccountNotFound(
        description: "no login rows: "
          + (accounting.incompleteReasons.first ?? "none of the inputs gave any"))
    }
    var message = "no account \(who) among the \(others.count) with logins in these inputs"
    if let id = SalesforceID(who) ?? snapshots.userID(named: who.asciiLowercased),
      let user = snapshots.user(id)
    {
      message =
        "\(user.username.isEmpty ? who : user.username) is in the user snapshot, and has no logins "
        + "in these inputs"
    } else {
      let names = suggestions(among: others)
      if !names.isEmpty { message += "; did you mean \(names.joined(separator: ", "))?" }
    }
    return AccountNotFound(description: message)
  }

  private func suggestions(among others: [Candidate]) -> [String] {
    let part = who.lowercased()
    var names = others.filter {
      $0.username.lowercased().contains(part) || $0.name.lowercased().contains(part)
    }.prefix(5).map(\.text)
    if names.isEmpty,
      let nearest = NameSuggestion.nearest(
        to: who, among: others.map { $0.username.isEmpty ? $0.key : $0.username })
    {
      names = others.filter { $0.username == nearest || $0.key == nearest }.prefix(1).map(\.text)
    }
    return Array(names)
  }

  // MARK: Output

  private func write(
    _ facts: AccountFacts, _ findings: [Finding], _ inputs: InputRecords, _ context: RuleContext,
    run: RunRecord, incomplete reasons: [String]
  ) throws {
    let command = ReplayCommand(
      inputs: options.inputs, options: options.readingArguments, since: options.since,
      until: options.until)
    let maker = RecordMaker(run: run, baseline: nil) { command.events($0) }
    var group = maker.group(facts, findings, .all)
    let rows = DossierRows(facts, context: context, fileNames: inputs.names)
    let timeline = AccountTimeline(
      facts, context: context, fileNames: inputs.names,
      hasVerifications: run.inputs.contains { $0.kind == .verificationHistory })
    options.progress?(.finished)
    try OutputSet(outputs, usesColor: screen.usesColor).write { output, _, file in
      switch output.format {
      case .jsonl:
        var text = ByteText()
        LineWriter.lines(&group, into: &text)
        try file.write(text)
      case .html:
        var text = ByteText()
        CaseFile(
          CaseFile.Content(
            group: group, humanLogins: rows.humanLogins, refusedLogins: rows.refusedLogins,
            sources: rows.sources, timeline: timeline.entries, run: run,
            incompleteReasons: reasons)
        ).write(into: &text)
        try file.write(text)
      case .text:
        var screen = screen
        if output.path != nil {
          screen.width = nil
          screen.usesColor = false
        }
        let report = AccountReport(
          facts, findings: group.findings, timeline: timeline.entries, sources: rows.sources,
          run: run, command: command, screen: screen)
        try file.write(report.text.utf8)
      }
    }
    try inputs.writeRejects(options)
  }
}
