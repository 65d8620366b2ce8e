package import Findings

/// What summaries over all findings need of one.
///
/// An object, since findings are many and are put in order: moving one is moving a reference.
package final class ListedFinding: Sendable {
  /// Id of the finding.
  package let id: String
  /// Id of its rule.
  package let ruleID: String
  /// The rule in a few words.
  package let ruleTitle: String
  /// Kind of statement.
  package let status: FindingStatus
  /// Severity.
  package let severity: Severity
  /// The account; `nil` for a finding about the org.
  package let account: FindingAccountRecord?
  /// Number of rows that it is about.
  package let evidenceTotal: Int
  /// Of a finding about the org, what it found in a few words; empty where there are none.
  package let detail: String
  /// The suppression that applies.
  package let suppression: AppliedSuppression?
  /// Numbers of all suppressions meant for it, expired ones included; empty where they are not known.
  package let suppressionNumbers: [Int]
  /// What became of it since the baseline; `nil` where none was given.
  package let change: FindingChange?

  /// Lists a finding.
  ///
  /// - Parameters:
  ///   - record: The finding; its evidence is not needed.
  ///   - suppressionNumbers: Numbers of the suppressions meant for it.
  package init(_ record: FindingRecord, suppressionNumbers: [Int] = []) {
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
    self.suppressionNumbers = suppressionNumbers
    change = record.lifecycle?.change
  }

  /// Whether it says that something is not as it should be, and nobody accepted that.
  package var isOpenFail: Bool { status == .fail && suppression == nil }
}
