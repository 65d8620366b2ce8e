import Accounts
import Reports
import Results
import SalesforceExports

/// Login files, read by all workers.
struct LoginReading {
  let ledger: AccountLedger
  /// Rows outside the window; `nil` without one.
  let outside: AccountLedger?
  let rows: RowAccounting
  /// Rows whose login key proves something.
  let places: SessionPlaces
  /// Login keys of rows that can be a person's, where they are kept.
  let keys: LoginKeyPlaces
  let outcomes: [FileOutcome]

  /// Folds the login files of a run: files with the same columns side by side, and those with more
  /// columns before those with fewer, so that of two copies of a row the richer one counts.
  ///
  /// - Parameters:
  ///   - seen: Receives the Ids of rows; one that it has already makes a row a copy.
  ///   - outsideSeen: The same for rows outside the window.
  ///   - comparison: By what copies are told from contradictions.
  ///   - ledger: Receives the rows.
  ///   - pickers: Pick rows out that somebody asks for, one for each worker.
  /// - Throws: ``Cancelled``; ``OutputError`` when a rejected row cannot be kept.
  init(
    _ plan: RunPlan, _ tables: RunTables, seen: LoginIDSet?, outsideSeen: LoginIDSet?,
    comparison: RowComparison, into ledger: AccountLedger, pickers: [RowPicker]?
  ) throws {
    let options = plan.options
    let files = plan.unread.filter { $0.input.kind.holdsLogins }
    let workerCount = max(1, options.threads)
    // A stated window bounds what is judged; what a ledger has forgotten is no longer told.
    let outside = options.hasWindow ? AccountLedger() : nil
    let workers = (0..<workerCount).map { worker in
      FoldWorker(
        ledger, outside: outside, workerCount: workerCount, picker: pickers?[worker])
    }
    let (selection, times) = (plan.selection, plan.times)
    let verifications = tables.verifications
    let contestedNames = tables.contestedNames
    let pipeline = LoginPipeline(
      workers: workers, recordLimits: plan.limits.records,
      progress: ProgressCounter(
        options.progress,
        totalBytes: files.reduce(0) { $0 + UInt64($1.input.stamp?.byteCount ?? 0) }),
      sessions: tables.events.sessions, keepsKeys: plan.keepsLedger,
      spools: plan.files.map(\.rejects), blockByteCount: options.loginBlockByteCount
    ) { feed, worker in
      LoginFold(
        columns: LoginColumns(kind: feed.input.kind, header: feed.input.header),
        file: UInt32(feed.number), header: feed.input.headerBytes, times: times.reading(feed.input),
        selection: selection, seen: seen, verified: verifications,
        contestedNames: contestedNames, outsideSeen: outsideSeen, comparison: comparison,
        worker: worker)
    }
    var rows = RowAccounting()
    var outcomes: [FileOutcome] = []
    for group in LoginColumnSet.groups(files) {
      let feeds = group.map { file in
        LoginFeed(
          number: file.number, input: file.input, reader: plan.limits.reader(file.input),
          workerCount: workerCount)
      }
      let ended = try pipeline.run(feeds)
      try Cancelled.check()
      for (feed, counts) in ended {
        rows.add(counts)
        var outcome = FileOutcome(
          feed.number, feed.outcome(), counts, ColumnUse(logins: feed.input))
        outcome.restoredIDCount = counts.restoredIDs
        outcomes.append(outcome)
      }
    }
    self.ledger = ledger
    self.outside = outside
    self.rows = rows
    places = pipeline.places
    keys = pipeline.keys
    self.outcomes = outcomes
  }
}

extension LoginColumnSet {
  /// The columns of the richest of some login files; `nil` when there is none.
  static func richest(_ files: [UnreadFile]) -> LoginColumnSet? {
    files.filter { $0.input.kind.holdsLogins }.map { LoginColumnSet($0.input) }.min()
  }

  /// Login files by their columns, the richest first.
  static func groups(_ files: [UnreadFile]) -> [[UnreadFile]] {
    Dictionary(grouping: files) { LoginColumnSet($0.input).text }
      .values.map { (LoginColumnSet($0[0].input), $0) }
      .sorted { $0.0 < $1.0 }.map(\.1)
  }
}

extension RowAccounting {
  /// Adds what became of the rows of a file.
  mutating func add(_ counts: LoginFold.Counts) {
    read += counts.read
    analysed += counts.analysed
    duplicate += counts.duplicate
    filtered += counts.filtered
    rejected += counts.rejected
  }

  /// Adds the counts of other files.
  mutating func add(_ other: RowAccounting) {
    read += other.read
    analysed += other.analysed
    duplicate += other.duplicate
    filtered += other.filtered
    rejected += other.rejected
  }
}
