import ArgumentParser
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

  func run() throws {
    Signals.install()
    do {
      let outcome = try Inspection(try input.scanOptions()).run()
      print(outcome.text, terminator: "")
      throw ExitCode(outcome.exit)
    } catch let error as UsageError {
      throw Terminal.failure(error.description, code: 64)
    } catch let error as OutputError {
      throw Terminal.failure(error.description, code: 74)
    } catch is Cancelled {
      throw ExitCode(130)
    }
  }
}
