package import Findings
package import Platform
import Reports
import Results

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
  private let threads: Int

  /// Asks for a comparison.
  ///
  /// - Parameters:
  ///   - oldPath: The earlier results; one of the two may be `-`, standard input.
  ///   - newPath: The later results.
  ///   - outputs: None means text on standard output.
  ///   - failOn: Severity from which news counts; `nil` for never.
  ///   - usesColor: Whether text on standard output may be coloured.
  ///   - threads: Workers.
  /// - Throws: ``UsageError`` when both would come from standard input.
  package init(
    oldPath: String, newPath: String, outputs: [OutputTarget<ComparisonFormat>],
    failOn: Severity?, usesColor: Bool, threads: Int
  ) throws(UsageError) {
    guard oldPath != "-" || newPath != "-" else {
      throw UsageError("only one of OLD and NEW can be standard input")
    }
    self.oldPath = oldPath
    self.newPath = newPath
    self.outputs = outputs.isEmpty ? [OutputTarget(format: .text, path: nil)] : outputs
    self.failOn = failOn
    self.usesColor = usesColor
    self.threads = threads
  }

  /// Compares, writes all outputs, and gives the exit code: 2 when the new run was incomplete, 1 with
  /// findings over the threshold.
  ///
  /// - Throws: `ResultsError` when results cannot be used, before anything is written;
  ///   ``OutputError`` when an output could not be written.
  package func write() throws -> ExitCode {
    try OutputCheck.check(outputs.map(\.path), sparing: [oldPath, newPath])
    let folder = TemporaryFolder(besides: outputs.map(\.path))
    let old = try ResultsFile.open(oldPath, keeping: folder)
    let new = try ResultsFile.open(newPath, keeping: folder)
    let comparison = try ResultsComparison(
      old: FindingsBaseline(old.source, name: old.name, threads: threads), new: new.source,
      name: new.name, threads: threads, failOn: failOn)
    let exit = ExitCode.deciding([
      .incomplete: !comparison.newEnd.isComplete, .overThreshold: comparison.overThreshold > 0,
    ])
    try OutputSet(outputs, usesColor: usesColor).write { output, usesColor, file in
      switch output.format {
      case .text: try file.write(ComparisonReport(comparison, usesColor: usesColor).text.utf8)
      case .jsonl:
        var text = ByteText()
        comparison.writeLines(exit: Int(exit.rawValue), into: &text)
        try file.write(text)
      }
    }
    return exit
  }
}
