import Glibc
import Platform
import Synchronization

/// An open file descriptor, read without any regard for what it belongs to.
final class OpenFile {
  let place: FailurePlace
  private let descriptor: Int32
  private let closesAtEnd: Bool
  private let isRegular: Bool

  /// Opens a file for reading.
  convenience init(path: String, place: FailurePlace) throws(DecompressionError) {
    let descriptor = Interruption.openForReading(path)
    guard descriptor >= 0 else {
      throw place.failure(.unreadable, at: 0, "cannot be opened: \(SystemError.text)")
    }
    self.init(descriptor: descriptor, place: place, closesAtEnd: true)
  }

  /// Takes a descriptor that is open already.
  init(descriptor: Int32, place: FailurePlace, closesAtEnd: Bool) {
    self.descriptor = descriptor
    self.place = place
    self.closesAtEnd = closesAtEnd
    isRegular = FileStatus(descriptor: descriptor)?.kind == .regular
  }

  deinit {
    if closesAtEnd { _ = close(descriptor) }
  }

  /// The size of a regular file; `nil` for pipes, devices and the like.
  var regularByteCount: UInt64? {
    guard let status = FileStatus(descriptor: descriptor), status.kind == .regular else {
      return nil
    }
    return UInt64(clamping: status.byteCount)
  }

  /// Reads on from where the file stands, as much as one call gives; 0 at the end.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
  ) throws(DecompressionError) -> Int {
    while true {
      let isReady = isRegular || Interruption.waitForInput(descriptor)
      let count = isReady ? unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count) : -1
      if count >= 0 { return count }
      let reason = isReady ? errno : EINTR
      if reason == EAGAIN { continue }
      if reason == EINTR, !Interruption.isRequested.load(ordering: .relaxed) { continue }
      throw place.failure(
        .unreadable, at: offset, "cannot be read: \(SystemError.text(of: reason))")
    }
  }

  /// Reads from a place of a regular file until the buffer is full or the file ends.
  func readWhole(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
  ) throws(DecompressionError) -> Int {
    var filled = 0
    while filled < buffer.count, let place64 = off_t(exactly: offset + UInt64(filled)) {
      let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = unsafe pread(descriptor, room.baseAddress, room.count, place64)
      if count > 0 {
        filled += count
      } else if count == 0 {
        break
      } else {
        let reason = errno
        if reason == EINTR { continue }
        throw place.failure(
          .unreadable, at: offset + UInt64(filled),
          "cannot be read: \(SystemError.text(of: reason))")
      }
    }
    return filled
  }

  /// Moves to a place of a regular file.
  func seek(to offset: UInt64) throws(DecompressionError) {
    guard let target = off_t(exactly: offset), lseek(descriptor, target, SEEK_SET) == target else {
      throw place.failure(.unreadable, at: offset, "cannot be read from here: it is not a file")
    }
  }
}
