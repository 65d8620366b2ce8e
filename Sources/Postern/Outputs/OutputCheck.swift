import Glibc
import Platform

/// Outputs that would destroy something are refused before anything is read.
enum OutputCheck {
  /// Refuses two outputs that are the same file, pipe or terminal.
  ///
  /// - Parameters:
  ///   - outputs: Paths of outputs.
  ///   - usesStandardOutput: Whether something is written to standard output beside these.
  /// - Throws: ``UsageError``.
  static func distinct(
    _ outputs: [String], usesStandardOutput: Bool
  ) throws(UsageError) {
    var seen: Set<ExactText> = []
    var streams: Set<FileStatus.Identity> = []
    let standard = FileStatus(descriptor: STDOUT_FILENO)
    if usesStandardOutput, let standard { streams.insert(standard.identity) }
    // What goes there is lost on purpose, however much it is.
    for device in ["/dev/null", "/dev/full"] {
      if let status = FileStatus(path: device) { streams.remove(status.identity) }
    }
    for output in outputs {
      let target = OutputFile.resolved(output)
      let folder = OutputPath.folder(of: target)
      let name = (identity(folder) ?? folder) + "/" + OutputPath.name(of: target)
      let status = FileStatus(path: target)
      let isTaken = status.map { streams.contains($0.identity) } ?? false
      if status.map({ $0.kind != .regular }) ?? false {
        if let status, status.kind == .pipe { streams.insert(status.identity) }
      } else if !seen.insert(name) {
        throw UsageError("two outputs would be written to \(output)")
      }
      if isTaken { throw UsageError("two outputs would be written to \(output)") }
    }
  }

  /// Refuses an output that is one of the files that are read.
  ///
  /// - Throws: ``UsageError``.
  static func sparing(_ inputs: [String], outputs: [String]) throws(UsageError) {
    let targets = outputs.compactMap { output in
      isSpecial(output) ? nil : identity(output).map { (output, $0) }
    }
    guard !targets.isEmpty else { return }
    let read = Set(inputs.compactMap { identity($0) })
    for (output, target) in targets where read.contains(target) {
      throw UsageError("\(output): is read as an input, and would be overwritten")
    }
  }

  /// Refuses outputs of a verb that reads saved results: two that are one file, and one of those that are
  /// read.
  ///
  /// - Parameters:
  ///   - outputs: Paths of outputs; `nil` is standard output.
  ///   - inputs: Paths of files that are read; `-` is standard input.
  /// - Throws: ``UsageError``.
  static func check(_ outputs: [String?], sparing inputs: [String]) throws(UsageError) {
    let paths = outputs.compactMap(\.self)
    try distinct(paths, usesStandardOutput: outputs.contains(nil))
    try sparing(inputs.filter { $0 != "-" }, outputs: paths)
  }

  private static func isSpecial(_ path: String) -> Bool {
    FileStatus(path: path).map { $0.kind != .regular } ?? false
  }

  /// Device and number of a file; `nil` when there is none.
  private static func identity(_ path: String) -> String? {
    FileStatus(path: path).map { "\($0.identity.device):\($0.identity.inode)" }
  }
}
