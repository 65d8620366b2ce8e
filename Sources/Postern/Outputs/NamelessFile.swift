import Foundation

/// A temporary file that only this process can reach, and that vanishes with it however it ends.
///
/// It lies in the folder that `TMPDIR` names, is made under a name that nobody can guess, for this
/// user alone, and loses its name at once.
@safe
final class NamelessFile {
  let descriptor: Int32

  /// Makes an empty file.
  init() throws(OutputError) {
    let path = NSTemporaryDirectory() + "/.postern-\(UUID().uuidString).tmp"
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw OutputError(
        path: NSTemporaryDirectory(),
        detail: "a temporary file cannot be made (\(Self.reason)); TMPDIR chooses another folder")
    }
    unsafe unlink(path)
  }

  deinit { close(descriptor) }

  /// Adds bytes at the end.
  func append(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
    var rest = unsafe bytes
    while unsafe !rest.isEmpty {
      let count = unsafe write(descriptor, rest.baseAddress, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw OutputError(
          path: NSTemporaryDirectory(),
          detail: "a temporary file cannot be written (\(Self.reason)); TMPDIR chooses another "
            + "folder")
      }
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Fills `buffer` with what stands at `offset`.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(OutputError) {
    var done = 0
    while done < buffer.count {
      let count = unsafe pread(
        descriptor, buffer.baseAddress.unsafelyUnwrapped + done, buffer.count - done,
        off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw OutputError(
          path: NSTemporaryDirectory(), detail: "a temporary file cannot be read back")
      }
      done += count
    }
  }

  private static var reason: String { unsafe String(cString: strerror(errno)) }
}
