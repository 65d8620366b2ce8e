import ArgumentParser
import Platform
import Postern
import Results

/// Options about standard error and the terminal, the same on every verb that reads inputs.
struct TerminalOptions: ParsableArguments {
  @Option(help: "Show progress on standard error: auto, always or never.")
  var progress: Toggle = .auto

  @Option(help: "Colour the text: auto, always or never (NO_COLOR is honoured).")
  var color: Toggle = .auto

  @Flag(name: .shortAndLong, help: "Nothing on standard error but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say on standard error what each input was.")
  var verbose = false

  /// Fills in what the options decide.
  func complete(_ options: inout ScanOptions) {
    options.usesColor = Terminal.usesColor(color)
    if !quiet, options.inputs.contains("-") { Terminal.noteWaiting(for: "an export") }
    if !quiet, Terminal.showsProgress(progress) {
      options.progress = Terminal.progressReporter(waits: progress != .always)
    }
  }

  /// Says something unless it is to be quiet.
  func note(_ text: String) {
    if !quiet { Terminal.note(text) }
  }

  /// Says what only `--verbose` asks for.
  func detail(_ text: String) {
    if verbose, !quiet { Terminal.note(text) }
  }

  /// Says how a verb ended that reads exports; gives its exit code.
  ///
  /// - Parameter remark: What stands behind the accounting of rows.
  func tell(_ outcome: ReadingOutcome, remark: String = "") -> ExitCode {
    Terminal.clearProgress()
    let rows = outcome.rows
    note(
      "rows: \(rows.read) read = \(rows.analysed) analysed + \(rows.duplicate) duplicate + "
        + "\(rows.filtered) filtered + \(rows.rejected) rejected\(remark)")
    for text in outcome.details { detail(text) }
    for message in outcome.messages { note(message) }
    for reason in outcome.incompleteReasons { Terminal.warn("incomplete: " + reason) }
    return outcome.exit
  }

  /// Tells a next step to somebody at a terminal.
  func hint(_ text: String) {
    if !quiet, Terminal.isInteractive { Terminal.note("hint: " + text) }
  }

  /// Does a job, and ends the program with its exit code, or that of its error.
  func run(_ job: () throws -> ExitCode) throws { try Terminal.run(job) }
}

/// auto, always or never.
enum Toggle: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}
