import Findings
import Platform
import Results
import SalesforceExports

/// The calendar of retirements: each date with the accounts it concerns, the first date first.
struct RetirementCalendar {
  let outlook: RetirementOutlook
  let tally: RetirementTally
  /// Keys of the accounts with a panel.
  let panels: Set<ExactText>
  let evaluationTime: Instant

  /// The section's content.
  var markup: Markup {
    let rows = outlook.retirements.enumerated().map { position, retirement -> Markup in
      """
      <tr><th scope=row class=nw>\(FigureText.date(retirement.date))<td class=nw>\
      \(distance(retirement.date))<td>\(retirement.entry.summary)<br><small><a \
      href="\(retirement.entry.source)" rel=noreferrer>Salesforce’s statement</a></small>\
      <td class=r>\(tally.most[position].offered)<td class=r>\(tally.logins[position])<td>\
      \(accounts(tally.most[position], retirement))
      """
    }.joined()
    return """
      <div class="card scroll" tabindex=0 role=region aria-label="API retirement calendar"><table>\
      <thead><tr><th scope=col>Date<th scope=col>From this report<th scope=col>What retires\
      <th scope=col class=r>Accounts<th scope=col class=r>API logins<th scope=col>Which\
      <tbody>\(rows)</table></div>
      """
  }

  private func distance(_ date: Instant) -> Markup {
    let days = Int(date.day - evaluationTime.day)
    if days < 0 { return "<b class=high>retired</b> \(FigureText.count(-days, "day")) ago" }
    return days <= 180
      ? "<b class=medium>in \(FigureText.count(days, "day"))</b>"
      : "in \(FigureText.count(days, "day"))"
  }

  private func accounts(
    _ most: Shortlist<RetirementTally.Order, RetirementTally.Concern>,
    _ retirement: RetirementOutlook.Retirement
  ) -> Markup {
    if most.offered == 0 { return "<span class=soft>none</span>" }
    var result = most.elements.map { account -> Markup in
      let name: Markup =
        panels.contains(account.key)
        ? "<a href=#\(PageAnchor.account(account.key))>\(account.name)</a>" : "\(account.name)"
      return "<bdi>\(name)</bdi> <small>\(account.logins)</small>"
    }.joined(", ")
    if most.rest > 0 {
      let date = FigureText.date(retirement.date)
      result += """
         and \(most.rest) more: <a href=#accounts data-q="\(date)">search the table for \
        \(date)</a>
        """
    }
    return result
  }
}
