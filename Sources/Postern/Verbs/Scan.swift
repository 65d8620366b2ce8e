import Accounts
import Configuration
package import Platform
import Reports
package import Results
import Synchronization

/// How a run ended.
package struct ScanOutcome: Sendable {
  /// The end record.
  package let end: EndRecord
  /// How the program ends.
  package var exit: ExitCode { ExitCode(rawValue: Int32(end.exit)) ?? .internalFault }
  /// What the user should know, for standard error.
  package let messages: [String]
  /// What each input was, for those who want to know.
  package let details: [String]
  /// The tables and logins of the run, no files among them: a program that ends need not take them apart, which
  /// takes longer than the system.
  package let memory: [any Sendable]
}

/// The main job: reads inputs, folds logins, joins, judges and writes results.
package struct Scan {
  let options: ScanOptions

  /// Asks the run to stop; for a signal handler.
  ///
  /// - Returns: Whether it was asked before.
  package static func cancel() -> Bool {
    Interruption.isRequested.exchange(true, ordering: .relaxed)
  }

  /// Makes a run.
  package init(_ options: ScanOptions) { self.options = options }

  /// Does the whole job.
  ///
  /// - Throws: ``UsageError`` before anything is analysed; ``OutputError`` when a result cannot be
  ///   written; ``Cancelled``.
  package func run() throws -> ScanOutcome {
    let start = ContinuousClock.now
    let baseline = try options.baseline()
    var plan = try RunPlan(options)
    let tables = try RunTables(plan)
    let logins = try RunLogins(&plan, tables)
    let accounting = RunAccounting(plan, tables, logins)
    guard options.judges else {
      let findings = RunFindings(unjudged: logins.ledger)
      var end = EndRecord(plan, accounting, findings, elapsed: ContinuousClock.now - start)
      end.suppressions = []
      try accounting.inputs.writeRejects(options)
      return try outcome(plan, tables, logins, accounting, findings, end, memory: [tables, logins])
    }
    let judgement = Judgement(plan, tables, logins)
    if let baseline { try plan.organization.check(baseline, judgement) }
    let run = RunRecord(plan, accounting, judgement, baseline: baseline)
    let outputs = plan.files.isEmpty ? options.outputsOfNothing : options.resultOutputs
    // Progress and results may share a terminal.
    let standard = outputs.first { $0.path == nil }?.format
    if standard?.isStreamed ?? false { options.progress?(.finished) }
    let writer = try ResultsWriter(
      outputs, ReportSubject(run), usesColor: options.usesColor,
      marksTables: options.marksTables)
    let findings = try RunFindings(
      plan, accounting, judgement, run, baseline: baseline, holds: logins.holds,
      forgotten: ForgottenNames(tables.forgotten.people.texts), to: writer)
    let end = EndRecord(plan, accounting, findings, elapsed: ContinuousClock.now - start)
    if standard != nil { options.progress?(.finished) }
    // An output that fails does not keep the rejected rows from being written.
    try OutputError.first(
      { try writer.close(end) }, { try accounting.inputs.writeRejects(options) })
    return try outcome(
      plan, tables, logins, accounting, findings, end, memory: [tables, logins, judgement])
  }

  /// Writes the ledger: last, so that it never holds rows whose results could not be written.
  private func outcome(
    _ plan: RunPlan, _ tables: RunTables, _ logins: RunLogins, _ accounting: RunAccounting,
    _ findings: RunFindings, _ end: EndRecord, memory: [any Sendable]
  ) throws -> ScanOutcome {
    let ledger = try RunLedger(plan, tables, logins, accounting, attempts: findings.attempts)
    options.progress?(.finished)
    return ScanOutcome(
      end: end,
      messages: accounting.messages + ledger.messages
        + end.suppressions.compactMap(\.complaint), details: accounting.details, memory: memory)
  }
}
