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
    _ stated: [String: Instant], _ names: [String], paths: [String]
  ) throws(UsageError) -> [String: Instant] {
    var result: [String: Instant] = [:]
    for (file, time) in stated.sorted(by: { $0.key < $1.key }) {
      let given = names.indices.filter { names[$0] == file || paths[$0] == file }
      if !given.isEmpty {
        for index in given { result[names[index]] = time }
        continue
      }
      let based = names.filter { name in
        name.split(whereSeparator: { $0 == "/" || $0 == "!" }).last.map { $0 == file } ?? false
      }
      switch based.count {
      case 1: result[based[0]] = time
      case 0:
        throw UsageError("--snapshot-time \(file): no input has this name")
      default:
        throw UsageError(
          "--snapshot-time \(file): \(based.count) inputs have this name; give the whole one, as in "
            + based[0])
      }
    }
    return result
  }
}
