import Accounts
import Results
import SalesforceExports

/// Login files whose rows a ledger holds and that are given again, read for the rows alone that somebody
/// asks for: a ledger has facts and figures, and of successful API logins no single row.
struct RepeatedReading {
  /// Rows of these files.
  let rows: RowAccounting

  /// Reads the files; nothing enters the ledger.
  ///
  /// - Parameters:
  ///   - ledger: Gives codes to values.
  ///   - pickers: Pick the rows out, one for each worker.
  /// - Throws: ``Cancelled``.
  init(_ plan: RunPlan, _ ledger: AccountLedger, _ pickers: [RowPicker]) throws {
    let options = plan.options
    // What is wrong with their rows is in the ledger, so nothing that is set aside is kept.
    let spools = plan.files.map { file in
      RejectSpool(
        fileName: file.record.name, isKept: false, temporary: options.temporaryFolder)
    }
    let files = plan.files.enumerated().compactMap { number, file -> UnreadFile? in
      guard let input = file.input, file.known != nil, input.kind.holdsLogins else { return nil }
      return UnreadFile(number: number, input: input, rejects: spools[number])
    }
    let (selection, times, seen) = (options.selection(from: nil), plan.times, LoginIDSet())
    let pipeline = LoginPipeline(
      workers: pickers.map {
        FoldWorker(ledger, workerCount: pickers.count, picker: $0)
      }, recordLimits: plan.limits.records, progress: ProgressCounter(nil, totalBytes: 0),
      sessions: nil, keepsKeys: false, spools: spools,
      blockByteCount: options.loginBlockByteCount
    ) { feed, worker in
      LoginFold(
        columns: LoginColumns(kind: feed.input.kind, header: feed.input.header),
        file: UInt32(feed.number), header: feed.input.headerBytes, times: times.reading(feed.input),
        selection: selection, seen: seen, verified: nil, entersRows: false, worker: worker)
    }
    var rows = RowAccounting()
    for group in LoginColumnSet.groups(files) {
      let feeds = group.map { file in
        LoginFeed(
          number: file.number, input: file.input, reader: plan.limits.reader(file.input),
          workerCount: pickers.count)
      }
      for (_, counts) in try pipeline.run(feeds) { rows.add(counts) }
      try Cancelled.check()
    }
    self.rows = rows
  }
}
