package import Delimited
import Platform
package import SalesforceExports

/// One session in which an administrator was logged in as another user.
package struct Impersonation: Sendable {
  /// The account inside which the administrator was.
  package let account: AccountKey
  /// The administrator.
  package var admin: AccountKey
  /// The administrator's username as the row has it; empty where it has none.
  package let adminName: String
  /// When it began.
  package let time: Instant
  /// Canonical source address; empty where the row has none.
  package let address: String
  /// `Application`; empty where the row has none.
  package let application: String
  /// The event log or the real-time event.
  package let kind: FileKind
  /// Where the row stands.
  package var file: UInt32
  package var line: UInt64

  fileprivate func precedes(_ other: Impersonation) -> Bool {
    if time != other.time { return time < other.time }
    if file != other.file { return file < other.file }
    return line < other.line
  }
}

/// All sessions of administrators inside other accounts; rows may be added in any order.
///
/// Such sessions are few, so each is kept. A row that two exports share counts once.
package struct ImpersonationTable: Sendable {
  struct Identity: Hashable, Sendable {
    let account: AccountKey
    let admin: AccountKey
    let kind: FileKind
    let time: Instant
    let identifier: ExactText
  }

  // Not private for ledger files.
  private(set) var rows: [Identity: Impersonation] = [:]
  private(set) var rowsWithoutIdentifier: [Impersonation] = []
  private var byAccount: [AccountKey: [Impersonation]] = [:]

  /// Makes an empty table.
  package init() {}

  /// Adds one row.
  ///
  /// - Parameter identifier: `REQUEST_ID` or `EventIdentifier`, to know the row again.
  mutating func add(_ row: Impersonation, identifier: String) {
    // As with logins: what has no Id of its own cannot be told from a second one.
    if identifier.isEmpty {
      rowsWithoutIdentifier.append(row)
      return
    }
    let identity = Identity(
      account: row.account, admin: row.admin, kind: row.kind, time: row.time,
      identifier: ExactText(identifier))
    if let known = rows[identity], known.precedes(row) { return }
    rows[identity] = row
  }

  /// Makes the table ready to be asked; names become ids where a user snapshot knows them.
  package mutating func close(_ snapshots: Snapshots) {
    // Of two exports of a row one may name a user by id and the other by username.
    var known: [Identity: Impersonation] = [:]
    for (identity, var row) in rows {
      row.admin = snapshots.resolved(row.admin)
      let resolved = Identity(
        account: snapshots.resolved(identity.account), admin: row.admin, kind: identity.kind,
        time: identity.time, identifier: identity.identifier)
      if let other = known[resolved], other.precedes(row) { continue }
      known[resolved] = row
    }
    for (identity, row) in known { byAccount[identity.account, default: []].append(row) }
    for var row in rowsWithoutIdentifier {
      row.admin = snapshots.resolved(row.admin)
      byAccount[snapshots.resolved(row.account), default: []].append(row)
    }
    rows = [:]
    rowsWithoutIdentifier = []
    for account in byAccount.keys { byAccount[account]?.sort { $0.precedes($1) } }
  }

  /// Accounts inside which an administrator was.
  var accounts: [AccountKey] { Array(byAccount.keys) }

  /// All sessions, in no order.
  package var sessions: some Sequence<Impersonation> { byAccount.values.joined() }

  /// Sessions inside an account, in the order of time.
  func sessions(inside account: AccountKey) -> [Impersonation] { byAccount[account] ?? [] }
}

extension Snapshots {
  /// The key by which results know an account: its id where the name is known.
  func resolved(_ key: AccountKey) -> AccountKey {
    if case .username(let name) = key, let id = userID(named: name) { return .id(id) }
    return key
  }
}

/// Turns the records of an event log `LoginAs` or a `LoginAsEvent` file into rows of a table.
///
/// In both the user is the impersonated one, and the delegated one is the administrator
/// (docs/salesforce.md, Event log files).
package struct ImpersonationFold {
  /// The rows and their counts.
  package private(set) var rows: EventRows
  private let admins: [Int]
  private let adminName: Int
  private let address: Int
  private let application: Int
  private let identifier: Int

  /// Makes a fold of one file.
  package init(rows: EventRows) {
    self.rows = rows
    let columns = rows.columns
    admins = ["delegateduseridderived", "delegateduserid"].compactMap { columns.position($0) }
    adminName = columns.position("delegatedusername") ?? -1
    address = columns.position("sourceip", "clientip") ?? -1
    application = columns.position("application") ?? -1
    identifier = columns.position("requestid", "eventidentifier") ?? -1
  }

  /// Columns in use, by folded name.
  package static let usedColumns: Set<String> = EventRows.usedColumns.union([
    "delegateduseridderived", "delegateduserid", "delegatedusername", "sourceip", "clientip",
    "application", "requestid", "eventidentifier",
  ])

  /// Adds the rows of a block to `table`.
  package mutating func fold(
    _ block: RecordBlock, from first: Int = 0, into table: inout ImpersonationTable,
    reject: (RowReject) -> Void
  ) {
    var rows = rows
    let reader = rows
    rows.forEachRow(of: block, from: first, reject: reject) { record, _, time in
      guard let account = reader.user(record), let admin = admin(record) else {
        return .invalidUser
      }
      let source = EventRows.text(record, address)
      table.add(
        Impersonation(
          account: account, admin: admin, adminName: EventRows.text(record, adminName), time: time,
          address: NetworkAddress(source)?.description ?? source,
          application: EventRows.text(record, application), kind: reader.kind, file: reader.file,
          line: record.line),
        identifier: EventRows.text(record, identifier))
      return nil
    }
    self.rows = rows
  }

  private func admin(_ record: Record) -> AccountKey? {
    for column in admins {
      if let id = EventRows.id(record, column) { return .id(id) }
    }
    return EventRows.name(record, adminName).map { .username($0) }
  }
}
