/// Results that cannot be used (exit 66).
package struct ResultsError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file as the user named it.
  package let name: String
  /// Line of the file, 1-based; `nil` when none could be read.
  package let line: Int?
  /// What is wrong and what to do.
  package let detail: String

  /// Makes an error.
  package init(name: String, line: Int?, detail: String) {
    self.name = name
    self.line = line
    self.detail = detail
  }

  /// Name, line and detail.
  package var description: String {
    line.map { "\(name): line \($0): \(detail)" } ?? "\(name): \(detail)"
  }
}

/// Bytes of results that can be read again at any offset: a file, or a spool.
package protocol ResultsSource: Sendable {
  /// Gives up to `count` bytes from `byteOffset`; none at the end.
  ///
  /// - Throws: ``ResultsError`` when they cannot be read.
  func bytes(at byteOffset: Int, count: Int) throws -> [UInt8]
}

extension ResultsSource {
  /// Number of the line that a byte belongs to, 1-based; for errors, for which all bytes before it are
  /// read again.
  ///
  /// - Complexity: O(*n*) in the bytes before it.
  func line(at byteOffset: Int) -> Int {
    var line = 1
    var position = 0
    while position < byteOffset,
      let bytes = try? bytes(at: position, count: min(1 << 20, byteOffset - position)),
      !bytes.isEmpty
    {
      line += bytes.count { $0 == UInt8(ascii: "\n") }
      position += bytes.count
    }
    return line
  }
}
