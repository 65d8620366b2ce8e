import Platform

/// Outputs that would destroy something are refused before anything is read.
enum OutputCheck {
  /// Refuses two outputs that are the same file.
  ///
  /// - Throws: ``UsageError``.
  static func distinct(_ outputs: [String]) throws(UsageError) {
    var seen: Set<String> = []
    for output in outputs {
      let target = OutputFile.resolved(output)
      let folder = OutputPath.folder(of: target)
      let name = (identity(folder) ?? folder) + "/" + OutputPath.name(of: target)
      // What goes to a device is lost on purpose.
      guard !isSpecial(target), !seen.insert(name).inserted else { continue }
      throw UsageError("two outputs would be written to \(output)")
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

  private static func isSpecial(_ path: String) -> Bool {
    FileStatus(path: path).map { $0.kind != .regular } ?? false
  }

  /// Device and number of a file; `nil` when there is none.
  private static func identity(_ path: String) -> String? {
    FileStatus(path: path).map { "\($0.identity.device):\($0.identity.inode)" }
  }
}
