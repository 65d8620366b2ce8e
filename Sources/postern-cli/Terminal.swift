import ArgumentParser
import Configuration
import Foundation
import Platform
import Postern
import Reports
import Synchronization

/// Standard error, and what the terminal can do.
enum Terminal {
  /// Cores that this process may use: workers where none are asked for.
  static var coreCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Writes a line to standard error, made safe for a terminal.
  static func note(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { SafeText.terminal(String($0)) }
    write(lines.joined(separator: "\n") + "\n")
  }

  /// Writes to standard error; when nobody reads it, there is nobody to tell.
  private static func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      // A reader that stalls must not keep a signal from ending the run.
      guard Interruption.waitForOutput(STDERR_FILENO) else { return }
      let count = unsafe rest.withUnsafeBytes {
        unsafe Foundation.write(2, $0.baseAddress, min($0.count, Interruption.pieceByteCount))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Writes a warning.
  static func warn(_ text: String) { note("postern: " + text) }

  /// Does a job, and ends the program with its exit code, or with a message and the code of its
  /// error.
  static func run(_ job: () throws -> ExitCode) throws {
    Signals.install()
    MemoryGuard.start { text in
      clearProgress()
      PendingFiles.removeAll()
      warn(text)
      _exit(ExitCode.outOfMemory.rawValue)
    }
    let code: ExitCode
    do {
      code = try job()
    } catch {
      guard let failure = ExitCode(error) else { throw error }
      clearProgress()
      PendingFiles.removeAll()
      // What failed when a signal had come, failed because of it.
      if let stopped = Signals.code { throw stopped.error }
      if let error = error as? OutputError, error.isClosedPipe { Signals.endByBrokenPipe() }
      warn("\(error)")
      code = failure
    }
    if code != .complete { throw code.error }
  }

  /// Whether the report on standard output is coloured.
  static func usesColor(_ toggle: Toggle) -> Bool {
    switch toggle {
    case .always: return true
    case .never: return false
    case .auto:
      let environment = ProcessInfo.processInfo.environment
      let isRefused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
      return isatty(1) == 1 && !isRefused && environment["TERM"] != "dumb"
    }
  }

  /// Whether somebody sits before it, to whom a hint is of use.
  static var isInteractive: Bool { isatty(1) == 1 && isatty(2) == 1 }

  /// Columns of the terminal on standard output; `nil` when it is none.
  ///
  /// `COLUMNS` overrides what the terminal says.
  static var width: Int? {
    guard isatty(1) == 1 else { return nil }
    if let text = ProcessInfo.processInfo.environment["COLUMNS"], let count = Int(text), count > 0 {
      return count
    }
    var size = winsize()
    guard unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Whether the locale shows Unicode.
  static var usesUnicode: Bool {
    let environment = ProcessInfo.processInfo.environment
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty }
    return locale.map { name in
      let name = name.lowercased()
      return name.contains("utf-8") || name.contains("utf8")
    } ?? false
  }

  /// Whether progress is shown.
  static func showsProgress(_ toggle: Toggle) -> Bool {
    toggle == .always || (toggle == .auto && isatty(2) == 1)
  }

  private struct ProgressState {
    var start = ContinuousClock.now
    var last: ContinuousClock.Instant?
  }

  private static let state = Locked(ProgressState())

  /// A reporter that writes one line, at most five times a second.
  ///
  /// - Parameter waits: Whether a run that is over at once shows none.
  static func progressReporter(waits: Bool) -> @Sendable (ScanProgress) -> Void {
    { progress in
      if progress.isFinished {
        clearProgress()
        return
      }
      let now = ContinuousClock.now
      let elapsed: Double? = state.withLock { state in
        if waits, now - state.start < .milliseconds(300) { return nil }
        if let last = state.last, now - last < .milliseconds(200) { return nil }
        state.last = now
        return Double((now - state.start) / .milliseconds(1)) / 1_000
      }
      guard let elapsed, elapsed > 0 else { return }
      let done = Double(progress.doneBytes) / 1e6
      let total = Double(progress.totalBytes) / 1e6
      var line = String(
        format: "%.0f of %.0f MB, %.1f M rows/s, %.0f MB/s", done, total,
        Double(progress.rows) / elapsed / 1e6, done / elapsed)
      if progress.doneBytes > 0, progress.totalBytes > progress.doneBytes, elapsed > 1 {
        line += String(format: ", %.0f s left", elapsed * (total - done) / done)
      }
      write("\r\u{1B}[K" + line)
    }
  }

  /// Removes the progress line.
  static func clearProgress() {
    let isShown = state.withLock { state in
      defer { state.last = nil }
      return state.last != nil
    }
    if isShown {
      write("\r\u{1B}[K")
    }
  }
}

/// The first SIGINT or SIGTERM stops the run cleanly; a second one ends it at once.
enum Signals {
  /// The signal that asked to stop; 0 for none.
  static let received = Atomic<Int32>(0)

  static func install() {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { number in
      Signals.received.store(number, ordering: .relaxed)
      if Scan.cancel() { _exit(128 + number) }
    }
    // Without SA_RESTART, so that a read that waits for a pipe ends.
    // Whoever started the program may have blocked them in a thread of its own.
    var wanted = sigset_t()
    unsafe sigemptyset(&wanted)
    for number in [SIGINT, SIGTERM] {
      unsafe sigaction(number, &action, nil)
      unsafe sigaddset(&wanted, number)
    }
    unsafe pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    // A closed pipe is noticed where it is written to, so that files still go away in order.
    signal(SIGPIPE, SIG_IGN)
    // So is a limit on the size of files (ulimit -f).
    signal(SIGXFSZ, SIG_IGN)
  }

  /// How a run ends that a signal asked to stop; `nil` when none has come.
  static var code: ExitCode? { ExitCode(signal: received.load(ordering: .relaxed)) }

  /// Ends as programs end whose reader has gone: quietly, with nothing half-written.
  static func endByBrokenPipe() -> Never {
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
    exit(128 + SIGPIPE)
  }
}
