import Findings
import Platform
import Results

/// What summaries tell of all findings: how many there are by severity and by rule, and the first of those
/// that are named one by one.
///
/// Nothing in it depends on the order in which groups come, and its memory does not grow with the findings
/// of accounts but by those that are news.
struct FindingSums: Sendable {
  /// Findings of one rule.
  struct Rule: Sendable {
    private(set) var count = 0
    /// The worst that is open; `nil` without any.
    private(set) var worst: Severity?
    private(set) var hasUndecided = false
    private(set) var suppressed = 0
    private(set) var new = 0
    private(set) var recurred = 0
    /// The rule in a few words, as the finding with the first id has it.
    private(set) var title = ""
    private var titleID = ""

    mutating func add(_ findings: [FindingRecord], _ position: Int) {
      count += 1
      let (status, severity) = (findings[position].status, findings[position].severity)
      let isSuppressed = findings[position].suppression != nil
      if status == .fail, !isSuppressed { worst = max(worst ?? severity, severity) }
      if status == .unknown { hasUndecided = true }
      if isSuppressed { suppressed += 1 }
      switch findings[position].lifecycle?.change {
      case .new: new += 1
      case .recurred: recurred += 1
      default: break
      }
      name(findings[position].ruleTitle, findings[position].id)
    }

    mutating func add(_ other: Rule) {
      count += other.count
      if let severity = other.worst { worst = max(worst ?? severity, severity) }
      hasUndecided = hasUndecided || other.hasUndecided
      suppressed += other.suppressed
      new += other.new
      recurred += other.recurred
      name(other.title, other.titleID)
    }

    private mutating func name(_ title: String, _ id: String) {
      guard titleID.isEmpty || id.precedes(titleID) else { return }
      (self.title, titleID) = (title, id)
    }
  }

  /// An account with open findings above info.
  struct Account: Sendable {
    let account: FindingAccountRecord
    /// The first of them, the severe before the mild.
    let findings: [ListedFinding]
    let count: Int
  }

  /// Where an account stands among those to look at: by its open findings, the severe before the mild, then
  /// by key.
  struct AccountStanding: Comparable, Sendable {
    /// Open findings by severity above info, 32 bits each, the most severe on top.
    let counts: UInt128
    let key: String

    static func < (left: Self, right: Self) -> Bool {
      left.counts != right.counts
        ? left.counts > right.counts : left.key.precedes(right.key)
    }
  }

  /// The severe before the mild, then by id.
  struct SuppressedOrder: Comparable, Sendable {
    let severity: Severity
    let id: String

    static func < (left: Self, right: Self) -> Bool {
      left.severity != right.severity
        ? left.severity > right.severity : left.id.precedes(right.id)
    }
  }

  /// Accounts and suppressed findings that are named.
  static let nameLimit = 10
  /// Findings that are named of one account.
  static let findingLimit = 4

  private(set) var rules: [String: Rule] = [:]
  private(set) var undecided = 0
  private(set) var info = 0
  private(set) var changes: [FindingChange: Int] = [:]
  private(set) var accounts = Shortlist<AccountStanding, Account>(limit: nameLimit)
  private(set) var suppressed = Shortlist<SuppressedOrder, ListedFinding>(limit: nameLimit)
  private var bySeverity = [Int](repeating: 0, count: Severity.allCases.count)
  private var aboutOrg: [ListedFinding] = []
  private var newest: [ListedFinding] = []

  /// Sums up nothing.
  init() {}

  /// Open findings that say that something is not as it should be.
  func open(_ severity: Severity) -> Int { bySeverity[severity.rawValue] }

  /// Findings about the org, open ones first, of a rule in the order of time.
  var organization: [ListedFinding] { aboutOrg.sorted(by: ListedFinding.isEarlier) }

  /// What is new, recurred or worse since the baseline, and open: the severe before the mild.
  var news: [ListedFinding] {
    newest.sorted {
      $0.severity != $1.severity
        ? $0.severity > $1.severity
        : ($0.ruleID, $0.account?.shownName ?? "", $0.id)
          < ($1.ruleID, $1.account?.shownName ?? "", $1.id)
    }
  }

  /// Adds the findings of an account, or one about the org.
  mutating func add(_ findings: [FindingRecord]) {
    var counts: UInt128 = 0
    var count = 0
    // A record is large: its members are taken from where it lies.
    for position in findings.indices {
      add(findings, position)
      let severity = findings[position].severity
      guard severity > .info, findings[position].status == .fail,
        findings[position].suppression == nil, Self.isAboutAccount(findings, position)
      else { continue }
      counts += 1 << UInt128(32 * (severity.rawValue - 1))
      count += 1
    }
    guard count > 0,
      let first = findings.indices.first(where: { Self.isAboutAccount(findings, $0) })
    else { return }
    accounts.offer(
      AccountStanding(counts: counts, key: findings[first].account?.key ?? ""),
      Self.listed(findings[first].account ?? FindingAccountRecord(), findings, count))
  }

  /// Whether a finding is about an account; neither record nor account is copied for the answer.
  private static func isAboutAccount(_ findings: [FindingRecord], _ position: Int) -> Bool {
    if case .some = findings[position].account { true } else { false }
  }

  private mutating func add(_ findings: [FindingRecord], _ position: Int) {
    rules[findings[position].ruleID, default: Rule()].add(findings, position)
    let (status, severity) = (findings[position].status, findings[position].severity)
    let isSuppressed = findings[position].suppression != nil
    switch status {
    case .unknown: undecided += 1
    case .info: info += 1
    case .fail: if !isSuppressed { bySeverity[severity.rawValue] += 1 }
    }
    if let change = findings[position].lifecycle?.change { changes[change, default: 0] += 1 }
    if !Self.isAboutAccount(findings, position) {
      aboutOrg.append(ListedFinding(findings[position]))
    }
    if isSuppressed {
      suppressed.offer(
        SuppressedOrder(severity: severity, id: findings[position].id),
        ListedFinding(findings[position]))
    }
    if status == .fail, !isSuppressed, severity > .info,
      findings[position].lifecycle?.isNews ?? false
    {
      newest.append(ListedFinding(findings[position]))
    }
  }

  private static func listed(
    _ account: FindingAccountRecord, _ findings: [FindingRecord], _ count: Int
  ) -> Account {
    // Places are sorted: a record is large, and an account may have hundreds.
    var places = findings.indices.filter { place in
      findings[place].status == .fail && findings[place].suppression == nil
        && findings[place].severity > .info && isAboutAccount(findings, place)
    }
    places.sort { one, other in
      let (left, right) = (findings[one].severity, findings[other].severity)
      if left != right { return left > right }
      let (rule, otherRule) = (findings[one].ruleID, findings[other].ruleID)
      return rule != otherRule
        ? rule < otherRule : findings[one].id.precedes(findings[other].id)
    }
    return Account(
      account: account, findings: places.prefix(findingLimit).map { ListedFinding(findings[$0]) },
      count: count)
  }

  /// Adds other sums.
  mutating func add(_ other: FindingSums) {
    rules.merge(other.rules) { one, other in
      var sum = one
      sum.add(other)
      return sum
    }
    undecided += other.undecided
    info += other.info
    changes.merge(other.changes, uniquingKeysWith: +)
    accounts.formUnion(other.accounts)
    suppressed.formUnion(other.suppressed)
    for severity in bySeverity.indices { bySeverity[severity] += other.bySeverity[severity] }
    aboutOrg += other.aboutOrg
    newest += other.newest
  }
}
