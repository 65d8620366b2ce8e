import Accounts
import SalesforceExports

extension Scan {
  /// Folds all login files: files with the same columns side by side, and those with more columns
  /// before those with fewer, so that of two copies of a row the richer one counts.
  func foldLogins(_ state: inout RunState, _ times: TimestampReader) throws {
    let numbers = state.inputs.indices.filter { state.inputs[$0].kind.holdsLogins }
    let workerCount = max(1, options.threads)
    let workers = (0..<workerCount).map { _ in FoldWorker() }
    let selection = options.selection
    let seen = options.dropsDuplicates ? LoginIDSet() : nil
    let verifications = state.verifications
    let pipeline = LoginPipeline(
      workers: workers, recordLimits: recordLimits,
      progress: ProgressCounter(
        options.progress,
        totalBytes: numbers.reduce(0) { $0 + UInt64(state.inputs[$1].stamp?.byteCount ?? 0) }),
      sessions: state.events.sessions, spools: state.spools,
      blockByteCount: options.loginBlockByteCount
    ) { feed, worker in
      LoginFold(
        columns: LoginColumns(kind: feed.input.kind, header: feed.input.header),
        file: UInt32(feed.number), header: feed.input.headerBytes, times: times,
        selection: selection, seen: seen, verified: verifications, worker: worker)
    }
    for group in groups(numbers, state) {
      let feeds = group.map { number in
        LoginFeed(
          number: number, input: state.inputs[number], reader: reader(state.inputs[number]),
          workerCount: workerCount)
      }
      let ended = try pipeline.run(feeds)
      try Self.checkCancelled()
      for (feed, counts) in ended { state.note(feed.number, counts, feed.outcome()) }
    }
    state.events.sessions?.add(pipeline.places)
    state.events.sessions?.close()
    state.ledger = workers[0].ledger
    for worker in workers.dropFirst() { state.ledger.merge(worker.ledger) }
  }

  private func groups(_ numbers: [Int], _ state: RunState) -> [[Int]] {
    func signature(_ number: Int) -> (used: Int, text: String) {
      let input = state.inputs[number]
      let columns = LoginColumns(kind: input.kind, header: input.header)
      let used = columns.used.filter { $0 >= 0 }.map { ColumnNames.fold(input.header.original[$0]) }
      return (used.count, used.sorted().joined(separator: ","))
    }
    let groups = Dictionary(grouping: numbers) { signature($0).text }
    return groups.sorted { one, other in
      let (left, right) = (signature(one.value[0]), signature(other.value[0]))
      return left.used != right.used ? left.used > right.used : left.text < right.text
    }.map(\.value)
  }
}
