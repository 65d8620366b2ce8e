import ArgumentParser
import Configuration
import Platform
import Postern
import Results

/// `postern apps`.
struct AppsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apps",
    abstract: "List the applications that log in: which accounts, from where, since when.",
    discussion: """
      An application is the name that its logins give, without the version of the client. It is new \
      where the org had not seen it in 14 days of history, dormant where it was silent for 60 covered \
      days up to the end, woken where it came back after as many (postern rules PST-API-015), shared \
      where several accounts use it, and refused where none of its logins succeeded.

      EXAMPLES
        postern apps exports/
        postern apps exports/ --application 'Klue*'
        postern apps exports/ --state new,woken -o csv:applications.csv

      EXIT CODES
        0 complete   2 incomplete, or an application that no login names   64 usage
        66 no login rows   70 internal fault   71 out of memory   74 output not written
      """)

  @OptionGroup var input: InputOptions

  @Option(
    help: ArgumentHelp(
      "Show this application whole; * stands for any characters; repeatable.", valueName: "name"))
  var application: [String] = []

  @Option(
    help: ArgumentHelp(
      "Applications of which one of these is true: new, dormant, woken, shared, refused.",
      valueName: "state,…"),
    completion: .list(["new", "dormant", "woken", "shared", "refused"]))
  var state: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The list as text, jsonl or csv, to a path or standard output; repeatable.",
      valueName: "format[:path]"),
    completion: .list(["text", "jsonl", "csv"]))
  var output: [String] = []

  @OptionGroup var tables: TableOptions

  @OptionGroup var terminal: TerminalOptions

  func run() throws {
    try terminal.run {
      var options = try input.scanOptions()
      options.marksTables = tables.csvBom
      terminal.complete(&options)
      let outcome = try Applications(
        options, names: application.map { NamePattern($0) }, states: try states(),
        outputs: try OutputTarget<ApplicationsFormat>.all(output), usesColor: options.usesColor
      ).run()
      return terminal.tell(outcome)
    }
  }

  private func states() throws(UsageError) -> Set<ApplicationState> {
    var result: Set<ApplicationState> = []
    for text in (state ?? "").split(separator: ",") {
      guard let state = ApplicationState(rawValue: text.lowercased()) else {
        throw UsageError("--state \(text) is not one of \(ApplicationState.list)")
      }
      result.insert(state)
    }
    return result
  }
}
