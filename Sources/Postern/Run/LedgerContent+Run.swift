import Accounts
import Configuration
import Reports
import SalesforceExports

extension LedgerContent {
  /// What a run leaves to a later one.
  ///
  /// - Parameter ids: Ids of the rows that the run holds, in the window and outside it.
  init(
    _ plan: RunPlan, _ tables: RunTables, _ logins: RunLogins, _ accounting: RunAccounting,
    ids: (ids: LoginIDSet, outside: LoginIDSet?)
  ) {
    let options = plan.options
    let entries = plan.ledgers.entries
    self.init()
    version = options.version
    organization = plan.organization.id
    since = options.since
    until = options.until
    forgottenBefore = plan.floor
    loginKind = plan.loginKind
    leftOutLogins = !plan.leftOutLogins.isEmpty || entries.contains { $0.content.leftOutLogins }
    dateOrder = plan.dateOrder
    arguments = plan.arguments
    rows = accounting.rows
    files = accounting.inputs.ledgered
    snapshots = tables.snapshots.archive
    rejectedUsers = tables.snapshots.rejectedUsers
    verifications = logins.verifications
    sessions = logins.events.sessions
    keyPlaces = logins.keyPlaces
    impersonations = tables.openImpersonations
    pages = tables.openPages
    requests = tables.requests
    self.ids = ids.ids
    outsideIDs = ids.outside ?? LoginIDSet()
    comparison = logins.comparison
    ledger = logins.ledger
    outside = logins.outside
  }

  /// Writes everything to a ledger file, unless somebody else has written it since it was read.
  ///
  /// - Parameters:
  ///   - forgotten: Detail before this time is left out.
  ///   - threads: How many workers write.
  /// - Throws: ``OutputError``.
  func write(
    to target: LedgerTarget, forgettingBefore forgotten: Instant?, threads: Int
  ) throws {
    let file = try LedgerFileWriter(try OutputFile(path: target.path))
    try file.add(sections(forgettingBefore: forgotten), threads: threads)
    try file.finish(replacing: target.stamp)
  }
}
