import Foundation
import Platform

/// Makes standard input readable a second time.
enum StandardInputCopy {
  /// Puts a nameless file with all of standard input in its place, unless it is a file already.
  ///
  /// - Returns: Where reading begins, for ``rewind(to:)``.
  /// - Throws: ``OutputError`` when the copy cannot be made; ``Cancelled``.
  static func make(in folder: TemporaryFolder) throws -> Int {
    if FileStatus(descriptor: STDIN_FILENO)?.kind == .regular {
      return Int(lseek(STDIN_FILENO, 0, SEEK_CUR))
    }
    let copy = try NamelessFile(in: folder)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { unsafe buffer.deallocate() }
    while true {
      guard Interruption.waitForInput(STDIN_FILENO) else { throw Cancelled() }
      let count = unsafe read(STDIN_FILENO, buffer.baseAddress, buffer.count)
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      // What a failing input gave before is analysed; the failure is an early end like any other.
      guard count > 0 else { break }
      try unsafe copy.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    dup2(copy.descriptor, STDIN_FILENO)
    rewind(to: 0)
    return 0
  }

  /// Lets standard input begin again.
  static func rewind(to offset: Int) { lseek(STDIN_FILENO, off_t(offset), SEEK_SET) }
}
