import Accounts
import Findings
import Results

/// What is new, who came in, what cannot be told: at most 40 lines.
///
/// Each section has a bound of its own and says how much it leaves out, so that none can push out
/// another.
struct Brief {
  private static let reasonLimit = 4
  private static let newsLimit = 8
  private static let accountLimit = 7
  private static let causeLimit = 4

  private let run: RunRecord
  private let end: EndRecord
  private let summary: Summary

  init(_ run: RunRecord, _ end: EndRecord, _ summary: Summary) {
    self.run = run
    self.end = end
    self.summary = summary
  }

  /// The lines, without their ends.
  var lines: [String] {
    var lines = ["# " + heading, "", window]
    lines += incompleteness
    guard end.rows.analysed > 0 else { return lines }
    lines += entered
    lines += untold
    lines += news
    lines += findings
    return lines
  }

  private var heading: String {
    end.rows.analysed > 0
      ? SafeText.markdown(summary.opening.headline) : "Postern could analyse no login row"
  }

  private var window: String {
    let rows =
      "\(FigureText.count(end.rows.analysed, "login")) of "
      + FigureText.count(end.accounts, "account")
    guard let first = run.first, let last = run.last else { return rows + "." }
    return "\(FigureText.minute(first)) to \(FigureText.minute(last)) UTC, \(rows)."
  }

  /// Up to six lines.
  private var incompleteness: [String] {
    guard !end.isComplete else { return [] }
    return ["", "**Incomplete: these figures are not the whole truth**"]
      + items(end.incompleteReasons.map(SafeText.markdown), limit: Self.reasonLimit)
  }

  /// Up to nine lines.
  private var entered: [String] {
    let accounts = summary.opening.entered.elements
    guard !accounts.isEmpty else { return [] }
    let rest = summary.opening.entered.offered - accounts.count
    return ["", "**Who came in**"]
      + items(
        accounts.map { account in
          SafeText.markdown("\(account.shownName): \(account.sentence)") + mark(account)
        }, limit: Self.accountLimit, others: rest)
  }

  private func mark(_ account: Opening.Entered) -> String {
    switch account.change {
    case .new: " **[new]**"
    case .recurred: " **[recurred: \(FigureText.count(account.newRows, "new login"))]**"
    default: ""
    }
  }

  /// Up to six lines.
  private var untold: [String] {
    let causes = UntoldCause.all(summary.opening, run)
    guard !causes.isEmpty else { return [] }
    return ["", "**What cannot be told**"]
      + items(
        causes.map { SafeText.markdown("\($0.sentence). \($0.remedy)") },
        limit: Self.causeLimit)
  }

  /// Up to ten lines.
  private var news: [String] {
    guard let baseline = run.baselineTime else { return [] }
    let news = summary.findings.news
    var lines = ["", "**New since \(FigureText.minute(baseline)) UTC**"]
    if news.isEmpty { lines.append("- no open finding is new, recurred or worse") }
    lines += items(
      news.map { finding in
        let what = finding.detail.isEmpty ? finding.ruleTitle : finding.detail
        let rows =
          finding.change == .recurred ? ", \(FigureText.count(finding.newRows, "new row"))" : ""
        return SafeText.markdown(
          "\(finding.severity.name): \(finding.account?.shownName ?? "the org"): \(what) "
            + "(\(finding.ruleID)\(rows))")
      }, limit: Self.newsLimit)
    return lines
  }

  /// Two lines.
  private var findings: [String] {
    let counts = Severity.allCases.reversed().compactMap { severity -> String? in
      let count = severity > .info ? summary.findings.open(severity) : 0
      return count == 0 ? nil : "\(FigureText.number(count)) \(severity.name)"
    }
    var text = counts.isEmpty ? "no open finding above info" : counts.joined(separator: ", ")
    if let gone = end.gone {
      text += "; \(FigureText.number(gone[.resolved] ?? 0)) resolved, "
      text += "\(FigureText.number(gone[.notEvaluated] ?? 0)) not evaluated"
    }
    let notRun = end.rules.count { $0.state == .notRun }
    if notRun > 0 {
      text += "; \(FigureText.count(notRun, "rule")) could not look for want of an input"
    }
    return ["", "**Findings:** \(text)."]
  }

  /// Items of a list, with how many are left out.
  private func items(_ texts: [String], limit: Int, others: Int = 0) -> [String] {
    var lines = texts.prefix(limit).map { "- " + $0 }
    let rest = max(0, texts.count - limit) + others
    if rest > 0 { lines.append("- and \(FigureText.number(rest)) more") }
    return lines
  }
}
