import Configuration
import Platform
import Results

extension EndRecord {
  /// How a run ended.
  ///
  /// - Parameter elapsed: Since it began; results hold whole milliseconds.
  init(
    _ plan: RunPlan, _ accounting: RunAccounting, _ findings: RunFindings, elapsed: Duration
  ) {
    self.init()
    let tally = findings.tally
    accounts = tally.accounts
    applications = tally.applications
    bySeverity = tally.bySeverity
    byStatus = tally.byStatus
    suppressed = tally.suppressed
    overThreshold = tally.overThreshold
    newOverThreshold = plan.options.failOnNew == nil ? nil : tally.newOverThreshold
    gaps = findings.gaps
    gone = findings.gone
    incompleteReasons = accounting.incompleteReasons + findings.unclassedReasons
    rows = accounting.rows
    rules = findings.rules
    suppressions = plan.options.suppressionRecords(tally.suppressionUses)
    threads = plan.options.threads
    elapsedSeconds = (elapsed / .milliseconds(1)).rounded() / 1_000
    let isBalanced = accounting.isBalanced(findings.attempts)
    if !isBalanced {
      incompleteReasons.append(
        "internal fault: rows are not accounted for; keep the inputs, and report it")
    }
    exit = Int(
      ExitCode.deciding([
        .internalFault: !isBalanced, .nothingAnalysed: accounting.lacksLogins,
        .incomplete: !isComplete,
        .overThreshold: overThreshold > 0 || newOverThreshold ?? 0 > 0,
      ]).rawValue)
  }
}
