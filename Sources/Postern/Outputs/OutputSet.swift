/// All outputs of a run: one that fails does not keep the others from being written.
struct OutputSet<Format>
where Format: RawRepresentable & CaseIterable & Sendable & Equatable, Format.RawValue == String {
  private let outputs: [OutputTarget<Format>]
  private let usesColor: Bool

  /// Makes a set; `usesColor` is for text on standard output.
  init(_ outputs: [OutputTarget<Format>], usesColor: Bool) {
    self.outputs = outputs
    self.usesColor = usesColor
  }

  /// Writes each output with `body`; files appear when all outputs are complete.
  ///
  /// - Parameter body: Gives the bytes of one output to its third argument.
  /// - Throws: ``OutputError`` for the first output that could not be written, after all others;
  ///   any other error of `body` at once, with no file left behind.
  func write(
    _ body: (OutputTarget<Format>, _ usesColor: Bool, _ write: ([UInt8]) throws -> Void) throws
      -> Void
  ) throws {
    var failure: OutputError?
    var files: [OutputFile] = []
    // Standard output is last: it can't be taken back when the results turn out unreadable.
    for output in outputs.filter({ $0.path != nil }) + outputs.filter({ $0.path == nil }) {
      do {
        let file = try OutputFile(path: output.path)
        try body(output, usesColor && output.path == nil) { try file.write($0) }
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
