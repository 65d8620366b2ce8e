import Glibc

/// What `stat` says of a file, symbolic links followed.
package struct FileStatus: Hashable, Sendable {
  /// What a path or descriptor stands for.
  package enum Kind: Hashable, Sendable {
    case regular
    case folder
    /// A FIFO or an unnamed pipe.
    case pipe
    /// A device, a terminal or a socket.
    case other
  }

  /// Which file it is, whatever its names.
  package struct Identity: Hashable, Sendable {
    package let device: UInt64
    package let inode: UInt64
  }

  package let kind: Kind
  package let identity: Identity
  /// The size of a regular file; of others what the system says, mostly 0.
  package let byteCount: Int
  /// Time of the last change of content, in whole seconds since 1970 and nanoseconds of the next.
  package let modifiedSeconds: Int
  package let modifiedNanoseconds: Int
  /// The numeric id of the owner.
  package let owner: UInt32
  /// The permission bits, such as `0o644`.
  package let permissions: UInt32

  /// Looks at a path; `nil` when there is nothing or it cannot be reached, and `errno` says why.
  package init?(path: String) {
    var status = stat()
    guard unsafe stat(PathText.bytes(path), &status) == 0 else { return nil }
    self.init(status)
  }

  /// Looks at an open descriptor; `nil` when it is not open, and `errno` says why.
  package init?(descriptor: Int32) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .folder
      case S_IFIFO: .pipe
      default: .other
      }
    identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    byteCount = Int(status.st_size)
    modifiedSeconds = Int(status.st_mtim.tv_sec)
    modifiedNanoseconds = Int(status.st_mtim.tv_nsec)
    owner = status.st_uid
    permissions = UInt32(status.st_mode) & 0o7777
  }
}
