import ArgumentParser
import Platform
import Postern
import Reports

/// `postern report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Show saved results in any other form, without reading the exports again.",
    discussion: """
      RESULTS is a file of scan -o jsonl, or - for standard input. What was cut, edited or written
      in another major version is refused with line and reason.

      EXAMPLES
        postern report results.jsonl
        postern report results.jsonl -o csv:findings.csv -o csv-accounts:accounts.csv
        postern report results.jsonl --baseline last-night.jsonl
        postern report results.jsonl --forget-account jo@example.com -o jsonl:without.jsonl
        postern report results.jsonl -o ocsf | curl --data-binary @- https://siem.example.com/

      EXIT CODES
        0 written        64 usage   66 results that cannot be used
        71 out of memory   74 output not written
      """)

  @Argument(
    help: ArgumentHelp("File of scan -o jsonl, or -.", valueName: "results"), completion: .file())
  var results: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(OutputArguments.help, valueName: "format[:path]"),
    completion: .list(OutputArguments.formats))
  var output: [String] = []

  @Option(
    help: ArgumentHelp(
      "Earlier results: what is new is marked, and what is gone is listed.", valueName: "old"),
    completion: .file())
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "Leave a person out, by id or username: -o jsonl writes results without it; repeatable.",
      valueName: "who"))
  var forgetAccount: [String] = []

  @Option(help: "Colour the report: auto, always or never (NO_COLOR is honoured).")
  var color: Toggle = .auto

  @OptionGroup var tables: TableOptions

  @OptionGroup var memory: MemoryOptions

  func run() throws {
    try Terminal.run {
      try memory.hold()
      let report = SavedReport(
        path: results, baselinePath: baseline, forgottenAccounts: forgetAccount,
        outputs: try OutputTarget.all(output), usesColor: Terminal.usesColor(color),
        marksTables: tables.csvBom, threads: Terminal.coreCount)
      for message in try report.write() { Terminal.note(message) }
      return .complete
    }
  }
}

/// The option `-o` of the verbs that write results.
enum OutputArguments {
  static let formats = OutputFormat.allCases.map(\.rawValue)
  static let severities = ["critical", "high", "medium", "low", "info"]
  static let help: String =
    "Results: " + formats.joined(separator: ", ") + "; to a path or standard output; repeatable."
}
