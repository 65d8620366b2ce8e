import Accounts
import Configuration
import Decompression
import Delimited
import Platform
import Reports
import Results
import SalesforceExports

/// One file of a run: given, known from a ledger, or both.
struct RunFile: Sendable {
  /// The file as it was given; `nil` when it is known from a ledger alone.
  let input: ProbedInput?
  /// What a ledger knows of it; `nil` when no ledger holds its rows.
  let known: LedgeredFile?
  /// What is known of it before it is read; all there is to know when a ledger holds its rows.
  let record: InputRecord
  /// Receives its rejected rows.
  let rejects: RejectSpool

  init(_ file: LedgerSet.Files.File, _ options: ScanOptions, in temporary: TemporaryFolder) {
    input = file.input
    known = file.known?.file
    rejects = RejectSpool(
      fileName: file.input?.candidate.name ?? file.known?.file.record.name ?? "",
      isKept: options.rejectsPath != nil, temporary: temporary)
    if let (known, ledger) = file.known {
      var record = known.record
      record.ledger = ledger
      self.record = record
    } else if let input = file.input {
      record = Self.record(input, options)
    } else {
      preconditionFailure("a file is given or known")
    }
  }

  private static func record(_ input: ProbedInput, _ options: ScanOptions) -> InputRecord {
    let candidate = input.candidate
    var record = InputRecord(
      name: candidate.name, path: candidate.path, entry: candidate.entry?.name,
      compression: candidate.entry?.format ?? input.compression.rawValue, kind: input.kind,
      byteCount: 0, sha256: "")
    record.delimiter = String(UnicodeScalar(input.dialect.delimiter))
    if input.encoding != .utf8 { record.notes.append("read as \(input.encoding.rawValue)") }
    if input.kind.isSnapshot {
      record.date =
        options.snapshotTimes[candidate.name] ?? options.snapshotTimes[candidate.path]
        ?? SnapshotDate.inName(candidate.name)
    }
    return record
  }

  /// Whether login rows or requests of the file carry Ids; true of other files.
  var hasIDs: Bool {
    if let known { return known.hasIDs }
    guard let input else { return true }
    return !input.kind.holdsLogins && !input.kind.holdsRequests
      || LoginColumns(kind: input.kind, header: input.header).id >= 0
  }

  /// Rejected rows by reason, once the file was read.
  var rejectCounts: [RejectReason: Int] { known?.rejects ?? rejects.counts }
}

/// A file that is to be read: it was given, and no ledger holds its rows.
struct UnreadFile: Sendable {
  /// Its number among the files of the run.
  let number: Int
  let input: ProbedInput
  /// Receives its rejected rows.
  let rejects: RejectSpool
}
