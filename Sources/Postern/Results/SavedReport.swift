import Findings
package import Reports

/// `report`: saved results in other forms.
package struct SavedReport {
  private let path: String
  private let baselinePath: String?
  private let outputs: [OutputTarget<OutputFormat>]
  private let usesColor: Bool

  /// Asks for a report.
  ///
  /// - Parameters:
  ///   - path: The results; `-` is standard input.
  ///   - baselinePath: Earlier results, to mark what is new and list what is gone.
  ///   - outputs: None means text on standard output.
  ///   - usesColor: Whether text on standard output may be coloured.
  package init(
    path: String, baselinePath: String?, outputs: [OutputTarget<OutputFormat>], usesColor: Bool
  ) {
    self.path = path
    self.baselinePath = baselinePath
    self.outputs = outputs.isEmpty ? [OutputTarget(format: .text, path: nil)] : outputs
    self.usesColor = usesColor
  }

  /// Reads the results and writes all outputs.
  ///
  /// - Throws: ``UsageError`` when two outputs are one file, `ResultsError` when results cannot be used, before anything is written;
  ///   ``OutputError`` when an output could not be written.
  package func write() throws {
    try OutputCheck.distinct(outputs.compactMap(\.path))
    let folder = TemporaryFolder(besides: outputs.map(\.path))
    var document = try ResultsFile.read(path, keeping: folder)
    if let baselinePath {
      document = try document.compared(
        to: ResultsBaseline(try ResultsFile.read(baselinePath, keeping: folder)))
    }
    let renderer = ResultsRenderer(document)
    let sink = OutputSet(outputs, usesColor: usesColor) { $0.isPublic }
    try sink.write { output, usesColor, write in
      try renderer.render(
        output.format, usesColor: usesColor, replacing: output.replacedText, to: write)
    }
  }
}
