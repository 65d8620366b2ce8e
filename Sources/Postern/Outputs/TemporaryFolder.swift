import Foundation
import Platform

/// Where a run keeps what does not fit into memory: files without a name, that nobody else can open
/// and that vanish with the process however it ends.
///
/// The first of these places that takes one is used:
/// 1. beside the outputs: the folder of each file that the run writes, in order;
/// 2. the folder that `TMPDIR` names;
/// 3. beside standard output, where that is a file;
/// 4. `XDG_CACHE_HOME` or the user's home folder;
/// 5. memory (`/dev/shm`).
///
/// A folder that others may write to, such as `/tmp`, is used only where the user named it, and then
/// only if the file never has a name there, not even for a moment.
struct TemporaryFolder: Sendable {
  private let candidates: [String]

  /// Chooses places for a run that writes to `outputs`; `nil` among them is standard output.
  init(besides outputs: [String?]) {
    var candidates: [String] = []
    for output in outputs {
      guard let output else { continue }
      let target = OutputFile.resolved(output)
      // Beside a device or a FIFO nothing is written.
      if let status = FileStatus(path: target), status.kind != .regular { continue }
      candidates.append(OutputPath.folder(of: target))
    }
    let environment = ProcessInfo.processInfo.environment
    if let folder = environment["TMPDIR"], !folder.isEmpty { candidates.append(folder) }
    if let target = FolderContents.target(ofLink: "/proc/self/fd/1") {
      if FileStatus(path: target)?.kind == .regular {
        candidates.append(OutputPath.folder(of: target))
      }
    }
    for name in ["XDG_CACHE_HOME", "HOME"] {
      if let folder = environment[name], folder.hasPrefix("/"), Self.isPrivate(folder) {
        candidates.append(folder)
      }
    }
    self.candidates = candidates
  }

  /// An empty file for reading and writing.
  ///
  /// - Returns: Its descriptor, to be closed by the caller, and what to call the place in messages.
  func makeFile() throws(OutputError) -> (descriptor: Int32, place: String) {
    for folder in candidates {
      let descriptor = unsafe open(
        PathText.bytes(folder), O_RDWR | O_CLOEXEC | Self.withoutName, 0o600)
      if descriptor >= 0 { return (descriptor, folder) }
      // Not every file system has files without a name; where only this user writes, one may show
      // for a moment.
      guard Self.isPrivate(folder) else { continue }
      let path = folder + "/.postern-\(UUID().uuidString).tmp"
      let named = unsafe open(
        PathText.bytes(path), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if named >= 0 {
        unsafe unlink(PathText.bytes(path))
        return (named, folder)
      }
    }
    let memory = "/dev/shm"
    let descriptor = unsafe open(memory, O_RDWR | O_CLOEXEC | Self.withoutName, 0o600)
    guard descriptor >= 0 else {
      throw OutputError(
        path: "temporary file",
        detail:
          "cannot be made (\(SystemError.text)); TMPDIR chooses a folder"
      )
    }
    return (descriptor, memory)
  }

  /// `O_TMPFILE`, a macro that Swift does not import.
  static let withoutName: Int32 = 0o20_000_000 | O_DIRECTORY

  /// Whether nobody but this user can put files into a folder.
  private static func isPrivate(_ folder: String) -> Bool {
    guard let status = FileStatus(path: folder) else { return false }
    return status.kind == .folder && status.owner == geteuid() && status.permissions & 0o022 == 0
  }
}
