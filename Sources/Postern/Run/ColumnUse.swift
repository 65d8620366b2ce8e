import SalesforceExports

/// Which columns of a file are used, and which it lacks.
struct ColumnUse: Sendable {
  /// Names as the header has them.
  let used: [String]
  let ignored: [String]
  let missing: [String]

  /// The columns of a login file.
  init(logins input: ProbedInput) {
    let columns = LoginColumns(kind: input.kind, header: input.header)
    let positions = columns.used
    let names = input.header.original
    used = names.indices.filter { positions.contains($0) }.map { names[$0] }
    ignored = names.indices.filter { !positions.contains($0) }.map { names[$0] }
    missing = columns.missing
  }

  /// The columns of a file beside logins; permissions are always used.
  ///
  /// - Parameter columns: Folded names of the other columns that are used.
  init(_ input: ProbedInput, used columns: Set<String>, missing: [String] = []) {
    func isUsed(_ name: String) -> Bool {
      let folded = ColumnNames.fold(name)
      return columns.contains(folded)
        || TrackedPermission.allCases.contains { folded.hasSuffix("permissions" + $0.foldedName) }
    }
    let names = input.header.original
    used = names.filter(isUsed)
    ignored = names.filter { !isUsed($0) }
    self.missing = missing
  }
}
