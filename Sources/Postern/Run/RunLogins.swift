import Accounts
import Platform
import Reports
import Results
import SalesforceExports

/// The logins of a run, folded, and what they settle in the tables beside them.
struct RunLogins {
  let ledger: AccountLedger
  /// Rows outside the window; `nil` without one.
  let outside: AccountLedger?
  /// The tables of events, with the event log rows that sessions prove something about.
  let events: EventTables
  /// Verifications, without those that are forgotten.
  let verifications: VerificationTable?
  /// Rows of the login files that were read.
  let rows: RowAccounting
  /// Rows that were analysed before their detail was dropped.
  let forgottenRowCount: Int
  /// Ids seen; `nil` when copies are not dropped.
  let seen: LoginIDSet?
  /// Ids seen outside the window; `nil` without one, and when copies are not dropped.
  let outsideSeen: LoginIDSet?
  /// By what rows with one Id are compared, those of ledgers included.
  let comparison: RowComparison
  /// Ids that two ledgers of the run hold.
  let commonIDCount: Int
  /// Login keys of event log rows that can be a person's; where a ledger is to be written.
  let keyPlaces: LoginKeyPlaces
  /// Whether all rows that verifications may prove were looked up in ``verifications`` when they were read, and
  /// none is named by another user's.
  let isVerifiedByOwnAlone: Bool
  /// What is told by comparing the Ids of logins with those of all tables.
  let lostCase: LostCase
  /// What reading each file gave.
  let outcomes: [FileOutcome]

  /// Folds the login files of a run, and merges its ledgers.
  ///
  /// - Parameters:
  ///   - plan: The run, whose ledgers give their logins away.
  ///   - ledger: Receives the logins.
  ///   - pickers: Pick rows out that somebody asks for, one for each worker.
  /// - Throws: ``Cancelled``; ``OutputError`` when a rejected row cannot be kept; ``UsageError`` for what
  ///   cannot be forgotten; what reading the snapshots beside the logins throws.
  init(
    _ plan: inout RunPlan, _ tables: RunTables, into ledger: AccountLedger = AccountLedger(),
    pickers: [RowPicker]? = nil
  ) throws {
    // What reading the tables freed.
    FreedMemory.giveBack()
    var logins = plan.ledgers.takeLogins()
    let plan = plan
    let options = plan.options
    comparison = plan.rowComparison
    let known = options.dropsDuplicates ? plan.ledgers.ids(comparedBy: comparison) : nil
    seen = known?.ids
    outsideSeen = options.hasWindow ? known?.outsideIDs : nil
    commonIDCount = known?.commonCount ?? 0
    if let other = plan.knownIDs {
      _ = seen?.formUnion(other)
      _ = outsideSeen?.formUnion(other)
    }
    let fold = try LoginReading(
      plan, tables, seen: seen, outsideSeen: outsideSeen, comparison: comparison, into: ledger,
      pickers: pickers)
    try tables.settle()
    rows = fold.rows
    outcomes = fold.outcomes
    var keyPlaces = fold.keys
    var places = fold.places
    for entry in plan.ledgers.entries {
      var keys = LoginKeyPlaces()
      keys.add(entry.content.keyPlaces, plan.ledgers.relocation(entry))
      keyPlaces.add(keys)
      if let sessions = tables.events.sessions { places.add(keys.places(sessions)) }
    }
    self.keyPlaces = keyPlaces
    var events = tables.events
    events.sessions = tables.events.sessions?.placing(places)
    self.events = events
    let ledger = fold.ledger
    for entry in plan.ledgers.entries {
      // Taken one by one, so that each goes when it has been merged.
      let (inWindow, outside) = logins.removeFirst()
      Self.merge(inWindow, of: entry, into: ledger, plan, tables)
      if let outside, let target = fold.outside {
        Self.merge(outside, of: entry, into: target, plan, tables)
      }
    }
    Self.noteJoined(in: ledger, plan, tables, seen: seen)
    if let outside = fold.outside {
      Self.noteJoined(in: outside, plan, tables, seen: outsideSeen)
    }
    let forgotten = tables.forgotten
    let kept: VerificationTable?
    if forgotten.isNothing {
      self.ledger = ledger
      outside = fold.outside
      kept = tables.verifications
    } else {
      try Self.check(forgotten, ledger, fold.outside, tables, hasRows: fold.rows.read > 0)
      self.ledger = ledger.forgetting(forgotten)
      outside = fold.outside?.forgetting(forgotten)
      kept = tables.verifications?.forgetting(forgotten)
    }
    // Where copies count no Ids are kept, but those of rows that are logged.
    let present =
      seen == nil
      ? [self.ledger, outside].compactMap { $0?.loggedIDs }
      : [seen, outsideSeen].compactMap(\.self)
    verifications = kept?.notingStrays(among: present)
    forgottenRowCount =
      forgotten.isNothing ? 0 : ledger.attemptCount - self.ledger.attemptCount
    isVerifiedByOwnAlone =
      plan.ledgers.entries.isEmpty && forgotten.isNothing && !ledger.namesOthers
    lostCase = LostCase(plan, ledger, tables)
    // What reading and merging the logins freed.
    FreedMemory.giveBack()
    try Cancelled.check()
  }

  /// Refuses to forget everything, and those of whom nothing is known: a typing error would leave them.
  ///
  /// - Parameters:
  ///   - ledger: The logins before anything is forgotten.
  ///   - hasRows: Whether login files gave rows, be it that all are too old.
  /// - Throws: ``UsageError``.
  private static func check(
    _ forgotten: Forgotten, _ ledger: AccountLedger, _ outside: AccountLedger?,
    _ tables: RunTables, hasRows: Bool
  ) throws(UsageError) {
    if let time = forgotten.before {
      let newest = [ledger, outside].compactMap { $0?.newestTime }.max()
      if let newest, newest < time {
        throw UsageError(
          "--forget-before \(time.text): the newest login is of \(newest.text): nothing would stay")
      }
      if newest == nil, hasRows {
        throw UsageError(
          "--forget-before \(time.text): no login is of then or later: nothing would stay")
      }
    }
    guard !forgotten.people.isEmpty else { return }
    let users = Set(tables.verifications?.users ?? [])
    var keys = tables.eventKeys
    for ledger in [ledger, outside].compactMap(\.self) {
      keys.formUnion(ledger.accountNumbers.map { ledger.key(of: $0) })
    }
    let unknown = forgotten.people.unknown { key in
      if keys.contains(key) { return true }
      guard case .id(let id) = key else { return false }
      return users.contains(id)
    }
    if let who = unknown.first {
      throw UsageError(
        "--forget-account \(who): neither the ledger nor an export has it: state an id of 15 or 18 "
          + "characters, or a username")
    }
  }

  /// Merges what a ledger of the run holds into the logins that were read.
  private static func merge(
    _ rows: AccountLedger, of entry: LedgerSet.Entry, into ledger: AccountLedger, _ plan: RunPlan,
    _ tables: RunTables
  ) {
    let (read, verifications) = (tables.proofsRead, tables.verifications)
    ledger.merge(
      rows,
      plan.ledgers.relocation(entry) { login in
        read?.proof(of: login) ?? verifications?.proof(of: login) ?? .none
      }, threads: max(1, plan.options.threads))
  }

  /// Notes logins that a verification may name and only a ledger of the run has seen, of which it kept the Id
  /// alone.
  private static func noteJoined(
    in ledger: AccountLedger, _ plan: RunPlan, _ tables: RunTables, seen: LoginIDSet?
  ) {
    guard !plan.ledgers.isEmpty, let seen, let verifications = tables.verifications else { return }
    for login in verifications.joinedLogins(where: { seen.contains($0) }) {
      ledger.noteJoined(login)
    }
  }

  /// Whether a login is among the rows of the run; `nil` where copies are not dropped.
  var holds: (@Sendable (SalesforceID) -> Bool)? {
    guard let seen else { return nil }
    return { seen.contains($0) }
  }

  /// Ids of the rows that the run holds, in the window and outside it: those seen, without those that other
  /// parts hold.
  func ownIDs(_ plan: RunPlan) -> (ids: LoginIDSet, outside: LoginIDSet?) {
    func own(_ seen: LoginIDSet) -> LoginIDSet {
      plan.knownIDs.map { seen.subtracting($0) } ?? seen
    }
    return (seen.map(own) ?? LoginIDSet(), outsideSeen.map(own))
  }
}
