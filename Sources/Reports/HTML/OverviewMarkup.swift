import Accounts
import Findings
import Results
import SalesforceExports

/// Verdict, completeness and tiles.
struct OverviewMarkup {
  let run: RunRecord
  let end: EndRecord
  /// Whether findings say how they stand to an earlier run.
  let isCompared: Bool
  let figures: OverviewFigures
  let index: ReportIndex
  /// Accounts with a panel, the worst first.
  let worst: [ReportIndex.Candidate]

  /// Entered accounts that the first screen lists.
  private static let enteredLimit = 8

  // MARK: Verdict

  /// The sentence that a hurried reader takes along.
  private var headline: Markup {
    guard end.rows.analysed > 0 else { return "No login could be analysed." }
    return "\(figures.opening.headline)."
  }

  /// Verdict and completeness side by side, and below them what cannot be told; what is missing comes
  /// before what was found.
  var verdict: Markup {
    let main: Markup = """
      <div class=card><h2>\(headline)</h2>\(entered)\(severities)\(others)\(first)</div>
      """
    let order: Markup = end.isComplete ? main + completeness : completeness + main
    return
      "<div class=\"verdict\(end.isComplete ? "" : " gaps" as Markup)\">\(order)</div>\(untold)"
  }

  /// Integration accounts that people entered: logins, proof, last time and place.
  private var entered: Markup {
    let accounts = figures.opening.entered.elements.prefix(Self.enteredLimit)
    guard !accounts.isEmpty else { return Markup() }
    let linked = Set(worst.map(\.account.key))
    let items = accounts.map { account -> Markup in
      let name: Markup = "<bdi>\(name: account.shownName)</bdi>"
      let link: Markup =
        linked.contains(account.key)
        ? "<a href=#\(PageAnchor.account(account.key))>\(name)</a>" : name
      return "<li>\(tag(account))<div>\(link)<small>\(account.sentence)</small></div>"
    }.joined()
    let rest = figures.opening.entered.offered - accounts.count
    let more: Markup =
      rest > 0
      ? """
      <p class=soft>and \(rest) more: \
      <a href=#accounts data-show=human data-kind=integration>show them</a></p>
      """
      : Markup()
    return "<ul class=\"first in\">\(items)</ul>\(more)"
  }

  private func tag(_ account: Opening.Entered) -> Markup {
    let verdict: Markup =
      account.logins.absent > 0
      ? "<span class=\"tag high\">without MFA</span>"
      : account.logins.unknown > 0
        ? "<span class=\"tag unknown\">cannot be told</span>"
        : "<span class=\"tag info\">with MFA</span>"
    switch account.change {
    case .new: return verdict + " <span class=\"tag new\">new</span>"
    case .recurred:
      return verdict
        + " <span class=\"tag new\">\(FigureText.count(account.newRows, "new login"))</span>"
    default: return verdict
    }
  }

  /// What cannot be told, and what would settle it.
  private var untold: Markup { UntoldList(UntoldCause.all(figures.opening, run)).markup }

  private var severities: Markup {
    let counts = index.counts
    guard counts.open > counts.open(.info) else { return "<p>No open finding above info.</p>" }
    let items = Severity.allCases.reversed().filter { $0 > .info }.map { severity -> Markup in
      let count = counts.open(severity)
      return count == 0
        ? "<li class=none><b>0</b>\(plainWord: severity.name)"
        : "<li><b>\(count)</b>\(FindingRecord.tag(severity))"
    }.joined()
    return "<ul class=sevs>\(items)</ul>"
  }

  private var others: Markup {
    let counts = index.counts
    return """
      <p class=soft>Besides, \(counts.unknown) undecided, \(counts.info) about the data, \
      \(end.suppressed) suppressed.\(changes)</p>
      """
  }

  private var changes: Markup {
    guard isCompared else { return Markup() }
    let gone = end.gone ?? [:]
    let changes = index.changes
    return """
       Since the earlier results \(changes[.new] ?? 0) are new, \(changes[.recurred] ?? 0) recurred, \
      \(changes[.changed] ?? 0) changed, \(gone[.resolved] ?? 0) resolved and \(gone[.notEvaluated] ?? 0) not evaluated.
      """
  }

  /// The accounts to look at before all others.
  private var first: Markup {
    let entered = Set(figures.opening.entered.elements.prefix(Self.enteredLimit).map(\.key))
    let others = worst.filter { !entered.contains($0.account.key) }
    let items = others.prefix(5).compactMap { candidate -> Markup? in
      let open = candidate.findings.filter { $0.isOpenFail && $0.severity > .info }
      guard let finding = open.first else { return nil }
      let account = candidate.account
      let more: Markup = open.count > 1 ? ", and \(open.count - 1) more" : Markup()
      return """
        <li>\(finding.tag)<div><a href=#\(PageAnchor.account(account.key))><bdi>\(name: account.shownName)</bdi></a>\
        <small>\(finding.shownTitle)\(more)</small></div>
        """
    }
    return items.isEmpty
      ? Markup()
      : "<h3>\(entered.isEmpty ? "Look at first" : "Then look at" as Markup)</h3><ul class=first>"
        + items.joined() + "</ul>"
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
      let holes = run.verificationHoles.prefix(3).map { hole -> Markup in
        ", none from \(FigureText.date(hole.from)) to \(FigureText.date(hole.until))"
      }
      let rest = run.verificationHoles.count - holes.count
      let more: Markup = rest > 0 ? ", and \(rest) more stretches without" : Markup()
      items.append(
        """
        <dt>Verifications<dd>\(FigureText.date(first)) to \(FigureText.date(last))\
        \(holes.joined())\(more)
        """)
    } else {
      items.append("<dt>Verifications<dd>none given: direct logins cannot be judged")
    }
    items.append(
      end.gaps.isEmpty
        ? "<dt>Gaps<dd>no gap in the logins"
        : "<dt>Gaps<dd><a href=#coverage>\(FigureText.count(end.gaps.count, "gap")) in the logins</a>"
    )
    let notRun = end.rules.filter { $0.state == .notRun }.count
    items.append(
      "<dt>Rules<dd>\(end.rules.count - notRun) of \(end.rules.count) could run")
    return "<dl>\(items.joined())</dl>"
  }

  // MARK: Tiles

  /// The figures that decide where to look.
  var tiles: Markup {
    """
    <div class=tiles>\(humanTile)\(tile(
      "Integration accounts with human use", figures.opening.entered.offered,
      """
      of \(FigureText.count(figures.opening.integrationAccounts, "integration account")); without MFA on \
      \(figures.opening.enteredAbsent)
      """, show: "human", kind: "integration"))\(tile(
      "Privileged accounts without proven MFA",
      figures.privilegedAbsent + figures.privilegedUnknown,
      """
      \(figures.privilegedAbsent) with a login without MFA, \
      \(figures.privilegedUnknown) where it cannot be told; of \(figures.privileged) privileged
      """, show: "privileged"))\(tile(
      "API logins", figures.totals.api.succeeded,
      """
      succeeded, \(figures.totals.api.failed) failed; need no MFA
      """))\(tile(
      "Accounts on a retiring API", index.outlook.accountCount,
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
      <p>With MFA? Yes \(counts[0]), no \(counts[1]), cannot be told \(counts[2]).</p></div>
      """
  }
}
