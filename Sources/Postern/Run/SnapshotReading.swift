import Accounts
import Delimited
import Platform
import Reports
import Results
import SalesforceExports

/// Snapshots, read.
struct SnapshotReading: Sendable {
  private(set) var snapshots: Snapshots
  /// People who are to be forgotten, of whom the snapshots have nothing.
  let people: ForgottenPeople
  private(set) var outcomes: [FileOutcome]

  /// Reads the snapshots of a run, in the order of their names, onto those of its ledgers.
  ///
  /// Where no ledger has rows, and none is to be written, kinds have nothing in common: several workers read
  /// some of them each.
  ///
  /// - Throws: ``Cancelled``; ``OutputError`` when a rejected row cannot be kept; ``UsageError`` where
  ///   somebody who is to be forgotten is not one person.
  init(_ plan: RunPlan) throws {
    let options = plan.options
    let isShared =
      plan.keepsLedger || !plan.ledgers.entries.isEmpty || !options.forgottenAccounts.isEmpty
    let groups = isShared ? [] : Self.groups(plan, count: options.threads)
    guard groups.count > 1 else {
      self = try Self(plan) { _ in true }
      return
    }
    let others = groups.dropFirst().map { kinds in
      StartedWork(isConcurrent: true) { Result { try Self(plan, where: kinds.contains) } }
    }
    var whole = try Self(plan, where: groups[0].contains)
    for (kinds, other) in zip(groups.dropFirst(), others) {
      let reading = try other.value.get()
      for kind in kinds { whole.snapshots.adopt(kind, of: reading.snapshots) }
      whole.outcomes += reading.outcomes
    }
    whole.outcomes.sort { $0.number < $1.number }
    self = whole
  }

  /// Kinds of the snapshots that are to be read, in groups of about as many bytes.
  private static func groups(_ plan: RunPlan, count: Int) -> [Set<FileKind>] {
    var sizes: [FileKind: Int] = [:]
    for file in plan.unread where file.input.kind.isSnapshot {
      sizes[file.input.kind, default: 0] += file.input.stamp?.byteCount ?? 0
    }
    guard sizes.values.reduce(0, +) >= Self.sharedByteCount else { return [] }
    var groups = [(kinds: Set<FileKind>, size: Int)](
      repeating: ([], 0), count: min(count, sizes.count))
    for (kind, size) in sizes.sorted(by: {
      ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue)
    }) {
      let least = groups.indices.min { groups[$0].size < groups[$1].size } ?? 0
      groups[least].kinds.insert(kind)
      groups[least].size += size
    }
    return groups.map(\.kinds)
  }

  /// Bytes below which one worker reads all: they are read while others still read logins.
  private static let sharedByteCount = 16 << 20

  /// Reads the snapshots of some kinds.
  private init(_ plan: RunPlan, where isWanted: (FileKind) -> Bool) throws {
    var snapshots = Snapshots()
    for entry in plan.ledgers.entries {
      snapshots.add(entry.content.snapshots, plan.ledgers.relocation(entry))
      snapshots.add(entry.content.rejectedUsers)
    }
    var outcomes: [FileOutcome] = []
    var userFiles: [UserFile] = []
    for file in plan.unread where file.input.kind.isSnapshot && isWanted(file.input.kind) {
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
      if input.kind == .user {
        userFiles.append(
          UserFile(date: date, isCut: reading.problem != nil, rowCount: fold.readCount))
      }
      var outcome = FileOutcome(file, reading, fold)
      outcome.unreadable = forms.unreadable
      outcome.restoredIDCount = forms.restoredIDCount
      outcomes.append(outcome)
    }
    snapshots.areUsersPartial = isWanted(.user) && Self.areUsersPartial(plan, userFiles)
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

  /// How a file of users ended.
  private struct UserFile {
    let date: Instant?
    let isCut: Bool
    let rowCount: Int
  }

  /// Whether anybody may be in what is not there of the files of users: one could not be read to its end, and none of
  /// its date is whole, or none has any row.
  private static func areUsersPartial(_ plan: RunPlan, _ read: [UserFile]) -> Bool {
    let known = plan.files.filter { $0.known != nil && $0.record.kind == .user }.map(\.record)
    let files =
      read
      + known.map {
        UserFile(date: $0.date, isCut: $0.problem != nil, rowCount: $0.read)
      }
    if !files.isEmpty, files.allSatisfy({ $0.rowCount == 0 }) { return true }
    return files.contains { cut in
      cut.isCut && !files.contains { !$0.isCut && $0.rowCount > 0 && $0.date == cut.date }
    }
  }
}
