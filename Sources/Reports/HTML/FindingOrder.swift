import Findings
import Results

/// Where a finding stands among others: open before suppressed, severe before mild, then by rule
/// and id.
struct FindingOrder: Comparable, Sendable {
  private let isSuppressed: Bool
  private let severity: Severity
  private let rule: String
  private let id: String

  init(_ finding: FindingRecord) {
    isSuppressed = finding.suppression != nil
    severity = finding.severity
    rule = finding.ruleID
    id = finding.id
  }

  static func < (left: Self, right: Self) -> Bool {
    if left.isSuppressed != right.isSuppressed { return right.isSuppressed }
    if left.severity != right.severity { return left.severity > right.severity }
    if left.rule != right.rule { return left.rule < right.rule }
    return left.id < right.id
  }

  /// Positions of findings in this order.
  static func positions(_ findings: [FindingRecord]) -> [Int] {
    guard findings.count > 1 else { return Array(findings.indices) }
    let keys = findings.map(Self.init)
    return findings.indices.sorted { keys[$0] < keys[$1] }
  }
}

/// How much an account needs to be looked at: its open findings by severity, the most severe first,
/// then those that cannot be told, then suppressed ones; higher is worse.
struct AccountRank: Comparable, Sendable {
  private static let width = 21

  /// Six counts of 21 bits, which stay at their highest.
  private var counts: UInt128 = 0

  /// Ranks an account by its findings.
  init(_ findings: [FindingRecord]) {
    for place in findings.indices {
      // By place, since to copy a finding counts all of its texts.
      let (status, severity) = (findings[place].status, findings[place].severity)
      if findings[place].suppression != nil {
        // A suppressed finding is shown, and ranks below everything open.
        if severity > .info { count(0) }
      } else if status == .fail, severity > .info {
        count(1 + severity.rawValue)
      } else if status == .unknown {
        count(1)
      }
    }
  }

  private mutating func count(_ place: Int) {
    let shift = place * Self.width
    let highest: UInt128 = 1 << UInt128(Self.width) - 1
    if counts >> UInt128(shift) & highest < highest { counts += 1 << UInt128(shift) }
  }

  static func < (left: Self, right: Self) -> Bool { left.counts < right.counts }

  /// Whether any finding is above info.
  var isAboveInfo: Bool {
    let undecided: UInt128 = (1 << UInt128(Self.width) - 1) << UInt128(Self.width)
    return counts & ~undecided != 0
  }
}

/// Where an account stands among others: those to look at first before the others, then by key.
struct AccountOrder: Comparable, Sendable {
  let rank: AccountRank
  let key: String

  static func < (left: Self, right: Self) -> Bool {
    left.rank != right.rank
      ? left.rank > right.rank : left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
  }
}
