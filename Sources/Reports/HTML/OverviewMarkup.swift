import Accounts
import Findings
import SalesforceExports

/// The figures of the whole run that stand on top: verdict and tiles.
struct OverviewFigures {
  var totals = ResultTotals()
  var integrationAccounts = 0
  var integrationWithHumans = 0
  var integrationAbsent = 0
  var privileged = 0
  var privilegedWithHumans = 0
  var privilegedAbsent = 0
  var privilegedUnknown = 0
  var byBasis: [String: Int] = [:]
  var byAPIType: [String: Int] = [:]
  var byAPIVersion: [String: Int] = [:]
  var byApplication: [String: Int] = [:]
  var outsideSnapshot = 0

  /// Adds an account.
  mutating func add(_ account: AccountRecord) {
    totals.add(account)
    let absent = account.verdicts[.absent] ?? 0
    let unknown = account.verdicts[.unknown] ?? 0
    let isUsed = account.human.succeeded > 0
    if account.accountClass == .integration {
      integrationAccounts += 1
      if isUsed { integrationWithHumans += 1 }
      if absent > 0 { integrationAbsent += 1 }
    }
    if account.isPrivileged {
      privileged += 1
      if isUsed { privilegedWithHumans += 1 }
      if absent > 0 {
        privilegedAbsent += 1
      } else if unknown > 0 {
        privilegedUnknown += 1
      }
    }
    if !account.isInSnapshot { outsideSnapshot += 1 }
    byBasis.merge(account.byBasis, uniquingKeysWith: +)
    byAPIType.merge(account.traffic.byAPIType, uniquingKeysWith: +)
    byAPIVersion.merge(account.traffic.byAPIVersion, uniquingKeysWith: +)
    byApplication.merge(account.traffic.byApplication, uniquingKeysWith: +)
  }
}

/// Verdict, completeness and tiles.
struct OverviewMarkup {
  let run: RunRecord
  let end: EndRecord
  let figures: OverviewFigures
  let index: ReportIndex
  let outlookCount: Int

  private var findings: [FindingRecord] { index.findings }

  // MARK: Verdict

  /// The sentence that a hurried reader takes along.
  private var headline: Markup {
    guard end.rows.analysed > 0 else { return "No login could be analysed." }
    if figures.integrationAbsent > 0 {
      let count = figures.integrationAbsent
      return """
        \(count) integration account\(count == 1 ? " was" : "s were" as Markup) used by people \
        without MFA.
        """
    }
    if figures.integrationWithHumans > 0 {
      let count = figures.integrationWithHumans
      return """
        \(count) integration account\(count == 1 ? " was" : "s were" as Markup) used by people; \
        none of these logins is known to lack MFA.
        """
    }
    let open = findings.contains { $0.isOpenFail && $0.severity >= .medium }
    return open
      ? "No human login on an integration account; other findings need a look."
      : "No human login on an integration account was seen."
  }

  /// Verdict and completeness side by side.
  var verdict: Markup {
    """
    <div class=verdict><div class=card><h2>\(headline)</h2>\(severities)\(others)\(first)</div>\
    \(completeness)</div>
    """
  }

  private var severities: Markup {
    let open = findings.filter { $0.isOpenFail && $0.severity > .info }
    guard !open.isEmpty else { return "<p>No open finding above info.</p>" }
    let items = Severity.allCases.reversed().filter { $0 > .info }.map { severity -> Markup in
      let count = open.filter { $0.severity == severity }.count
      return "<li><b>\(count)</b>\(FindingRecord.tag(severity))"
    }.joined()
    return "<ul class=sevs>\(items)</ul>"
  }

  private var others: Markup {
    let unknown = findings.filter { $0.status == .unknown && $0.suppression == nil }.count
    let info = findings.filter { $0.status == .info && $0.suppression == nil }.count
    return """
      <p class=soft>Besides, \(FigureText.count(unknown, "finding")) that can’t be told from these \
      inputs, \(info) about the data, \(end.suppressed) suppressed.\(changes)</p>
      """
  }

  private var changes: Markup {
    guard let changes = index.changes else { return Markup() }
    let gone = end.gone ?? [:]
    return """
       Since the earlier results \(changes.new) are new, \(changes.changed) changed, \
      \(gone[.resolved] ?? 0) resolved and \(gone[.notEvaluated] ?? 0) not evaluated.
      """
  }

  /// The accounts to look at before all others.
  private var first: Markup {
    let worst = index.panels.sorted { $0.value < $1.value }.prefix(5)
    let items = worst.compactMap { key, panel -> Markup? in
      let open = index.findings(of: key).filter { $0.isOpenFail && $0.severity > .info }
      guard let finding = open.first, let account = finding.account else { return nil }
      let more: Markup = open.count > 1 ? ", and \(open.count - 1) more" : Markup()
      return """
        <li>\(finding.tag)<div><a href=#a\(plain: panel)><bdi>\(account.shownName)</bdi></a>\
        <small>\(finding.shownTitle)\(more)</small></div>
        """
    }
    return items.isEmpty ? Markup() : "<ul class=first>\(items.joined())</ul>"
  }

  private var completeness: Markup {
    let rows = end.rows
    let sum: Markup = """
      <table class=sum><tr><td>\(rows.analysed)<th scope=row>analysed<tr><td>\(rows.duplicate)\
      <th scope=row>duplicate<tr><td>\(rows.filtered)<th scope=row>filtered\
      <tr><td>\(rows.rejected)<th scope=row>rejected<tr><td>\(rows.read)\
      <th scope=row>login rows read</table>
      """
    if end.isComplete {
      return """
        <div class=light><b>✓ Complete</b><br>Every input was read to its end, and every row is \
        accounted for.\(sum)\(reach)</div>
        """
    }
    let reasons = end.incompleteReasons.prefix(100).map { "<li>\($0)" as Markup }.joined()
    let rest = end.incompleteReasons.count - 100
    let more: Markup = rest > 0 ? "<li>and \(rest) more" : Markup()
    return """
      <div class="light part"><b>▲ Incomplete</b><br>These figures are not the whole truth:\
      <ul>\(reasons)\(more)</ul>\(sum)\(reach)</div>
      """
  }

  /// How far the statements reach, in a few words; the sections below have the rest.
  private var reach: Markup {
    var items: [Markup] = []
    if let first = run.first, let last = run.last {
      let days = Int(last.day - first.day) + 1
      items.append(
        """
        <dt>Logins<dd>\(FigureText.date(first)) to \(FigureText.date(last)), \
        \(FigureText.count(days, "day"))
        """)
    }
    let verifications = run.inputs.filter { $0.kind == .verificationHistory }
    if let first = verifications.compactMap(\.first).min(),
      let last = verifications.compactMap(\.last).max()
    {
      let holes = run.verificationHoles.count
      let but: Markup = holes == 0 ? Markup() : ", \(FigureText.count(holes, "hole"))"
      items.append(
        "<dt>Verifications<dd>\(FigureText.date(first)) to \(FigureText.date(last))\(but)")
    } else {
      items.append("<dt>Verifications<dd>none: direct logins can’t be judged")
    }
    items.append("<dt>Gaps<dd>\(run.gaps.isEmpty ? "none" : "\(run.gaps.count)" as Markup)")
    let notRun = run.rules.filter { $0.state == .notRun }.count
    items.append(
      "<dt>Rules<dd>\(run.rules.count - notRun) of \(run.rules.count) could run")
    return "<dl>\(items.joined())</dl>"
  }

  // MARK: Tiles

  /// The figures that decide where to look.
  var tiles: Markup {
    """
    <div class=tiles>\(humanTile)\(tile(
      "Integration accounts with human use", figures.integrationWithHumans,
      """
      of \(figures.integrationAccounts) integration accounts; MFA absent on \
      \(figures.integrationAbsent)
      """, show: "human", kind: "integration"))\(tile(
      "Privileged accounts without proven MFA",
      figures.privilegedAbsent + figures.privilegedUnknown,
      """
      \(figures.privilegedAbsent) with a login where it is absent, \
      \(figures.privilegedUnknown) where it is unknown; of \(figures.privileged) privileged
      """, show: "privileged"))\(tile(
      "API logins", figures.totals.api.succeeded,
      """
      succeeded, \(figures.totals.api.failed) failed; need no MFA
      """))\(tile(
      "Accounts on a retiring API", outlookCount,
      "by SOAP login() or an API version with a retirement date", show: "outlook"))</div>
    """
  }

  private func tile(
    _ title: Markup, _ figure: Int, _ words: Markup, show: StaticString? = nil,
    kind: StaticString? = nil
  ) -> Markup {
    var link = Markup()
    if let show {
      let kind: Markup = kind.map { " data-kind=\(literal: $0)" } ?? Markup()
      link = " <a href=#accounts data-show=\(literal: show)\(kind)>Show them</a>"
    }
    return """
      <div class=tile><h3>\(title)</h3><span class=n>\(figure)</span><p>\(words).\(link)</p></div>
      """
  }

  private var humanTile: Markup {
    let counts = VerdictState.allCases.map { figures.totals.count($0) }
    let total = counts.reduce(0, +)
    var bar = Markup()
    if total > 0 {
      var x = 0.0
      let styles: [StaticString] = ["f-proven", "f-absent", "f-unknown"]
      for (count, style) in zip(counts, styles) where count > 0 {
        let width = Double(count) / Double(total) * 200
        var path = SVGPath()
        path.rectangle(x: x, y: 0, width: width, height: 12)
        bar += path.element(style)
        x += width
      }
      bar = "<svg viewBox=\"0 0 200 12\" preserveAspectRatio=none aria-hidden=true>\(bar)</svg>"
    }
    return """
      <div class=tile><h3>Successful human logins</h3><span class=n>\(total)</span>\(bar)\
      <p>MFA proven \(counts[0]), absent \(counts[1]), unknown \(counts[2]).</p></div>
      """
  }
}
