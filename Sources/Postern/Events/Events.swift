import Accounts
import Platform
import Reports
import Results
import SalesforceExports

/// A form of login rows.
package enum EventFormat: String, Sendable, CaseIterable {
  case table
  case csv
  case jsonl
  case ocsf
}

/// How `postern events` ended.
package struct EventsOutcome: Sendable {
  package var reading: ReadingOutcome
  /// Rows shown.
  package var shown = 0
  /// Columns of the table for which the terminal had no room.
  package var omittedColumns: [String] = []
}

/// Shows login rows with class and verdict, in the order of time.
///
/// The rows are put in order (``QueriedRows``) and rendered by all workers.
package struct Events {
  private var options: ScanOptions
  private let since: Instant?
  private let until: Instant?
  private let query: EventQuery
  private let outputs: [OutputTarget<EventFormat>]
  /// Columns of the terminal; `nil` shows the table whole.
  private let tableWidth: Int?
  private let sortByteCount: Int

  /// Makes a run.
  ///
  /// The window chooses among the rows like any other condition; verdicts and classes rest on all
  /// rows of the inputs, so a row has the same verdict whatever is shown beside it.
  package init(
    _ options: ScanOptions, query: EventQuery, outputs: [OutputTarget<EventFormat>],
    tableWidth: Int?,
    sortByteCount: Int? = nil
  ) {
    self.options = options.writing(outputs.map(\.path))
    since = options.since
    until = options.until
    self.options.since = nil
    self.options.until = nil
    self.query = query
    self.outputs = outputs.isEmpty ? [OutputTarget(format: .table, path: nil)] : outputs
    self.tableWidth = tableWidth
    self.sortByteCount = sortByteCount ?? LoginSorter.standardByteCount
  }

  /// Does the whole job.
  ///
  /// - Throws: ``UsageError``, ``OutputError``, ``Cancelled``.
  package func run() throws -> EventsOutcome {
    if let since, let until, since >= until {
      throw UsageError("--since \(since.text) is not before --until \(until.text)")
    }
    let query = query
    let queried = try QueriedRows(
      options, since: since, until: until, notesValues: notesValues, sortByteCount: sortByteCount
    ) { _ in query }
    var outcome = EventsOutcome(
      reading: ReadingOutcome(queried.files, incomplete: queried.unclassedReasons))
    outcome.reading.rows = queried.accounting
    try write(
      queried.rows, queried.values, queried.files.inputs, threads: max(1, options.threads),
      &outcome)
    conclude(&outcome.reading, queried.files, queried.picked)
    return outcome
  }

  /// Whether widths of a table are needed, and not to be told from few rows alone.
  private var notesValues: Bool {
    outputs.contains { $0.format == .table } && query.ids.isEmpty && query.places.isEmpty
  }

  // MARK: Output

  private func write(
    _ rows: ShownRows, _ values: ShownValues, _ inputs: InputRecords, threads: Int,
    _ outcome: inout EventsOutcome
  ) throws {
    var values = values
    // Rows that are named are few, and which they are is known only now.
    if !notesValues, outputs.contains(where: { $0.format == .table }) {
      values = try rows.gatherAll()
    }
    let writer = EventOutputs(
      outputs, values.measure(rows.texts, accounts: rows.accountNumbers), files: rows.texts.files,
      tableWidth: tableWidth, usesColor: options.usesColor, version: options.version,
      tenant: options.organizationID)
    let (layouts, texts) = (writer.layouts, rows.texts)
    let pieces = OrderedPieces<[ShownLogin], [[UInt8]]> {
      try Cancelled.check()
      return try rows.next()
    } write: { lines in
      try writer.write(lines)
    }
    try pieces.run(threads: threads) {
      layouts.map { LoginRenderer($0, texts) }
    } _: { renderers, logins in
      renderers.indices.map { number in
        var bytes: [UInt8] = []
        bytes.reserveCapacity(logins.count * 256)
        for login in logins { renderers[number].append(login, to: &bytes) }
        return bytes
      }
    }
    outcome.shown = rows.count
    outcome.omittedColumns = writer.omittedColumns
    var failure = writer.finish()
    do { try inputs.writeRejects(options) } catch let error as OutputError {
      failure = failure ?? error
    }
    if let failure { throw failure }
  }

  private func conclude(
    _ outcome: inout ReadingOutcome, _ accounting: RunAccounting, _ picked: PickedRows
  ) {
    let rowsInLedgersAlone = accounting.inputs.rowsInLedgersAlone
    if outcome.rows.analysed == 0, accounting.rows.analysed > 0 {
      let isInLedgers = rowsInLedgersAlone.reduce(0) { $0 + $1.rows } == accounting.rows.read
      outcome.incompleteReasons.append(
        isInLedgers
          ? "all login rows lie in ledgers, which have none to show"
          : "no login rows in the window")
    }
    for (file, ledger, rows) in rowsInLedgersAlone {
      outcome.messages.append(
        "\(file): its \(rows) rows are in \(ledger), which has facts and figures but no rows to show; "
          + "give the file too"
          + (!FileStamp.isThere(file)
            ? ", if it is kept somewhere: it is not where it was" : ""))
    }
    for id in query.ids.sorted() where !picked.foundIDs.contains(id) {
      outcome.messages.append("--id \(id.text18): no analysed row has this Id")
    }
    for place in picked.missingPlaces {
      outcome.messages.append(
        "--at \(accounting.inputs.names[Int(place.file)]):\(place.line): no analysed row begins there"
      )
    }
    outcome.decide(accounting)
  }
}
