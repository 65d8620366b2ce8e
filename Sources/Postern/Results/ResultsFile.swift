import Decompression
import Foundation
import Platform
import Reports
import Synchronization

/// A results file, read where it lies.
final class ResultsFile: ResultsSource {
  private let name: String
  private let descriptor: Int32

  /// Reads and checks the results in a file; `-` is standard input.
  ///
  /// - Parameter folder: Where what comes from a pipe is kept.
  /// - Throws: ``ResultsError`` when they cannot be used.
  static func read(_ path: String, keeping folder: TemporaryFolder) throws -> ResultsDocument {
    if path == "-" {
      let spool = TemporarySpool(in: folder)
      let input = try ResultsFile(descriptor: 0, name: "standard input")
      while let bytes = try input.nextBytes() { try spool.add(bytes) }
      return try ResultsReader.read(spool, name: "standard input")
    }
    let descriptor = Interruption.openForReading(path)
    let file = try ResultsFile(descriptor: descriptor, name: path)
    guard let status = FileStatus(descriptor: descriptor), status.kind != .folder else {
      throw ResultsError(name: path, line: nil, detail: "is a folder; name a file of -o jsonl")
    }
    guard status.kind != .regular else {
      return try ResultsReader.read(file, name: path)
    }
    // A pipe can't be read twice.
    let spool = TemporarySpool(in: folder)
    while let bytes = try file.nextBytes() { try spool.add(bytes) }
    return try ResultsReader.read(spool, name: path)
  }

  private init(descriptor: Int32, name: String) throws(ResultsError) {
    guard descriptor >= 0 else {
      throw ResultsError(name: name, line: nil, detail: SystemError.text)
    }
    self.descriptor = descriptor
    self.name = name
  }

  deinit { if descriptor > 2 { close(descriptor) } }

  /// Gives up to `count` bytes from `byteOffset`.
  func bytes(at byteOffset: Int, count: Int) throws -> [UInt8] {
    try unsafe fill(count) { buffer in
      unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(byteOffset))
    }
  }

  /// The next bytes of a pipe; `nil` at its end.
  private func nextBytes() throws -> [UInt8]? {
    guard Interruption.waitForInput(descriptor) else { throw Cancelled() }
    let bytes = try unsafe fill(1 << 18) { buffer in
      unsafe Foundation.read(descriptor, buffer.baseAddress, buffer.count)
    }
    return bytes.isEmpty ? nil : bytes
  }

  private func fill(
    _ count: Int, _ body: (UnsafeMutableBufferPointer<UInt8>) -> Int
  ) throws -> [UInt8] {
    try Cancelled.check()
    var failure: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while true {
        let got = unsafe body(buffer)
        if got < 0, errno == EINTR || errno == EAGAIN { continue }
        if got < 0 { failure = errno }
        filled = max(0, got)
        return
      }
    }
    guard failure == 0 else {
      throw ResultsError(name: name, line: nil, detail: SystemError.text(of: failure))
    }
    return bytes
  }
}
