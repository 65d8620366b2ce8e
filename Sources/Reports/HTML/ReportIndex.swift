import Findings
import SalesforceExports

/// Which findings belong to which account, and which accounts are the worst.
struct ReportIndex {
  /// Accounts that get a panel.
  static let panelLimit = 500

  /// Open findings of an account by severity, the most severe first, then those that cannot be
  /// told; higher is worse.
  struct Rank: Comparable {
    fileprivate(set) var counts = [Int](repeating: 0, count: 6)

    static func < (left: Self, right: Self) -> Bool {
      left.counts.lexicographicallyPrecedes(right.counts)
    }

    /// Whether any finding is above info.
    var isAboveInfo: Bool { counts[0..<4].contains { $0 > 0 } || counts[5] > 0 }
  }

  let findings: [FindingRecord]
  /// Whether they say how they stand to an earlier run.
  private let isCompared: Bool
  private var positions: [String: [Int]] = [:]
  private(set) var ranks: [String: Rank] = [:]
  /// Numbers of the panels by account, 1 for the worst.
  private(set) var panels: [String: Int] = [:]
  /// Accounts with a finding above info.
  private(set) var accountsAboveInfo = 0

  /// Sorts out the findings.
  ///
  /// - Parameter isCompared: Whether they say how they stand to an earlier run.
  /// - Complexity: O(*n* log *n*) in the findings.
  init(_ findings: [FindingRecord], isCompared: Bool) {
    self.findings = findings
    self.isCompared = isCompared
    for (position, finding) in findings.enumerated() {
      guard let account = finding.account else { continue }
      positions[account.key, default: []].append(position)
      var rank = ranks[account.key] ?? Rank()
      if finding.suppression != nil {
        // A suppressed finding is shown, and ranks below everything open.
        if finding.severity > .info { rank.counts[5] += 1 }
      } else if finding.status == .fail, finding.severity > .info {
        rank.counts[Severity.critical.rawValue - finding.severity.rawValue] += 1
      } else if finding.status == .unknown {
        rank.counts[4] += 1
      }
      ranks[account.key] = rank
    }
    let worst = ranks.filter(\.value.isAboveInfo).sorted {
      $0.value != $1.value
        ? $0.value > $1.value : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }
    accountsAboveInfo = worst.count
    for (number, entry) in worst.prefix(Self.panelLimit).enumerated() {
      panels[entry.key] = number + 1
    }
  }

  /// The findings of an account: open ones first, the most severe before the others.
  func findings(of key: String) -> [FindingRecord] {
    (positions[key] ?? []).map { findings[$0] }.sorted(by: Self.precedes)
  }

  /// Positions of an account's findings among all, in the same order.
  func positions(of key: String) -> [Int] {
    (positions[key] ?? []).sorted { Self.precedes(findings[$0], findings[$1]) }
  }

  /// How many findings are new and changed since the earlier results; `nil` without these.
  var changes: (new: Int, changed: Int)? {
    guard isCompared else { return nil }
    let changes = findings.map { $0.lifecycle?.change }
    return (changes.count { $0 == .new }, changes.count { $0 == .changed })
  }

  /// Severity or status of a finding, and whether it is new since the earlier results.
  func tag(_ finding: FindingRecord) -> Markup {
    switch finding.lifecycle?.change {
    case .new: finding.tag + " <span class=\"tag new\">new</span>"
    case .changed: finding.tag + " <span class=\"tag new\">changed</span>"
    case .persisting, .resolved, .notEvaluated, nil: finding.tag
    }
  }

  /// Findings about the org.
  var aboutOrganization: [FindingRecord] {
    findings.filter { $0.account == nil }.sorted(by: Self.precedes)
  }

  /// Open before suppressed, severe before mild, then by rule and id.
  static func precedes(_ one: FindingRecord, _ other: FindingRecord) -> Bool {
    if (one.suppression == nil) != (other.suppression == nil) { return one.suppression == nil }
    if one.severity != other.severity { return one.severity > other.severity }
    if one.ruleID != other.ruleID { return one.ruleID < other.ruleID }
    return one.id < other.id
  }
}

extension FindingRecord {
  /// The rule's id without what all ids share.
  var shortRule: String { ruleID.hasPrefix("PST-") ? String(ruleID.dropFirst(4)) : ruleID }

  /// The rule's title as a heading.
  var shownTitle: String { ruleTitle.prefix(1).uppercased() + ruleTitle.dropFirst() }

  /// Severity, or the status where that says more; always in words.
  var tag: Markup {
    if suppression != nil { return "<span class=\"tag info\">suppressed</span>" }
    switch status {
    case .fail: return Self.tag(severity)
    case .unknown: return "<span class=\"tag unknown\">can’t be told</span>"
    case .info: return "<span class=\"tag info\">info</span>"
    }
  }

  static func tag(_ severity: Severity) -> Markup {
    switch severity {
    case .critical: "<span class=\"tag critical\">critical</span>"
    case .high: "<span class=\"tag high\">high</span>"
    case .medium: "<span class=\"tag medium\">medium</span>"
    case .low: "<span class=\"tag low\">low</span>"
    case .info: "<span class=\"tag info\">info</span>"
    }
  }
}
