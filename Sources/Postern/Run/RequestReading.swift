import Accounts
import Configuration
import Platform
import SalesforceExports
import Synchronization

/// Event logs of API requests, read.
struct RequestReading {
  let ledger: APIRequestLedger
  /// Keys of everybody in it before somebody was forgotten; empty where nobody is.
  let keys: Set<AccountKey>
  let outcomes: [FileOutcome]

  private struct Part: Sendable {
    var ledger: APIRequestLedger
    var outcomes: [FileOutcome] = []
    var failure: (any Error)?
  }

  /// Reads the files of a run, which can be large, side by side, with what its ledgers hold.
  ///
  /// - Parameter forgotten: What is left out.
  /// - Throws: ``Cancelled``; ``OutputError`` when a rejected row cannot be kept.
  init(_ plan: RunPlan, _ forgotten: Forgotten) throws {
    let files = plan.unread.filter { $0.input.kind.holdsRequests }
    let configuration = plan.options.configuration
    // A later run may have indicators.
    let keepsOrigins =
      plan.keepsLedger || !configuration.trustedNetworks.isEmpty
      || !configuration.indicators.isEmpty
    let next = Atomic<Int>(0)
    let workerCount = min(max(1, files.count), max(1, plan.options.threads))
    let parts = Locked<[Part]>([])
    WorkerThreads.run(workerCount) { _ in
      var part = Part(ledger: APIRequestLedger(keepsOrigins: keepsOrigins))
      while part.failure == nil {
        let position = next.add(1, ordering: .relaxed).oldValue
        guard position < files.count else { break }
        do {
          part.outcomes.append(try Self.read(files[position], plan, into: &part.ledger))
        } catch {
          part.failure = error
        }
      }
      parts.withLock { [part] in $0.append(part) }
    }
    var ledger = APIRequestLedger(keepsOrigins: keepsOrigins)
    for entry in plan.ledgers.entries {
      ledger.merge(entry.content.requests.relocated(plan.ledgers.relocation(entry)))
    }
    var outcomes: [FileOutcome] = []
    for part in parts.withLock({ $0 }) {
      if let failure = part.failure { throw failure }
      ledger.merge(part.ledger)
      outcomes.append(contentsOf: part.outcomes)
    }
    keys = forgotten.people.isEmpty ? [] : ledger.keys
    self.ledger = forgotten.isNothing ? ledger : ledger.forgetting(forgotten)
    self.outcomes = outcomes
  }

  private static func read(
    _ file: UnreadFile, _ plan: RunPlan, into ledger: inout APIRequestLedger
  ) throws -> FileOutcome {
    var fold = APIRequestFold(rows: EventRows(file, plan.times, selection: plan.selection))
    let reading = try plan.read(file) { block, first, reject in
      fold.fold(block, from: first, into: &ledger, reject: reject)
    }
    let input = file.input
    return FileOutcome(
      file, reading, fold.rows,
      ColumnUse(
        input, used: APIRequestFold.usedColumns(input.kind),
        missing: APIRequestFold.missingColumns(input.kind, input.header)))
  }
}
