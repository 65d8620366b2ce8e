import Platform
import SalesforceExports

/// What `--snapshot-time FILE=DATE` says about the files of a run.
enum SnapshotTimes {
  /// The times by the names of the files that are meant.
  ///
  /// - Parameters:
  ///   - stated: Times by the file as it was given: its whole name, its path, or its base name.
  ///   - names: Names of all files, entries of archives included.
  ///   - paths: Their paths on disk.
  /// - Throws: ``UsageError`` for a name that no file has, and for a base name that several have.
  static func resolved(
    _ stated: [ExactText: Instant], _ names: [String], paths: [String]
  ) throws(UsageError) -> [ExactText: Instant] {
    var result: [ExactText: Instant] = [:]
    for (key, time) in stated.sorted(by: { $0.key < $1.key }) {
      let file = key.string
      let given = names.indices.filter {
        names[$0].hasBytes(of: file) || paths[$0].hasBytes(of: file)
      }
      if !given.isEmpty {
        for index in given { result[names[index]] = time }
        continue
      }
      let based = names.filter { name in
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "!" }).last
        return last.map { String($0).hasBytes(of: file) } ?? false
      }
      switch based.count {
      case 1: result[based[0]] = time
      case 0:
        throw UsageError("--snapshot-time \(file): no input has this name")
      default:
        throw UsageError(
          "--snapshot-time \(file): \(based.count.counted("input")) have this name; give the whole one, as in "
            + based[0])
      }
    }
    return result
  }
}
