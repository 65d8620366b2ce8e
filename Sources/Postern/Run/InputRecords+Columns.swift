import Findings
import Platform
import Results
import SalesforceExports

extension InputRecords {
  /// That login files lack a column, named as in LoginHistory, and how many of them do; `nil` when all have it.
  func lacking(_ column: String) -> String? {
    let files = loginColumns
    let lacking = files.count { $0.missing.contains(column) }
    guard lacking > 0 else { return nil }
    return lacking == files.count
      ? "the login files have no column \(column)"
      : "\(lacking) of \(files.count.counted("login file")) \(lacking.takes("has", "have")) no column \(column)"
  }

  /// The rows that ledgers alone have, as reasons why an answer from rows is incomplete.
  var unshownLedgerRows: [String] {
    rowsInLedgersAlone.map { file, ledger, rows in
      "\(file): its \(rows.counted("row")) \(rows.takes("is", "are")) in \(ledger), which has no rows to look at, only facts and figures; "
        + "give the file too"
        + (FileStamp.isThere(file)
          ? "" : ", if it is kept somewhere: it is not where it was")
    }
  }

  /// Kinds of permissions of which a file could not be read to its end, or has no row though every org has some.
  var partialPermissionFiles: [FileKind] {
    let kinds: [FileKind] = [
      .profile, .permissionSet, .permissionSetAssignment, .permissionSetGroupComponent,
      .mutingPermissionSet,
    ]
    return kinds.filter { kind in
      let files = records.filter { $0.kind == kind }
      return files.contains { $0.problem != nil }
        || !files.isEmpty && Self.neverEmpty.contains(kind) && files.allSatisfy { $0.read == 0 }
    }
  }

  private static let neverEmpty: Set<FileKind> = [
    .profile, .permissionSet, .permissionSetAssignment,
  ]
}
