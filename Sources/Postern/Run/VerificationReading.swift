import Accounts
import SalesforceExports

/// Verification histories, read.
struct VerificationReading: Sendable {
  /// `nil` when no such file was given and no ledger holds one.
  let table: VerificationTable?
  /// What the files that were read say of logins; `nil` where rows of ledgers have to be looked up in the
  /// whole table, since there are several.
  let proofsRead: LoginProofs?
  let outcomes: [FileOutcome]
  /// Whether a file could not be read to its end.
  let isCut: Bool

  /// Reads the verification histories of a run, with those of its ledgers.
  ///
  /// - Throws: ``Cancelled``; ``OutputError`` when a rejected row cannot be kept.
  init(_ plan: RunPlan) throws {
    let lacksIDs = plan.files.contains { !$0.hasIDs }
    // A later run may have files without Ids.
    var table = VerificationTable(keepsPlaces: lacksIDs || plan.keepsLedger)
    var hasKnown = false
    // Rows of the one ledger have what its own verifications say of them, as far as the release that wrote it
    // knew which rows that can be.
    let looksUpRead =
      plan.ledgers.entries.count == 1
      && plan.ledgers.entries[0].content.version == plan.options.version
    var read = VerificationTable(keepsPlaces: table.keepsPlaces)
    for entry in plan.ledgers.entries {
      guard let known = entry.content.verifications else { continue }
      hasKnown = true
      table.merge(known, plan.ledgers.relocation(entry))
    }
    var outcomes: [FileOutcome] = []
    var isGiven = false
    var isCut = false
    for file in plan.unread where file.input.kind == .verificationHistory {
      var fold = VerificationFold(
        file: UInt32(file.number), header: file.input.header, headerBytes: file.input.headerBytes,
        times: plan.times.reading(file.input))
      let missing = VerificationFold.missingColumns(file.input.header)
      // What proves nothing is read all the same, so that its rows are accounted for.
      var unused = VerificationTable(keepsPlaces: false)
      var reading = try plan.read(file) { block, first, reject in
        if missing.isEmpty {
          if looksUpRead {
            fold.fold(block, from: first, into: &read, reject: reject)
          } else {
            fold.fold(block, from: first, into: &table, reject: reject)
          }
        } else {
          fold.fold(block, from: first, into: &unused, reject: reject)
        }
      }
      isCut = isCut || reading.problem != nil
      if !missing.isEmpty, reading.problem == nil {
        reading.problem =
          "proves nothing and is not used: without " + missing.joined(separator: ", ")
          + " no login can be joined with its verification; export VerificationHistory with "
          + "LoginHistoryId, Policy, Activity, VerificationMethod and Status"
      }
      isGiven = isGiven || missing.isEmpty
      var outcome = FileOutcome(file, reading, fold)
      outcome.restoredIDCount = fold.restoredIDCount
      outcomes.append(outcome)
    }
    self.outcomes = outcomes
    self.isCut = isCut
    // The smaller of the two is what rows are looked up in.
    proofsRead = looksUpRead && read.rowCount <= table.rowCount ? read.proofs : nil
    guard isGiven || hasKnown else {
      self.table = nil
      return
    }
    if looksUpRead { table.merge(read, LedgerRelocation(files: []) { _ in .none }) }
    table.close()
    table.looksAtPlaces = lacksIDs
    self.table = table
  }
}
