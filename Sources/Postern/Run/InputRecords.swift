import Accounts
import Findings
import Platform
import Reports
import Results
import SalesforceExports

/// What became of the files of a run, by number, once all were read.
struct InputRecords: Sendable {
  let records: [InputRecord]
  private let files: [RunFile]

  /// Brings together what was known of the files and what reading them gave.
  ///
  /// - Parameter outcomes: Those of all files that were read, in any order.
  init(_ files: [RunFile], _ outcomes: [FileOutcome]) {
    self.files = files
    var records = files.map(\.record)
    var archiveDigests: [ExactText: String] = [:]
    /// The digest of the file as stored, which for an entry is the archive.
    func digest(_ outcome: FileOutcome) -> String {
      guard let candidate = files[outcome.number].input?.candidate, candidate.entry != nil else {
        return outcome.reading.sha256
      }
      if let known = archiveDigests[candidate.path] { return known }
      let digest = FileDigest.sha256(path: candidate.path)
      archiveDigests[candidate.path] = digest
      return digest
    }
    for outcome in outcomes {
      var record = records[outcome.number]
      record.byteCount = outcome.reading.byteCount
      record.sha256 = digest(outcome)
      record.problem = outcome.reading.problem
      record.read = outcome.readCount
      record.filtered = outcome.filteredCount
      record.rejected = outcome.rejectedCount
      record.first = outcome.first
      record.last = outcome.last
      record.ambiguousTimes = outcome.ambiguousTimeCount
      let arrangement = outcome.reading.arrangement
      record.repeatedHeaders = outcome.repeatedHeaderCount + arrangement.headerCount
      record.note(
        arrangedRows: arrangement.paddedCount + arrangement.trimmedCount,
        restoredIDs: outcome.restoredIDCount)
      record.unreadable = outcome.unreadable
      record.columnsUsed = outcome.columns.used
      record.columnsIgnored = outcome.columns.ignored
      record.columnsMissing = outcome.columns.missing
      records[outcome.number] = record
    }
    self.records = records
  }

  /// What rows of files were rejected for, with the columns and values that were the cause.
  var rejectCauses: [String] {
    records.indices.flatMap { number -> [String] in
      let record = records[number]
      guard record.rejected > 0, !isMended(number) else { return [] }
      let share = record.rejected == record.read ? "all rows are rejected: " : ""
      return RejectedWhole(files[number]).texts.map { "\(record.name): \(share)\($0)" }
    }
  }

  /// Names of all files.
  var names: [String] { records.map(\.name) }

  /// Rejected rows of a file by reason.
  func rejects(_ number: Int) -> [RejectReason: Int] { files[number].rejectCounts }

  /// Whether a file of a ledger was given again, whole this time, under its name: then what was
  /// wrong with it is mended.
  private func isMended(_ number: Int) -> Bool {
    guard files[number].known != nil else { return false }
    let record = records[number]
    return records.indices.contains { other in
      other > number && records[other].name == record.name && records[other].kind == record.kind
        && records[other].problem == nil && records[other].rejected <= record.rejected
    }
  }

  /// Records of files as far as something is wrong with them still.
  var unmended: [InputRecord] { records.indices.filter { !isMended($0) }.map { records[$0] } }

  /// The files as a ledger keeps them.
  var ledgered: [LedgeredFile] {
    records.indices.map { number in
      let isMended = isMended(number)
      var record = records[number]
      record.ledger = nil
      if isMended { record.problem = nil }
      return LedgeredFile(
        record: record, hasIDs: files[number].hasIDs, rejects: isMended ? [:] : rejects(number))
    }
  }

  /// Login rows of files that a ledger holds and that are given again: copies, all that counted.
  var repeatedRows: RowAccounting {
    var rows = RowAccounting()
    for file in files where file.input != nil {
      guard let known = file.known?.record, known.kind?.holdsLogins ?? false else { continue }
      rows.read += known.read
      rows.filtered += known.filtered
      rows.rejected += known.rejected
      rows.duplicate += known.read - known.filtered - known.rejected
    }
    return rows
  }

  /// Login files whose rows only a ledger has, with the ledger and the number of rows.
  var rowsInLedgersAlone: [(file: String, ledger: String, rows: Int)] {
    zip(files, records).compactMap { file, record in
      guard file.input == nil, record.kind?.holdsLogins ?? false, let ledger = record.ledger
      else { return nil }
      return (record.name, ledger, record.read)
    }
  }

  /// Names of files that rows came from by way of a ledger, and that are not where they were.
  var goneFiles: [String] {
    records.filter { $0.ledger != nil && !FileStamp.isThere($0.name) }.map(\.name)
  }

  /// The columns of each login file.
  var loginColumns: [LoginFileColumns] {
    records.compactMap { record in
      guard let kind = record.kind, kind.holdsLogins else { return nil }
      return LoginFileColumns(kind: kind, missing: record.columnsMissing, last: record.last)
    }
  }

  /// The files as rules about data see them.
  ///
  /// - Parameters:
  ///   - first: Time of the earliest login of the run.
  ///   - last: Time of the latest.
  func facts(first: Instant?, last: Instant?) -> RunFacts {
    var facts = RunFacts()
    facts.inputs = zip(files, records).compactMap { file, record in
      guard let kind = record.kind else { return nil }
      var fact = InputFacts(
        name: record.name, kind: kind, rowsRead: record.read, hasIDs: file.hasIDs)
      fact.rejects = file.rejectCounts
      fact.missingColumns = kind.holdsEvents ? record.columnsMissing : []
      fact.unreadable = record.unreadable
      fact.first = record.first
      fact.last = record.last
      return fact
    }
    facts.first = first
    facts.last = last
    return facts
  }

  /// Writes the rejected rows of all files, in the order of files and lines, where
  /// they were asked for.
  ///
  /// - Throws: ``OutputError``.
  func writeRejects(_ options: ScanOptions) throws {
    guard let path = options.rejectsPath else { return }
    let file = try OutputFile(path: path == "-" ? nil : path)
    for spool in files.map(\.rejects) { try spool.forEachPiece { try file.write($0) } }
    try file.finish()
  }
}
