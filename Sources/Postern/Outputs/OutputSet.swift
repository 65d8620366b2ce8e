/// All outputs of a run: one that fails does not keep the others from being written.
struct OutputSet<Format>
where Format: RawRepresentable & CaseIterable & Sendable & Equatable, Format.RawValue == String {
  private let outputs: [OutputTarget<Format>]
  private let usesColor: Bool

  private let isPublic: (Format) -> Bool

  /// Makes a set.
  ///
  /// - Parameters:
  ///   - usesColor: For text on standard output.
  ///   - isPublic: Which forms other users may read.
  init(
    _ outputs: [OutputTarget<Format>], usesColor: Bool,
    isPublic: @escaping (Format) -> Bool = { _ in false }
  ) {
    self.outputs = outputs
    self.usesColor = usesColor
    self.isPublic = isPublic
  }

  /// Writes each output with `body`; files appear when all outputs are complete.
  ///
  /// - Parameter body: Writes the bytes of one output into its file.
  /// - Throws: ``OutputError`` for the first output that could not be written, after all others;
  ///   any other error of `body` at once, with no file left behind.
  func write(
    _ body: (OutputTarget<Format>, _ usesColor: Bool, OutputFile) throws -> Void
  ) throws {
    var failure: OutputError?
    var files: [OutputFile] = []
    // Standard output is last: it can't be taken back when the results turn out unreadable.
    for output in outputs.filter({ $0.path != nil }) + outputs.filter({ $0.path == nil }) {
      do {
        let file = try OutputFile(path: output.path, isPublic: isPublic(output.format))
        try body(output, usesColor && output.path == nil, file)
        files.append(file)
      } catch let error as OutputError {
        failure = failure ?? error
      }
    }
    for file in files {
      do { try file.finish() } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
  }
}
