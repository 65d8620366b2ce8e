import Accounts
import Platform
import Results
import SalesforceExports

/// The login rows that a query asks for, read by the pipeline of a scan and put in order.
///
/// The inputs are read once. Rows that the ledger logs are picked out of the judged accounts; of
/// successful API logins, which it does not log, those that are asked for are picked out as they are
/// folded. Both are sorted in bounded memory.
struct QueriedRows {
  /// The rows, in the order of time.
  let rows: ShownRows
  /// Values of the rows, where they are noted.
  let values: ShownValues
  /// The accounting of all login rows.
  let accounting: RowAccounting
  /// What became of the files.
  let files: RunAccounting
  /// What was picked while rows were folded.
  let picked: PickedRows
  /// Why verdicts or classes cannot be told of all.
  let unclassedReasons: [String]
  /// Kind of the login files; `nil` when there are none.
  let loginKind: FileKind?
  /// What all logins that were read were.
  let history: OrgHistory
  /// Time of the earliest and latest row that was read.
  let first: Instant?
  let last: Instant?

  /// Reads the inputs.
  ///
  /// - Parameters:
  ///   - options: Options without a window: verdicts and classes rest on all rows.
  ///   - query: What is asked for, with the kind of the login files known.
  ///   - since: First instant of the window.
  ///   - until: End of the window, exclusive.
  ///   - notesValues: Whether values of the rows are noted.
  ///   - sortByteCount: Memory for rows.
  /// - Throws: ``UsageError``, ``OutputError``, ``Cancelled``.
  init(
    _ options: ScanOptions, since: Instant?, until: Instant?, notesValues: Bool,
    sortByteCount: Int, query: (FileKind?) -> EventQuery
  ) throws {
    let plan = try RunPlan(options)
    loginKind = plan.loginKind
    let tables = try RunTables(plan)
    var selection = try EventSelection(
      query(plan.loginKind), since: since, until: until, plan, tables.snapshots)
    let threads = max(1, options.threads)
    let ledger = AccountLedger()
    let sorter = LoginSorter(
      byteCount: sortByteCount, partCount: 2 * threads, in: options.temporaryFolder,
      by: ledger.precedes)
    picked = PickedRows(
      selection, ledger, tables.snapshots, sorter, threads: threads, notesValues: notesValues)
    let logins = try RunLogins(plan, tables, into: ledger, pickers: picked.pickers)
    var accounting = logins.rows
    if let pickers = picked.pickers {
      accounting.add(try RepeatedReading(plan, ledger, pickers).rows)
    }
    picked.subtractRowsOutside(&accounting)
    self.accounting = accounting
    selection.ids.formUnion(picked.idsAtPlaces)
    files = RunAccounting(plan, tables, logins)
    let judgement = Judgement(plan, tables, logins)
    let judged = try Self.judge(
      judgement, selection, sorter, threads: threads, notesValues: notesValues)
    values = judged.parts.reduce(into: picked.values) { $0.formUnion($1.values) }
    rows = ShownRows(
      try sorter.merged(threads: threads), selection, accounts: judged.parts.flatMap(\.accounts),
      ledger, verdicts: judged.verdicts, files: files.inputs.names)
    unclassedReasons = files.unclassedReasons(judgement, options)
    history = judgement.history
    first = judgement.history.first
    last = judgement.history.last
  }

  private static func judge(
    _ judgement: Judgement, _ selection: EventSelection, _ sorter: LoginSorter, threads: Int,
    notesValues: Bool
  ) throws -> (parts: [JudgedRows], verdicts: [Verdict]) {
    let numbers = VerdictNumbers()
    let nextPart = Locked(threads)
    let ledger = judgement.ledger
    let parts = try judgement.forEachAccount(threads: threads, where: selection.matches) {
      let number = nextPart.withLock { number in
        number += 1
        return number - 1
      }
      return JudgedRows(
        selection, ledger, sorted: sorter.part(number), numbers: numbers, notesValues: notesValues)
    } _: { part, _, facts in
      try Cancelled.check()
      part.add(facts)
    }
    return (parts, numbers.all)
  }
}
