import Foundation

/// A run of the program with what it cost.
struct Measured {
  let code: Int32
  let userSeconds: Double
  let peakBytes: Int

  /// Whether figures are those of the program: a sanitizer takes time and memory of its own.
  static var isMeaningful: Bool {
    ProcessInfo.processInfo.environment["POSTERN_SANITIZER"] == nil
  }

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
    // The system's own figure begins with the memory of whoever started the child, which the other
    // tests of this process make large; so the child is asked while it runs.
    var peak = 0
    while true {
      let ended = unsafe wait4(child, &status, WNOHANG, &usage)
      if ended == child || ended < 0 && errno != EINTR { break }
      peak = max(peak, peakBytes(of: child))
      usleep(500)
    }
    let seconds = Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
    return Measured(
      // The exit code, or what a shell would say of a signal.
      code: status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F, userSeconds: seconds,
      peakBytes: peak)
  }

  /// The most memory that a running process has held; 0 when it is gone.
  private static func peakBytes(of process: pid_t) -> Int {
    let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0) << 10
  }
}
