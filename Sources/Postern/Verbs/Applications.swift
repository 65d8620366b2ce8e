import Accounts
package import Configuration
import Findings
package import Platform
import Reports
package import Results
import SalesforceExports

/// A form of the list of applications.
package enum ApplicationsFormat: String, Sendable, CaseIterable {
  case text
  case jsonl
  case csv
}

/// The applications of an org: which there are, on which accounts, from where, and since when.
package struct Applications {
  /// How it ended.
  package struct Outcome: Sendable {
    package var rows = RowAccounting()
    package var messages: [String] = []
    package var details: [String] = []
    package var incompleteReasons: [String] = []
    package var exit = ExitCode.complete
  }

  private let options: ScanOptions
  private let names: [NamePattern]
  private let states: Set<ApplicationState>
  private let outputs: [OutputTarget<ApplicationsFormat>]
  private let usesColor: Bool

  /// Makes a run.
  ///
  /// - Parameters:
  ///   - names: Which applications are shown, each whole; empty for a table of all.
  ///   - states: What shown ones have at least one of; empty for all.
  ///   - outputs: Forms with paths; `nil` is standard output.
  ///   - usesColor: For text on standard output.
  package init(
    _ options: ScanOptions, names: [NamePattern], states: Set<ApplicationState>,
    outputs: [OutputTarget<ApplicationsFormat>], usesColor: Bool
  ) {
    self.options = options.writing(outputs.map(\.path))
    self.names = names
    self.states = states
    self.outputs = outputs.isEmpty ? [OutputTarget(format: .text, path: nil)] : outputs
    self.usesColor = usesColor
  }

  private struct Part: Sendable {
    var uses: ApplicationUses
    var summaries: [AccountSummary] = []
  }

  /// Does the whole job.
  ///
  /// - Throws: ``UsageError``, ``OutputError``, ``Cancelled``.
  package func run() throws -> Outcome {
    let plan = try RunPlan(options)
    let tables = try RunTables(plan)
    let logins = try RunLogins(plan, tables)
    let accounting = RunAccounting(plan, tables, logins)
    let judgement = Judgement(plan, tables, logins)
    let context = options.ruleContext(judgement, logins: accounting.inputs.loginColumns)
    let parts = try judgement.forEachAccount(threads: options.threads) {
      Part(uses: ApplicationUses(judgement))
    } _: { part, place, facts in
      try Cancelled.check()
      part.uses.note(facts, place: place, in: judgement)
      if facts.signs.contains(.application) { part.summaries.append(AccountSummary(facts)) }
    }
    var uses = ApplicationUses(judgement)
    for part in parts { uses.formUnion(part.uses) }
    var facts = accounting.inputs.facts(
      first: judgement.history.first, last: judgement.history.last)
    facts.accounts = parts.flatMap(\.summaries)
    facts.applications = judgement.applications(uses)
    let maker = ApplicationRecordMaker(context, facts)
    let all = facts.applications.map(maker.record)
    var outcome = outcome(accounting, accounting.unclassedReasons(judgement, options))
    options.progress?(.finished)
    let unmatched = names.filter { pattern in !all.contains { matches(pattern, $0) } }
    for pattern in unmatched {
      let nearest = NameSuggestion.nearest(to: pattern.text, among: all.map(\.name))
      outcome.incompleteReasons.append(
        "no login of these inputs names the application \(pattern.text)"
          + (nearest.map { "; did you mean \($0)?" } ?? ""))
      outcome.exit = .deciding([outcome.exit: true, .incomplete: true])
    }
    if context.missingLoginColumns.contains("Application") {
      outcome.incompleteReasons.append(
        "no login file has the column Application: export it with the logins (docs/exporting.md)")
      outcome.exit = .deciding([outcome.exit: true, .incomplete: true])
    }
    try write(shown(all))
    try accounting.inputs.writeRejects(options)
    return outcome
  }

  private func matches(_ pattern: NamePattern, _ record: ApplicationRecord) -> Bool {
    pattern.matches(record.name) || record.byName.entries.contains { pattern.matches($0.name) }
  }

  private func shown(_ all: [ApplicationRecord]) -> [ApplicationRecord] {
    all.filter { record in
      (names.isEmpty || names.contains { matches($0, record) })
        && (states.isEmpty || !states.isDisjoint(with: record.states))
    }
  }

  private func write(_ records: [ApplicationRecord]) throws {
    try OutputSet(outputs, usesColor: usesColor).write { output, usesColor, file in
      var text = ByteText()
      switch output.format {
      case .jsonl:
        for record in records {
          var group = ResultsGroup(record)
          LinesForm.write(&group, into: &text)
        }
      case .csv:
        let table = ApplicationsTable()
        table.open(into: &text)
        var part: Void = ()
        for record in records {
          var group = ResultsGroup(record)
          table.render(&group, &part, into: &text)
        }
      case .text:
        let list = ApplicationList(ApplicationList.sorted(records), usesColor: usesColor)
        text.append(names.isEmpty ? list.table : list.details)
      }
      try file.write(text)
    }
  }

  private func outcome(_ accounting: RunAccounting, _ unclassed: [String]) -> Outcome {
    var outcome = Outcome()
    outcome.rows = accounting.rows
    outcome.messages = accounting.messages
    outcome.details = accounting.details
    outcome.incompleteReasons = accounting.incompleteReasons + unclassed
    outcome.exit = .deciding([
      .internalFault: !accounting.rows.isBalanced, .nothingAnalysed: accounting.lacksLogins,
      .incomplete: !outcome.incompleteReasons.isEmpty,
    ])
    return outcome
  }
}
