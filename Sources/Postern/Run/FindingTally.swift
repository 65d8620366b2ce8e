import Findings
import Results

/// What the end of a run counts of its findings.
struct FindingTally: Sendable {
  var accounts = 0
  var applications = 0
  private(set) var bySeverity: [Severity: Int] = [:]
  private(set) var byStatus: [FindingStatus: Int] = [:]
  private(set) var suppressed = 0
  /// Findings that count for `--fail-on`, and news that counts for `--fail-on-new`.
  private(set) var overThreshold = 0
  private(set) var newOverThreshold = 0
  /// Findings that each suppression matches, by its number.
  private(set) var suppressionUses: [Int: Int] = [:]

  /// Counts a finding.
  mutating func note(_ finding: FindingRecord, _ options: ScanOptions) {
    bySeverity[finding.severity, default: 0] += 1
    byStatus[finding.status, default: 0] += 1
    let isSuppressed = finding.suppression != nil
    if isSuppressed { suppressed += 1 }
    func counts(_ threshold: Severity?) -> Bool {
      threshold?.counts(finding.status, finding.severity, isSuppressed: isSuppressed) ?? false
    }
    if counts(options.failOn) { overThreshold += 1 }
    if counts(options.failOnNew), finding.lifecycle?.isNews ?? false {
      newOverThreshold += 1
    }
  }

  /// Counts the suppressions that match a finding.
  mutating func note(_ suppressions: [Int]) {
    for number in suppressions { suppressionUses[number, default: 0] += 1 }
  }

  /// Adds another tally.
  mutating func add(_ other: FindingTally) {
    accounts += other.accounts
    bySeverity.merge(other.bySeverity, uniquingKeysWith: +)
    byStatus.merge(other.byStatus, uniquingKeysWith: +)
    suppressed += other.suppressed
    overThreshold += other.overThreshold
    newOverThreshold += other.newOverThreshold
    suppressionUses.merge(other.suppressionUses, uniquingKeysWith: +)
  }
}
