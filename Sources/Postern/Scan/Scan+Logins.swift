import Accounts
import SalesforceExports

extension Scan {
  /// Folds all login files: files with the same columns side by side, and those with more columns
  /// before those with fewer, so that of two copies of a row the richer one counts.
  func foldLogins(_ state: inout RunState, _ times: TimestampReader) throws {
    let unread = state.unread.filter { $0.input.kind.holdsLogins }
    let workerCount = max(1, options.threads)
    let ledger = AccountLedger()
    let workers = (0..<workerCount).map { _ in FoldWorker(ledger, workerCount: workerCount) }
    let selection = options.selection(from: state.floor)
    let seen = options.dropsDuplicates ? state.ledgers.takeIDs() : nil
    state.seen = seen
    if let seen, let known = state.knownIDs { _ = seen.formUnion(known) }
    let verifications = state.verifications
    let pipeline = LoginPipeline(
      workers: workers, recordLimits: recordLimits,
      progress: ProgressCounter(
        options.progress,
        totalBytes: unread.reduce(0) { $0 + UInt64($1.input.stamp?.byteCount ?? 0) }),
      sessions: state.events.sessions, keepsKeys: options.ledgerPath != nil, spools: state.spools,
      blockByteCount: options.loginBlockByteCount
    ) { feed, worker in
      LoginFold(
        columns: LoginColumns(kind: feed.input.kind, header: feed.input.header),
        file: UInt32(feed.number), header: feed.input.headerBytes, times: times,
        selection: selection, seen: seen, verified: verifications, worker: worker)
    }
    for group in groups(unread) {
      let feeds = group.map { number, input in
        LoginFeed(
          number: number, input: input, reader: reader(input), workerCount: workerCount)
      }
      let ended = try pipeline.run(feeds)
      try Self.checkCancelled()
      for (feed, counts) in ended { state.note(feed.number, counts, feed.outcome()) }
    }
    state.keyPlaces.add(pipeline.keys)
    state.events.sessions?.add(pipeline.places)
    for entry in state.ledgers.entries {
      var keys = LoginKeyPlaces()
      keys.add(entry.content.keyPlaces, state.ledgers.relocation(entry))
      state.keyPlaces.add(keys)
      if let sessions = state.events.sessions { state.events.sessions?.add(keys.places(sessions)) }
    }
    state.events.sessions?.close()
    state.ledger = ledger
    for entry in state.ledgers.entries {
      state.ledger.merge(
        entry.content.ledger, state.ledgers.relocation(entry, verifications), threads: workerCount)
    }
    // A verification may name a login that only a ledger has seen, and of which it kept the Id alone.
    if !state.ledgers.isEmpty, let seen, let verifications {
      for login in verifications.joinedLogins(where: { seen.contains($0) }) {
        state.ledger.noteJoined(login)
      }
    }
  }

  private func groups(
    _ files: [(number: Int, input: ProbedInput)]
  ) -> [[(number: Int, input: ProbedInput)]] {
    let groups = Dictionary(grouping: files) { LoginColumnSet($0.input).text }
    return groups.map { (LoginColumnSet($0.value[0].input), $0.value) }
      .sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// The columns of the richest login file.
  func loginColumns(_ files: [(number: Int, input: ProbedInput)]) -> LoginColumnSet? {
    files.filter { $0.input.kind.holdsLogins }.map { LoginColumnSet($0.input) }.min()
  }
}

/// The columns of a login file that are used; richer ones come first.
struct LoginColumnSet: Comparable {
  let count: Int
  /// Their names, folded and in order.
  let text: String

  init(_ input: ProbedInput) {
    let columns = LoginColumns(kind: input.kind, header: input.header)
    let used = columns.used.filter { $0 >= 0 }.map { ColumnNames.fold(input.header.original[$0]) }
    count = used.count
    text = used.sorted().joined(separator: ",")
  }

  static func < (left: Self, right: Self) -> Bool {
    left.count != right.count ? left.count > right.count : left.text < right.text
  }
}
