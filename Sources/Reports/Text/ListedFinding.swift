import Findings
import Results

/// What summaries over all findings need of one.
///
/// An object, since findings are many and are put in order: moving one is moving a reference.
final class ListedFinding: Sendable {
  /// Id of the finding.
  let id: String
  /// Id of its rule.
  let ruleID: String
  /// The rule in a few words.
  let ruleTitle: String
  /// Kind of statement.
  let status: FindingStatus
  /// Severity.
  let severity: Severity
  /// The account; `nil` for a finding about the org.
  let account: FindingAccountRecord?
  /// Number of rows that it is about.
  let evidenceTotal: Int
  /// Of a finding about the org, what it found in a few words; empty where there are none.
  let detail: String
  /// The suppression that applies.
  let suppression: AppliedSuppression?
  /// What became of it since the baseline; `nil` where none was given.
  let change: FindingChange?

  /// Lists a finding.
  ///
  /// - Parameter record: The finding; its evidence is not needed.
  init(_ record: FindingRecord) {
    id = record.id
    ruleID = record.ruleID
    ruleTitle = record.ruleTitle
    status = record.status
    severity = record.severity
    account = record.account
    evidenceTotal = record.evidenceTotal
    detail =
      record.account != nil
      ? ""
      : record.dataQuality.first ?? record.conditions.first.map { "\($0.name): \($0.value)" } ?? ""
    suppression = record.suppression
    change = record.lifecycle?.change
  }

  /// Whether it says that something is not as it should be, and nobody accepted that.
  var isOpenFail: Bool { status == .fail && suppression == nil }
}
