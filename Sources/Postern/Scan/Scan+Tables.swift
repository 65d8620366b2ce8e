import Accounts
import Platform
import Reports
import SalesforceExports

extension Scan {
  /// What reading one table file gave.
  private struct TableFile: Sendable {
    let number: Int
    let outcome: ReadOutcome
    let readCount: Int
    let rejectedCount: Int
    var first: Instant?
    var last: Instant?
    let usedColumns: Set<String>
  }

  /// What one of two workers loads.
  private struct Lane: Sendable {
    var snapshots: Snapshots?
    var verifications: VerificationTable?
    var files: [TableFile] = []
    var failure: (any Error)?
  }

  /// Loads snapshots and verifications, side by side: neither needs the other.
  func loadTables(_ state: inout RunState, _ times: TimestampReader) throws {
    let lanes = Locked([Lane(), Lane()])
    let inputs = state.unread
    let ledgers = state.ledgers
    let lacksIDs = state.records.indices.contains { !state.hasIDs($0) }
    let spools = state.spools
    let dates = state.records.map(\.date)
    @Sendable func load(_ lane: Int) {
      var result = Lane()
      do {
        result =
          lane == 0
          ? try loadSnapshots(inputs, ledgers, dates, spools, times)
          : try loadVerifications(inputs, ledgers, lacksIDs: lacksIDs, spools, times)
      } catch {
        result.failure = error
      }
      lanes.withLock { [result] in $0[lane] = result }
    }
    if options.threads > 1 {
      WorkerThreads.run(2, load)
    } else {
      load(0)
      load(1)
    }
    for lane in lanes.withLock({ $0 }) {
      if let failure = lane.failure { throw failure }
      if let snapshots = lane.snapshots { state.snapshots = snapshots }
      if let verifications = lane.verifications { state.verifications = verifications }
      for file in lane.files {
        state.note(file.number, file.outcome, read: file.readCount, rejected: file.rejectedCount)
        state.noteColumns(file.number, used: file.usedColumns)
        state.records[file.number].first = file.first
        state.records[file.number].last = file.last
      }
    }
  }

  private func loadSnapshots(
    _ inputs: [(number: Int, input: ProbedInput)], _ ledgers: LedgerSet, _ dates: [Instant?],
    _ spools: [RejectSpool], _ times: TimestampReader
  ) throws -> Lane {
    var lane = Lane()
    var snapshots = Snapshots()
    if options.ledgerPath != nil { snapshots.archive = SnapshotArchive() }
    for entry in ledgers.entries {
      entry.content.snapshots.replay(into: &snapshots, ledgers.relocation(entry), times: times)
    }
    for (number, input) in inputs where input.kind.isSnapshot {
      try Self.checkCancelled()
      let date = dates[number]
      snapshots.noteFile(UInt32(number), kind: input.kind, date: date, columns: input.header)
      var fold = SnapshotFold(
        file: UInt32(number), kind: input.kind, date: date, header: input.header,
        headerBytes: input.headerBytes, times: times)
      let outcome = try rejecting(into: spools[number]) { reject in
        try reader(input).read { block, first, _ in
          try Self.checkCancelled()
          fold.fold(block, from: first, into: &snapshots, reject: reject)
        }
      }
      lane.files.append(
        TableFile(
          number: number, outcome: outcome, readCount: fold.readCount,
          rejectedCount: fold.rejectedCount, usedColumns: SnapshotColumns.used(input.kind)))
    }
    snapshots.close()
    lane.snapshots = snapshots
    return lane
  }

  private func loadVerifications(
    _ inputs: [(number: Int, input: ProbedInput)], _ ledgers: LedgerSet, lacksIDs: Bool,
    _ spools: [RejectSpool], _ times: TimestampReader
  ) throws -> Lane {
    var lane = Lane()
    // A later run may have files without Ids.
    var table = VerificationTable(keepsPlaces: lacksIDs || options.ledgerPath != nil)
    let known = ledgers.entries.compactMap(\.content.verifications)
    for other in known { table.merge(other) }
    for (number, input) in inputs where input.kind == .verificationHistory {
      try Self.checkCancelled()
      var fold = VerificationFold(
        file: UInt32(number), header: input.header, headerBytes: input.headerBytes, times: times)
      let outcome = try rejecting(into: spools[number]) { reject in
        try reader(input).read { block, first, _ in
          try Self.checkCancelled()
          fold.fold(block, from: first, into: &table, reject: reject)
        }
      }
      lane.files.append(
        TableFile(
          number: number, outcome: outcome, readCount: fold.readCount,
          rejectedCount: fold.rejectedCount, first: fold.first, last: fold.last,
          usedColumns: VerificationFold.usedColumns))
    }
    guard !lane.files.isEmpty || !known.isEmpty else { return lane }
    table.close()
    table.looksAtPlaces = lacksIDs
    lane.verifications = table
    return lane
  }

  /// Lets `body` set rows aside; a spool that cannot take one ends the run.
  private func rejecting(
    into spool: RejectSpool, _ body: ((RowReject) -> Void) throws -> ReadOutcome
  ) throws -> ReadOutcome {
    var failure: (any Error)?
    let outcome = try body { row in
      do { try spool.add(row) } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
    return outcome
  }
}
