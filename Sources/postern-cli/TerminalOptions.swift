import ArgumentParser
import Postern
import Synchronization

/// Options about standard error and the terminal, the same on every verb that reads inputs.
struct TerminalOptions: ParsableArguments {
  @Option(help: "Show progress on standard error: auto, always or never.")
  var progress: Toggle = .auto

  @Option(help: "Colour the text: auto, always or never (NO_COLOR is honoured).")
  var color: Toggle = .auto

  @Flag(name: .shortAndLong, help: "Nothing on standard error but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more on standard error.")
  var verbose = false

  /// Fills in what the options decide.
  func complete(_ options: inout ScanOptions) {
    options.usesColor = Terminal.usesColor(color)
    if !quiet, Terminal.showsProgress(progress) { options.progress = Terminal.progressReporter() }
  }

  /// Says something unless it is to be quiet.
  func note(_ text: String) {
    if !quiet { Terminal.note(text) }
  }

  /// Tells a next step to somebody at a terminal.
  func hint(_ text: String) {
    if !quiet, Terminal.isInteractive { Terminal.note("hint: " + text) }
  }

  /// Does a job, and turns its errors into messages and exit codes.
  func run(_ job: () throws -> Void) throws {
    Signals.install()
    do {
      try job()
    } catch let error as UsageError {
      Terminal.clearProgress()
      throw Terminal.failure(error.description, code: 64)
    } catch let error as OutputError {
      if error.isClosedPipe { Signals.endByBrokenPipe() }
      Terminal.clearProgress()
      PendingFiles.removeAll()
      throw Terminal.failure(error.description, code: 74)
    } catch let error as AccountNotFound {
      Terminal.clearProgress()
      throw Terminal.failure(error.description, code: 66)
    } catch is Cancelled {
      Terminal.clearProgress()
      PendingFiles.removeAll()
      throw ExitCode(128 + Signals.received.load(ordering: .relaxed))
    }
  }
}

/// auto, always or never.
enum Toggle: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}
