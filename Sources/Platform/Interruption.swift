import Glibc
package import Synchronization

/// Whether the program was asked to stop, and how to wait for a pipe without missing it.
///
/// A signal ends a call that waits only in the thread that it is delivered to, and only once the call
/// has begun; so nothing here waits for long without a look at the flag.
package enum Interruption {
  /// Set from a signal handler.
  package static let isRequested = Atomic<Bool>(false)

  /// How long a wait lasts before the flag is looked at: 50 ms.
  private static let waitMilliseconds: Int32 = 50

  /// Opens a file for reading, a FIFO without a writer too.
  ///
  /// - Returns: A descriptor; below zero when the file cannot be opened, and `errno` says why.
  package static func openForReading(_ path: String) -> Int32 {
    let isFIFO = FileStatus(path: path)?.kind == .pipe
    while true {
      let descriptor = unsafe open(
        PathText.bytes(path), O_RDONLY | O_CLOEXEC | (isFIFO ? O_NONBLOCK : 0))
      if descriptor < 0, errno == EINTR, !isRequested.load(ordering: .relaxed) { continue }
      return descriptor
    }
  }

  /// Opens a FIFO or device for writing, when a FIFO has a reader.
  ///
  /// - Returns: A descriptor; below zero when it cannot be opened, and `errno` says why: `EINTR` when
  ///   the program was asked to stop.
  package static func openForWriting(_ path: String) -> Int32 {
    while true {
      let descriptor = unsafe open(PathText.bytes(path), O_WRONLY | O_CLOEXEC | O_NONBLOCK)
      if descriptor >= 0 {
        _ = fcntl(descriptor, F_SETFL, O_WRONLY)
        return descriptor
      }
      let reason = errno
      guard reason == EINTR || reason == ENXIO, FileStatus(path: path)?.kind == .pipe else {
        errno = reason
        return descriptor
      }
      if isRequested.load(ordering: .relaxed) {
        errno = EINTR
        return descriptor
      }
      usleep(UInt32(waitMilliseconds) * 1_000)
    }
  }

  /// Waits until a write of a few bytes to a pipe, terminal or device does not wait for its reader.
  ///
  /// - Returns: `false` when the program was asked to stop.
  package static func waitForOutput(_ descriptor: Int32) -> Bool {
    repeat {
      if isReady(descriptor, for: POLLOUT) { return true }
    } while !isRequested.load(ordering: .relaxed)
    return false
  }

  /// Waits until a read of a pipe, terminal or device gives something or its end.
  ///
  /// - Returns: `false` when the program was asked to stop.
  package static func waitForInput(_ descriptor: Int32) -> Bool {
    while !isRequested.load(ordering: .relaxed) {
      if isReady(descriptor, for: POLLIN) { return true }
    }
    return false
  }

  private static func isReady(_ descriptor: Int32, for event: Int32) -> Bool {
    var polled = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    let count = unsafe poll(&polled, 1, waitMilliseconds)
    // A descriptor that cannot be waited for tells why when it is used.
    return count > 0 || count < 0 && errno != EINTR
  }

  /// Bytes that a pipe takes at once when it takes any.
  package static let pieceByteCount = 4_096
}
