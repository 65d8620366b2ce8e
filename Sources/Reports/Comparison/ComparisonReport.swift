import Findings
package import Results
import SalesforceExports

/// What became of findings, for a person with coffee.
package struct ComparisonReport {
  private let comparison: ResultsComparison
  private let style: TextStyle

  /// Makes a report.
  package init(_ comparison: ResultsComparison, usesColor: Bool) {
    self.comparison = comparison
    style = TextStyle(usesColor: usesColor)
  }

  /// The whole report; findings that persist are counted and not listed.
  package var text: String {
    let counts = comparison.counts
    var lines = [
      style.bold("Postern: what became of the findings"), "",
      "  Old  " + run(comparison.old), "  New  " + run(comparison.new),
    ]
    for caution in comparison.cautions { lines.append("  Note " + SafeText.terminal(caution)) }
    lines.append("")
    lines.append(
      FindingChange.allCases.map { change in
        style.bold("\(counts[change] ?? 0) ") + Self.name(change)
      }.joined(separator: ", "))
    for change in FindingChange.allCases where change != .persisting {
      lines.append(contentsOf: section(change))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func run(_ run: RunRecord) -> String {
    guard let first = run.first, let last = run.last else { return "no rows" }
    return "\(minute(first)) to \(minute(last)) UTC, evaluated \(minute(run.evaluationTime)) UTC"
  }

  private static func name(_ change: FindingChange) -> String {
    change == .notEvaluated ? "not evaluated" : change.rawValue
  }

  private func section(_ change: FindingChange) -> [String] {
    let findings = comparison.findings.filter { $0.change == change }
    guard !findings.isEmpty else { return [] }
    let title = Self.name(change)
    var lines = ["", style.bold(title.prefix(1).uppercased() + title.dropFirst())]
    let sorted = findings.sorted { one, other in
      let (left, right) = (one.latest, other.latest)
      if left.severity != right.severity { return left.severity > right.severity }
      if left.ruleID != right.ruleID { return left.ruleID < right.ruleID }
      return left.id < right.id
    }
    for compared in sorted {
      let finding = compared.latest
      var subject = finding.account?.shownName ?? "the org"
      if !finding.discriminator.isEmpty { subject += " (\(finding.shownSubject))" }
      lines.append(
        "  "
          + style.severity(finding.severity, DisplayWidth.fit(finding.severity.name, 9))
          + DisplayWidth.fit(SafeText.terminal(finding.ruleID), 13) + " "
          + SafeText.terminal("\(subject): \(finding.ruleTitle)")
          + (compared.change == .recurred ? ", \(compared.newRows) new" : "")
          + (finding.suppression == nil ? "" : ", suppressed"))
      for reason in compared.reasons {
        lines.append("           " + style.dim(SafeText.terminal(reason)))
      }
      if compared.isNews {
        lines.append("           " + style.dim(finding.id))
      }
    }
    return lines
  }

  /// `YYYY-MM-DD HH:MM`.
  private func minute(_ instant: Instant) -> String {
    String(instant.text.prefix(16).map { $0 == "T" ? " " : $0 })
  }
}
