import Accounts
import SalesforceExports

/// Verification histories, read.
struct VerificationReading: Sendable {
  /// `nil` when no such file was given and no ledger holds one.
  let table: VerificationTable?
  let outcomes: [FileOutcome]

  /// Reads the verification histories of a run, with those of its ledgers.
  ///
  /// - Throws: ``Cancelled``; ``OutputError`` when a rejected row cannot be kept.
  init(_ plan: RunPlan) throws {
    let lacksIDs = plan.files.contains { !$0.hasIDs }
    // A later run may have files without Ids.
    var table = VerificationTable(keepsPlaces: lacksIDs || plan.keepsLedger)
    let known = plan.ledgers.entries.compactMap(\.content.verifications)
    for other in known { table.merge(other) }
    var outcomes: [FileOutcome] = []
    for file in plan.unread where file.input.kind == .verificationHistory {
      var fold = VerificationFold(
        file: UInt32(file.number), header: file.input.header, headerBytes: file.input.headerBytes,
        times: plan.times)
      let reading = try plan.read(file) { block, first, reject in
        fold.fold(block, from: first, into: &table, reject: reject)
      }
      outcomes.append(FileOutcome(file, reading, fold))
    }
    self.outcomes = outcomes
    guard !outcomes.isEmpty || !known.isEmpty else {
      self.table = nil
      return
    }
    table.close()
    table.looksAtPlaces = lacksIDs
    self.table = table
  }
}
