import Accounts
import Reports
import Results
import SalesforceExports

/// Snapshots, read.
struct SnapshotReading: Sendable {
  let snapshots: Snapshots
  let outcomes: [FileOutcome]

  /// Reads the snapshots of a run, in the order of their names, onto those of its ledgers.
  ///
  /// - Throws: ``Cancelled``; ``OutputError`` when a rejected row cannot be kept.
  init(_ plan: RunPlan) throws {
    var snapshots = Snapshots()
    if plan.keepsLedger { snapshots.archive = SnapshotArchive() }
    for entry in plan.ledgers.entries {
      entry.content.snapshots.replay(
        into: &snapshots, plan.ledgers.relocation(entry), times: plan.times)
    }
    var outcomes: [FileOutcome] = []
    for file in plan.unread where file.input.kind.isSnapshot {
      let input = file.input
      let date = plan.files[file.number].record.date
      snapshots.noteFile(
        UInt32(file.number), kind: input.kind, date: date, columns: input.header)
      var fold = SnapshotFold(
        file: UInt32(file.number), kind: input.kind, date: date, header: input.header,
        headerBytes: input.headerBytes, times: plan.times)
      let reading = try plan.read(file) { block, first, reject in
        fold.fold(block, from: first, into: &snapshots, reject: reject)
      }
      outcomes.append(FileOutcome(file, reading, fold))
    }
    snapshots.close()
    self.snapshots = snapshots
    self.outcomes = outcomes
  }
}
