import Findings
import Results
import SalesforceExports

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
  /// Whether it is news: new, recurred, or changed for the worse.
  let isNews: Bool

  /// Rows that the baseline did not have.
  let newRows: Int
  /// The first of its rows; `nil` where it has none.
  let firstSeen: Instant?
  let lastSeen: Instant?
  /// What sets it apart from others of its rule.
  let discriminator: String

  /// Lists a finding.
  ///
  /// - Parameter record: The finding; its evidence is not needed.
  init(_ record: borrowing FindingRecord) {
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
      : record.dataQuality.first ?? record.conditions.first?.sentence(hasVerifications: true) ?? ""
    suppression = record.suppression
    change = record.lifecycle?.change
    isNews = record.lifecycle?.isNews ?? false
    newRows = record.lifecycle?.newRows ?? 0
    firstSeen = record.firstSeen
    lastSeen = record.lastSeen
    discriminator = record.discriminator
  }

  /// Whether it says that something is not as it should be, and nobody accepted that.
  var isOpenFail: Bool { status == .fail && suppression == nil }

  /// The order in which a rule's findings about the org tell what happened: by time.
  static func isEarlier(_ one: ListedFinding, _ other: ListedFinding) -> Bool {
    if one.isOpenFail != other.isOpenFail { return one.isOpenFail }
    if one.ruleID != other.ruleID { return one.ruleID < other.ruleID }
    let times = [one, other].map { $0.firstSeen?.milliseconds ?? .max }
    if times[0] != times[1] { return times[0] < times[1] }
    return (one.discriminator, one.id) < (other.discriminator, other.id)
  }
}
