import Findings
import SalesforceExports

/// Results as one page that needs nothing but itself: no network, no other file, no script even.
///
/// Its order follows the reader: decide, locate, prove. Its size is bounded by the number of
/// accounts (about 250 bytes each) and by ``ReportIndex/panelLimit`` panels, which show less of an
/// account when all of them would be too much.
package struct HTMLReport {
  /// Bytes that the page shall take at ten thousand accounts.
  private static let pageBudget = 4_700_000
  /// Bytes that all panels together may take before they show less: what the page leaves, between
  /// these bounds.
  private static let panelBudget = 1_000_000...2_000_000

  private let document: ResultsDocument
  private let commands: ReportCommands
  private let index: ReportIndex
  private var figures = OverviewFigures()
  private let gone: [FindingRecord]
  private var daily = DailyFigures()
  private var outlook: RetirementOutlook
  private var table: AccountTable
  /// Positions of the accounts with panels.
  private var panelAccounts: [(number: Int, position: Int)] = []

  /// Reads what the page needs.
  ///
  /// - Throws: ``ResultsError`` when the results are not what they were.
  /// - Complexity: O(*n* log *n*) in the results; holds a short row of each account and the findings
  ///   without their evidence.
  package init(_ document: ResultsDocument) throws {
    self.document = document
    commands = ReportCommands(document.run)
    index = ReportIndex(
      try document.findings(includingEvidence: false), isCompared: document.isCompared)
    gone = try document.goneFindings()
    outlook = RetirementOutlook(
      findings: index.findings, dates: document.run.calendars,
      evaluationTime: document.run.evaluationTime)
    table = AccountTable(index: index, outlook: outlook)
    var position = 0
    try document.forEachAccount { account in
      figures.add(account)
      daily.add(account)
      outlook.add(account)
      table.add(account)
      if let number = index.panels[account.key] { panelAccounts.append((number, position)) }
      position += 1
    }
    panelAccounts.sort { $0.number < $1.number }
  }

  /// The page.
  ///
  /// - Throws: ``ResultsError`` when the results are not what they were.
  package func bytes() throws -> [UInt8] {
    let overview = OverviewMarkup(
      run: document.run, end: document.end, figures: figures, index: index,
      outlookCount: outlook.accountCount)
    var sections = [
      HTMLPage.Section("verdict", "Verdict", isTitled: false, overview.verdict),
      HTMLPage.Section(
        "inputs", "What was read", short: "Inputs",
        InputTables(run: document.run, end: document.end).markup),
      HTMLPage.Section("coverage", "Coverage by day", short: "Coverage", coverage),
      HTMLPage.Section("figures", "Figures", overview.tiles),
      HTMLPage.Section("mfa", "Human logins by MFA verdict", short: "MFA", humanChart),
      HTMLPage.Section(
        "api", "API traffic", short: "API", apiChart + TrafficTables(figures: figures).markup),
      HTMLPage.Section("accounts", "Accounts", lead(accountLead) + table.markup),
      HTMLPage.Section(
        "rules", "Findings by rule", short: "Findings",
        RuleSections(index: index, commands: commands).markup),
      HTMLPage.Section(
        "calendar", "API retirement calendar", short: "Calendar", outlook.markup(index)),
      HTMLPage.Section(
        "suppressions", "Suppressions",
        SuppressionTable(
          findings: index.findings, suppressions: document.run.suppressions,
          evaluationTime: document.run.evaluationTime
        ).markup),
      HTMLPage.Section(
        "quality", "Data quality", short: "Quality",
        DataQuality(run: document.run, end: document.end, figures: figures, index: index).markup),
      HTMLPage.Section(
        "method", "Method",
        MethodMarkup(run: document.run, figures: figures, findings: index.findings).markup),
    ]
    if document.isCompared {
      sections.append(
        HTMLPage.Section(
          "gone", "Gone since the baseline", short: "Gone", GoneTable(findings: gone).markup))
    }
    // The panels are made last, since they take what room the others leave.
    let rest = Self.pageBudget - sections.reduce(0) { $0 + $1.content.byteCount }
    let budget = min(max(rest, Self.panelBudget.lowerBound), Self.panelBudget.upperBound)
    let panels = HTMLPage.Section(
      "panels", "Account by account", short: "Panels", try panels(budget))
    let position = sections.firstIndex { $0.name == "rules" } ?? sections.count
    sections.insert(panels, at: position)
    let page = HTMLPage(title: "Postern report", subtitle: subtitle, sections: sections)
    return Array(page.markup.html.utf8)
  }

  private var subtitle: String {
    guard let first = document.run.first, let last = document.run.last else { return "" }
    return "\(FigureText.date(first)) to \(FigureText.date(last))"
  }

  private func lead(_ words: Markup) -> Markup { "<p class=lead>\(words)</p>" }

  private var accountLead: Markup {
    """
    All \(document.accountCount), those to look at first on top. A linked name leads to the \
    account’s panel.
    """
  }

  // MARK: Days

  private static let noDays: Markup = "<p class=lead>No day has a counted login.</p>"

  /// Names days that are not drawn.
  private var remark: Markup {
    let text = daily.remark
    return text.isEmpty ? Markup() : "<p><small>\(text)</small></p>"
  }

  private var coverage: Markup {
    guard let range = daily.range else { return Self.noDays }
    return remark + CoverageStrip(run: document.run, figures: daily, range: range).markup
  }

  private var humanChart: Markup {
    guard let range = daily.range else { return Self.noDays }
    return lead("Successful human logins a day (UTC). Unknown is what these inputs can’t tell.")
      + remark
      + DailyChart(
        id: "t-mfa", summary: "Successful human logins a day by MFA verdict.",
        series: [
          DailyChart.Series(name: "Proven", style: "f-proven") { $0.proven },
          DailyChart.Series(name: "Absent", style: "f-absent") { $0.absent },
          DailyChart.Series(name: "Unknown", style: "f-unknown", isOutlined: true) { $0.unknown },
        ], figures: daily, range: range
      ).markup
  }

  private var apiChart: Markup {
    guard let range = daily.range else { return Self.noDays }
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

  // MARK: Panels

  private func panels(_ budget: Int) throws -> Markup {
    guard !panelAccounts.isEmpty else {
      return lead("No account has a finding above info.")
    }
    let count = panelAccounts.count
    let total = index.accountsAboveInfo
    let rest: Markup =
      total > count
      ? " \(total - count) more by <code>\(whole: commands.account("ID"))</code>." : Markup()
    let tools: Markup = """
      <div class=tools><button type=button data-panels=open>Open all</button>\
      <button type=button data-panels=close>Close all</button></div>
      """
    return lead(
      """
      The \(FigureText.count(count, "account")) with a finding above info, the worst first.\(rest) \
      Open ones are printed.
      """) + tools + (try fittingPanels(budget))
  }

  /// The panels in the fullest form that fits.
  private func fittingPanels(_ budget: Int) throws -> Markup {
    var result = Markup()
    for step in AccountPanel.Detail.steps {
      result = Markup()
      for entry in panelAccounts where result.byteCount <= budget {
        result += try panel(entry, step)
      }
      if result.byteCount <= budget { return result }
    }
    // Even the shortest form is too much: the texts of these accounts are long. All are shown.
    guard let shortest = AccountPanel.Detail.steps.last else { return result }
    return try panelAccounts.map { try panel($0, shortest) }.joined()
  }

  private func panel(
    _ entry: (number: Int, position: Int), _ step: AccountPanel.Detail.Step
  ) throws -> Markup {
    let account = try document.account(at: entry.position)
    let findings = try index.positions(of: account.key).map { try document.finding(at: $0) }
    return AccountPanel(
      account: account, findings: findings, number: entry.number,
      detail: step.detail(entry.number), index: index,
      commands: commands
    ).markup
  }
}
