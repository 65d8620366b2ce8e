import Accounts
import Findings
package import Platform
package import Results
import SalesforceExports

/// One finding in words: what the rule says, what was found, and what would change it.
package struct FindingExplanation {
  private static let textWidth = 78

  private let finding: FindingRecord
  private let run: RunRecord
  private let goneFiles: Set<ExactText>
  private let style: TextStyle

  /// Explains a finding.
  ///
  /// - Parameters:
  ///   - finding: The finding with its rows.
  ///   - run: The run that found it.
  ///   - goneFiles: Names of files with its rows that are not where they were.
  ///   - usesColor: Whether a terminal that knows colours will show it.
  package init(
    _ finding: FindingRecord, run: RunRecord, goneFiles: Set<ExactText> = [], usesColor: Bool
  ) {
    self.finding = finding
    self.run = run
    self.goneFiles = goneFiles
    style = TextStyle(usesColor: usesColor)
  }

  /// The whole text.
  package var text: String {
    let parts = [
      head, rule, conditions, severity, confidence, counts, evidence, suppression, remedy,
    ]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  // MARK: Parts

  private var head: [String] {
    var lines = [
      style.bold(safe("\(finding.ruleID): \(finding.ruleTitle)")),
      style.dim(finding.id), "",
      field(
        "Judgement",
        (finding.status == .fail ? "" : finding.status.shownName + ", ") + "severity "
          + style.severity(finding.severity, finding.severity.name)
          + (finding.confidence.map { ", \($0.rawValue) confidence" } ?? "")),
      field("Account", account),
    ]
    if let life = finding.lifecycle, life.change.isGone {
      lines.append(
        field(
          "Now",
          (life.change == .resolved
            ? "resolved: what would have shown it was there, and did not"
            : "not evaluated: " + safe(life.reasons.joined(separator: "; ")))
            + ", last detected \(minute(life.lastDetected)) UTC"))
    }
    if !finding.discriminator.isEmpty { lines.append(field("About", safe(finding.shownSubject))) }
    if let first = finding.firstSeen, let last = finding.lastSeen {
      lines.append(field("Time", "\(minute(first)) to \(minute(last)) UTC"))
    }
    return lines
  }

  private var account: String {
    guard let account = finding.account else { return "none: it is about the org or its data" }
    return safe(account.shownName) + " (\(account.accountClass.shownName))"
      + (account.username.isEmpty ? "" : "  " + safe(account.key))
  }

  /// The rule as this release has it; a rule of another version is not put into its mouth.
  private var rule: [String] {
    let known = Catalogue.rule(finding.ruleID)?.description
    guard let known, known.version == finding.ruleVersion else {
      return section(
        "What the rule says",
        [
          "This release does not have \(finding.ruleID) in version \(finding.ruleVersion); the "
            + "conditions below are those of the release that found it."
        ])
    }
    return section("What the rule says", [known.condition])
  }

  private var conditions: [String] {
    guard !finding.conditions.isEmpty else { return [] }
    var lines = [style.bold("Conditions and what was found")]
    for (index, condition) in finding.conditions.enumerated() {
      var text = condition.sentence(hasVerifications: run.hasVerifications)
      if !condition.threshold.isEmpty { text += " (asked for: \(condition.threshold))" }
      text += condition.isMet ? ", met" : ", not met"
      lines.append(contentsOf: wrapped(text, first: "  \(index + 1). ", rest: "     "))
      if !condition.source.isEmpty {
        lines.append(
          contentsOf: wrapped("found in " + condition.source, first: "     ", rest: "       "))
      }
      if !condition.wouldChange.isEmpty {
        lines.append(
          contentsOf: wrapped(
            "would change it: " + condition.wouldChange, first: "     ", rest: "       "))
      }
    }
    return lines
  }

  private var severity: [String] {
    var lines = [style.bold("Why the severity is ") + finding.severity.name]
    for reason in finding.severityReasons {
      lines.append(contentsOf: wrapped(reason, first: "  ", rest: "    "))
    }
    let steps = Catalogue.rule(finding.ruleID)?.description.severitySteps ?? []
    if !steps.isEmpty, finding.status == .fail {
      lines.append(
        contentsOf: wrapped(
          "steps of the rule: " + steps.joined(separator: "; "), first: "  ", rest: "    "))
    }
    return lines
  }

  private var confidence: [String] {
    guard let confidence = finding.confidence else {
      return finding.dataQuality.isEmpty
        ? [] : section("Why it cannot be told", finding.dataQuality)
    }
    let limits =
      !finding.dataQuality.isEmpty
      ? finding.dataQuality
      : confidence == .high
        ? ["nothing limits it"]
        : ["the class of the account, or how the rule concludes, allows no more"]
    return section("Why the confidence is \(confidence.rawValue)", limits)
  }

  private var counts: [String] {
    guard !finding.counts.isEmpty else { return [] }
    return [style.bold("Figures")]
      + finding.counts.entries.map { entry in
        let name = FigureName.spelt(entry.name, hasVerifications: run.hasVerifications)
        return "  " + safe("\(name): \(entry.count)")
      }
  }

  private var evidence: [String] {
    guard !finding.evidence.isEmpty else {
      return finding.evidenceTotal == 0
        ? []
        : [
          style.bold("Evidence")
            + ": \(finding.evidenceTotal.counted("row")), counted and not listed"
        ]
    }
    var lines = [
      style.bold("Evidence") + ": \(finding.evidence.count) of "
        + finding.evidenceTotal.counted("row")
    ]
    for row in finding.evidence {
      var parts = [
        row.time.text, row.sourceIP, row.country, row.loginType, row.loginSubType, row.application,
        row.browser, row.platform, row.status,
      ]
      parts.removeAll(where: \.isEmpty)
      if row.mfa != nil {
        parts.append("MFA: " + row.shownVerdict(hasVerifications: run.hasVerifications))
      }
      lines.append("  " + safe(parts.joined(separator: "  ")))
      let place = "\(row.file):\(row.line)" + (row.recordID.isEmpty ? "" : "  \(row.recordID)")
      lines.append(
        "    " + style.dim(safe(place + (row.shownLabel.isEmpty ? "" : "  \(row.shownLabel)"))))
    }
    for file in goneFiles.sorted().map(\.string) {
      lines.append(
        contentsOf: wrapped(
          "\(file) is not where it was: its rows cannot be looked up until it is back.",
          first: "  ", rest: "  "))
    }
    return lines
  }

  private var suppression: [String] {
    if let suppression = finding.suppression {
      return section(
        "Suppressed",
        [
          "accepted by \(suppression.owner) until \(suppression.expires.text): \(suppression.reason)"
        ])
    }
    guard let expired = finding.expiredSuppression else { return [] }
    return section(
      "Was suppressed",
      [
        "accepted by \(expired.owner) until \(expired.expires.text), which has passed: "
          + expired.reason
      ])
  }

  private var remedy: [String] {
    var lines = section("What to do", [finding.remediation])
    for reference in finding.references { lines.append("  " + safe(reference)) }
    if !finding.attack.isEmpty {
      lines.append("  ATT&CK " + safe(finding.attack.joined(separator: ", ")))
    }
    var commands: [String] = []
    if !finding.replay.isEmpty { commands.append(finding.replay) }
    if let account = finding.account { commands.append(ReplayCommand(run).account(account.key)) }
    if !commands.isEmpty {
      lines.append(contentsOf: ["", style.bold("Look closer")])
      lines.append(contentsOf: commands.map { "  " + safe($0) })
    }
    return lines
  }

  // MARK: Text

  private func safe(_ text: String) -> String { SafeText.terminal(text) }

  private func field(_ name: String, _ value: String) -> String {
    "  " + DisplayWidth.fit(name, 10) + " " + value
  }

  private func section(_ title: String, _ texts: [String]) -> [String] {
    [style.bold(title)]
      + texts.flatMap { wrapped($0, first: "  ", rest: texts.count == 1 ? "  " : "    ") }
  }

  /// Lines of words; one word that is longer stays whole.
  private func wrapped(_ text: String, first: String, rest: String) -> [String] {
    DisplayWidth.lines(of: safe(text), width: Self.textWidth - rest.count).enumerated().map {
      ($0.offset == 0 ? first : rest) + $0.element
    }
  }

  /// `YYYY-MM-DD HH:MM`.
  private func minute(_ instant: Instant) -> String {
    String(instant.text.prefix(16).map { $0 == "T" ? " " : $0 })
  }
}
