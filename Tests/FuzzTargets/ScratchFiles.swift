import Glibc

/// A file without a name, for readers that want a descriptor or a path; in memory where `TMPDIR` is.
///
/// One for all executions: to make one takes as long as to read it.
// Unchecked: targets run one after the other; a test that replays them is serialized.
final class AnonymousFile: @unchecked Sendable {
  static let shared = AnonymousFile()

  let descriptor: Int32

  private init() {
    var template = Array((scratchParent + "/postern-fuzz-XXXXXX").utf8CString)
    descriptor = unsafe template.withUnsafeMutableBufferPointer { template in
      guard let name = template.baseAddress else { return -1 }
      let descriptor = unsafe mkstemp(name)
      if descriptor >= 0 { _ = unsafe unlink(name) }
      return descriptor
    }
    precondition(descriptor >= 0, "no file can be made in \(scratchParent)")
  }

  /// Replaces what the file holds.
  func hold(_ bytes: [UInt8]) {
    precondition(ftruncate(descriptor, 0) == 0, "a file without a name cannot be emptied")
    lseek(descriptor, 0, SEEK_SET)
    writeAll(bytes, to: descriptor)
  }

  /// A path that leads to the file.
  var path: String { "/proc/self/fd/\(descriptor)" }
}

private func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
  var written = 0
  while written < bytes.count {
    let count = unsafe bytes.withUnsafeBytes { bytes in
      unsafe write(
        descriptor, bytes.baseAddress.unsafelyUnwrapped + written, bytes.count - written)
    }
    precondition(count > 0, "a file cannot be written")
    written += count
  }
}

/// Where files of an execution lie.
private let scratchParent =
  unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"

/// A folder that vanishes with its last user; in memory where `TMPDIR` is.
final class ScratchFolder {
  let path: String
  private var files: Set<String> = []

  init() {
    var template = Array((scratchParent + "/postern-fuzz-XXXXXX").utf8CString)
    let isMade = unsafe template.withUnsafeMutableBufferPointer { template in
      guard let name = template.baseAddress else { return false }
      return unsafe mkdtemp(name) != nil
    }
    precondition(isMade, "no folder can be made in \(scratchParent)")
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Writes a file; an earlier one of that name is replaced.
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) -> String {
    let file = path + "/" + name
    let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    precondition(descriptor >= 0, "\(file) cannot be made")
    files.insert(file)
    writeAll(bytes, to: descriptor)
    close(descriptor)
    return file
  }

  /// What a file holds.
  func read(_ name: String) -> [UInt8] {
    let descriptor = unsafe open(path + "/" + name, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe piece.withUnsafeMutableBytes { piece in
        unsafe Glibc.read(descriptor, piece.baseAddress, piece.count)
      }
      guard count > 0 else { return bytes }
      bytes += piece[..<count]
    }
  }

  /// Removes a file that something else has written.
  func remove(_ name: String) { _ = unsafe unlink(path + "/" + name) }

  deinit {
    for file in files { _ = unsafe unlink(file) }
    _ = unsafe rmdir(path)
  }
}
