import Accounts
import Configuration
import Decompression
import Foundation
import Platform
import Reports
import Results
import SalesforceExports

/// The ledgers among the inputs of a run, and what they mean for it.
struct LedgerSet {
  /// One ledger that was read.
  struct Entry {
    let name: String
    /// Path of its file; empty for one in an archive.
    let path: String
    let byteCount: Int
    let sha256: String
    var content: LedgerContent
    /// Number in this run of each file of the ledger.
    var numbers: [UInt32] = []
  }

  private(set) var entries: [Entry] = []
  /// Whether a ledger was refused: what is written then would lack its rows.
  private(set) var hasRefused = false
  /// Rows of files without Ids that two ledgers hold.
  private(set) var commonRows = 0

  /// Reads all ledgers of a run; those that are not sound become problems of the set.
  init(_ set: inout InputSet, limits: InflateLimits, threads: Int) {
    for input in set.ledgers {
      do throws(InputProblem) {
        let (content, sha256) = try input.content(limits, threads: threads)
        entries.append(
          Entry(
            name: input.candidate.name,
            path: input.candidate.entry == nil ? input.candidate.path : "",
            byteCount: FileStamp(path: input.candidate.path)?.byteCount ?? 0, sha256: sha256,
            content: content))
      } catch {
        hasRefused = true
        set.note(error)
      }
    }
  }

  var isEmpty: Bool { entries.isEmpty }

  /// Notes that a file which should be a ledger is none.
  mutating func refuse() { hasRefused = true }

  /// Time before which detail was dropped in some ledger; rows before it are not taken any more.
  var forgottenBefore: Instant? { entries.compactMap(\.content.forgottenBefore).max() }

  /// Order of dates with slashes that earlier runs found.
  var dateOrders: [(order: DateOrder, name: String)] {
    entries.compactMap { entry in entry.content.dateOrder.map { ($0, entry.name) } }
  }

  /// Inputs as the user named them, with those that ledgers were made from in the place of the
  /// ledgers.
  func arguments(_ inputs: [String]) -> [String] {
    var result: [String] = []
    func add(_ input: String) {
      if !result.contains(where: { $0.hasBytes(of: input) }) { result.append(input) }
    }
    for input in inputs {
      if let entry = entries.first(where: { $0.name.hasBytes(of: input) }) {
        for argument in entry.content.arguments { add(argument) }
      } else {
        add(input)
      }
    }
    for entry in entries where !inputs.contains(where: { $0.hasBytes(of: entry.name) }) {
      for argument in entry.content.arguments { add(argument) }
    }
    return result
  }

  /// Kinds of the files that gave the logins.
  var loginKinds: [FileKind] { entries.compactMap(\.content.loginKind) }

  /// Leaves out logins of the kind that does not give those of this run.
  mutating func choose(_ kind: FileKind, _ ignore: (_ name: String) -> Void) {
    for index in entries.indices where entries[index].content.loginKind.map({ $0 != kind }) ?? false
    {
      for name in entries[index].content.dropLogins() { ignore(name) }
      entries[index].content.leftOutLogins = true
    }
  }

  /// The logins of each ledger, which has none afterwards: merged, they would be held twice.
  mutating func takeLogins() -> [(inWindow: AccountLedger, outside: AccountLedger?)] {
    entries.indices.map { index in
      let (inWindow, outside) = (entries[index].content.ledger, entries[index].content.outside)
      entries[index].content.ledger = AccountLedger()
      entries[index].content.outside = nil
      return (inWindow, outside)
    }
  }

  // MARK: Files

  /// The files of a run by number: those of ledgers and those that are read.
  struct Files {
    struct File {
      /// A file of a ledger, with the name of the ledger.
      var known: (file: LedgeredFile, ledger: String)?
      /// A file that is given; `nil` when it is known from a ledger alone.
      var input: ProbedInput?
    }

    var files: [File] = []
  }

  /// Numbers all files of the run in the order of their names.
  ///
  /// A file that is given and stands in a ledger with the same name and content is one file, whose
  /// rows are there already.
  mutating func number(_ inputs: [ProbedInput]) -> Files {
    struct Key {
      let name: String
      let rank: String
      var file: Files.File
      var sources: [(entry: Int, number: Int)] = []
    }
    var keys: [Key] = []
    var positions: [ExactText: Int] = [:]
    var names: [ExactText: [Int]] = [:]
    for (entryIndex, entry) in entries.enumerated() {
      let usesLogins = entry.content.loginKind != nil
      for (number, file) in entry.content.files.enumerated() {
        if !usesLogins, file.record.kind?.holdsLogins ?? false { continue }
        if let known = positions[file.identity] {
          keys[known].sources.append((entryIndex, number))
          if !file.hasIDs { commonRows += file.record.read }
          continue
        }
        positions[file.identity] = keys.count
        names[file.record.name, default: []].append(keys.count)
        keys.append(
          Key(
            name: file.record.name, rank: "0" + file.record.sha256,
            file: Files.File(known: (file, entry.name), input: nil),
            sources: [(entryIndex, number)]))
      }
    }
    for input in inputs {
      let same = (names[input.candidate.name] ?? []).first {
        isSame(keys[$0].file.known?.file, input)
      }
      if let same {
        keys[same].file.input = input
      } else {
        keys.append(
          Key(
            name: input.candidate.name, rank: "1", file: Files.File(known: nil, input: input)))
      }
    }
    for index in entries.indices {
      entries[index].numbers = [UInt32](
        repeating: 0, count: entries[index].content.files.count)
    }
    let order = keys.indices.sorted { one, other in
      let (left, right) = (keys[one], keys[other])
      if !left.name.hasBytes(of: right.name) { return left.name.precedes(right.name) }
      return left.rank != right.rank ? left.rank < right.rank : one < other
    }
    var result = Files()
    for (number, position) in order.enumerated() {
      for source in keys[position].sources {
        entries[source.entry].numbers[source.number] = UInt32(number)
      }
      result.files.append(keys[position].file)
    }
    return result
  }

  /// Whether a file that is given is one that a ledger holds, byte for byte.
  private func isSame(_ known: LedgeredFile?, _ input: ProbedInput) -> Bool {
    guard let known, known.record.problem == nil, known.record.kind == input.kind,
      input.stream == nil, let stamp = input.stamp, stamp.isRegular,
      stamp.byteCount == known.record.byteCount, !known.record.sha256.isEmpty
    else { return false }
    return FileDigest.sha256(path: input.candidate.path) == known.record.sha256
  }

  // MARK: Merging

  /// What rows of a ledger are in this run.
  ///
  /// - Parameter proof: What verifications that the entry does not have say of a login.
  func relocation(
    _ entry: Entry,
    proof: @escaping @Sendable (SalesforceID) -> VerificationProof = { _ in .none }
  ) -> LedgerRelocation {
    LedgerRelocation(files: entry.numbers, proof: proof)
  }

  /// The Ids of all ledgers, in the window and outside it, with a count of those that two of them hold.
  ///
  /// The sets of the first ledger receive those of the others, and whatever the run adds.
  ///
  /// - Parameter comparison: By what rows of the run are compared. What a ledger knows of its rows by
  ///   more columns tells nothing then.
  func ids(
    comparedBy comparison: RowComparison
  ) -> (ids: LoginIDSet, outsideIDs: LoginIDSet, commonCount: Int) {
    var rest = entries[...]
    var (ids, outsideIDs) = (LoginIDSet(), LoginIDSet())
    if let first = rest.first, first.content.comparison == comparison {
      (ids, outsideIDs) = (first.content.ids, first.content.outsideIDs)
      rest = rest.dropFirst()
    }
    var commonCount = 0
    for entry in rest {
      let keepsPrints = entry.content.comparison == comparison
      commonCount += ids.formUnion(entry.content.ids, keepsPrints: keepsPrints)
      commonCount += outsideIDs.formUnion(entry.content.outsideIDs, keepsPrints: keepsPrints)
    }
    return (ids, outsideIDs, commonCount)
  }

  /// Rows of all ledgers.
  var rows: RowAccounting {
    var sum = RowAccounting()
    for entry in entries {
      let rows = entry.content.rows
      sum.read += rows.read
      sum.analysed += rows.analysed
      sum.duplicate += rows.duplicate
      sum.filtered += rows.filtered
      sum.rejected += rows.rejected
    }
    return sum
  }
}
