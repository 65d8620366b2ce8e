/// How the program ends, as `grep` and `diff` do it, with the codes of `sysexits.h` above.
///
/// The cases stand in the order of their precedence.
package enum ExitCode: Int32, Sendable, CaseIterable {
  /// Stopped by SIGINT.
  case interrupted = 130
  /// Stopped by SIGTERM.
  case terminated = 143
  /// Rows are not accounted for, or results do not fit each other.
  case internalFault = 70
  case outOfMemory = 71
  /// An output could not be written.
  case outputNotWritten = 74
  /// Nothing could be analysed.
  case nothingAnalysed = 66
  /// A mistake in options or configuration, found before anything is analysed.
  case usage = 64
  /// Results were written, and something could not be read.
  case incomplete = 2
  /// Complete, and a finding is at or over the threshold.
  case overThreshold = 1
  case complete = 0

  /// The code of a run.
  ///
  /// - Parameter causes: Codes, each with the answer whether there is cause for it.
  /// - Returns: Of those with a cause the one that comes first in precedence; else ``complete``.
  package static func deciding(_ causes: KeyValuePairs<ExitCode, Bool>) -> ExitCode {
    allCases.first { code in causes.contains { $0.key == code && $0.value } } ?? .complete
  }

  /// The code of a run that a signal stops; `nil` for signals that are not caught.
  package init?(signal: Int32) { self.init(rawValue: 128 + signal) }
}
