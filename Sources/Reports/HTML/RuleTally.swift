import Findings
import Results

/// The findings of one rule: counts of all, and the first of them.
struct RuleTally: Sendable {
  /// Findings that a rule lists with their commands; the others are in the table of accounts.
  static let listLimit = 50

  /// Findings by kind.
  struct Counts: Sendable {
    /// Open ones that say that something is not as it should be, by severity.
    private var bySeverity = [Int](repeating: 0, count: Severity.allCases.count)
    private(set) var unknown = 0
    private(set) var info = 0
    private(set) var suppressed = 0

    /// Open ones that say that something is not as it should be.
    func open(_ severity: Severity) -> Int { bySeverity[severity.rawValue] }

    var open: Int { bySeverity.reduce(0, +) }

    var total: Int { open + unknown + info + suppressed }

    fileprivate mutating func add(_ finding: FindingRecord) {
      if finding.suppression != nil {
        suppressed += 1
      } else {
        switch finding.status {
        case .fail: bySeverity[finding.severity.rawValue] += 1
        case .unknown: unknown += 1
        case .info: info += 1
        }
      }
    }

    mutating func add(_ other: Counts) {
      for severity in bySeverity.indices { bySeverity[severity] += other.bySeverity[severity] }
      unknown += other.unknown
      info += other.info
      suppressed += other.suppressed
    }
  }

  private(set) var counts = Counts()
  private var list = Shortlist<FindingOrder, FindingRecord>(limit: listLimit)

  /// The first findings, without their rows.
  var findings: [FindingRecord] { list.elements }

  /// Whether a finding would be among the first.
  func lists(_ finding: FindingRecord) -> Bool { list.accepts(FindingOrder(finding)) }

  mutating func add(_ finding: FindingRecord) {
    counts.add(finding)
    list.offer(FindingOrder(finding), Self.listed(finding))
  }

  /// What a list shows: the rows of a finding about an account stand in its panel, if it has one.
  private static func listed(_ finding: FindingRecord) -> FindingRecord {
    var listed = finding.withoutRows
    if finding.account != nil { listed.replay = "" }
    return listed
  }
}
