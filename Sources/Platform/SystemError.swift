import Glibc

/// The reason that the C library gives for a failed call.
package enum SystemError {
  /// The reason of the call before, `errno` in words.
  package static var text: String { text(of: errno) }

  /// An `errno` value in words.
  package static func text(of code: Int32) -> String {
    guard let message = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: message)
  }
}
