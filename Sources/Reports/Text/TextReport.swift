import Accounts
import Findings
import Platform
import Results
import SalesforceExports

/// The summary that a person reads in a minute.
struct TextReport {
  private let run: RunRecord
  private let end: EndRecord
  private let totals: ResultTotals
  private let opening: Opening
  private let findings: FindingSums
  private let gone: [FindingRecord]
  private let style: TextStyle

  /// How many accounts are shown.
  private static let accountLimit = 10

  /// Makes a report.
  ///
  /// - Parameters:
  ///   - summary: What there is to tell.
  ///   - usesColor: Whether a terminal that knows colours will show it.
  init(run: RunRecord, end: EndRecord, _ summary: Summary, usesColor: Bool) {
    self.run = run
    self.end = end
    totals = summary.totals
    opening = summary.opening
    findings = summary.findings
    gone = summary.gone
    style = TextStyle(usesColor: usesColor)
  }

  /// The whole report: what a hurried reader must not miss before all else.
  var text: String {
    var lines = [style.bold("Postern: human access to Salesforce accounts, and its proof")]
    lines.append(contentsOf: incompleteness)
    // Without a row there is nothing to tell but why.
    if end.rows.analysed > 0 {
      lines.append(contentsOf: TextOpening(run, opening, style).lines)
      lines.append(contentsOf: newFindings)
      lines.append(contentsOf: findingSummary)
      lines.append(contentsOf: worstAccounts)
      lines.append(contentsOf: organizationFindings)
      lines.append(contentsOf: goneFindings)
      lines.append(contentsOf: suppressions)
    }
    lines.append(contentsOf: reading)
    if end.rows.analysed > 0 {
      lines.append(contentsOf: humanLogins)
      lines.append(contentsOf: rulesNotRun)
    }
    lines.append(contentsOf: footer)
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: What was read

  private var incompleteness: [String] {
    guard !end.isComplete else { return [] }
    let reasons = end.incompleteReasons
    var lines = ["", style.bold("Incomplete: these figures are not the whole truth")]
    for reason in reasons.prefix(Self.accountLimit) {
      lines.append("  " + SafeText.terminal(reason))
    }
    if reasons.count > Self.accountLimit {
      lines.append("  and \(number(reasons.count - Self.accountLimit)) more in -o jsonl")
    }
    return lines
  }

  private var reading: [String] {
    let rows = end.rows
    let logins = run.inputs.filter { $0.kind?.holdsLogins == true }
    var lines = [
      "", style.bold("What was read"),
      field("Window", window),
      field(
        "Inputs",
        "\(plural(logins.count, "login file")), \(plural(run.inputs.count - logins.count, "other export"))"
          + (run.ignored.isEmpty ? "" : ", \(run.ignored.count) ignored")),
      field(
        "Rows",
        "\(number(rows.read)) read = \(number(rows.analysed)) analysed + "
          + "\(number(rows.duplicate)) duplicate + \(number(rows.filtered)) filtered + "
          + "\(number(rows.rejected)) rejected"),
      field("Coverage", coverage),
      field("Accounts", accounts),
    ]
    for file in run.ignored.prefix(Self.accountLimit) {
      lines.append("             not used: " + SafeText.terminal("\(file.name): \(file.reason)"))
    }
    if run.ignored.count > Self.accountLimit {
      lines.append(
        "             and \(number(run.ignored.count - Self.accountLimit)) more not used")
    }
    return lines
  }

  private var window: String {
    guard let first = run.first, let last = run.last else { return "no rows" }
    let days = last.day - first.day + 1
    var text = "\(minute(first)) to \(minute(last)) UTC, \(plural(Int(days), "day"))"
    if run.since != nil || run.until != nil {
      text +=
        " (asked: \(run.since.map(minute) ?? "begin") to \(run.until.map(minute) ?? "end"))"
    }
    return text
  }

  private var coverage: String {
    let verifications = run.inputs.filter { $0.kind == .verificationHistory && $0.first != nil }
    guard let first = verifications.compactMap(\.first).min(),
      let last = verifications.compactMap(\.last).max()
    else {
      let hasEvents = run.inputs.contains { $0.kind == .loginEvent || $0.kind == .eventLogLogout }
      return hasEvents
        ? "no VerificationHistory: MFA of direct logins is proven by events of sessions alone"
        : "no VerificationHistory: MFA of direct logins cannot be told"
    }
    var text = "verifications from \(minute(first)) to \(minute(last)) UTC"
    for hole in run.verificationHoles.prefix(3) {
      text += ", none from \(minute(hole.from)) to \(minute(hole.until))"
    }
    if run.verificationHoles.count > 3 { text += ", and other stretches without" }
    return text
  }

  private var accounts: String {
    let classes = AccountClass.allCases.compactMap { accountClass -> String? in
      guard let count = totals.byClass[accountClass], count > 0 else { return nil }
      return accountClass.counted(count)
    }
    return "\(number(totals.accounts))"
      + (classes.isEmpty ? "" : ": " + classes.joined(separator: ", "))
  }

  // MARK: Logins

  private var humanLogins: [String] {
    var lines = ["", style.bold("Successful human logins: with MFA?")]
    lines.append("  " + pad("account", 22) + columns(VerdictState.allCases.map(\.answer)))
    for accountClass in AccountClass.allCases {
      guard let counts = totals.verdicts[accountClass] else { continue }
      lines.append(
        "  " + pad(accountClass.shownName, 22)
          + columns(VerdictState.allCases.map { number(counts[$0] ?? 0) }))
    }
    lines.append(
      "  " + pad("all", 22)
        + columns(VerdictState.allCases.map { number(totals.count($0)) }))
    lines.append(
      "  API logins: \(number(totals.api.succeeded)) succeeded, \(number(totals.api.failed)) failed; "
        + "unclassified: \(number(totals.unclassified.attempted))")
    if totals.requests > 0 {
      let families = totals.requestsByFamily.sorted {
        $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key
      }.map { "\($0.key == "" ? "other" : $0.key.string) \(number($0.value))" }
      lines.append(
        SafeText.terminal(
          "  API requests: \(number(totals.requests)) by "
            + "\(plural(totals.requestingAccounts, "account")) (\(families.joined(separator: ", "))), "
            + "\(number(totals.requestsAgainstLimit)) counted against the limit"))
    }
    return lines
  }

  // MARK: Findings

  private var findingSummary: [String] {
    let counts = Severity.allCases.reversed().compactMap { severity -> String? in
      let count = findings.open(severity)
      return count == 0 ? nil : style.severity(severity, "\(number(count)) \(severity.name)")
    }
    var text = counts.isEmpty ? "none" : counts.joined(separator: ", ")
    text += "; \(number(findings.undecided)) undecided, \(number(findings.info)) about the data"
    if end.suppressed > 0 { text += ", \(number(end.suppressed)) suppressed" }
    if let gone = end.gone {
      func count(_ change: FindingChange) -> String { number(findings.changes[change] ?? 0) }
      text += "; \(count(.new)) new, \(count(.recurred)) recurred, \(count(.changed)) changed, "
      text += "\(number(gone[.resolved] ?? 0)) resolved, "
      text += "\(number(gone[.notEvaluated] ?? 0)) not evaluated since the baseline"
    }
    var lines = ["", style.bold("Findings: ") + text]
    let ranked = findings.rules.map { ($0.key, $0.value, RuleWeight($0.value)) }
      .sorted { $0.2 != $1.2 ? $0.2 > $1.2 : $0.0 < $1.0 }
    for (rule, sums, weight) in ranked {
      let name = pad(weight.name, 10)
      lines.append(
        "  " + (weight.severity.map { style.severity($0, name) } ?? name)
          + pad(SafeText.terminal(rule), 14) + padLeft(number(sums.count), 6) + "  "
          + SafeText.terminal(sums.title) + marks(sums))
    }
    return lines
  }

  /// What a rule's findings weigh: the worst that is open, else what else they are.
  private struct RuleWeight: Comparable {
    let severity: Severity?
    let name: String
    private let order: Int

    init(_ sums: FindingSums.Rule) {
      severity = sums.worst
      if let severity {
        name = severity.name
        order = 2 + severity.rawValue
      } else if sums.hasUndecided {
        name = "undecided"
        order = 1
      } else {
        name = "info"
        order = 0
      }
    }

    static func < (left: Self, right: Self) -> Bool { left.order < right.order }
    static func == (left: Self, right: Self) -> Bool { left.order == right.order }
  }

  /// Rules that could not look, and what they lack.
  private var rulesNotRun: [String] {
    let notRun = end.rules.filter { $0.state == .notRun }
    guard !notRun.isEmpty else { return [] }
    var lines = ["", style.bold("Not looked for")]
    for rule in notRun {
      lines.append(
        "  " + pad(SafeText.terminal(rule.id), 14) + "needs "
          + SafeText.terminal(rule.missing.joined(separator: "; ")))
    }
    return lines
  }

  /// All that is new, recurred or worse since the baseline, and open.
  private var newFindings: [String] {
    guard let baseline = run.baselineTime else { return [] }
    var lines = ["", style.bold("New since \(minute(baseline)) UTC")]
    let news = findings.news
    if news.isEmpty { lines.append("  no open finding is new, recurred or worse") }
    for finding in news {
      lines.append(
        "  " + style.severity(finding.severity, pad(finding.severity.name, 9))
          + pad(SafeText.terminal(finding.ruleID), 14)
          + SafeText.terminal(
            (finding.account?.shownName ?? "the org") + ": "
              + (finding.detail.isEmpty ? finding.ruleTitle : finding.detail)) + mark(finding))
    }
    return lines
  }

  private var worstAccounts: [String] {
    let accounts = findings.accounts
    guard accounts.offered > 0 else { return [] }
    var lines = ["", style.bold("Accounts to look at first")]
    for entry in accounts.elements {
      let account = entry.account
      lines.append(
        "  " + style.bold(SafeText.terminal(account.shownName))
          + " (\(account.accountClass.shownName))"
          + (account.username.isEmpty ? "" : "  " + SafeText.terminal(account.key)))
      for finding in entry.findings {
        lines.append(
          "    " + style.severity(finding.severity, pad(finding.severity.name, 9))
            + pad(SafeText.terminal(finding.ruleID), 13) + " "
            + SafeText.terminal(finding.ruleTitle) + figure(finding) + mark(finding))
      }
      let others = entry.count - entry.findings.count
      if others > 0 { lines.append("    and \(others) more") }
      lines.append("    " + style.dim("look closer: " + closer(account.key)))
    }
    if accounts.rest > 0 {
      lines.append("  and \(plural(accounts.rest, "more account")) in -o jsonl")
    }
    return lines
  }

  private func figure(_ finding: ListedFinding) -> String {
    guard finding.evidenceTotal > 0 else { return "" }
    return " (\(plural(finding.evidenceTotal, "row")))"
  }

  private func closer(_ key: String) -> String {
    SafeText.terminal(ReplayCommand(run).account(key))
  }

  private var organizationFindings: [String] {
    let organization = findings.organization
    guard !organization.isEmpty else { return [] }
    var lines = ["", style.bold("About the org and the data")]
    for finding in organization.prefix(12) {
      lines.append(
        "  " + pad(SafeText.terminal(finding.ruleID), 14)
          + SafeText.terminal(finding.detail.isEmpty ? finding.ruleTitle : finding.detail)
          + mark(finding))
    }
    if organization.count > 12 { lines.append("  and \(organization.count - 12) more") }
    return lines
  }

  /// What the baseline had and this run does not, and whether that is good news.
  private var goneFindings: [String] {
    var lines: [String] = []
    for (change, title) in [
      (FindingChange.resolved, "Resolved since the baseline"),
      (.notEvaluated, "In the baseline; could not be evaluated this time"),
    ] {
      let listed = gone.filter { $0.lifecycle?.change == change }.sorted {
        $0.severity != $1.severity ? $0.severity > $1.severity : $0.id < $1.id
      }
      guard !listed.isEmpty else { continue }
      lines += ["", style.bold(title)]
      for finding in listed.prefix(Self.accountLimit) {
        lines.append(
          "  " + style.severity(finding.severity, pad(finding.severity.name, 9))
            + pad(SafeText.terminal(finding.ruleID), 13) + " "
            + SafeText.terminal(
              (finding.account?.shownName ?? "the org") + ": " + finding.ruleTitle))
        if let reason = finding.lifecycle?.reasons.first {
          lines.append("           " + style.dim(SafeText.terminal(reason)))
        }
      }
      if listed.count > Self.accountLimit {
        lines.append("  and \(number(listed.count - Self.accountLimit)) more in -o jsonl")
      }
    }
    return lines
  }

  // MARK: Marks

  /// How a finding stands to the baseline, where that is news.
  private func mark(_ finding: ListedFinding) -> String {
    switch finding.change {
    case .new: style.bold("  [new]")
    case .recurred:
      style.bold("  [recurred: \(plural(finding.newRows, "new row"))]")
    case .changed: finding.isNews ? style.bold("  [worse]") : "  [changed]"
    case .persisting, .resolved, .notEvaluated, nil: ""
    }
  }

  private func marks(_ sums: FindingSums.Rule) -> String {
    var parts: [String] = []
    if sums.suppressed > 0 { parts.append("\(number(sums.suppressed)) suppressed") }
    if sums.new > 0 { parts.append("\(number(sums.new)) new") }
    if sums.recurred > 0 { parts.append("\(number(sums.recurred)) recurred") }
    return parts.isEmpty ? "" : " (" + parts.joined(separator: ", ") + ")"
  }

  /// What was accepted, and what of the acceptances needs a hand.
  private var suppressions: [String] {
    let suppressed = findings.suppressed
    let complaints = end.suppressions.compactMap(\.complaint)
    guard suppressed.offered > 0 || !complaints.isEmpty else { return [] }
    var lines = ["", style.bold("Suppressed findings and their suppressions")]
    for finding in suppressed.elements {
      guard let suppression = finding.suppression else { continue }
      let subject = finding.account.map { " " + $0.shownName } ?? ""
      lines.append(
        "  " + pad(finding.severity.name, 9)
          + SafeText.terminal(
            "\(finding.ruleID)\(subject): accepted by \(suppression.owner) until "
              + "\(CivilDate(day: suppression.expires.day).text): \(suppression.reason)")
          + mark(finding))
    }
    if suppressed.rest > 0 {
      lines.append("  and \(number(suppressed.rest)) more in -o csv")
    }
    for complaint in complaints { lines.append("  " + SafeText.terminal(complaint)) }
    return lines
  }

  private var footer: [String] {
    let bytes = run.inputs.reduce(0) { $0 + $1.byteCount }
    let rate = end.elapsedSeconds > 0 ? Double(end.rows.read) / end.elapsedSeconds : 0
    return [
      "",
      style.dim(
        "\(decimal(end.elapsedSeconds, 2)) s, \(plural(Int(rate), "row"))/s, "
          + "\(decimal(Double(bytes) / 1e6, 1)) MB read, \(SafeText.terminal(run.decompressor)), "
          + plural(end.threads, "thread")),
    ]
  }

  // MARK: Text

  private func field(_ name: String, _ value: String) -> String { "  " + pad(name, 11) + value }

  private func columns(_ texts: [String]) -> String {
    texts.map { padLeft($0, 16) }.joined()
  }

  private func plural(_ count: Int, _ noun: String) -> String { FigureText.count(count, noun) }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func padLeft(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func minute(_ instant: Instant) -> String { FigureText.minute(instant) }

  private func number(_ value: Int) -> String { FigureText.number(value) }

  private func decimal(_ value: Double, _ places: Int) -> String {
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((value * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    return number(scaled / scale) + "."
      + String(repeating: "0", count: max(0, places - fraction.count)) + fraction
  }
}
