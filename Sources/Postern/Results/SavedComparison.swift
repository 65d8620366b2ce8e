package import Findings
package import Platform
import Reports

/// A form of a comparison.
package enum ComparisonFormat: String, CaseIterable, Sendable {
  case text
  case jsonl
}

/// `diff`: what became of findings from one saved run to the next.
package struct SavedComparison {
  private let oldPath: String
  private let newPath: String
  private let outputs: [OutputTarget<ComparisonFormat>]
  private let failOn: Severity?
  private let usesColor: Bool

  /// Asks for a comparison.
  ///
  /// - Parameters:
  ///   - oldPath: The earlier results; one of the two may be `-`, standard input.
  ///   - newPath: The later results.
  ///   - outputs: None means text on standard output.
  ///   - failOn: Severity from which new and changed findings count; `nil` for never.
  ///   - usesColor: Whether text on standard output may be coloured.
  /// - Throws: ``UsageError`` when both would come from standard input.
  package init(
    oldPath: String, newPath: String, outputs: [OutputTarget<ComparisonFormat>],
    failOn: Severity?, usesColor: Bool
  ) throws(UsageError) {
    guard oldPath != "-" || newPath != "-" else {
      throw UsageError("only one of OLD and NEW can be standard input")
    }
    self.oldPath = oldPath
    self.newPath = newPath
    self.outputs = outputs.isEmpty ? [OutputTarget(format: .text, path: nil)] : outputs
    self.failOn = failOn
    self.usesColor = usesColor
  }

  /// Compares, writes all outputs, and gives the exit code.
  ///
  /// - Throws: `ResultsError` when results cannot be used, before anything is written;
  ///   ``OutputError`` when an output could not be written.
  package func write() throws -> ExitCode {
    try OutputCheck.distinct(outputs.compactMap(\.path))
    let folder = TemporaryFolder(besides: outputs.map(\.path))
    let comparison = try ResultsComparison(
      old: try ResultsFile.read(oldPath, keeping: folder),
      new: try ResultsFile.read(newPath, keeping: folder), failOn: failOn)
    try OutputSet(outputs, usesColor: usesColor).write { output, usesColor, write in
      switch output.format {
      case .text:
        try write(Array(ComparisonReport(comparison, usesColor: usesColor).text.utf8))
      case .jsonl: try comparison.writeLines(to: write)
      }
    }
    return comparison.exit
  }
}
