import Findings
import Results
import SalesforceExports

/// Findings of earlier runs that this one does not have: resolved, or not evaluated.
struct GoneTable {
  let findings: Shortlist<ReportIndex.GoneOrder, FindingRecord>

  /// The section's content.
  var markup: Markup {
    guard findings.offered > 0 else {
      return "<p class=lead>All findings of the earlier run are there again.</p>"
    }
    let rows = findings.elements.map(row).joined()
    let rest = findings.rest
    return """
      <p class=lead>Resolved: what would have shown it was there again, and did not. Not evaluated: \
      it could not be evaluated this time, for want of an input.</p>\
      <div class="card scroll" tabindex=0 role=region aria-label="Findings that are gone"><table>\
      <thead><tr><th scope=col>What became of it<th scope=col>Severity<th scope=col>Rule\
      <th scope=col>Account<th scope=col>Last detected<th scope=col>Lacking\
      <tbody>\(rows)</table></div>\(rest > 0 ? "<p>and \(rest) more</p>" : Markup())
      """
  }

  private func row(_ finding: FindingRecord) -> Markup {
    let isResolved = finding.lifecycle?.change == .resolved
    let reasons = finding.lifecycle?.reasons.joined(separator: "; ") ?? ""
    return """
      <tr><td class=nw>\(isResolved ? "resolved" : "<b class=medium>not evaluated</b>")\
      <td>\(finding.severity.name)<td>\(finding.shownTitle) <code>\(finding.shortRule)</code>\
      <td>\(finding.account?.shownName ?? "the org")\
      <td class=nw>\(finding.lifecycle.map { FigureText.date($0.lastDetected) } ?? "")\
      <td>\(reasons)
      """
  }
}
