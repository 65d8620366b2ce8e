import Accounts
import Findings
package import Results
import SalesforceExports

/// `account -o html`: all that is known of one account on a page that prints whole: who it is and why, each
/// human login with its proof, all rows that matter with file and line, what cannot be told, and what was
/// read.
package struct CaseFile {
  /// What the page is made from.
  package struct Content: Sendable {
    /// The account with its findings, whole.
    package var group: ResultsGroup
    /// Successful human logins, and attempts of any kind that did not succeed, each in the order of time.
    package var humanLogins: [EvidenceRecord]
    package var refusedLogins: [EvidenceRecord]
    /// Addresses, most frequent first.
    package var sources: [AccountSource]
    package var timeline: [TimelineEntry]
    package var run: RunRecord
    package var incompleteReasons: [String]

    /// Gathers content.
    package init(
      group: ResultsGroup, humanLogins: [EvidenceRecord], refusedLogins: [EvidenceRecord],
      sources: [AccountSource], timeline: [TimelineEntry], run: RunRecord,
      incompleteReasons: [String]
    ) {
      self.group = group
      self.humanLogins = humanLogins
      self.refusedLogins = refusedLogins
      self.sources = sources
      self.timeline = timeline
      self.run = run
      self.incompleteReasons = incompleteReasons
    }
  }

  /// Rows of one table: what is more is left out in the middle, and counted.
  private static let rowLimit = 5_000
  private static let timelineLimit = 200
  private static let sourceLimit = 1_000

  private let content: Content
  private let account: AccountRecord
  private let findings: [FindingRecord]
  private let commands: ReportCommands

  /// Makes a case file.
  package init(_ content: Content) {
    self.content = content
    account = content.group.account
    findings = FindingOrder.positions(content.group.findings).map { content.group.findings[$0] }
    commands = ReportCommands(content.run)
  }

  /// Writes the page.
  package func write(into text: inout ByteText) {
    HTMLPage(title: "Case file", subtitle: account.shownName, sections: sections).write(to: &text)
  }

  private var sections: [HTMLPage.Section] {
    [
      HTMLPage.Section("verdict", "Summary", isTitled: false, summary),
      HTMLPage.Section("logins", "Human logins and their proof", short: "Logins", humanLogins),
      HTMLPage.Section("findings", "Findings and their rows", short: "Findings", foundRows),
      HTMLPage.Section(
        "refused", "Attempts that did not succeed", short: "Refused",
        rows(content.refusedLogins, none: "All attempts succeeded.")),
      HTMLPage.Section("sources", "Sources", sources),
      HTMLPage.Section("use", "Use", panel.profile),
      HTMLPage.Section("timeline", "What happened when", short: "Timeline", timeline),
      HTMLPage.Section("untold", "What cannot be told", short: "Open questions", untold),
      HTMLPage.Section("inputs", "What was read", short: "Inputs", inputs),
      HTMLPage.Section("method", "How it was judged", short: "Method", method),
      HTMLPage.Section("words", "Words", GlossaryMarkup().markup),
    ]
  }

  // MARK: Summary

  private var panel: AccountPanel {
    AccountPanel(account: account, findings: findings, detail: .whole, commands: commands)
  }

  private var summary: Markup {
    let what: Markup = """
      \(account.accountClass.shownName)\(account.isPrivileged ? ", privileged" : "" as Markup)
      """
    let main: Markup = """
      <div class=card><h2><bdi>\(name: account.shownName)</bdi></h2><p><b>\(what)</b>. \
      \(account.logins.sentence).</p>\(panel.identity)\
      \(StepList(findings, limit: .max).markup)</div>
      """
    let isComplete = content.incompleteReasons.isEmpty
    let state = isComplete ? main + completeness : completeness + main
    return "<div class=\"verdict\(isComplete ? "" : " gaps" as Markup)\">\(state)</div>"
  }

  private var completeness: Markup {
    var items: [Markup] = []
    if let first = account.firstLogin, let last = account.lastLogin {
      items.append("<dt>Seen<dd>\(FigureText.date(first)) to \(FigureText.date(last))")
    }
    if let first = content.run.first, let last = content.run.last {
      items.append("<dt>Logins read<dd>\(FigureText.date(first)) to \(FigureText.date(last))")
    }
    items.append("<dt>Made<dd>\(FigureText.minute(content.run.evaluationTime)) UTC")
    let reach: Markup = "<dl>\(items.joined())</dl>"
    guard !content.incompleteReasons.isEmpty else {
      return """
        <div class=light><b>✓ Complete</b><br>Every input was read to its end.\(reach)</div>
        """
    }
    let reasons = content.incompleteReasons.prefix(100).map { "<li>\($0)" as Markup }.joined()
    return """
      <div class="light part"><b>▲ Incomplete</b><br>This is not the whole truth:\
      <ul>\(reasons)</ul>\(reach)</div>
      """
  }

  // MARK: Rows

  private var humanLogins: Markup {
    let lead: Markup = """
      <p class=lead>Each successful human login: whether it came with MFA, how that is known, and where \
      the row stands.</p>
      """
    return lead
      + rows(content.humanLogins, none: "No person came in, as far as these exports tell.")
  }

  private func rows(_ rows: [EvidenceRecord], none: Markup) -> Markup {
    guard !rows.isEmpty else { return "<p class=lead>\(none)</p>" }
    let half = Self.rowLimit / 2
    let shown =
      rows.count > Self.rowLimit ? Array(rows.prefix(half) + rows.suffix(half)) : rows
    let rest = rows.count - shown.count
    let more: Markup =
      rest == 0
      ? Markup()
      : """
      <p>\(rest) between the first and the last are left out: \
      <code>\(whole: commands.events(account.key))</code></p>
      """
    return LoginRowsMarkup(
      rows: shown, commands: commands, caption: "\(shown.count) of \(rows.count)", showsIDs: true
    ).markup + more
  }

  private var foundRows: Markup {
    guard !findings.isEmpty else { return "<p class=lead>No rule found anything.</p>" }
    return findings.map {
      FindingMarkup(
        finding: $0, evidenceLimit: .max, commands: commands, linksRule: false
      ).markup
    }.joined()
  }

  private var sources: Markup {
    guard !content.sources.isEmpty else { return "<p class=lead>No row names an address.</p>" }
    let rows = content.sources.prefix(Self.sourceLimit).map { source -> Markup in
      """
      <tr><td>\(name: source.address)<td>\(source.country)<td>\(FigureText.minute(source.first))\
      <td>\(FigureText.minute(source.last))<td class=r>\(figure(source.human.succeeded))\
      <td class=r>\(figure(source.human.failed))<td class=r>\(figure(source.api.succeeded))\
      <td class=r>\(figure(source.api.failed))<td class=r>\(source.attempts)
      """
    }.joined()
    let rest = content.sources.count - Self.sourceLimit
    return """
      <div class="card scroll" tabindex=0 role=region aria-label="Sources"><table><thead><tr>\
      <th scope=col>Address<th scope=col>Country<th scope=col>First (UTC)<th scope=col>Last (UTC)\
      <th scope=col class=r>Human<th scope=col class=r>Human, failed<th scope=col class=r>API\
      <th scope=col class=r>API, failed<th scope=col class=r>Attempts<tbody>\(rows)</table></div>\
      \(rest > 0 ? "<p>and \(rest) more</p>" : Markup())
      """
  }

  private func figure(_ count: Int) -> Markup { count == 0 ? "·" : "\(count)" }

  private var timeline: Markup {
    let entries = TimelineEntry.chosen(content.timeline, limit: Self.timelineLimit)
    guard !entries.isEmpty else { return "<p class=lead>Nothing happened in this time.</p>" }
    let rows = entries.map { entry -> Markup in
      let text: Markup =
        entry.weight == .alarming ? "<b class=high>\(entry.text)</b>" : "\(entry.text)"
      return """
        <tr><td class=nw>\(FigureText.minute(entry.time))<td>\(text)<td>\(name: entry.place)
        """
    }.joined()
    let rest = content.timeline.count - entries.count
    return """
      <div class="card scroll" tabindex=0 role=region aria-label="Timeline"><table><thead><tr>\
      <th scope=col>Time (UTC)<th scope=col>What<th scope=col>Row<tbody>\(rows)</table></div>\
      \(rest > 0 ? "<p>and \(rest) more, less telling or earlier</p>" : Markup())
      """
  }

  // MARK: Reach

  private var untold: Markup {
    var opening = Opening()
    opening.add(account, findings)
    let causes = UntoldList(UntoldCause.all(opening, content.run)).markup
    let remarks = findings.flatMap(\.dataQuality)
    let items = remarks.indices.filter { remarks.firstIndex(of: remarks[$0]) == $0 }.map {
      "<li>\(remarks[$0])" as Markup
    }
    let limits: Markup =
      items.isEmpty
      ? Markup() : "<h3>What limits the findings</h3><ul class=plain>\(items.joined())</ul>"
    return causes.isEmpty && limits.isEmpty
      ? "<p class=lead>These exports decide all that was asked of this account.</p>"
      : causes + limits
  }

  private var inputs: Markup {
    let command: Markup = """
      <h3>The command</h3><pre>\(whole: commands.account(account.key))</pre>
      """
    return InputTables(run: content.run).markup + command
  }

  private var method: Markup {
    let bases = account.logins.byBasis.entries.filter { $0.count > 0 }.map { entry -> Markup in
      let basis = VerdictBasis(rawValue: entry.name)
      return """
        <tr><td>\(basis?.state.answer ?? "")<td>\(basis?.seen ?? entry.name)\
        <td><code>\(entry.name)</code><td class=r>\(entry.count)
        """
    }.joined()
    let verdicts: Markup =
      bases.isEmpty
      ? Markup()
      : """
      <div class="card scroll" tabindex=0 role=region aria-label="Verdicts"><table><thead><tr>\
      <th scope=col>With MFA?<th scope=col>What was seen<th scope=col>Code in results\
      <th scope=col class=r>Logins<tbody>\(bases)</table></div>
      """
    var asked: [String] = []
    let rules = findings.compactMap { finding -> Markup? in
      guard !asked.contains(finding.ruleID) else { return nil }
      asked.append(finding.ruleID)
      let condition = Catalogue.rule(finding.ruleID)?.description.condition ?? ""
      return """
        <dt>\(finding.ruleID)<dd>\(finding.shownTitle). \(whole: condition)
        """
    }.joined()
    let list: Markup = rules.isEmpty ? Markup() : "<h3>Rules</h3><dl class=kv>\(rules)</dl>"
    let configuration: Markup =
      content.run.configurationDigest.map { "<span class=hash>\($0)</span>" } ?? "none was given"
    return """
      <p class=lead>What cannot be told counts neither as passed nor as failed.</p>\(verdicts)\(list)\
      <dl class=kv><dt>Program<dd>postern \(content.run.version), inflate by \
      \(content.run.decompressor)<dt>Rule catalogue<dd><span class=hash>\
      \(content.run.catalogueDigest)</span><dt>Configuration<dd>\(configuration)<dt>All times<dd>UTC</dl>
      """
  }
}
