import Findings
import Results
import SalesforceExports

/// What limits the statements of the report.
struct DataQuality {
  private static let limit = ReportIndex.organizationLimit

  let run: RunRecord
  let end: EndRecord
  let figures: OverviewFigures
  let index: ReportIndex

  /// The section's content.
  var markup: Markup {
    var items: [Markup] = []
    for finding in index.organization.elements {
      let words = finding.conditions.map {
        $0.sentence(hasVerifications: run.hasVerifications)
      }
      let text = (words + finding.dataQuality).joined(separator: "; ")
      items.append(
        """
        <li><a class=mono href="#r\(finding.shortRule)">\(finding.ruleID)</a> \
        \(finding.ruleTitle): \(text)
        """)
    }
    if end.rows.duplicate > 0 {
      items.append(
        """
        <li>\(FigureText.count(end.rows.duplicate, "row")) with a login Id seen before: counted once
        """)
    }
    if figures.opening.outsideSnapshot > 0 {
      items.append(
        """
        <li>\(FigureText.count(figures.opening.outsideSnapshot, "account")) not in the User export: without \
        name, profile and privileges
        """)
    }
    items += run.inputs.flatMap(remarks)
    if items.isEmpty { return "<p class=lead>None was found.</p>" }
    let shown = items.prefix(Self.limit)
    let rest = items.count - shown.count + index.organization.rest
    return """
      <ul class=plain>\(shown.joined())\(rest > 0 ? "<li>and \(rest) more" : Markup())</ul>
      """
  }

  private func remarks(_ input: InputRecord) -> [Markup] {
    var items: [Markup] = []
    if input.rejected > 0 {
      items.append(
        """
        <li>\(name: input.name): \(input.rejected) of \(FigureText.count(input.read, "row")) rejected; \
        <code>--rejects FILE</code> lists them by line and reason
        """)
    }
    if !input.columnsMissing.isEmpty {
      items.append(
        "<li>\(name: input.name): no column \(whole: input.columnsMissing.joined(separator: ", "))")
    }
    if input.ambiguousTimes > 0 {
      items.append(
        """
        <li>\(name: input.name): \(FigureText.count(input.ambiguousTimes, "local time")) that occur \
        twice, taken as the earlier
        """)
    }
    if input.repeatedHeaders > 0 {
      items.append(
        """
        <li>\(name: input.name): the header row again \(FigureText.count(input.repeatedHeaders, "time")): \
        joined exports
        """)
    }
    return items
  }
}
