import ArgumentParser
import Findings
import Platform
import Postern

/// `postern diff`.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Say what became of the findings from one saved run to the next.",
    discussion: """
      A finding is new, changed (status, severity or confidence differ), persisting, resolved, or
      not evaluated: gone, but the new run lacked what would have shown it, and the reason is told.

      EXAMPLES
        postern diff last-night.jsonl tonight.jsonl
        postern diff old.jsonl new.jsonl --fail-on high -o jsonl:changes.jsonl

      EXIT CODES
        0 compared   1 new or changed findings at or over --fail-on   2 the new run is incomplete
        64 usage     66 results that cannot be used   71 out of memory   74 output not written
      """)

  @Argument(
    help: ArgumentHelp("Earlier results, a file of scan -o jsonl.", valueName: "old"),
    completion: .file())
  var old: String

  @Argument(help: ArgumentHelp("Later results.", valueName: "new"), completion: .file())
  var new: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Comparison: text or jsonl; to a path or standard output; repeatable.",
      valueName: "format[:path]"),
    completion: .list(["text", "jsonl"]))
  var output: [String] = []

  @Option(
    help: ArgumentHelp(
      "Severity from which findings that are new, recurred or worse make exit code 1.",
      valueName: "severity"), completion: .list(OutputArguments.severities))
  var failOn: String?

  @Option(help: "Colour the text: auto, always or never (NO_COLOR is honoured).")
  var color: Toggle = .auto

  @OptionGroup var memory: MemoryOptions

  func run() throws {
    try Terminal.run {
      try memory.hold()
      let comparison = try SavedComparison(
        oldPath: old, newPath: new, outputs: try OutputTarget.all(output),
        failOn: try FailOn.severity(failOn), usesColor: Terminal.usesColor(color),
        threads: Terminal.coreCount)
      return try comparison.write()
    }
  }
}

/// The option `--fail-on`.
enum FailOn {
  /// The severity that the option names; `nil` for never.
  static func severity(
    _ text: String?, option: String = "--fail-on"
  ) throws(UsageError) -> Severity? {
    guard let text, text != "never" else { return nil }
    guard let severity = Severity(name: text) else {
      throw UsageError(
        "\(option) \(text) is not one of never, "
          + Severity.allCases.map(\.name).joined(separator: ", "))
    }
    return severity
  }
}
