import CWriteBehind
import Decompression
import Foundation
import Platform
import Results
import Synchronization

/// An output that could not be written (exit 74).
package struct OutputError: Error, Sendable, CustomStringConvertible {
  /// The output.
  package let path: String
  /// What is wrong.
  package let detail: String
  /// Whether it is standard output, and whoever read it has gone: nothing to complain of.
  package let isClosedPipe: Bool

  init(path: String, detail: String, isClosedPipe: Bool = false) {
    self.path = path
    self.detail = detail
    self.isClosedPipe = isClosedPipe
  }

  /// Path and detail.
  package var description: String { "\(path): \(detail)" }

  /// Does all of some things, also behind one that fails.
  ///
  /// - Throws: The first error.
  static func first(_ actions: () throws -> Void...) throws {
    var failure: OutputError?
    for action in actions {
      do { try action() } catch let error as OutputError { failure = failure ?? error }
    }
    if let failure { throw failure }
  }
}

/// A place for results: a file that appears whole or not at all, or standard output.
///
/// A file is written beside its target without a name, where the file system can do that, else under
/// a temporary one; it gets its own name when it is complete and on the disk. Only its owner can read
/// and write it (mode 0600), whatever a file had that it takes the place of. A target that is not a
/// regular file is written in place; a symbolic link is followed first.
final class OutputFile {
  private let name: String
  private let target: String?
  /// The name to be taken before the target's: of a file that has one already, or is to get it.
  private var temporary: String?
  private var isNameless = false
  private let isPublic: Bool
  private var descriptor: Int32
  /// Whether a write never waits for a reader.
  private let isRegular: Bool
  private var buffer: [UInt8] = []
  /// Bytes that were written, and how many of them are on their way to the disk.
  private var byteCounts = (written: Int64(0), behind: Int64(0))
  /// Bytes that go on their way together: all at once the end of a large output would wait for the disk.
  private static let writeBehindByteCount: Int64 = 8 << 20
  /// Whether what is written is packed, and what waits for the next gzip member.
  private let packs: Bool
  private var unpacked: [UInt8] = []
  /// Bytes that become one member.
  private static let memberByteCount = 1 << 20

  /// Opens an output; `nil` is standard output.
  ///
  /// - Parameters:
  ///   - isPublic: Whether other users may read the file (mode 0644).
  ///   - packs: Whether the file is gzip.
  init(path: String?, isPublic: Bool = false, packs: Bool = false) throws(OutputError) {
    self.isPublic = isPublic
    self.packs = packs
    guard let path else {
      name = "standard output"
      target = nil
      descriptor = STDOUT_FILENO
      isRegular = FileStatus(descriptor: STDOUT_FILENO)?.kind == .regular
      return
    }
    name = path
    let resolved = Self.resolved(path)
    let status = FileStatus(path: resolved)
    if status == nil, errno == ELOOP {
      throw OutputError(path: path, detail: SystemError.text(of: ELOOP))
    }
    if OutputPath.name(of: resolved).isEmpty {
      throw OutputError(path: path, detail: SystemError.text(of: EISDIR))
    }
    if let status, status.kind != .regular {
      target = nil
      isRegular = false
      descriptor = Interruption.openForWriting(resolved)
    } else {
      target = resolved
      isRegular = true
      let folder = OutputPath.folder(of: resolved)
      let random = UUID().uuidString.prefix(8)
      let hidden = "\(folder)/\(Self.hiddenStart(of: resolved))\(random)\(Self.hiddenEnd)"
      let nameless = unsafe open(
        PathText.bytes(folder), O_WRONLY | O_CLOEXEC | TemporaryFolder.withoutName, 0o600)
      if nameless >= 0, Self.canBeNamed(nameless) {
        descriptor = nameless
        isNameless = true
      } else {
        if nameless >= 0 { close(nameless) }
        descriptor = unsafe open(
          PathText.bytes(hidden), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      }
      temporary = descriptor >= 0 ? hidden : nil
    }
    guard descriptor >= 0 else {
      throw OutputError(path: path, detail: SystemError.text)
    }
    if let temporary, !isNameless { PendingFiles.add(temporary) }
  }

  /// Whether `/proc` is there, through which a file without a name gets one.
  private static func canBeNamed(_ descriptor: Int32) -> Bool {
    unsafe access(selfPath(descriptor), F_OK) == 0
  }

  private static func selfPath(_ descriptor: Int32) -> String { "/proc/self/fd/\(descriptor)" }

  /// The file that a symbolic link leads to, which need not exist yet.
  static func resolved(_ path: String) -> String {
    var path = path
    for _ in 0..<40 {
      // A link of `/proc` to a pipe or device names nothing that could be followed.
      if let status = FileStatus(path: path), status.kind != .regular { break }
      guard let next = FolderContents.target(ofLink: path) else { break }
      path =
        next.hasPrefix("/")
        ? next
        : OutputPath.folder(of: path) + "/" + next
    }
    return path
  }

  /// Adds bytes.
  func write(_ bytes: some Sequence<UInt8>) throws(OutputError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= 1 << 18 { try flush() }
  }

  /// Adds a text.
  func write(_ text: borrowing ByteText) throws(OutputError) {
    try flush()
    var failure: OutputError?
    unsafe text.withBytes { bytes in
      do throws(OutputError) { try unsafe take(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Marks what follows as UTF-8, for spreadsheets that know it by nothing else.
  func writeByteOrderMark() throws(OutputError) { try write([0xEF, 0xBB, 0xBF]) }

  /// Adds a line.
  func writeLine(_ bytes: [UInt8]) throws(OutputError) {
    try write(bytes)
    try write(CollectionOfOne(UInt8(ascii: "\n")))
  }

  private func flush() throws(OutputError) {
    guard !buffer.isEmpty else { return }
    var failure: OutputError?
    unsafe buffer.withUnsafeBytes { bytes in
      do throws(OutputError) { try unsafe take(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Packs bytes, or puts them as they are.
  private func take(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
    guard packs else { return try unsafe put(bytes) }
    unsafe unpacked.append(contentsOf: bytes)
    if unpacked.count >= Self.memberByteCount { try putMember() }
  }

  private func putMember() throws(OutputError) {
    var failure: OutputError?
    unsafe ZlibBlock.gzipMember(unpacked).withUnsafeBytes { bytes in
      do throws(OutputError) { try unsafe put(bytes) } catch { failure = error }
    }
    unpacked.removeAll(keepingCapacity: true)
    if let failure { throw failure }
  }

  private func put(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
    var start = 0
    while start < bytes.count {
      // A reader that stalls must not keep a signal from ending the run.
      let isReady = isRegular || Interruption.waitForOutput(descriptor)
      let count =
        isRegular ? bytes.count - start : min(bytes.count - start, Interruption.pieceByteCount)
      let written =
        isReady
        ? unsafe Foundation.write(
          descriptor, UnsafeRawBufferPointer(rebasing: bytes[start...]).baseAddress, count) : -1
      if written < 0 {
        if !isReady { errno = EINTR }
        if errno == EINTR, !Interruption.isRequested.load(ordering: .relaxed) { continue }
        let isClosedPipe = errno == EPIPE && descriptor == STDOUT_FILENO
        throw OutputError(
          path: name, detail: SystemError.text, isClosedPipe: isClosedPipe)
      }
      start += written
      writeBehind(written)
    }
  }

  /// Sends what was written on its way to the disk, where it is to be there at the end.
  private func writeBehind(_ count: Int) {
    byteCounts.written += Int64(count)
    let waiting = byteCounts.written - byteCounts.behind
    guard temporary != nil, waiting >= Self.writeBehindByteCount else { return }
    write_behind(descriptor, byteCounts.behind, waiting)
    byteCounts.behind = byteCounts.written
  }

  /// Makes the output complete and visible.
  func finish() throws(OutputError) {
    try complete()
    try takeName()
  }

  /// Makes the output complete and visible, unless its target is not any more what it was.
  ///
  /// Of two programs that replace one file only the first does: the folder is locked while the target
  /// is looked at and replaced.
  ///
  /// - Parameter stamp: What the target was; `nil` where there was none.
  func finish(replacing stamp: FileStamp?) throws(OutputError) {
    try complete()
    if let target {
      let folder = unsafe open(
        PathText.bytes(OutputPath.folder(of: target)), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      defer { if folder >= 0 { close(folder) } }
      if folder >= 0 { Self.lock(folder) }
      guard FileStamp(path: target) == stamp else {
        throw OutputError(
          path: name,
          detail: "was written by another run since it was read, and is left as that run wrote it; "
            + "run again")
      }
      try takeName()
    }
  }

  /// Locks a folder, for as long as its descriptor is open.
  ///
  /// Some file systems have no locks, and whoever started the program may hold one: so after two seconds
  /// it goes on without.
  private static func lock(_ folder: Int32) {
    for _ in 0..<100 {
      if flock(folder, LOCK_EX | LOCK_NB) == 0 { return }
      guard errno == EWOULDBLOCK || errno == EINTR else { return }
      usleep(20_000)
    }
  }

  private func complete() throws(OutputError) {
    try flush()
    if packs, !unpacked.isEmpty { try putMember() }
    if temporary != nil {
      if isPublic { fchmod(descriptor, 0o644) }
      // Once it has its name it must be whole even if the power goes. Not every file system can promise it.
      if fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP, errno != EROFS {
        throw failure
      }
      // Without a name it lasts as long as it is open.
      if isNameless { return }
    }
    if descriptor > 2 {
      defer { descriptor = -1 }
      guard close(descriptor) == 0 else { throw failure }
    }
  }

  private func takeName() throws(OutputError) {
    guard let temporary, let target else { return }
    var hasName = false
    if isNameless { hasName = try takeFreeName(target, orHidden: temporary) }
    if !hasName {
      guard unsafe rename(PathText.bytes(temporary), PathText.bytes(target)) == 0 else {
        throw failure
      }
      PendingFiles.remove(temporary)
    }
    self.temporary = nil
    if descriptor > 2 {
      close(descriptor)
      descriptor = -1
    }
  }

  /// Gives a file without a name that of the target, or a hidden one where that is taken: a name can only be
  /// taken from a file by another name.
  ///
  /// - Returns: Whether it has that of the target.
  private func takeFreeName(
    _ target: String, orHidden hidden: String
  ) throws(OutputError) -> Bool {
    if link(as: target) {
      isNameless = false
      return true
    }
    guard errno == EEXIST else { throw failure }
    Self.removeLeftovers(besides: target)
    // What is locked belongs to a run that lives.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
    PendingFiles.add(hidden)
    guard link(as: hidden) else { throw failure }
    isNameless = false
    return false
  }

  private func link(as path: String) -> Bool {
    unsafe linkat(
      AT_FDCWD, Self.selfPath(descriptor), AT_FDCWD, PathText.bytes(path), AT_SYMLINK_FOLLOW) == 0
  }

  /// Removes what runs left that were killed between giving a file a hidden name and the target's.
  private static func removeLeftovers(besides target: String) {
    let folder = OutputPath.folder(of: target)
    let start = hiddenStart(of: target)
    for name in FolderContents.names(in: folder) ?? []
    where name.hasPrefix(start) && name.hasSuffix(hiddenEnd) {
      let path = PathText.bytes(folder + "/" + name)
      let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unsafe unlink(path) }
      close(descriptor)
    }
  }

  /// How the hidden names of a target begin and end.
  private static func hiddenStart(of target: String) -> String {
    // A name may have 255 bytes, and the target's alone may use them up.
    ".\(OutputPath.name(of: target).prefix(40)).postern-"
  }

  private static let hiddenEnd = ".tmp"

  private var failure: OutputError {
    OutputError(path: name, detail: SystemError.text)
  }

  deinit {
    // Not finished: nothing half-written stays behind.
    if descriptor > 2 { close(descriptor) }
    if let temporary {
      if !isNameless { unsafe unlink(PathText.bytes(temporary)) }
      PendingFiles.remove(temporary)
    }
  }
}
