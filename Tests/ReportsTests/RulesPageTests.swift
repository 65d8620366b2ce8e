import Accounts
import Findings
import Foundation
import Reports
import SalesforceExports
import Testing

/// `docs/rules.md` is printed from the rules themselves.
///
/// `RECORD_GUIDES=1 swift test --filter RulesPageTests` writes it anew, and fails so that nobody takes a
/// recording for a test.
@Suite struct RulesPageTests {
  static let path = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/rules.md")

  @Test func thePageSaysWhatTheRulesSay() throws {
    if ProcessInfo.processInfo.environment["RECORD_GUIDES"] != nil {
      try RulesPage.text.write(to: Self.path, atomically: true, encoding: .utf8)
      Issue.record("recorded docs/rules.md")
      return
    }
    let page = try String(contentsOf: Self.path, encoding: .utf8)
    #expect(page == RulesPage.text, "docs/rules.md is not what the rules say: make guides")
  }

  @Test func thePageHasTheClasses() {
    #expect(RulesPage.text.contains("| integration, high |"))
  }

  @Test func everyRuleHasItsAnchor() {
    for rule in Catalogue.rules.map(\.description) {
      #expect(RulesPage.text.contains("\n### \(rule.id)\n"), "\(rule.id)")
    }
  }
}

/// The page of all rules in Markdown.
enum RulesPage {
  static var text: String {
    let parts = [head, verdicts, coverage, classes, mapping, list, rules, numbers, dates]
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static let head = """
    # Rules

    Every rule with its condition, and the tables by which logins are judged. This page is printed from
    the code (`make guides`); `postern rules`, `postern rules ID` and `postern rules mapping` print the
    same with the values that your configuration sets. [What is common to all rules](judgement.md): rows,
    classes of accounts, severity, evidence. [What is taken from Salesforce](salesforce.md), with sources.
    """

  // MARK: Verdicts

  private static var verdicts: String {
    "## Verdicts\n\n"
      + "A successful login by a person is judged by the first line that applies. A failed or unfinished\n"
      + "attempt has no verdict.\n\n" + "| basis | MFA | seen |\n|---|---|---|\n"
      + VerdictBasis.allCases.map { basis in
        "| `\(basis.rawValue)` | \(basis.state.rawValue) | \(cell(basis.seen)) |"
      }.joined(separator: "\n")
  }

  private static let coverage = """
    ## Coverage

    A login lacks MFA for want of a verification (`sf_no_verification`) only where the verification export
    would have shown one. It covers a time if all of these hold, or if `coverage` in the configuration says
    so ([in words](judgement.md#what-a-verdict-needs)):

    - the time lies between two verifications of the org that are at most seven days apart;
    - its day has verifications, or nobody was asked for MFA and fewer than three people logged in directly,
      or such days have none as a rule;
    - a login of the run, other than the judged one, has a verification of its user with its Id;
    - the export has at least two users, rows of `coverage_share` percent of the users who logged in
      directly, and of nine in ten who were asked for MFA;
    - no verification file has exactly as many rows as an export limit allows.

    What fails names the basis: `join_unproven` for the third and fourth, `not_covered` for the others,
    `no_source` without an export.
    """

  private static var classes: String {
    let judgement =
      (try? String(
        contentsOf: RulesPageTests.path.deletingLastPathComponent().appending(path: "judgement.md"),
        encoding: .utf8)) ?? ""
    let rows = judgement.components(separatedBy: "\n").drop { $0 != "| class | by |" }
    return "## Classes of accounts\n\n"
      + "After what the configuration states, the first that holds\n"
      + "([in words](judgement.md#who-an-account-is)):\n\n"
      + rows.prefix { $0.hasPrefix("|") }.joined(separator: "\n")
      + "\n\nThey use these numbers (`thresholds` in the configuration):\n\n"
      + table(Catalogue.classThresholds.filter { $0.name.hasPrefix("integration_") })
  }

  private static var mapping: String {
    "## Login types, statuses and methods\n\nWhat `postern rules mapping` prints beside the verdicts.\n\n"
      + "```text\n"
      + MappingText.text.components(separatedBy: "\n\n").filter { part in
        !part.hasPrefix("VERDICTS") && !part.hasPrefix("BASIS")
      }.joined(separator: "\n\n").trimmingCharacters(in: .newlines) + "\n```"
  }

  // MARK: Rules

  private static var descriptions: [RuleDescription] { Catalogue.rules.map(\.description) }

  private static func word(_ status: FindingStatus) -> String {
    status == .unknown ? "undecided" : status.rawValue
  }

  private static var list: String {
    "## All rules\n\n| rule | severity | finding |\n|---|---|---|\n"
      + descriptions.map { rule in
        let severity = rule.status == .fail ? rule.severity.name : word(rule.status)
        return "| [\(rule.id)](#\(rule.id.lowercased())) | \(severity) | \(cell(rule.title)) |"
      }.joined(separator: "\n")
  }

  private static var rules: String {
    "## Rule by rule\n\n" + descriptions.map(section).joined(separator: "\n\n")
  }

  private static func section(_ rule: RuleDescription) -> String {
    var lines = [
      "### \(rule.id)", "", "**\(sentence(rule.title))** \(sentence(rule.condition))", "",
    ]
    func item(_ name: String, _ text: String) {
      if !text.isEmpty { lines.append("- \(name): \(text)") }
    }
    item("Severity", "\(rule.severity.name), status \(word(rule.status))")
    item("Steps", rule.severitySteps.joined(separator: "; "))
    item("One finding per", rule.onePer)
    item("Needs beside login rows", rule.needs.map(\.text).joined(separator: "; "))
    item("Columns needed", rule.needsColumns.map { "`\($0)`" }.joined(separator: ", "))
    item("Evidence", rule.evidence)
    item(
      "With earlier results",
      rule.isEvent ? "each new row makes it recur" : "a state, which persists while it lasts")
    item(
      "Thresholds",
      rule.thresholds.map { "`\($0.name)` \(number($0.standard)) (\($0.summary))" }
        .joined(separator: "; "))
    item("What to do", rule.remediation)
    item(
      "ATT&CK",
      rule.attack.map {
        "[\($0)](https://attack.mitre.org/techniques/\($0.replacing(".", with: "/"))/)"
      }.joined(separator: ", "))
    for reference in rule.references {
      lines.append("- Reference: " + (reference.hasPrefix("http") ? "<\(reference)>" : reference))
    }
    return lines.joined(separator: "\n")
  }

  private static var numbers: String {
    "## Thresholds\n\n`thresholds` in the [configuration](configuration.md) sets them.\n\n"
      + table(Catalogue.thresholds)
  }

  private static var dates: String {
    "## Dates\n\n`calendars` in the configuration sets them.\n\n"
      + "| name | date | what happens |\n|---|---|---|\n"
      + CalendarEntry.all.map { entry in
        let date = entry.date == .never ? "never" : CivilDate(day: entry.date.day).text
        let source =
          entry.source.hasPrefix("http")
          ? "[\(entry.summary)](\(entry.source))" : "\(entry.summary) (\(entry.source))"
        return "| `\(entry.name)` | \(date) | \(source) |"
      }.joined(separator: "\n")
  }

  // MARK: Text

  private static func table(_ thresholds: [RuleThreshold]) -> String {
    "| name | value | what it decides |\n|---|---|---|\n"
      + thresholds.map { "| `\($0.name)` | \(number($0.standard)) | \(cell($0.summary)) |" }
      .joined(separator: "\n")
  }

  private static func number(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }

  private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }

  private static func sentence(_ text: String) -> String {
    let text = text.prefix(1).uppercased() + text.dropFirst()
    return text.hasSuffix(".") ? text : text + "."
  }
}
