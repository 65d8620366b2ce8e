import ArgumentParser
import Platform
import Postern
import Reports
import Results

/// `postern account`.
struct AccountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "account",
    abstract: "Show one account: class and why, privileges, logins, findings, timeline.",
    discussion: """
      Conditions on time (--since, --until) bound all figures. -o jsonl gives the account's record \
      and those of its findings, as a scan would. -o html gives a case file that prints whole: who it \
      is and why, each human login with its proof, all rows that matter, and what cannot be told.

      EXAMPLES
        postern account etl@example.com exports/
        postern account 005Hn00000007qoIAA exports/ --since 2026-08-01
        postern account etl@example.com exports/ -o html:case.html

      EXIT CODES
        0 complete   2 incomplete   64 usage   66 no such account, or no login rows
        70 internal fault   71 out of memory   74 output not written
      """)

  @Argument(help: "Id of 15 or 18 characters, or username.")
  var who: String

  @OptionGroup var input: InputOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The dossier as text, jsonl or html, to a path or standard output; repeatable.",
      valueName: "format[:path]"),
    completion: .list(["text", "jsonl", "html"]))
  var output: [String] = []

  @OptionGroup var terminal: TerminalOptions

  func run() throws {
    try terminal.run {
      var options = try input.scanOptions()
      terminal.complete(&options)
      var screen = AccountReport.Screen()
      screen.width = Terminal.width
      screen.usesColor = options.usesColor
      screen.usesUnicode = Terminal.usesUnicode
      let outputs = try OutputTarget<DossierFormat>.all(output)
      let outcome = try Dossier(of: who, options, outputs: outputs, screen: screen).run()
      return terminal.tell(outcome)
    }
  }
}
