import Platform

/// Which file it is, its size and time of change, to see whether it changed while it was read.
struct FileStamp: Equatable, Sendable {
  let identity: FileStatus.Identity
  let byteCount: Int
  let seconds: Int
  let nanoseconds: Int
  let isRegular: Bool

  /// Whether an input is there, by its name in results: a file, or `archive.zip!entry` of one.
  static func isThere(_ name: String) -> Bool {
    if FileStamp(path: name) != nil { return true }
    return name.indices.contains { name[$0] == "!" && FileStamp(path: String(name[..<$0])) != nil }
  }

  /// Looks at a file; `nil` when it is not there.
  init?(path: String) {
    guard let status = FileStatus(path: path) else { return nil }
    identity = status.identity
    byteCount = status.byteCount
    seconds = status.modifiedSeconds
    nanoseconds = status.modifiedNanoseconds
    isRegular = status.kind == .regular
  }
}
