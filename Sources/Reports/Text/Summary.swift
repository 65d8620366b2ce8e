import Findings
import Platform
import Results

/// What forms for people sum up: totals, the opening, and all findings in short.
struct Summary: Sendable {
  private(set) var totals = ResultTotals()
  private(set) var opening = Opening()
  private(set) var findings: [ListedFinding] = []
  private(set) var gone: [FindingRecord] = []

  /// Sums up nothing.
  init() {}

  /// Brings the parts of all workers together.
  init(_ parts: [Summary]) {
    for part in parts {
      totals.add(part.totals)
      opening.add(part.opening)
      findings.append(contentsOf: part.findings)
      gone.append(contentsOf: part.gone)
    }
    findings.sort { $0.id.precedes($1.id) }
    gone.sort { $0.id.precedes($1.id) }
  }

  /// Adds a group.
  mutating func add(_ group: ResultsGroup) {
    switch group.subject {
    case .account:
      totals.add(group.account)
      opening.add(group.account, group.findings)
      for finding in group.findings { findings.append(ListedFinding(finding)) }
    // The applications of a run have a verb of their own.
    case .application: break
    case .organization:
      for finding in group.findings {
        opening.add(organization: finding)
        findings.append(ListedFinding(finding))
      }
    case .gone:
      for finding in group.findings { gone.append(finding.withoutRows) }
    }
  }

  /// What is new, recurred or worse since the baseline, and open: the severe before the mild.
  var news: [ListedFinding] {
    findings.filter {
      $0.isOpenFail && $0.severity > .info && $0.isNews
    }.sorted {
      $0.severity != $1.severity
        ? $0.severity > $1.severity
        : ($0.ruleID, $0.account?.shownName ?? "", $0.id)
          < ($1.ruleID, $1.account?.shownName ?? "", $1.id)
    }
  }
}
