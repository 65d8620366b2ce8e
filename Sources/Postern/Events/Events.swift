import Accounts
import Configuration
import Foundation
package import Platform
import Reports
package import Results
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
  /// The accounting of all login rows.
  package var rows = RowAccounting()
  /// Rows shown.
  package var shown = 0
  /// What the user should know.
  package var messages: [String] = []
  /// What each input was, for those who want to know.
  package var details: [String] = []
  /// Why the run is incomplete; empty when it is not.
  package var incompleteReasons: [String] = []
  /// Columns of the table for which the terminal had no room.
  package var omittedColumns: [String] = []
  package var exit = ExitCode.complete
}

/// Shows login rows with class and verdict, in the order of time.
///
/// The inputs are read twice: once for the judgement, which needs the whole history of an account,
/// and once for the rows themselves. Between the two only the verdicts are kept, 16 bytes each.
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
    try refusePipes()
    let start =
      options.inputs.contains("-") ? try StandardInputCopy.make(in: options.temporaryFolder) : nil
    let judged = try judge()
    let verdicts = judged.verdicts
    let tables = LoginTables(accounts: judged.accounts)
    var selection = EventSelection(
      query, places: judged.places, tables: tables, verdicts: verdicts)
    let sorter = LoginSorter(
      byteCount: sortByteCount, in: options.temporaryFolder, by: tables.precedes)
    var outcome = EventsOutcome()
    let changes = try readRows(
      judged, standardInputStart: start, tables, &selection, sorter,
      rows: &outcome.rows)
    options.progress?(.finished)
    try write(sorter, judged.accounting.inputs, tables, verdicts, selection, &outcome)
    conclude(&outcome, judged, changes: changes, selection)
    return outcome
  }

  /// A pipe with a name gives its bytes once; only standard input is kept for a second reading.
  private func refusePipes() throws(UsageError) {
    for input in options.inputs where input != "-" {
      switch FileStatus(path: input)?.kind {
      case nil, .regular, .folder: continue
      case .pipe, .other:
        throw UsageError(
          "\(input): is no regular file, and the rows are read twice; give it as standard input (-)"
        )
      }
    }
  }

  // MARK: Judgement

  /// What is kept of the judgement for the second reading.
  private struct Judged {
    let plan: RunPlan
    let accounting: RunAccounting
    let snapshots: Snapshots
    /// Places that the user asks for.
    let places: Set<EventSelection.Place>
    let accounts: [EventAccount]
    let verdicts: VerdictIndex
  }

  private func judge() throws -> Judged {
    let plan = try RunPlan(options)
    let tables = try RunTables(plan)
    let logins = try RunLogins(plan, tables)
    let accounting = RunAccounting(plan, tables, logins)
    let places = try resolvedPlaces(accounting.inputs.names)
    let judgement = Judgement(plan, tables, logins)
    struct Part: Sendable {
      var accounts: [(place: Int, account: EventAccount)] = []
      var entries: [VerdictIndex.Entry] = []
    }
    let parts = try judgement.forEachAccount(threads: options.threads) {
      Part()
    } _: { part, place, facts in
      try Cancelled.check()
      let account = EventAccount(
        key: facts.key, username: facts.username, accountClass: facts.accountClass,
        profile: facts.profile)
      part.accounts.append((place, account))
      part.entries.append(contentsOf: facts.logins.compactMap(VerdictIndex.Entry.init))
    }
    let accounts = parts.flatMap(\.accounts).sorted { $0.place < $1.place }.map(\.account)
    var index = VerdictIndex()
    for part in parts { index.add(part.entries) }
    index.close()
    return Judged(
      plan: plan, accounting: accounting, snapshots: tables.snapshots, places: places,
      accounts: accounts, verdicts: index)
  }

  private func resolvedPlaces(
    _ fileNames: [String]
  ) throws(UsageError) -> Set<EventSelection.Place> {
    var result: Set<EventSelection.Place> = []
    for place in query.places {
      let names = [place.file, "./" + place.file]
      let number = fileNames.firstIndex { name in
        names.contains(name) || "./" + name == place.file
      }
      guard let number else {
        let nearest = NameSuggestion.nearest(to: place.file, among: fileNames)
        throw UsageError(
          "--at \(place.file):\(place.line): no such file among the inputs"
            + (nearest.map { "; did you mean \($0)?" } ?? ""))
      }
      result.insert(EventSelection.Place(file: UInt32(number), line: place.line))
    }
    return result
  }

  // MARK: Rows

  /// Reads all login files again.
  ///
  /// Files with more columns come before those with fewer, as in the scan, so of two copies of a row
  /// the richer one is shown.
  private func readRows(
    _ judged: Judged, standardInputStart: Int?, _ tables: LoginTables,
    _ selection: inout EventSelection, _ sorter: LoginSorter, rows: inout RowAccounting
  ) throws -> [String] {
    let plan = judged.plan
    let files = LoginFileOrder.files(plan.files.map(\.input))
    let accounts = AccountNumbers(tables.accounts, snapshots: judged.snapshots)
    let seen = options.dropsDuplicates ? LoginIDSet() : nil
    let progress = ProgressCounter(
      options.progress,
      totalBytes: files.reduce(0) { $0 + UInt64($1.input.stamp?.byteCount ?? 0) })
    var changes: [String] = []
    for (number, given) in files {
      var input = given
      if input.candidate.path == "-", let start = standardInputStart {
        StandardInputCopy.rewind(to: start)
        let probe = InputProbe(
          limits: plan.limits.inflate, recordLimits: plan.limits.records)
        guard let again = try? probe.probe(input.candidate) else {
          changes.append("standard input: cannot be read again")
          continue
        }
        input = again
      }
      var reader = LoginRowReader(
        input, file: UInt32(number), times: plan.times, since: since, until: until, seen: seen,
        verdicts: judged.verdicts, tables: tables, accounts: accounts)
      var doneRows = 0
      let outcome = try plan.limits.reader(input).read { block, first, compressed in
        try Cancelled.check()
        try reader.read(block, from: first) { row in
          if selection.admits(row) { try sorter.add(row) }
        }
        progress.add(
          done: compressed, ofFile: number, rows: reader.counts.read - doneRows)
        doneRows = reader.counts.read
      }
      rows.add(reader.counts)
      let before = judged.accounting.inputs.records[number]
      if reader.counts.read != before.read || reader.counts.rejected != before.rejected {
        changes.append("\(before.name): changed while it was read")
      } else if let problem = outcome.problem, before.problem == nil {
        changes.append(problem)
      }
    }
    return changes
  }

  // MARK: Output

  private func write(
    _ sorter: LoginSorter, _ inputs: InputRecords, _ tables: LoginTables, _ verdicts: VerdictIndex,
    _ selection: EventSelection, _ outcome: inout EventsOutcome
  ) throws {
    let names = inputs.names
    let measure = selection.measure(fileNames: names)
    var writers: [EventWriter] = []
    // An output that fails does not keep the others from being written.
    var failure: OutputError?
    for output in outputs {
      let isStandard = output.path == nil
      do {
        writers.append(
          try EventWriter(
            output, measure, version: options.version, width: isStandard ? tableWidth : nil,
            usesColor: isStandard && options.usesColor))
      } catch let error as OutputError {
        failure = failure ?? error
      }
    }
    var group: [PackedLogin] = []
    func flush() throws {
      defer { group.removeAll(keepingCapacity: true) }
      guard let login = selection.united(group) else { return }
      let account = tables.accounts[Int(login.account)]
      let record = LoginRecord(
        time: login.time, id: login.id, account: account.key, username: account.username,
        accountClass: account.accountClass, shape: tables.shapes[Int(login.shape)],
        address: tables.addresses[Int(login.address)], file: names[Int(login.file)],
        line: login.line, verdict: verdicts.verdict(login.verdict))
      writers.removeAll { writer in
        do throws(OutputError) { try writer.write(record) } catch {
          failure = failure ?? error
          return true
        }
        return false
      }
      // Whoever read standard output has seen enough, and wants no files either.
      if let failure, writers.isEmpty || failure.isClosedPipe { throw failure }
      outcome.shown += 1
    }
    var count = 0
    try sorter.deliver { row in
      count += 1
      if count % 4_096 == 0 { try Cancelled.check() }
      if let last = group.last, last.id.isNone || last.id != row.id || !(row.isCopy || last.isCopy)
      {
        try flush()
      }
      group.append(row)
    }
    try flush()
    for writer in writers {
      do throws(OutputError) { try writer.finish() } catch { failure = failure ?? error }
    }
    do { try inputs.writeRejects(options) } catch let error as OutputError {
      failure = failure ?? error
    }
    if let failure { throw failure }
    outcome.omittedColumns = writers.lazy.compactMap(\.omittedColumns).first ?? []
  }

  private func conclude(
    _ outcome: inout EventsOutcome, _ judged: Judged, changes: [String],
    _ selection: EventSelection
  ) {
    let accounting = judged.accounting
    let rowsInLedgersAlone = accounting.inputs.rowsInLedgersAlone
    outcome.messages = accounting.messages
    outcome.details = accounting.details
    var reasons = accounting.incompleteReasons + changes
    if outcome.rows.analysed == 0, accounting.rows.analysed > 0 {
      let isInLedgers = rowsInLedgersAlone.reduce(0) { $0 + $1.rows } == accounting.rows.read
      reasons.append(
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
    for id in query.ids.sorted() where !selection.foundIDs.contains(id) {
      outcome.messages.append("--id \(id.text18): no analysed row has this Id")
    }
    for place in selection.missingPlaces {
      outcome.messages.append(
        "--at \(accounting.inputs.names[Int(place.file)]):\(place.line): no analysed row begins there"
      )
    }
    outcome.incompleteReasons = reasons
    let isWhole =
      outcome.rows.isBalanced && accounting.rows.isBalanced
      && (since != nil || until != nil || !changes.isEmpty || !judged.plan.ledgers.isEmpty
        || outcome.rows == accounting.rows)
    outcome.exit = .deciding([
      .internalFault: !isWhole, .nothingAnalysed: accounting.lacksLogins,
      .incomplete: !reasons.isEmpty,
    ])
  }
}

/// The order in which login files are gone through.
enum LoginFileOrder {
  /// The login files that are given, with their numbers: those with more used columns first, then by the names of these,
  /// then in the order of the inputs.
  static func files(_ inputs: [ProbedInput?]) -> [(number: Int, input: ProbedInput)] {
    let given = inputs.enumerated().compactMap { number, input in input.map { (number, $0) } }
    let keys = given.filter { $0.1.kind.holdsLogins }.map { number, input in
      let columns = LoginColumns(kind: input.kind, header: input.header)
      let used = columns.used.filter { $0 >= 0 }.map { ColumnNames.fold(input.header.original[$0]) }
      return (
        number: number, input: input, count: used.count, names: used.sorted().joined(separator: ",")
      )
    }
    return keys.sorted { one, other in
      if one.count != other.count { return one.count > other.count }
      return one.names != other.names ? one.names < other.names : one.number < other.number
    }.map { ($0.number, $0.input) }
  }
}
