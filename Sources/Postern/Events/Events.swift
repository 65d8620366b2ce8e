import Accounts
import Platform
package import Reports
import Results
import SalesforceExports

/// A form of login rows.
package enum EventFormat: String, Sendable, CaseIterable {
  case table
  case csv
  case jsonl
  case ocsf
  case timesketch
}

/// Which rows are shown first, how many of them, and in which form.
package struct EventPresentation: Sendable {
  /// What rows are counted by, instead of being shown.
  package var fields: [LoginField] = []
  /// Whether the last comes first.
  package var isReversed = false
  /// Most rows or counts that are shown; `nil` for all.
  package var limit: Int?
  /// Whether CSV begins with the mark by which spreadsheets know UTF-8.
  package var marksCSV = false
  /// Columns of the terminal; `nil` shows tables whole.
  package var tableWidth: Int?

  /// Shows all rows.
  package init() {}
}

/// How `postern events` ended.
package struct EventsOutcome: Sendable {
  package var reading: ReadingOutcome
  /// Rows shown, or counts of rows.
  package var shown = 0
  /// Whether there are more than were shown.
  package var hasMore = false
  /// Rows that were counted.
  package var counted = 0
  /// Columns of the table for which the terminal had no room.
  package var omittedColumns: [String] = []
}

/// Shows login rows with class and verdict, in the order of time.
///
/// The rows are put in order (`QueriedRows`) and rendered by all workers.
package struct Events {
  private var options: ScanOptions
  private let since: Instant?
  private let until: Instant?
  private let query: EventQuery
  private let outputs: [OutputTarget<EventFormat>]
  private let presentation: EventPresentation
  private let sortByteCount: Int

  /// Most rows that are brought into memory so that a table fits them.
  private static let gatheredRowLimit = 10_000

  /// Makes a run.
  ///
  /// The window chooses among the rows like any other condition; verdicts and classes rest on all
  /// rows of the inputs, so a row has the same verdict whatever is shown beside it.
  package init(
    _ options: ScanOptions, query: EventQuery, outputs: [OutputTarget<EventFormat>],
    _ presentation: EventPresentation, sortByteCount: Int? = nil
  ) {
    self.options = options.writing(outputs.map(\.path))
    since = options.since
    until = options.until
    self.options.since = nil
    self.options.until = nil
    self.query = query
    self.outputs = outputs.isEmpty ? [OutputTarget(format: .table, path: nil)] : outputs
    self.presentation = presentation
    self.sortByteCount = sortByteCount ?? LoginSorter.standardByteCount
  }

  /// Does the whole job.
  ///
  /// - Throws: ``UsageError``, ``OutputError``, ``Cancelled``.
  package func run() throws -> EventsOutcome {
    if let since, let until, since >= until {
      throw UsageError("--since \(since.text) is not before --until \(until.text)")
    }
    let fields = presentation.fields
    if !fields.isEmpty, let output = outputs.first(where: { !$0.format.showsCounts }) {
      throw UsageError(
        "--by: counts have no form \(output.format.rawValue); take table, csv or jsonl")
    }
    var query = query
    var options = options
    var (since, until) = (since, until)
    if let finding = query.finding {
      // A finding rests on the rows of its run's window, and is judged within it again.
      options.since = finding.run.map(\.since) ?? since
      options.until = finding.run.map(\.until) ?? until
      if finding.run == nil { (since, until) = (nil, nil) }
      if query.accounts.isEmpty, let account = finding.account { try query.addAccount(account) }
    }
    query.countedColumns = fields.compactMap(\.loginColumn)
    query.showsExports =
      fields.isEmpty && outputs.allSatisfy { $0.format == .table || $0.format == .jsonl }
    let asked = query
    let threads = max(1, options.threads)
    let tally = fields.isEmpty ? nil : RowTally(EventCounts.grain(fields), threads: threads)
    let queried = try QueriedRows(
      options, since: since, until: until, notesValues: notesValues,
      isReversed: presentation.isReversed, limit: fields.isEmpty ? presentation.limit : nil,
      tally: tally, sortByteCount: sortByteCount
    ) { _ in asked }
    var outcome = EventsOutcome(
      reading: ReadingOutcome(
        queried.files, incomplete: queried.unclassedReasons + queried.gaps.reasons))
    outcome.reading.messages += queried.gaps.messages
    outcome.reading.rows = queried.accounting
    if let tally {
      try write(
        EventCounts(fields, queried.rows).counts(tally),
        hasVerifications: queried.hasVerifications, &outcome)
      try queried.files.inputs.writeRejects(options)
    } else {
      try write(queried, threads: threads, &outcome)
    }
    if asked.finding != nil, outcome.shown == 0, outcome.reading.incompleteReasons.isEmpty {
      outcome.reading.messages.append(
        "no login row of these inputs is one that the finding rests on")
    }
    conclude(&outcome.reading, queried.files)
    return outcome
  }

  /// Whether widths of a table are needed, and not to be told from few rows alone.
  private var notesValues: Bool {
    outputs.contains { $0.format == .table } && presentation.fields.isEmpty && query.ids.isEmpty
      && query.places.isEmpty && (presentation.limit ?? .max) > Self.gatheredRowLimit
  }

  // MARK: Output

  private func write(
    _ counts: [LoginCount], hasVerifications: Bool, _ outcome: inout EventsOutcome
  ) throws {
    let ordered = presentation.isReversed ? counts.reversed() : counts
    let shown = Array(ordered.prefix(presentation.limit ?? .max))
    outcome.shown = shown.count
    outcome.hasMore = shown.count < counts.count
    outcome.counted = counts.reduce(0) { $0 + $1.rows }
    let report = LoginCounts(
      presentation.fields, shown, hasVerifications: hasVerifications)
    let presentation = presentation
    try OutputSet(outputs, usesColor: options.usesColor).write { output, usesColor, file in
      switch output.format {
      case .csv:
        if presentation.marksCSV { try file.writeByteOrderMark() }
        try file.write(report.csv)
      case .jsonl: try file.write(report.jsonLines)
      case .table, .ocsf, .timesketch:
        let width = output.path == nil ? presentation.tableWidth : nil
        try file.write(report.table(width: width, usesColor: usesColor).utf8)
      }
    }
  }

  private func write(
    _ queried: QueriedRows, threads: Int, _ outcome: inout EventsOutcome
  ) throws {
    let rows = queried.rows
    var values = queried.values
    // Rows that are named are few, and which they are is known only now.
    if !notesValues, outputs.contains(where: { $0.format == .table }) {
      values = try rows.gatherAll()
    }
    let writer = EventOutputs(
      outputs,
      values.measure(
        rows.texts, accounts: rows.accountNumbers, hasVerifications: queried.hasVerifications),
      exportRows: queried.exportRows, showsLogins: !queried.showsExportsAlone,
      files: rows.texts.files, presentation, usesColor: options.usesColor, version: options.version,
      tenant: queried.organizationID)
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
    outcome.shown = rows.count + queried.exportRows.count
    outcome.hasMore = rows.hasMore || queried.hasMoreExportRows
    outcome.omittedColumns = writer.omittedColumns
    var failure = writer.finish()
    do { try queried.files.inputs.writeRejects(options) } catch let error as OutputError {
      failure = failure ?? error
    }
    if let failure { throw failure }
  }

  private func conclude(_ outcome: inout ReadingOutcome, _ accounting: RunAccounting) {
    if outcome.rows.analysed == 0, accounting.rows.analysed > 0 {
      let rows = accounting.inputs.rowsInLedgersAlone.reduce(0) { $0 + $1.rows }
      outcome.incompleteReasons.append(
        rows == accounting.rows.read
          ? "all login rows lie in ledgers, which have none to show"
          : "no login rows in the window")
    }
    outcome.decide(accounting)
  }
}

extension EventFormat {
  /// Whether counts have this form.
  fileprivate var showsCounts: Bool {
    switch self {
    case .table, .csv, .jsonl: true
    case .ocsf, .timesketch: false
    }
  }
}
