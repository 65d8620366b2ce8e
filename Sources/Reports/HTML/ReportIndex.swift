import Findings
import Results
import SalesforceExports

/// What the page says of findings, and the accounts that it shows whole: counts of all, and the first
/// of each kind.
///
/// All workers add to one, so that its memory does not grow with their number. Nothing in it depends
/// on the order in which groups come.
struct ReportIndex: Sendable {
  /// Accounts that get a panel.
  static let panelLimit = 500
  /// Findings that a list of suppressed or gone ones shows.
  static let tableLimit = 200
  /// Applications that are shown.
  static let applicationLimit = 300
  /// Findings about the data that are shown.
  static let organizationLimit = 300

  /// An account that may get a panel.
  struct Candidate: Sendable {
    let account: AccountRecord
    /// Its findings, those to look at first before the others.
    let findings: [FindingRecord]
  }

  /// When a suppression ends, and the finding.
  struct SuppressionOrder: Comparable, Sendable {
    let expires: Instant
    let id: String

    static func < (left: Self, right: Self) -> Bool {
      left.expires != right.expires ? left.expires < right.expires : left.id < right.id
    }
  }

  /// Gone findings: those of which nobody knows before those that are resolved.
  struct GoneOrder: Comparable, Sendable {
    let isResolved: Bool
    let order: FindingOrder

    static func < (left: Self, right: Self) -> Bool {
      left.isResolved != right.isResolved ? right.isResolved : left.order < right.order
    }
  }

  /// Findings by rule.
  private(set) var rules: [String: RuleTally] = [:]
  /// Accounts by rank, of those with a finding above info and of integration accounts that people entered.
  private var panels = Shortlist<AccountOrder, Candidate>(limit: panelLimit)
  private(set) var suppressed = Shortlist<SuppressionOrder, FindingRecord>(limit: tableLimit)
  /// Findings about the data of the org.
  private(set) var organization = Shortlist<FindingOrder, FindingRecord>(limit: organizationLimit)
  private(set) var applications = Shortlist<ApplicationOrder, ApplicationRecord>(
    limit: applicationLimit)
  private(set) var gone = Shortlist<GoneOrder, FindingRecord>(limit: tableLimit)
  private(set) var changes: [FindingChange: Int] = [:]
  private(set) var outlook: RetirementTally

  init(_ outlook: RetirementOutlook) { self.outlook = RetirementTally(outlook) }

  /// Members that the page shows of an account beside the sums of all.
  func detail(of group: ResultsGroup, _ rank: AccountRank) -> RecordDetail {
    let order = AccountOrder(rank: rank, key: group.account.key)
    if rank.isAboveInfo || Opening.isEntered(group.account), panels.accepts(order) { return .all }
    let isListed = group.findings.contains { rules[$0.ruleID]?.lists($0) ?? true }
    return isListed ? .reasoning : []
  }

  /// Adds an account.
  ///
  /// - Parameters:
  ///   - positions: Its findings, those to look at first before the others.
  ///   - retiring: API logins by retirement that concerns them.
  mutating func add(
    _ group: ResultsGroup, _ rank: AccountRank, _ positions: [Int], retiring: [Int]
  ) {
    for place in group.findings.indices { add(group.findings[place]) }
    outlook.add(group.account, retiring)
    guard rank.isAboveInfo || Opening.isEntered(group.account) else { return }
    panels.offer(
      AccountOrder(rank: rank, key: group.account.key),
      Candidate(account: group.account, findings: positions.map { group.findings[$0] }))
  }

  /// Adds an application.
  mutating func add(_ application: ApplicationRecord) {
    applications.offer(ApplicationOrder(application), application)
  }

  /// Adds a finding about the org.
  mutating func add(organization finding: FindingRecord) {
    add(finding)
    if finding.ruleID.contains("-DATA-") { organization.offer(FindingOrder(finding), finding) }
  }

  /// Adds a finding that is gone.
  mutating func add(gone finding: FindingRecord) {
    gone.offer(
      GoneOrder(
        isResolved: finding.lifecycle?.change == .resolved, order: FindingOrder(finding)),
      finding.withoutRows)
  }

  private mutating func add(_ finding: FindingRecord) {
    rules[finding.ruleID, default: RuleTally()].add(finding)
    if let change = finding.lifecycle?.change { changes[change, default: 0] += 1 }
    if let suppression = finding.suppression {
      suppressed.offer(
        SuppressionOrder(expires: suppression.expires, id: finding.id), finding.withoutRows)
    }
  }

  /// Accounts with a panel, the worst first.
  var panelAccounts: [Candidate] { panels.elements }

  /// Accounts that may get a panel.
  var accountsToLookAt: Int { panels.offered }

  /// Findings by kind, over all rules.
  var counts: RuleTally.Counts {
    rules.values.reduce(into: RuleTally.Counts()) { $0.add($1.counts) }
  }
}
