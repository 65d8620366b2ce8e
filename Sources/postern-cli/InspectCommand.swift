import ArgumentParser
import Platform
import Postern

/// `postern inspect`.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what the files are: kind, dialect, columns, rows, time range, rejects.",
    discussion: """
      EXAMPLES
        postern inspect exports/
        postern inspect LoginHistory.csv.gz
      """)

  @OptionGroup var input: InputOptions

  @OptionGroup var terminal: TerminalOptions

  func run() throws {
    try terminal.run {
      var options = try input.scanOptions()
      terminal.complete(&options)
      let outcome = try Inspection(options).run()
      Terminal.clearProgress()
      try StandardOutput.write(outcome.text)
      return outcome.exit
    }
  }
}
