import Accounts
import Configuration
import Platform
import Reports
import Results
import SalesforceExports

/// What stands beside the logins of a run: snapshots, verifications and events.
///
/// Of snapshots logins need nothing while they are read, but in few runs: a thread of its own reads them then,
/// beside the workers that read logins.
struct RunTables {
  private let snapshotReading: StartedWork<Result<SnapshotReading, any Error>>
  /// `nil` when no verification history was given.
  let verifications: VerificationTable?
  /// What verifications that no ledger had say of logins; `nil` where the whole table is to be asked.
  let proofsRead: LoginProofs?
  /// What the run forgets; snapshots and events have forgotten it.
  let forgotten: Forgotten
  /// Usernames that different users had at different times, with the user of each dated snapshot.
  let contestedNames: [ExactText: [(date: Instant?, user: SalesforceID)]]
  /// Keys of everybody whom events told of, those who are forgotten among them; empty unless people are.
  let eventKeys: Set<AccountKey>
  /// Closed tables of events; which event log rows sessions prove something about, logins tell.
  let events: EventTables
  /// Administrators inside other accounts, before names became ids.
  let openImpersonations: ImpersonationTable
  /// Pages of the user interface, likewise.
  let openPages: PageTable
  /// Whether a file of verifications could not be read to its end.
  let areVerificationsCut: Bool
  /// API requests of all logs.
  let requests: APIRequestLedger
  /// What lost the case of its letters in which file of sessions.
  let sessionsWithoutCase: [String]
  private let otherOutcomes: [FileOutcome]

  /// Reads all files of a run but its logins.
  ///
  /// - Throws: ``Cancelled``; ``OutputError`` when a rejected row cannot be kept.
  init(_ plan: RunPlan) throws {
    let reading = StartedWork(isConcurrent: plan.options.threads > 1) {
      Result { try SnapshotReading(plan) }
    }
    snapshotReading = reading
    let verifications = try VerificationReading(plan)
    var forgotten = Forgotten(before: plan.options.forgetBefore)
    var snapshots = Snapshots()
    if Self.needsSnapshotsFirst(plan) {
      let reading = try reading.value.get()
      (snapshots, forgotten.people) = (reading.snapshots, reading.people)
    }
    contestedNames = snapshots.contestedNames
    let events = try EventReading(plan, forgotten)
    let requests = try RequestReading(plan, forgotten)
    self.forgotten = forgotten
    eventKeys = events.keys.union(requests.keys)
    self.verifications = verifications.table
    proofsRead = verifications.proofsRead
    areVerificationsCut = verifications.isCut
    self.requests = requests.ledger
    openImpersonations = events.impersonations
    openPages = events.pages
    sessionsWithoutCase = events.withoutCase
    var tables = EventTables()
    tables.kinds = Set(plan.files.compactMap(\.record.kind).filter(\.holdsEvents))
    tables.sessions = events.sessions
    tables.impersonations = events.impersonations
    tables.impersonations.close(snapshots)
    tables.pages = events.pages
    tables.pages.close(snapshots)
    tables.requests = APIRequestIndex(self.requests, snapshots)
    self.events = tables
    otherOutcomes = verifications.outcomes + events.outcomes + requests.outcomes
  }

  /// Whether something needs snapshots before logins are read, or while they are.
  ///
  /// People who are forgotten are looked for in them; events name users; of several exports of users the
  /// dates tell whose a name was when somebody logged in.
  private static func needsSnapshotsFirst(_ plan: RunPlan) -> Bool {
    !plan.ledgers.isEmpty || !plan.options.forgottenAccounts.isEmpty
      || plan.unread.contains { $0.input.kind.holdsEvents }
      || plan.unread.count { $0.input.kind == .user } > 1
  }

  /// Waits until the snapshots are read.
  ///
  /// - Throws: ``Cancelled``; ``OutputError`` when a rejected row cannot be kept; ``UsageError`` where
  ///   somebody who is to be forgotten is not one person.
  func settle() throws { _ = try snapshotReading.value.get() }

  private var settled: SnapshotReading {
    guard case .success(let reading) = snapshotReading.value else {
      preconditionFailure("settle() has thrown why there are no snapshots")
    }
    return reading
  }

  /// Users, profiles and permissions; only when ``settle()`` has returned.
  var snapshots: Snapshots { settled.snapshots }

  /// What reading each file gave; only when ``settle()`` has returned.
  var outcomes: [FileOutcome] { settled.outcomes + otherOutcomes }
}
