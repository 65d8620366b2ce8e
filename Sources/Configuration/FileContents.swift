import Glibc
import Platform

/// Reads small files whole: a configuration and the files it names.
package enum FileContents {
  /// The most bytes that such a file may have.
  package static let byteBound = 64 << 20

  /// Why a file cannot be read.
  package struct Failure: Error, Hashable, Sendable {
    /// What is wrong, as half a sentence for people.
    package let detail: String
  }

  /// The content of a file.
  ///
  /// - Parameters:
  ///   - path: A regular file or a pipe, such as a shell's `<(…)`.
  ///   - byteBound: The most bytes that it may have.
  /// - Throws: ``Failure`` when it cannot be opened or read, is a folder, or is too large.
  package static func read(_ path: String, byteBound: Int = byteBound) throws(Failure) -> [UInt8] {
    // A text with a zero byte would name another file than it shows.
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw Failure(detail: "the path names no file")
    }
    let descriptor = Interruption.openForReading(path)
    guard descriptor >= 0 else { throw Failure(detail: reason(errno)) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      guard Interruption.waitForInput(descriptor) else { throw Failure(detail: reason(EINTR)) }
      let count = unsafe piece.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count >= 0 else { throw Failure(detail: reason(errno)) }
      guard count > 0 else { return bytes }
      guard bytes.count + count <= byteBound else {
        throw Failure(detail: "the file is larger than \(byteBound >> 20) MiB")
      }
      bytes += piece[..<count]
    }
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT, ENOTDIR: "there is no such file"
    case EACCES, EPERM: "the file may not be read by this user"
    case EISDIR: "it is a folder, not a file"
    case EINTR: "the run was asked to stop"
    default: "the file cannot be read (error \(code))"
    }
  }
}
