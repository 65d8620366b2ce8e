package import Findings
package import SalesforceExports

/// The catalogue as text, printed from the rules themselves.
package struct CatalogueText: Sendable {
  private let thresholds: [String: Double]
  private let dates: [String: Instant]

  /// Makes the text with the values in force.
  ///
  /// - Parameters:
  ///   - thresholds: Values that differ from the rules' own.
  ///   - dates: Dates that differ from the calendar's own.
  package init(thresholds: [String: Double], dates: [String: Instant]) {
    self.thresholds = thresholds
    self.dates = dates
  }

  /// One line a rule, then thresholds and calendar.
  package var list: String {
    var lines: [String] = []
    for rule in Catalogue.rules.map(\.description) {
      lines.append(
        Self.pad(rule.id, 14) + Self.pad(rule.severity.name, 9)
          + Self.pad(rule.status.shownName, 11) + rule.title)
    }
    lines.append("")
    lines.append("Thresholds (configuration: thresholds)")
    for threshold in Catalogue.thresholds { lines.append("  " + text(threshold)) }
    lines.append("")
    lines.append("Dates (configuration: calendars)")
    for entry in CalendarEntry.all {
      lines.append(
        "  " + Self.pad(entry.name, 28) + date(entry) + "  " + entry.summary + "  <" + entry.source
          + ">")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Everything about one rule.
  package func page(_ rule: RuleDescription) -> String {
    var lines = ["\(rule.id) version \(rule.version): \(rule.title)", ""]
    func section(_ name: String, _ texts: [String]) {
      for (index, text) in texts.enumerated() {
        for (line, piece) in DisplayWidth.lines(of: text, width: 76).enumerated() {
          lines.append(Self.pad(index == 0 && line == 0 ? name : "", 15) + piece)
        }
      }
    }
    section("Status", [rule.status.shownName])
    section("Severity", [rule.severity.name])
    section("One per", [rule.onePer])
    section("Needs", rule.needs.isEmpty ? ["login rows"] : rule.needs.map(\.text))
    section("Condition", [rule.condition])
    section("Steps", rule.severitySteps.isEmpty ? ["none"] : rule.severitySteps)
    section("Thresholds", rule.thresholds.isEmpty ? ["none"] : rule.thresholds.map(text))
    section("Evidence", [rule.evidence])
    section(
      "Later",
      [
        rule.isEvent
          ? "each new row matters: a finding with rows that earlier results lack has recurred"
          : "a state: the finding persists while it lasts"
      ])
    section("Remediation", [rule.remediation])
    section("References", rule.references.isEmpty ? ["none"] : rule.references)
    section("ATT&CK", [rule.attack.isEmpty ? "none" : rule.attack.joined(separator: ", ")])
    return lines.joined(separator: "\n") + "\n"
  }

  private func text(_ threshold: RuleThreshold) -> String {
    let value = thresholds[threshold.name] ?? threshold.standard
    let number = value == value.rounded() ? String(Int(value)) : String(value)
    return Self.pad(threshold.name, 32) + Self.pad(number, 7) + threshold.summary
  }

  private func date(_ entry: CalendarEntry) -> String {
    let date = dates[entry.name] ?? entry.date
    return date == .never ? "never     " : CivilDate(day: date.day).text
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
