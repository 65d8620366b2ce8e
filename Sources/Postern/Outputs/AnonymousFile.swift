import Foundation
import Platform

/// A temporary file that only this process can reach, and that vanishes with it however it ends.
@safe
final class AnonymousFile: Sendable {
  let descriptor: Int32
  private let place: String

  /// Makes an empty file.
  init(in folder: TemporaryFolder) throws(OutputError) {
    (descriptor, place) = try folder.makeFile()
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
          path: place,
          detail: "a temporary file cannot be written "
            + "(\(SystemError.text))")
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
        throw OutputError(path: place, detail: "a temporary file cannot be read back")
      }
      done += count
    }
  }
}
