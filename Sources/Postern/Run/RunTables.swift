import Accounts
import Configuration
import Platform
import Reports
import Results
import SalesforceExports

/// What stands beside the logins of a run: snapshots, verifications and events.
struct RunTables {
  let snapshots: Snapshots
  /// `nil` when no verification history was given.
  let verifications: VerificationTable?
  /// What verifications that no ledger had say of logins; `nil` where the whole table is to be asked.
  let proofsRead: LoginProofs?
  /// What the run forgets; snapshots and events have forgotten it.
  let forgotten: Forgotten
  /// Keys of everybody whom events told of, those who are forgotten among them; empty unless people are.
  let eventKeys: Set<AccountKey>
  /// Closed tables of events; which event log rows sessions prove something about, logins tell.
  let events: EventTables
  /// Administrators inside other accounts, before names became ids.
  let openImpersonations: ImpersonationTable
  /// Pages of the user interface, likewise.
  let openPages: PageTable
  /// API requests of all logs.
  let requests: APIRequestLedger
  /// What lost the case of its letters in which file of sessions.
  let sessionsWithoutCase: [String]
  /// What reading each file gave.
  let outcomes: [FileOutcome]

  /// Reads all files of a run but its logins.
  ///
  /// - Throws: ``Cancelled``; ``OutputError`` when a rejected row cannot be kept.
  init(_ plan: RunPlan) throws {
    let (snapshots, verifications) = try Self.together(
      threads: plan.options.threads, { try SnapshotReading(plan) },
      { try VerificationReading(plan) })
    let forgotten = Forgotten(before: plan.options.forgetBefore, people: snapshots.people)
    let events = try EventReading(plan, forgotten)
    let requests = try RequestReading(plan, forgotten)
    self.forgotten = forgotten
    eventKeys = events.keys.union(requests.keys)
    self.snapshots = snapshots.snapshots
    self.verifications = verifications.table
    proofsRead = verifications.proofsRead
    self.requests = requests.ledger
    openImpersonations = events.impersonations
    openPages = events.pages
    sessionsWithoutCase = events.withoutCase
    var tables = EventTables()
    tables.kinds = Set(plan.files.compactMap(\.record.kind).filter(\.holdsEvents))
    tables.sessions = events.sessions
    tables.impersonations = events.impersonations
    tables.impersonations.close(self.snapshots)
    tables.pages = events.pages
    tables.pages.close(self.snapshots)
    tables.requests = APIRequestIndex(self.requests, self.snapshots)
    self.events = tables
    outcomes =
      snapshots.outcomes + verifications.outcomes + events.outcomes + requests.outcomes
  }

  /// Does two jobs, side by side where there are workers for both.
  ///
  /// - Throws: What the first throws, else what the second throws.
  private static func together<First: Sendable, Second: Sendable>(
    threads: Int, _ first: @Sendable () throws -> First,
    _ second: @Sendable () throws -> Second
  ) throws -> (First, Second) {
    guard threads > 1 else { return (try first(), try second()) }
    typealias Results = (first: Result<First, any Error>?, second: Result<Second, any Error>?)
    let results = Locked<Results>((nil, nil))
    WorkerThreads.run(2) { worker in
      if worker == 0 {
        let result = Result { try first() }
        results.withLock { $0.first = result }
      } else {
        let result = Result { try second() }
        results.withLock { $0.second = result }
      }
    }
    guard case (let first?, let second?) = results.withLock({ $0 }) else {
      preconditionFailure("both workers have ended")
    }
    return (try first.get(), try second.get())
  }
}
