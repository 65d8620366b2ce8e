import Accounts
import SalesforceExports

/// The columns of a kind of file that are used.
enum KnownColumns {
  /// Names of a header's columns that are used, as they stand in it.
  static func used(_ kind: FileKind, _ header: ColumnNames) -> [String] {
    if kind.holdsLogins {
      let used = LoginColumns(kind: kind, header: header).used
      return header.original.indices.filter { used.contains($0) }.map { header.original[$0] }
    }
    let names: Set<String>
    switch kind {
    case .verificationHistory: names = VerificationFold.usedColumns
    case .loginEvent, .eventLogLogout: names = SessionFold.usedColumns(kind)
    case .loginAsEvent, .eventLogLoginAs: names = ImpersonationFold.usedColumns
    case let kind where kind.holdsPages: names = PageFold.usedColumns
    case let kind where kind.holdsRequests: names = APIRequestFold.usedColumns(kind)
    default: names = SnapshotColumns.used(kind)
    }
    return header.original.filter { name in
      let folded = ColumnNames.fold(name)
      return names.contains(folded)
        || TrackedPermission.allCases.contains { folded.hasSuffix("permissions" + $0.foldedName) }
    }
  }
}
