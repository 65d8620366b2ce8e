import Foundation

/// Size and time of change of a file, to see whether it changed while it was read.
struct FileStamp: Equatable, Sendable {
  let byteCount: Int
  let seconds: Int
  let nanoseconds: Int
  let isRegular: Bool

  /// Looks at a file; `nil` when it is not there.
  init?(path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    byteCount = Int(status.st_size)
    seconds = Int(status.st_mtim.tv_sec)
    nanoseconds = Int(status.st_mtim.tv_nsec)
    isRegular = status.st_mode & S_IFMT == S_IFREG
  }
}
