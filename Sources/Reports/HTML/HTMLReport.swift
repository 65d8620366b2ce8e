import Findings
import Platform
import Results
import SalesforceExports

/// The sections of the page and what they are made from.
struct HTMLReport {
  /// Bytes that the page shall take at ten thousand accounts.
  private static let pageBudget = 4_700_000
  /// Bytes that all panels together may take before they show less: what the page leaves, between
  /// these bounds.
  private static let panelBudget = 1_000_000...2_000_000

  let subject: ReportSubject
  let end: EndRecord
  let figures: OverviewFigures
  let daily: DailyFigures
  /// Rows of the accounts, a part of each worker.
  let rows: [AccountRows]
  let index: ReportIndex
  let outlook: RetirementOutlook

  private var run: RunRecord { subject.run }

  /// Writes the page.
  func write(to text: inout ByteText) {
    let commands = ReportCommands(run)
    let worst = index.panelAccounts
    let linked: Set<ExactText> = Set(worst.map(\.account.key))
    let range = daily.range
    let overview = OverviewMarkup(
      run: run, end: end, isCompared: subject.isCompared, figures: figures, index: index,
      worst: worst)
    var sections = [
      HTMLPage.Section("verdict", "Verdict", isTitled: false, overview.verdict),
      HTMLPage.Section("figures", "Figures", overview.tiles),
      HTMLPage.Section("mfa", "Human logins: with MFA?", short: "MFA", humanChart(range)),
      HTMLPage.Section("accounts", "Accounts", accounts(linked)),
      HTMLPage.Section(
        "rules", "Findings by rule", short: "Findings",
        RuleSections(index: index, panels: linked, commands: commands).markup),
      HTMLPage.Section(
        "api", "API traffic", short: "API",
        apiChart(range) + TrafficTables(figures: figures).markup),
      HTMLPage.Section(
        "applications", "Applications", short: "Apps",
        ApplicationTable(applications: index.applications, panels: linked).markup),
      HTMLPage.Section(
        "calendar", "API retirement calendar", short: "Calendar",
        RetirementCalendar(
          outlook: outlook, tally: index.outlook, panels: linked,
          evaluationTime: run.evaluationTime
        ).markup),
      HTMLPage.Section("coverage", "Coverage by day", short: "Coverage", coverage(range)),
      HTMLPage.Section(
        "suppressions", "Suppressions",
        SuppressionTable(
          findings: index.suppressed, suppressions: end.suppressions,
          evaluationTime: run.evaluationTime
        ).markup),
      HTMLPage.Section(
        "quality", "Data problems",
        DataQuality(run: run, end: end, figures: figures, index: index).markup),
      HTMLPage.Section(
        "inputs", "What was read", short: "Inputs", InputTables(run: run).markup),
      HTMLPage.Section(
        "method", "How it was judged",
        MethodMarkup(run: run, end: end, figures: figures, index: index).markup),
      HTMLPage.Section("words", "Words", GlossaryMarkup().markup),
    ]
    if subject.isCompared {
      sections.insert(
        HTMLPage.Section(
          "gone", "Gone since the baseline", short: "Gone", GoneTable(findings: index.gone).markup),
        at: 2)
    }
    // The panels are made last, since they take what room the others leave.
    let rest = Self.pageBudget - sections.reduce(0) { $0 + $1.content.byteCount }
    let panels = HTMLPage.Section(
      "panels", "Accounts in detail", short: "In detail",
      PanelSection(
        accounts: worst, total: index.accountsToLookAt, commands: commands, threads: end.threads
      ).markup(
        byteBudget: min(max(rest, Self.panelBudget.lowerBound), Self.panelBudget.upperBound)))
    let position = sections.firstIndex { $0.name == "rules" } ?? sections.count
    sections.insert(panels, at: position)
    HTMLPage(title: "Postern report", subtitle: subtitle, sections: sections).write(to: &text)
  }

  private var subtitle: String {
    let name = run.organizationName.isEmpty ? run.organizationID : run.organizationName
    guard let first = run.first, let last = run.last else { return name }
    return (name.isEmpty ? "" : name + ", ")
      + "\(FigureText.date(first)) to \(FigureText.date(last))"
  }

  private func lead(_ words: Markup) -> Markup { "<p class=lead>\(words)</p>" }

  private func accounts(_ linked: Set<ExactText>) -> Markup {
    let classes = rows.reduce(into: Set()) { $0.formUnion($1.classes) }
    return lead(
      """
      All \(end.accounts), those to look at first on top. A linked name leads to the account’s \
      panel.
      """)
      + AccountTable(rows: AccountRows.markup(rows, panels: linked), classes: classes).markup
  }

  // MARK: Days

  private static let noDays: Markup = "<p class=lead>No day has a counted login.</p>"

  /// Names days that are not drawn.
  private var remark: Markup {
    let text = daily.remark
    return text.isEmpty ? Markup() : "<p><small>\(text)</small></p>"
  }

  private func coverage(_ range: ClosedRange<Int64>?) -> Markup {
    guard let range else { return Self.noDays }
    return remark + CoverageStrip(run: run, end: end, figures: daily, range: range).markup
  }

  private func humanChart(_ range: ClosedRange<Int64>?) -> Markup {
    guard let range else { return Self.noDays }
    return lead(
      "Successful human logins a day (UTC). What these inputs cannot tell is neither yes nor no.")
      + remark
      + DailyChart(
        id: "t-mfa", summary: "Successful human logins a day, with MFA, without, and untold.",
        series: [
          DailyChart.Series(name: "Yes", style: "f-proven") { $0.proven },
          DailyChart.Series(name: "No", style: "f-absent") { $0.absent },
          DailyChart.Series(name: "Cannot be told", style: "f-unknown", isOutlined: true) {
            $0.unknown
          },
        ], figures: daily, range: range
      ).markup
  }

  private func apiChart(_ range: ClosedRange<Int64>?) -> Markup {
    guard let range else { return Self.noDays }
    return lead("Logins of systems a day (UTC); they need no MFA.")
      + remark
      + DailyChart(
        id: "t-api", summary: "API logins and failures a day.",
        series: [
          DailyChart.Series(name: "API logins", style: "f-api") { $0.api },
          DailyChart.Series(name: "Failures of any class", style: "f-failed", isOutlined: true) {
            $0.failed
          },
        ], figures: daily, range: range
      ).markup
  }
}
