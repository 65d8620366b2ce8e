import Accounts
import Configuration
import Delimited
import Platform
import SalesforceExports
import Synchronization

extension Scan {
  /// Reads real-time events and event logs beside logins.
  ///
  /// Files of requests can be large, so those are read side by side; the others are few and small.
  func loadEvents(_ state: inout RunState, _ times: TimestampReader) throws {
    var sessions = SessionTable()
    var hasSessions = false
    state.events.kinds = Set(state.kinds.filter(\.holdsEvents))
    sessions.keepsLinks = options.ledgerPath != nil
    for entry in state.ledgers.entries {
      let relocation = state.ledgers.relocation(entry)
      state.events.impersonations.merge(entry.content.impersonations, relocation)
      guard let known = entry.content.sessions else { continue }
      hasSessions = true
      sessions.merge(known)
    }
    for (number, input) in state.unread
    where input.kind.holdsEvents && !input.kind.holdsRequests {
      let name = input.kind
      switch name {
      case .loginEvent, .eventLogLogout:
        hasSessions = true
        // A session may end outside the window of its login, so rows of all times count.
        var fold = SessionFold(rows: rows(number, input, times, selection: nil))
        let outcome = try read(input, state.spools[number]) { block, first, reject in
          fold.fold(block, from: first, into: &sessions, reject: reject)
        }
        state.note(number, outcome, fold.rows)
        state.noteColumns(
          number, used: SessionFold.usedColumns(name),
          missing: SessionFold.missingColumns(name, input.header))
      default:
        var fold = ImpersonationFold(rows: rows(number, input, times, selection: selection(state)))
        let outcome = try read(input, state.spools[number]) { block, first, reject in
          fold.fold(block, from: first, into: &state.events.impersonations, reject: reject)
        }
        state.note(number, outcome, fold.rows)
        state.noteColumns(number, used: ImpersonationFold.usedColumns)
      }
    }
    if hasSessions {
      sessions.close()
      state.events.sessions = sessions
    }
    if options.forgetBefore != nil {
      state.events.impersonations = state.events.impersonations.forgetting(before: state.floor)
    }
    state.openImpersonations = state.events.impersonations
    state.events.impersonations.close(state.snapshots)
    var requests = try foldRequests(&state, times)
    if options.forgetBefore != nil { requests = requests.forgetting(before: state.floor) }
    state.requests = requests
    state.events.requests = APIRequestIndex(requests, state.snapshots)
    state.requestSources = requests.countedSources
  }

  private func selection(_ state: RunState) -> LoginFold.Selection {
    options.selection(from: state.floor)
  }

  private func rows(
    _ number: Int, _ input: ProbedInput, _ times: TimestampReader,
    selection: LoginFold.Selection?
  ) -> EventRows {
    EventRows(
      file: UInt32(number), kind: input.kind, header: input.header, headerBytes: input.headerBytes,
      times: times, selection: selection)
  }

  private func read(
    _ input: ProbedInput, _ spool: RejectSpool,
    _ fold: (RecordBlock, _ first: Int, (RowReject) -> Void) -> Void
  ) throws -> ReadOutcome {
    var failure: (any Error)?
    return try reader(input).read { block, first, _ in
      try Self.checkCancelled()
      fold(block, first) { row in
        do { try spool.add(row) } catch { failure = failure ?? error }
      }
      if let failure { throw failure }
    }
  }

  private struct RequestWorker: Sendable {
    var ledger: APIRequestLedger
    var results: [(number: Int, outcome: ReadOutcome, rows: EventRows)] = []
    var failure: (any Error)?
  }

  private func foldRequests(
    _ state: inout RunState, _ times: TimestampReader
  ) throws -> APIRequestLedger {
    let unread = state.unread.filter { $0.input.kind.holdsRequests }
    let numbers = unread.map(\.number)
    let configuration = options.configuration
    // A later run may have indicators.
    let keepsOrigins =
      options.ledgerPath != nil || !configuration.trustedNetworks.isEmpty
      || !configuration.indicators.isEmpty
    let next = Atomic<Int>(0)
    let workerCount = min(max(1, numbers.count), max(1, options.threads))
    let workers = Locked<[RequestWorker]>([])
    let (inputs, spools) = (unread.map(\.input), state.spools)
    let selection = selection(state)
    WorkerThreads.run(workerCount) { _ in
      var worker = RequestWorker(ledger: APIRequestLedger(keepsOrigins: keepsOrigins))
      while worker.failure == nil {
        let position = next.add(1, ordering: .relaxed).oldValue
        guard position < numbers.count else { break }
        let number = numbers[position]
        let input = inputs[position]
        var fold = APIRequestFold(rows: rows(number, input, times, selection: selection))
        do {
          let outcome = try read(input, spools[number]) { block, first, reject in
            fold.fold(block, from: first, into: &worker.ledger, reject: reject)
          }
          worker.results.append((number, outcome, fold.rows))
        } catch {
          worker.failure = error
        }
      }
      workers.withLock { [worker] in $0.append(worker) }
    }
    var ledger = APIRequestLedger(keepsOrigins: keepsOrigins)
    for entry in state.ledgers.entries {
      ledger.merge(entry.content.requests.relocated(state.ledgers.relocation(entry)))
    }
    for worker in workers.withLock({ $0 }) {
      if let failure = worker.failure { throw failure }
      ledger.merge(worker.ledger)
      for result in worker.results {
        state.note(result.number, result.outcome, result.rows)
        guard let input = state.inputs[result.number] else { continue }
        state.noteColumns(
          result.number, used: APIRequestFold.usedColumns(input.kind),
          missing: APIRequestFold.missingColumns(input.kind, input.header))
      }
    }
    return ledger
  }
}
