import ArgumentParser
import Configuration
import Platform
import Postern
import Reports

/// `postern pivot`.
struct PivotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pivot",
    abstract: "Show who shares an address, application or device, and what else they did.",
    discussion: """
      For one address, network (CIDR), application, country, browser, platform (device) or user: the \
      accounts with such logins, with class, privileges, outcomes and MFA; what these accounts did \
      besides in the hours around (for a user: who else came from the same addresses); what \
      addresses, applications and countries came with it; and the findings that rest on such rows. \
      Verdicts, classes and findings rest on all rows of the inputs.

      EXAMPLES
        postern pivot address 203.0.113.66 exports/
        postern pivot network 203.0.113.0/24 exports/ --since 30d
        postern pivot application 'Klue*' exports/ --hours 3
        postern pivot user etl@example.com exports/ -o html:etl.html -o jsonl:etl.jsonl

      EXIT CODES
        0 complete   2 incomplete, or a value that no login has   64 usage
        66 no login rows could be read   70 internal fault   71 out of memory
        74 output not written
      """)

  @Argument(
    help: "address, network, application, country, browser, platform or user.")
  var field: String

  @Argument(help: "The value; in names * stands for any characters.")
  var value: String

  @OptionGroup var input: InputOptions

  @Option(
    help: ArgumentHelp(
      "Hours before and after one with the value that count as around it.", valueName: "n"))
  var hours: Int = 1

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The report as text, jsonl or html, to a path or standard output; repeatable.",
      valueName: "format[:path]"))
  var output: [String] = []

  @OptionGroup var terminal: TerminalOptions

  func run() throws {
    try terminal.run {
      guard let pivotField = PivotField(named: field) else {
        let names = PivotField.allCases.map(\.rawValue)
        throw UsageError(
          "\(field) is not one of \(names.joined(separator: ", "))"
            + (NameSuggestion.nearest(to: field, among: names).map { "; did you mean \($0)?" }
              ?? ""))
      }
      guard (0...168).contains(hours) else {
        throw UsageError("--hours \(hours) is not in 0 to 168")
      }
      var options = try input.scanOptions()
      terminal.complete(&options)
      let outcome = try Pivot(
        pivotField, value, hours: hours, options,
        outputs: try OutputTarget<PivotFormat>.all(output), width: Terminal.width
      ).run()
      return terminal.tell(outcome)
    }
  }
}
