import Findings
import Platform
import Results

/// What forms for people sum up: totals, the opening, and findings.
struct Summary: Sendable {
  private(set) var totals = ResultTotals()
  private(set) var opening = Opening()
  private(set) var findings = FindingSums()
  private(set) var gone: [FindingRecord] = []

  /// Sums up nothing.
  init() {}

  /// Brings the parts of all workers together.
  init(_ parts: [Summary]) {
    for part in parts {
      totals.add(part.totals)
      opening.add(part.opening)
      findings.add(part.findings)
      gone.append(contentsOf: part.gone)
    }
  }

  /// Adds a group.
  mutating func add(_ group: ResultsGroup) {
    switch group.subject {
    case .account:
      totals.add(group.account)
      opening.add(group.account, group.findings)
      findings.add(group.findings)
    // The applications of a run have a verb of their own.
    case .application: break
    case .organization:
      for finding in group.findings { opening.add(organization: finding) }
      findings.add(group.findings)
    case .gone:
      for finding in group.findings { gone.append(finding.withoutRows) }
    }
  }
}
