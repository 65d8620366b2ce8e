import Decompression
import Foundation
import Platform
import Results
import Synchronization

/// A results file, read where it lies.
final class ResultsFile: ResultsSource {
  private let name: String
  private let descriptor: Int32

  /// Opens saved results; `-` is standard input.
  ///
  /// - Parameter folder: Where what comes from a pipe is kept.
  /// - Returns: The bytes, and the name of the file in messages.
  /// - Throws: ``ResultsError`` when there is nothing to read; ``OutputError`` when a pipe cannot be
  ///   kept.
  static func open(
    _ path: String, keeping folder: TemporaryFolder
  ) throws -> (source: any ResultsSource, name: String) {
    let name = path == "-" ? "standard input" : path
    let descriptor = path == "-" ? 0 : Interruption.openForReading(path)
    let file = try ResultsFile(descriptor: descriptor, name: name)
    guard let status = FileStatus(descriptor: descriptor), status.kind != .folder else {
      throw ResultsError(name: path, line: nil, detail: "is a folder; name a file of -o jsonl")
    }
    // Standard input may stand anywhere in its file.
    let isFile = status.kind == .regular && path != "-"
    let isPacked = try isFile && file.bytes(at: 0, count: 2) == gzipMark
    guard !isFile || isPacked else { return (file, name) }
    // What comes from a pipe, or is packed, can't be read twice.
    let spool = TemporarySpool(in: folder)
    if isPacked {
      try unpack(path, into: spool)
    } else {
      while let bytes = try file.nextBytes() { try spool.add(bytes) }
    }
    return (spool, name)
  }

  /// The first bytes of a gzip file.
  private static let gzipMark: [UInt8] = [0x1F, 0x8B]

  private static func unpack(_ path: String, into spool: TemporarySpool) throws {
    func text(_ error: DecompressionError) -> ResultsError {
      ResultsError(name: path, line: nil, detail: error.placedDetail)
    }
    let stream: ByteStream
    do throws(DecompressionError) {
      stream = unsafe try ByteStream.open(path: path, limits: InflateLimits())
    } catch {
      throw text(error)
    }
    var room = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      try Cancelled.check()
      let result = unsafe room.withUnsafeMutableBytes { room -> Result<Int, DecompressionError> in
        do throws(DecompressionError) {
          return .success(try unsafe stream.read(into: room))
        } catch {
          return .failure(error)
        }
      }
      switch result {
      case .success(0): return
      case .success(let count): try spool.add(Array(room[..<count]))
      case .failure(let error): throw text(error)
      }
    }
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
