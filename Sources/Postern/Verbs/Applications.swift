import Accounts
package import Configuration
import Findings
import Platform
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
  package func run() throws -> ReadingOutcome {
    var plan = try RunPlan(options)
    let tables = try RunTables(plan)
    let logins = try RunLogins(&plan, tables)
    let accounting = RunAccounting(plan, tables, logins)
    let judgement = Judgement(plan, tables, logins)
    let context = options.ruleContext(judgement, accounting.inputs)
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
    facts.accounts = parts.flatMap(\.summaries).sorted { $0.key < $1.key }
    facts.applications = judgement.applications(uses)
    let maker = ApplicationRecordMaker(context, facts)
    let all = facts.applications.map(maker.record)
    var outcome = ReadingOutcome(
      accounting, incomplete: accounting.unclassedReasons(judgement, options))
    options.progress?(.finished)
    outcome.incompleteReasons += unmatched(all) + unseen(context, judgement)
    outcome.decide(accounting)
    try write(shown(all), organizationID: plan.organization.id, outcome)
    try accounting.inputs.writeRejects(options)
    return outcome
  }

  /// Applications that were asked for and that no login names.
  private func unmatched(_ all: [ApplicationRecord]) -> [String] {
    names.filter { pattern in !all.contains { matches(pattern, $0) } }.map { pattern in
      let nearest = NameSuggestion.nearest(to: pattern.text, among: all.map(\.name))
      return "no login of these inputs names the application \(pattern.text)"
        + (nearest.map { "; did you mean \($0)?" } ?? "")
    }
  }

  /// Logins of which nobody knows by what application they were.
  private func unseen(_ context: RuleContext, _ judgement: Judgement) -> [String] {
    let lacking = context.loginFiles.count { $0.missing.contains("Application") }
    if lacking > 0 {
      let files =
        lacking == context.loginFiles.count
        ? "no login file has"
        : "\(lacking) of \(context.loginFiles.count.counted("login file")) \(lacking.takes("has", "have")) not"
      return [
        "\(files) the column Application: export it with the logins (docs/exporting.md)"
      ]
    }
    let (nameless, count) = judgement.wholeHistory.oauthLogins
    return nameless == 0
      ? []
      : [
        "\(nameless) of \(count.counted("login")) by OAuth \(nameless.takes("names", "name")) no application: "
          + "\(nameless.takes("it is", "they are")) in no line here"
      ]
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

  private func write(
    _ records: [ApplicationRecord], organizationID: String, _ outcome: ReadingOutcome
  ) throws {
    try OutputSet(outputs, usesColor: usesColor).write { output, usesColor, file in
      var text = ByteText()
      switch output.format {
      case .jsonl:
        for record in records {
          var group = ResultsGroup(record)
          LineWriter.lines(&group, into: &text)
        }
      case .csv:
        if options.marksTables { try file.writeByteOrderMark() }
        let table = ApplicationsTable(organizationID: organizationID)
        table.open(into: &text)
        var part: Void = ()
        for record in records {
          var group = ResultsGroup(record)
          table.render(&group, &part, into: &text)
        }
      case .text:
        let list = ApplicationList(
          ApplicationList.sorted(records), incomplete: outcome.incompleteReasons,
          usesColor: usesColor)
        if outcome.rows.analysed > 0 {
          text.append(list.reasons)
          text.append(names.isEmpty ? list.table : list.details)
        }
      }
      try file.write(text)
    }
  }
}
