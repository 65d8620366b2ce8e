import Foundation

/// An output that could not be written (exit 74).
package struct OutputError: Error, Sendable, CustomStringConvertible {
  /// The output.
  package let path: String
  /// What is wrong.
  package let detail: String
  /// Whether it is standard output, and whoever read it has gone: nothing to complain of.
  package let isClosedPipe: Bool

  init(path: String, detail: String, isClosedPipe: Bool = false) {
    self.path = path
    self.detail = detail
    self.isClosedPipe = isClosedPipe
  }

  /// Path and detail.
  package var description: String { "\(path): \(detail)" }
}

/// A place for results: a file that appears whole or not at all, or standard output.
///
/// A file is written under a temporary name beside its target and renamed when it is complete. A
/// target that is not a regular file is written in place; a symbolic link is followed first.
final class OutputFile {
  private let name: String
  private let target: String?
  private var temporary: String?
  private var descriptor: Int32
  private var buffer: [UInt8] = []

  /// Opens an output; `nil` is standard output.
  init(path: String?) throws(OutputError) {
    guard let path else {
      name = "standard output"
      target = nil
      descriptor = 1
      return
    }
    name = path
    let resolved = Self.resolved(path)
    var status = stat()
    if unsafe stat(resolved, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      target = nil
      descriptor = unsafe open(resolved, O_WRONLY | O_CLOEXEC)
    } else {
      target = resolved
      let folder = (resolved as NSString).deletingLastPathComponent
      let base = (resolved as NSString).lastPathComponent
      let hidden = (folder as NSString).appendingPathComponent(
        ".\(base).postern-\(UUID().uuidString.prefix(8)).tmp")
      descriptor = unsafe open(hidden, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      temporary = descriptor >= 0 ? hidden : nil
    }
    guard descriptor >= 0 else {
      throw OutputError(path: path, detail: unsafe String(cString: strerror(errno)))
    }
    if let temporary { PendingFiles.add(temporary) }
  }

  /// The file that a symbolic link leads to, which need not exist yet.
  private static func resolved(_ path: String) -> String {
    var path = path
    for _ in 0..<40 {
      guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else {
        break
      }
      path =
        next.hasPrefix("/")
        ? next
        : ((path as NSString).deletingLastPathComponent as NSString).appendingPathComponent(next)
    }
    return path
  }

  /// Adds bytes.
  func write(_ bytes: some Sequence<UInt8>) throws(OutputError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= 1 << 18 { try flush() }
  }

  /// Adds a line.
  func writeLine(_ bytes: [UInt8]) throws(OutputError) {
    try write(bytes)
    try write(CollectionOfOne(UInt8(ascii: "\n")))
  }

  private func flush() throws(OutputError) {
    var start = 0
    while start < buffer.count {
      let written = unsafe buffer.withUnsafeBytes { bytes in
        unsafe Foundation.write(
          descriptor, UnsafeRawBufferPointer(rebasing: bytes[start...]).baseAddress,
          bytes.count - start)
      }
      if written < 0 {
        if errno == EINTR { continue }
        let isClosedPipe = errno == EPIPE && descriptor == STDOUT_FILENO
        throw OutputError(
          path: name, detail: unsafe String(cString: strerror(errno)), isClosedPipe: isClosedPipe)
      }
      start += written
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Makes the output complete and visible.
  func finish() throws(OutputError) {
    try flush()
    if descriptor > 2 {
      guard close(descriptor) == 0 else {
        throw OutputError(path: name, detail: unsafe String(cString: strerror(errno)))
      }
      descriptor = -1
    }
    guard let temporary, let target else { return }
    guard unsafe rename(temporary, target) == 0 else {
      throw OutputError(path: name, detail: unsafe String(cString: strerror(errno)))
    }
    PendingFiles.remove(temporary)
    self.temporary = nil
  }

  deinit {
    // Not finished: nothing half-written stays behind.
    if descriptor > 2 { close(descriptor) }
    if let temporary {
      unsafe unlink(temporary)
      PendingFiles.remove(temporary)
    }
  }
}
