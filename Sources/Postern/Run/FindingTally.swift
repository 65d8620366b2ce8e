import Findings
import Platform
import Results

/// What the end of a run counts of its findings.
struct FindingTally: Sendable {
  var accounts = 0
  var applications = 0
  private var severities = FewKeys<Severity, Int>()
  private var statuses = FewKeys<FindingStatus, Int>()
  private(set) var suppressed = 0
  /// Findings that count for `--fail-on`, and news that counts for `--fail-on-new`.
  private(set) var overThreshold = 0
  private(set) var newOverThreshold = 0
  /// Findings that each suppression matches, by its number.
  private(set) var suppressionUses: [Int: Int] = [:]

  /// Findings by severity and by status.
  var bySeverity: [Severity: Int] {
    Dictionary(uniqueKeysWithValues: severities.entries.map { ($0.key, $0.value) })
  }
  var byStatus: [FindingStatus: Int] {
    Dictionary(uniqueKeysWithValues: statuses.entries.map { ($0.key, $0.value) })
  }

  /// Counts the findings of an account.
  mutating func note(_ findings: [FindingRecord], _ options: ScanOptions) {
    // A record is large: its members are taken from where it lies.
    for position in findings.indices {
      note(
        findings[position].severity, findings[position].status,
        isSuppressed: findings[position].suppression != nil,
        isNews: findings[position].lifecycle?.isNews ?? false, options)
    }
  }

  /// Counts a finding.
  mutating func note(_ finding: FindingRecord, _ options: ScanOptions) { note([finding], options) }

  private mutating func note(
    _ severity: Severity, _ status: FindingStatus, isSuppressed: Bool, isNews: Bool,
    _ options: ScanOptions
  ) {
    severities.update(severity, from: 0) { $0 += 1 }
    statuses.update(status, from: 0) { $0 += 1 }
    if isSuppressed { suppressed += 1 }
    func counts(_ threshold: Severity?) -> Bool {
      threshold?.counts(status, severity, isSuppressed: isSuppressed) ?? false
    }
    if counts(options.failOn) { overThreshold += 1 }
    if counts(options.failOnNew), isNews { newOverThreshold += 1 }
  }

  /// Counts the suppressions that match a finding.
  mutating func note(_ suppressions: [Int]) {
    for number in suppressions { suppressionUses[number, default: 0] += 1 }
  }

  /// Adds another tally.
  mutating func add(_ other: FindingTally) {
    accounts += other.accounts
    for (severity, count) in other.severities.entries {
      severities.update(severity, from: 0) { $0 += count }
    }
    for (status, count) in other.statuses.entries {
      statuses.update(status, from: 0) { $0 += count }
    }
    suppressed += other.suppressed
    overThreshold += other.overThreshold
    newOverThreshold += other.newOverThreshold
    suppressionUses.merge(other.suppressionUses, uniquingKeysWith: +)
  }
}
