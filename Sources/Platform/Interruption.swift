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
      let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | (isFIFO ? O_NONBLOCK : 0))
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
      let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
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

  /// Waits until a read of a pipe, terminal or device gives something or its end.
  ///
  /// - Returns: `false` when the program was asked to stop.
  package static func waitForInput(_ descriptor: Int32) -> Bool {
    while !isRequested.load(ordering: .relaxed) {
      var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let count = unsafe poll(&polled, 1, waitMilliseconds)
      // A descriptor that cannot be waited for tells why when it is read.
      if count > 0 || count < 0 && errno != EINTR { return true }
    }
    return false
  }
}
