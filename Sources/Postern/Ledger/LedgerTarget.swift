import Platform
import Results

/// The ledger that a run writes, as it was before anything was read.
struct LedgerTarget: Sendable {
  /// The path as it was stated.
  let path: String
  /// What was there; `nil` where nothing was.
  let stamp: FileStamp?

  /// Looks at the place that is to be written to.
  init(_ path: String) {
    self.path = path
    stamp = FileStamp(path: path)
  }

  /// Whether a path leads to the file that is to be replaced, whatever took its place since.
  private func isSame(_ other: String) -> Bool {
    let identity = FileStatus(path: path)?.identity
    return identity != nil && FileStatus(path: other)?.identity == identity
  }

  /// Refuses to replace a file that is not one of the ledgers that were read.
  ///
  /// - Parameters:
  ///   - set: The inputs; what is wrong with one that is to be replaced is noted there.
  ///   - ledgers: The ledgers among them.
  /// - Throws: ``UsageError`` where the file is none of the inputs.
  func check(_ set: inout InputSet, _ ledgers: inout LedgerSet) throws(UsageError) {
    // What goes to a device is lost on purpose.
    guard let stamp, stamp.isRegular, !ledgers.entries.contains(where: { isSame($0.path) }) else {
      return
    }
    if set.problems.contains(where: { isSame($0.name) }) {
      ledgers.refuse()
    } else if set.ignored.contains(where: { isSame($0.name) }) {
      set.note(
        InputProblem(
          name: path, detail: "is to be replaced by --ledger, and was not read as a ledger"))
      ledgers.refuse()
    } else {
      throw UsageError(
        "--ledger \(path): is there and is none of the inputs: name it as an input too, and what it "
          + "holds is kept, or take it away")
    }
  }
}
