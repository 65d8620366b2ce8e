import Foundation

/// A run of the program with what it cost.
struct Measured {
  let code: Int32
  let userSeconds: Double
  let peakBytes: Int

  /// Runs a command, its output thrown away, and asks the system what it used.
  ///
  /// `Process` reaps its child and loses the figures, so the child is started by hand.
  static func run(_ command: [String]) throws -> Measured {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for descriptor: Int32 in [0, 1, 2] {
      unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    var words: [UnsafeMutablePointer<CChar>?] = unsafe command.map { unsafe strdup($0) }
    unsafe words.append(nil)
    defer { for index in unsafe words.indices { unsafe free(words[index]) } }
    var child = pid_t()
    let result = unsafe posix_spawnp(&child, command[0], &actions, nil, words, environ)
    guard result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: result) ?? .EIO) }
    var status: Int32 = 0
    var usage = rusage()
    while unsafe wait4(child, &status, 0, &usage) < 0, errno == EINTR {}
    let seconds = Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
    return Measured(
      // The exit code, or what a shell would say of a signal.
      code: status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F, userSeconds: seconds,
      peakBytes: usage.ru_maxrss << 10)
  }
}
