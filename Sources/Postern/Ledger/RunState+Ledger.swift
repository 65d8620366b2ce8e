import Accounts
import Configuration
import Reports
import SalesforceExports

extension RunState {
  /// Drops detail before a time, so that this run judges what the ledger keeps.
  mutating func forget(_ time: Instant?) {
    guard let time else { return }
    let before = ledger.attemptCount
    ledger = ledger.forgetting(before: time)
    forgottenRows = before - ledger.attemptCount
    verifications = verifications?.forgetting(before: time)
  }

  /// Login files whose rows only a ledger has, with the ledger and the number of rows.
  var rowsInLedgersAlone: [(file: String, ledger: String, rows: Int)] {
    records.indices.compactMap { number in
      let record = records[number]
      guard inputs[number] == nil, record.kind?.holdsLogins ?? false, let ledger = record.ledger
      else { return nil }
      return (record.name, ledger, record.read)
    }
  }

  /// Names of files that rows came from by way of a ledger, and that are not where they were.
  var goneFiles: [String] {
    records.filter { $0.ledger != nil && !FileStamp.isThere($0.name) }.map(\.name)
  }

  /// Why no ledger may be written; `nil` when one may.
  func ledgerObstacle(_ end: EndRecord) -> String? {
    if ledgers.hasRefused {
      return "one of the ledgers could not be read, and its rows would be missing"
    }
    if ledgers.commonRows > 0 { return "rows that count twice would do so for good" }
    if end.exit == 70 { return "rows are not accounted for" }
    return nil
  }

  /// Ids of the rows that this run holds: those seen, without those that other parts hold.
  var ownIDs: LoginIDSet {
    guard let seen else { return LoginIDSet() }
    return knownIDs.map { seen.subtracting($0) } ?? seen
  }

  /// Writes all that a later run needs.
  ///
  /// - Throws: ``OutputError``.
  func writeLedger(to path: String, _ ids: LoginIDSet, _ options: ScanOptions) throws {
    var content = LedgerContent()
    content.version = options.version
    content.organization =
      options.configuration.organization.id
      ?? ledgers.entries.lazy.map(\.content.organization).first { !$0.isEmpty } ?? ""
    content.since = options.since
    content.until = options.until
    content.forgottenBefore = floor
    content.loginKind = loginKind
    content.leftOutLogins =
      leavesOutLogins || ledgers.entries.contains { $0.content.leftOutLogins }
    content.dateOrder = dateOrder
    content.arguments = ledgers.arguments(options.inputs)
    content.rows = rows
    content.files = records.indices.map { number in
      var record = records[number]
      record.ledger = nil
      if isMended(number) { record.problem = nil }
      return LedgeredFile(
        record: record, hasIDs: hasIDs(number), rejects: isMended(number) ? [:] : rejects(number))
    }
    content.snapshots = snapshots.archive ?? SnapshotArchive()
    content.verifications = verifications
    content.sessions = events.sessions
    content.keyPlaces = keyPlaces
    content.impersonations = openImpersonations
    content.requests = requests
    content.ids = ids
    content.ledger = ledger
    let file = LedgerFileWriter(try OutputFile(path: path))
    var writer = LedgerWriter { file.add($0) }
    content.write(to: &writer, forgettingBefore: options.forgetBefore)
    try file.finish()
  }
}
