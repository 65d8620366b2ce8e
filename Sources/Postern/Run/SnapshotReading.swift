import Accounts
import Delimited
import Reports
import Results
import SalesforceExports

/// Snapshots, read.
struct SnapshotReading: Sendable {
  let snapshots: Snapshots
  /// People who are to be forgotten, of whom the snapshots have nothing.
  let people: ForgottenPeople
  let outcomes: [FileOutcome]

  /// Reads the snapshots of a run, in the order of their names, onto those of its ledgers.
  ///
  /// - Throws: ``Cancelled``; ``OutputError`` when a rejected row cannot be kept; ``UsageError`` where
  ///   somebody who is to be forgotten is not one person.
  init(_ plan: RunPlan) throws {
    var snapshots = Snapshots()
    for entry in plan.ledgers.entries {
      snapshots.add(entry.content.snapshots, plan.ledgers.relocation(entry))
      snapshots.add(entry.content.rejectedUsers)
    }
    var outcomes: [FileOutcome] = []
    for file in plan.unread where file.input.kind.isSnapshot {
      // Twice: how booleans and dates are written is told by all rows.
      let input = file.input.gathered()
      let file = UnreadFile(number: file.number, input: input, rejects: file.rejects)
      let forms = SnapshotForms(input.header)
      _ = try plan.read(file, isReadAgain: true) { block, first, _ in
        for index in first..<max(first, block.recordCount)
        where SnapshotFold.isRow(block[index], of: input.header, input.headerBytes) {
          forms.note(block[index])
        }
      }
      let date = plan.files[file.number].record.date
      snapshots.noteFile(
        UInt32(file.number), kind: input.kind, date: date, columns: input.header)
      var fold = SnapshotFold(
        file: UInt32(file.number), kind: input.kind, header: input.header,
        headerBytes: input.headerBytes, times: plan.times.reading(input), forms: forms)
      let reading = try plan.read(file) { block, first, reject in
        fold.fold(block, from: first, into: &snapshots, reject: reject)
      }
      var outcome = FileOutcome(file, reading, fold)
      outcome.unreadable = forms.unreadable
      outcome.restoredIDCount = forms.restoredIDCount
      outcomes.append(outcome)
    }
    snapshots.settle()
    do throws(ForgottenPeople.Problem) {
      people = try ForgottenPeople(
        plan.options.forgottenAccounts, in: snapshots.archive)
    } catch {
      switch error {
      case .ambiguous(let who, let ids):
        throw UsageError(
          "--forget-account \(who): several users had this name: state the id of one of them, "
            + ids.map(\.text18).joined(separator: " or "))
      }
    }
    snapshots = snapshots.forgetting(
      Forgotten(before: plan.options.forgetBefore, people: people))
    snapshots.close(times: plan.times, keepsRows: plan.keepsLedger)
    self.snapshots = snapshots
    self.outcomes = outcomes
  }
}
