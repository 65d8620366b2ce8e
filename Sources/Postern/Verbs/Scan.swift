import Accounts
import Configuration
package import Platform
package import Reports
import Synchronization

/// How a run ended.
package struct ScanOutcome: Sendable {
  /// The end record.
  package let end: EndRecord
  package let exit: ExitCode
  /// What the user should know, for standard error.
  package let messages: [String]
  /// What each input was, for those who want to know.
  package let details: [String]
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
    let baseline = try options.baselinePath.map { path in
      try ResultsBaseline(try ResultsFile.read(path, keeping: options.temporaryFolder))
    }
    let plan = try RunPlan(options)
    let tables = try RunTables(plan)
    let logins = try RunLogins(plan, tables)
    let accounting = RunAccounting(plan, tables, logins)
    let judgement = Judgement(plan, tables, logins)
    return try conclude(plan, tables, logins, accounting, judgement, baseline, start: start)
  }
}
