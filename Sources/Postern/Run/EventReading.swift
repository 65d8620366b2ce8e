import Accounts
import SalesforceExports

/// Real-time events and event logs about sessions, administrators and pages, read one by one.
struct EventReading {
  /// `nil` when no file of sessions was given and no ledger holds one.
  let sessions: SessionTable?
  /// Administrators inside other accounts; rows wait until names are ids.
  let impersonations: ImpersonationTable
  /// Pages of the user interface, likewise.
  let pages: PageTable
  /// What lost the case of its letters in which file of sessions, so that proofs join nothing.
  let withoutCase: [String]
  /// Keys of everybody in these tables before somebody was forgotten; empty where nobody is.
  let keys: Set<AccountKey>
  let outcomes: [FileOutcome]

  /// Reads the files of a run, with what its ledgers hold.
  ///
  /// - Parameter forgotten: What is left out.
  /// - Throws: ``Cancelled``; ``OutputError`` when a rejected row cannot be kept.
  init(_ plan: RunPlan, _ forgotten: Forgotten) throws {
    var sessions = SessionTable()
    sessions.keepsLinks = plan.keepsLedger
    var hasSessions = false
    var impersonations = ImpersonationTable()
    var pages = PageTable()
    for entry in plan.ledgers.entries {
      impersonations.merge(entry.content.impersonations, plan.ledgers.relocation(entry))
      pages.merge(entry.content.pages, plan.ledgers.relocation(entry))
      guard let known = entry.content.sessions else { continue }
      hasSessions = true
      sessions.merge(known)
    }
    var outcomes: [FileOutcome] = []
    var withoutCase: [String] = []
    for file in plan.unread
    where file.input.kind.holdsEvents && !file.input.kind.holdsRequests {
      let kind = file.input.kind
      switch kind {
      case .loginEvent, .eventLogLogout:
        hasSessions = true
        // A session may end outside the window of its login, so rows of all times count.
        var fold = SessionFold(rows: EventRows(file, plan.times, selection: nil))
        let reading = try plan.read(file) { block, first, reject in
          fold.fold(block, from: first, into: &sessions, reject: reject)
        }
        let name = file.input.candidate.name
        if fold.keyCases.tellsLoss { withoutCase.append("\(name): the login keys") }
        if fold.loginWithoutCaseCount > 0 { withoutCase.append("\(name): the Ids of logins") }
        outcomes.append(
          FileOutcome(
            file, reading, fold.rows,
            ColumnUse(
              file.input, used: SessionFold.usedColumns(kind),
              missing: SessionFold.missingColumns(kind, file.input.header))))
      case let kind where kind.holdsPages:
        var fold = PageFold(rows: EventRows(file, plan.times, selection: plan.selection))
        let reading = try plan.read(file) { block, first, reject in
          fold.fold(block, from: first, into: &pages, reject: reject)
        }
        outcomes.append(
          FileOutcome(file, reading, fold.rows, ColumnUse(file.input, used: PageFold.usedColumns)))
      default:
        var fold = ImpersonationFold(rows: EventRows(file, plan.times, selection: plan.selection))
        let reading = try plan.read(file) { block, first, reject in
          fold.fold(block, from: first, into: &impersonations, reject: reject)
        }
        outcomes.append(
          FileOutcome(
            file, reading, fold.rows,
            ColumnUse(file.input, used: ImpersonationFold.usedColumns)))
      }
    }
    if hasSessions { sessions.close() }
    self.sessions = hasSessions ? sessions : nil
    keys = forgotten.people.isEmpty ? [] : impersonations.keys.union(pages.keys)
    self.impersonations =
      forgotten.isNothing ? impersonations : impersonations.forgetting(forgotten)
    self.pages = forgotten.isNothing ? pages : pages.forgetting(forgotten)
    self.withoutCase = withoutCase
    self.outcomes = outcomes
  }
}

extension EventRows {
  /// The rows of a file of a run.
  ///
  /// - Parameter selection: The window; `nil` where rows of all times matter.
  init(_ file: UnreadFile, _ times: TimestampReader, selection: RowSelection?) {
    self.init(
      file: UInt32(file.number), kind: file.input.kind, header: file.input.header,
      headerBytes: file.input.headerBytes, times: times.reading(file.input), selection: selection)
  }
}
