import Accounts
import Findings
import Platform
import Reports
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
  /// Id of the org; empty where nothing tells it.
  let organizationID: String
  /// Kind of the login files; `nil` when there are none.
  let loginKind: FileKind?
  /// What all logins that were read were.
  let history: OrgHistory
  /// Whether some row that was read has an address, and some a browser or user agent.
  let hasAddresses: Bool
  let hasBrowsers: Bool
  /// Time of the earliest and latest row that was read.
  let first: Instant?
  let last: Instant?
  /// What the query asks that no input answers.
  let gaps: QueryGaps
  /// Rows of other exports than logins: those that were asked for by their places, and those that the finding
  /// rests on.
  let exportRows: [ExportRow]
  /// Whether there are more of them than the limit has room for.
  let hasMoreExportRows: Bool
  /// Whether no login rows were asked for beside them.
  let showsExportsAlone: Bool
  /// Whether a verification export was read.
  let hasVerifications: Bool

  /// Reads the inputs.
  ///
  /// - Parameters:
  ///   - options: Options without a window: verdicts and classes rest on all rows.
  ///   - query: What is asked for, with the kind of the login files known.
  ///   - since: First instant of the window.
  ///   - until: End of the window, exclusive.
  ///   - notesValues: Whether values of the rows are noted.
  ///   - isReversed: Whether the latest row is the first.
  ///   - limit: Most rows that are given; `nil` for all.
  ///   - tally: Counts rows that need not be put in order; there are none to give then.
  ///   - observer: Looks at all accounts as they are judged.
  ///   - needsOrder: Whether the rows are wanted in order; otherwise ``ShownRows/addAll(threads:to:)`` gives
  ///     them.
  ///   - sortByteCount: Memory for rows.
  /// - Throws: ``UsageError``, ``OutputError``, ``Cancelled``.
  init(
    _ options: ScanOptions, since: Instant?, until: Instant?, notesValues: Bool,
    isReversed: Bool = false, limit: Int? = nil, tally: RowTally? = nil,
    observer: (any RowObserver)? = nil, needsOrder: Bool = true,
    sortByteCount: Int = LoginSorter.standardByteCount, query: (FileKind?) -> EventQuery
  ) throws {
    var plan = try RunPlan(options)
    organizationID = plan.organization.id
    loginKind = plan.loginKind
    let tables = try RunTables(plan)
    // Who is asked for is looked up in them.
    try tables.settle()
    let asked = query(plan.loginKind)
    var selection = try EventSelection(
      asked, since: since, until: until, needsPlaces: tally?.grain.usesFile ?? needsOrder, plan,
      tables.snapshots)
    let isOrdered = needsOrder || !selection.picksEachRowOnce
    let threads = max(1, options.threads)
    let ledger = AccountLedger()
    let sorter = LoginSorter(
      byteCount: sortByteCount, partCount: 2 * threads, in: options.temporaryFolder,
      isOrdered: isOrdered
    ) {
      isReversed ? ledger.precedes($1, $0) : ledger.precedes($0, $1)
    }
    let counter = selection.picksEachRowOnce ? tally : nil
    let sink: @Sendable (Int) -> any RowSink = { number in
      let sink: any RowSink = counter?.part(number) ?? sorter.part(number)
      return observer?.sink(number, before: sink) ?? sink
    }
    picked = PickedRows(
      selection, ledger, tables.snapshots, threads: threads, notesValues: notesValues, into: sink)
    let logins = try RunLogins(&plan, tables, into: ledger, pickers: picked.pickers)
    var accounting = logins.rows
    if let pickers = picked.pickers {
      accounting.add(try RepeatedReading(plan, ledger, pickers).rows)
    }
    picked.subtractRowsOutside(&accounting)
    self.accounting = accounting
    selection.ids.formUnion(picked.idsAtPlaces)
    files = RunAccounting(plan, tables, logins)
    let inputs = files.inputs
    let judgement = Judgement(plan, tables, logins)
    try observer?.begin(judgement, inputs, selection)
    let search = asked.finding.map {
      FindingSearch(
        $0, judgesAll: asked.accounts.isEmpty, judgement, inputs, options)
    }
    let judged = try Self.judge(
      judgement, search, observer, selection, threads: threads, notesValues: notesValues,
      into: sink)
    values = judged.parts.reduce(into: picked.values) { $0.formUnion($1.values) }
    let found = search.flatMap { $0.rows(judged.parts.compactMap(\.search)) }
    let ofFinding = found ?? asked.finding.map { FindingRows($0.evidence, files: inputs.names) }
    let cited = ofFinding.map { selection.exportPlaces(of: $0, plan) } ?? []
    let showsCited = asked.showsExportsOfFinding && !cited.isEmpty
    let exports = try ExportRows(
      plan, selection.exportPlaces.union(showsCited ? cited : []))
    exportRows = Array(exports.rows.prefix(limit ?? .max))
    hasMoreExportRows = exportRows.count < exports.rows.count
    showsExportsAlone =
      selection.namesExportsAlone || showsCited && ofFinding?.isConfined(to: cited) == true
    rows = ShownRows(
      isOrdered ? .merged(try sorter.merged(threads: threads)) : .unordered(sorter), selection,
      accounts: judged.parts.flatMap(\.accounts),
      ledger, verdicts: judged.verdicts, files: files.inputs.names, of: ofFinding,
      limit: limit.map { [shown = exportRows.count] in $0 - shown })
    if let tally, counter == nil { try rows.addAll(threads: 1) { _ in tally.part(0) } }
    hasVerifications = plan.files.contains { $0.record.kind == .verificationHistory }
    var gaps = QueryGaps(
      asked, ledger, tables.snapshots, files.inputs, judgement.history,
      judged.parts.reduce(into: UntoldAccounts()) { $0.formUnion($1.untold) }, picked)
    if let finding = asked.finding, found == nil { gaps.note(finding.absence) }
    gaps.noteMissing(exports.missing, named: selection.exportPlaces, inputs.names)
    if !showsCited { gaps.noteLeftOut(cited.count) }
    gaps.noteUnkept(ofFinding?.unknownRowCount ?? 0)
    self.gaps = gaps
    unclassedReasons = files.unclassedReasons(judgement, options)
    history = judgement.history
    hasAddresses = ledger.addresses.contains { NetworkAddress($0) != nil }
    hasBrowsers = ledger.shapes.contains { !$0.browser.isEmpty }
    first = judgement.history.first
    last = judgement.history.last
  }

  private static func judge(
    _ judgement: Judgement, _ search: FindingSearch?, _ observer: (any RowObserver)?,
    _ selection: EventSelection, threads: Int,
    notesValues: Bool,
    into sink: @Sendable (Int) -> any RowSink
  ) throws -> (parts: [JudgedRows], verdicts: [Verdict]) {
    let numbers = VerdictNumbers()
    let nextPart = Locked(threads)
    let ledger = judgement.ledger
    // What is found about the org rests on all accounts.
    let isIncluded = observer == nil ? selection.matches as (AccountKey) -> Bool : nil
    let parts = try judgement.forEachAccount(threads: threads, where: isIncluded) {
      let number = nextPart.withLock { number in
        number += 1
        return number - 1
      }
      var part = JudgedRows(
        selection, ledger, into: sink(number), numbers: numbers, notesValues: notesValues)
      part.search = search?.makePart()
      part.keepsRows = observer != nil
      part.number = number
      return part
    } _: { part, place, facts in
      try Cancelled.check()
      if let search, var found = part.search {
        part.search = nil
        search.look(facts, place: place, &found)
        part.search = found
      }
      part.add(facts)
      observer?.add(facts, place: place, rows: part.rows, worker: part.number)
    }
    return (parts, numbers.all)
  }
}
