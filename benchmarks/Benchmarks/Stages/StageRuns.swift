import Accounts
import Delimited
import SalesforceExports

/// Single stages over the exports, each the way the scan runs it.
struct StageRuns {
  let exports = Exports.shared

  /// Bytes that are cut and checked at a time.
  private static let blockByteCount = 2 << 20
  /// Bytes that are indexed and folded at a time.
  private static let pieceByteCount = 256 << 10

  /// Cuts all bytes into blocks and checks the quotes of each.
  ///
  /// - Returns: Lines found.
  func cutAndCheck(_ kernel: ByteScanKernel) -> Int {
    let splitter = RecordSplitter(dialect: .comma, kernel: kernel)
    let base = exports.base
    var lines = 0
    var start = 0
    while start < exports.byteCount {
      let end = min(start + Self.blockByteCount, exports.byteCount)
      guard let cut = splitter.cut(base, from: start, to: end) else { break }
      let check = splitter.check(base, from: start, to: cut)
      precondition(check.isSound, "quotes where none may be")
      lines += check.lineCount
      start = cut
    }
    return lines
  }

  /// Indexes all bytes piece by piece, and gives each piece's records to `body`.
  func index(_ kernel: ByteScanKernel, _ body: (RecordBlock, _ isFirst: Bool) -> Void) {
    var indexer = RecordIndexer(dialect: .comma, kernel: kernel)
    let base = exports.base
    var position = 0
    var line: UInt64 = 1
    while position < exports.byteCount {
      let end = min(position + Self.pieceByteCount, exports.byteCount)
      let outcome = indexer.index(
        base, from: position, to: end, ending: end < exports.byteCount ? .open : .complete)
      body(
        indexer.block(base: base, firstByteOffset: 0, firstLine: line), position == 0)
      precondition(outcome.consumed > position, "a record is longer than a piece")
      position = outcome.consumed
      line += UInt64(outcome.lineCount)
    }
  }

  /// Indexes and folds all rows into a new ledger.
  func fold(_ verifications: VerificationTable?) -> AccountLedger {
    let ledger = AccountLedger()
    let worker = FoldWorker(ledger)
    let fold = LoginFold(
      columns: exports.columns, file: 0, header: exports.headerBytes, times: TimestampReader(),
      selection: RowSelection(), seen: LoginIDSet(), verified: verifications,
      worker: worker)
    index(.best) { block, isFirst in
      fold.fold(block, from: isFirst ? 1 : 0) { _ in fatalError("a generated row was rejected") }
    }
    precondition(fold.counts.analysed == exports.rowCount, "rows are missing")
    worker.finish()
    return ledger
  }

  /// Reads the verification history.
  func verifications() -> VerificationTable {
    let plain = Exports.inflate(exports.verificationPath)
    let header = Array(plain.prefix { $0 != UInt8(ascii: "\n") })
    let names = String(decoding: header, as: UTF8.self).split(separator: ",").map {
      String($0.dropFirst().dropLast())
    }
    var table = VerificationTable(keepsPlaces: false)
    var fold = VerificationFold(
      file: 1, header: ColumnNames(names), headerBytes: header, times: TimestampReader())
    read(plain) { block, isFirst in
      fold.fold(block, from: isFirst ? 1 : 0, into: &table) { _ in
        fatalError("a generated row was rejected")
      }
    }
    table.close()
    return table
  }

  /// Reads the snapshots of users and permissions, each file twice, as a scan does.
  func snapshots() -> Snapshots {
    var snapshots = Snapshots()
    for (number, path) in exports.snapshotPaths.enumerated() {
      let plain = Exports.inflate(path)
      let header = Array(plain.prefix { $0 != UInt8(ascii: "\n") })
      let names = ColumnNames(
        String(decoding: header, as: UTF8.self).split(separator: ",").map {
          String($0.dropFirst().dropLast())
        })
      guard let kind = FileKind.recognize(names), kind.isSnapshot else {
        fatalError("\(path) is no snapshot")
      }
      let forms = SnapshotForms(names)
      read(plain) { block, isFirst in
        for index in (isFirst ? 1 : 0)..<block.recordCount { forms.note(block[index]) }
      }
      snapshots.noteFile(UInt32(number + 2), kind: kind, date: nil, columns: names)
      var fold = SnapshotFold(
        file: UInt32(number + 2), kind: kind, header: names, headerBytes: header,
        times: TimestampReader(), forms: forms)
      read(plain) { block, isFirst in
        fold.fold(block, from: isFirst ? 1 : 0, into: &snapshots) { _ in
          fatalError("a generated row was rejected")
        }
      }
    }
    snapshots.close(keepsRows: false)
    return snapshots
  }

  private func read(_ plain: [UInt8], _ body: (RecordBlock, _ isFirst: Bool) -> Void) {
    var reader = RecordReader(dialect: .comma)
    var position = 0
    var isFirst = true
    while let block = reader.next(from: { room in
      let count = min(room.count, plain.count - position)
      room.copyBytes(from: plain[position..<position + count])
      position += count
      return count
    }) {
      body(block, isFirst)
      isFirst = false
    }
  }

  /// A day behind the rows.
  var evaluationTime: Instant { exports.evaluationTime }

  /// The ids of all logins, in the order of the file.
  func loginIDs() -> [SalesforceID] {
    var ids: [SalesforceID] = []
    ids.reserveCapacity(exports.rowCount)
    index(.best) { block, isFirst in
      for record in (isFirst ? 1 : 0)..<block.recordCount {
        if let id = SalesforceID(block[record][exports.columns.id].string) { ids.append(id) }
      }
    }
    return ids
  }
}
