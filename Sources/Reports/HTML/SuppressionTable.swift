import Findings
import Results
import SalesforceExports

/// What somebody accepted: who, why, until when, and whether it still does something.
struct SuppressionTable {
  private static let limit = ReportIndex.tableLimit
  private static let soonDays = 30

  let findings: Shortlist<ReportIndex.SuppressionOrder, FindingRecord>
  /// Suppressions of the configuration.
  let suppressions: [SuppressionRecord]
  let evaluationTime: Instant

  /// The section's content.
  var markup: Markup { entries + suppressedFindings }

  // MARK: Suppressions

  private var entries: Markup {
    guard !suppressions.isEmpty else { return Markup() }
    let sorted = suppressions.enumerated().sorted {
      ($0.element.expires, $0.offset) < ($1.element.expires, $1.offset)
    }.map(\.element)
    let rows = sorted.prefix(Self.limit).map { entry -> Markup in
      """
      <tr><td>\(state(entry))<td class=nw>\(FigureText.date(entry.expires))<td><code>\(entry.rule)\
      </code><td>\(entry.account)<td class=r>\(entry.findings)<td>\(entry.owner)<td>\(entry.reason)
      """
    }.joined()
    let rest = sorted.count - Self.limit
    return """
      <div class="card scroll" tabindex=0 role=region aria-label="Suppressions of the \
      configuration"><table><thead><tr><th scope=col>State<th scope=col>Until<th scope=col>Rule\
      <th scope=col>Accounts<th scope=col class=r>Findings<th scope=col>Owner<th scope=col>Reason\
      <tbody>\(rows)</table></div>\(rest > 0 ? "<p>and \(rest) more</p>" : Markup())
      """
  }

  private func state(_ entry: SuppressionRecord) -> Markup {
    switch entry.state {
    case .expired: "<b class=high>expired</b>"
    case .unused: "<b class=medium>unused</b>"
    case .active:
      Int(entry.expires.day - evaluationTime.day) <= Self.soonDays
        ? "<b class=medium>ends in \(days(entry.expires))</b>" : "active"
    }
  }

  private func days(_ expires: Instant) -> String {
    FigureText.count(Int(expires.day - evaluationTime.day), "day")
  }

  // MARK: Findings

  private var suppressedFindings: Markup {
    guard findings.offered > 0 else { return "<p class=lead>No finding is suppressed.</p>" }
    let rows = findings.elements.compactMap { finding in
      finding.suppression.map { (finding: finding, suppression: $0) }
    }.map { entry -> Markup in
      """
      <tr><td class=nw>\(FigureText.date(entry.suppression.expires))\
      \(remark(entry.suppression.expires))<td>\(FindingRecord.tag(entry.finding.severity))\
      <td><code>\(entry.finding.ruleID)</code><td>\
      \(entry.finding.account?.shownName ?? "the org")<td>\(entry.suppression.owner)\
      <td>\(entry.suppression.reason)
      """
    }.joined()
    let rest = findings.rest
    return """
      <p class=lead>Suppressed findings are counted and shown; they only leave the exit code \
      alone.</p><div class="card scroll" tabindex=0 role=region aria-label="Suppressed \
      findings"><table>\
      <thead><tr><th scope=col>Until<th scope=col>Severity<th scope=col>Rule<th scope=col>Account\
      <th scope=col>Owner<th scope=col>Reason<tbody>\(rows)</table></div>\
      \(rest > 0 ? "<p>and \(rest) more</p>" : Markup())
      """
  }

  private func remark(_ expires: Instant) -> Markup {
    Int(expires.day - evaluationTime.day) <= Self.soonDays
      ? "<br><b class=medium>in \(days(expires))</b>" : Markup()
  }
}
