import ArgumentParser
import Findings
import Platform
import Postern
import Reports

/// `postern explain`.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain one finding of saved results, or list those of a rule.",
    discussion: """
      Says what the rule asks, each condition with the value found, where it came from and what
      would change it, why severity and confidence are what they are, and the rows it rests on.

      EXAMPLES
        postern explain pf1:0603e799 results.jsonl
        postern explain PST-MFA-001 results.jsonl     lists the findings of that rule

      EXIT CODES
        0 explained or listed   64 usage, or no such finding   66 results that cannot be used
      """)

  @Argument(
    help: ArgumentHelp("Id of a finding, or as much of it as is unique.", valueName: "finding"),
    completion: .list(RulesCommand.ids))
  var finding: String

  @Argument(
    help: ArgumentHelp("File of scan -o jsonl, or -.", valueName: "results"), completion: .file())
  var results: String

  @Option(help: "Colour the text: auto, always or never (NO_COLOR is honoured).")
  var color: Toggle = .auto

  func run() throws {
    try Terminal.run {
      if let rule = Catalogue.rule(finding)?.description {
        let saved = try SavedRule(rule, in: results, threads: Terminal.coreCount)
        let list = RuleFindings(
          saved.rule, saved.findings, state: saved.state, usesColor: Terminal.usesColor(color))
        try StandardOutput.write(list.text)
        return .complete
      }
      if namesRule { throw UsageError("no rule \(finding); postern rules lists them") }
      let saved = try SavedFinding(finding, in: results, threads: Terminal.coreCount)
      let text = FindingExplanation(
        saved.finding, run: saved.run, goneFiles: saved.goneFiles,
        usesColor: Terminal.usesColor(color)
      ).text
      try StandardOutput.write(text)
      return .complete
    }
  }

  /// Whether the argument has the form of a rule's id, with or without `PST-`.
  private var namesRule: Bool {
    let parts = finding.uppercased().split(separator: "-", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), (1...4).contains(parts[parts.count - 1].utf8.count),
      parts[parts.count - 1].utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return false }
    return parts[0] == "PST" || RuleFamily(rawValue: String(parts[0])) != nil
  }
}
