package import Findings
package import Results

/// The findings of one rule, a line each.
package struct RuleFindings {
  private let rule: RuleDescription
  private let findings: [FindingRecord]
  private let state: RuleState?
  private let style: TextStyle

  /// Lists findings in the order given.
  ///
  /// - Parameters:
  ///   - state: Whether the rule ran; `nil` for results that do not name it.
  ///   - usesColor: Whether a terminal that knows colours will show it.
  package init(
    _ rule: RuleDescription, _ findings: [FindingRecord], state: RuleState?, usesColor: Bool
  ) {
    self.rule = rule
    self.findings = findings
    self.state = state
    style = TextStyle(usesColor: usesColor)
  }

  /// The whole text.
  package var text: String {
    var lines = [style.bold("\(rule.id): \(rule.title)")]
    guard !findings.isEmpty else { return lines[0] + "\n" + absence + "\n" }
    lines.append(
      "\(FigureText.count(findings.count, "finding")); postern explain ID RESULTS explains one")
    lines.append("")
    let names = findings.map { SafeText.terminal($0.account?.shownName ?? "the org") }
    let width = names.reduce(0) { max($0, DisplayWidth.of($1)) }
    for (finding, name) in zip(findings, names) {
      let word = finding.status == .fail ? finding.severity.name : finding.status.shownName
      var line = "  " + style.severity(finding.severity, DisplayWidth.fit(word, 9))
      line += "  \(finding.id)  \(DisplayWidth.fit(name, width))"
      if finding.evidenceTotal > 0 { line += "  \(FigureText.count(finding.evidenceTotal, "row"))" }
      if let first = finding.firstSeen, let last = finding.lastSeen {
        line += ", \(FigureText.date(first)) to \(FigureText.date(last))"
      }
      if !finding.discriminator.isEmpty {
        line += "  \(SafeText.terminal(finding.shownSubject))"
      }
      if finding.suppression != nil { line += "  (suppressed)" }
      lines.append(line)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Why there is none.
  private var absence: String {
    switch state?.state {
    case .found?, .none?: "no finding: the rule ran and found nothing"
    case .notRun?:
      "no finding: the rule did not run; missing " + (state?.missing ?? []).joined(separator: ", ")
    case nil: "no finding: these results do not say whether the rule ran"
    }
  }
}
