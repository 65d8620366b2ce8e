package import Delimited
package import SalesforceExports

/// Turns the records of a snapshot file into rows of the snapshots.
package struct SnapshotFold {
  private let file: UInt32
  private let kind: FileKind
  private let columns: ColumnNames
  private let header: [UInt8]
  /// Columns that a ledger does not keep, since they let somebody in.
  private let secrets: Set<Int>
  private let times: TimestampReader
  private let forms: SnapshotForms

  /// Rows behind the header.
  package private(set) var readCount = 0
  /// Rows set aside.
  package private(set) var rejectedCount = 0

  /// Makes a fold of one file.
  ///
  /// - Parameter forms: How the file writes its values; it has seen all rows.
  package init(
    file: UInt32, kind: FileKind, header columns: ColumnNames, headerBytes: [UInt8],
    times: TimestampReader, forms: SnapshotForms
  ) {
    self.forms = forms
    self.file = file
    self.kind = kind
    self.columns = columns
    self.times = times
    header = headerBytes
    secrets = Set(kind.secretColumns.compactMap { columns.position($0) })
  }

  /// Whether a record is a row whose values stand in their columns: another, or the header once more, says nothing
  /// of how the file writes them.
  package static func isRow(
    _ record: Record, of columns: ColumnNames, _ header: [UInt8]
  ) -> Bool {
    record.defect == .none && record.fieldCount == columns.original.count
      && !isHeader(record, header)
  }

  private static func isHeader(_ record: Record, _ header: [UInt8]) -> Bool {
    record.rawBytes.count == header.count && record.rawBytes.elementsEqual(header)
  }

  /// Adds the rows of a block to `snapshots`.
  package mutating func fold(
    _ block: RecordBlock, from first: Int = 0, into snapshots: inout Snapshots,
    reject: (RowReject) -> Void
  ) {
    for index in first..<block.recordCount {
      let record = block[index]
      if Self.isHeader(record, header) { continue }
      readCount += 1
      let reason: RejectReason?
      if let defect = RejectReason(record.defect) {
        reason = defect
      } else if record.fieldCount != columns.original.count {
        reason = .fieldCount
      } else if snapshots.addKnown(record, forms) {
        reason = nil
      } else {
        let isAdded = snapshots.add(
          record, kind: kind, leavingOut: secrets, forms: forms, times: times)
        reason = isAdded ? nil : .invalidID
      }
      guard let reason else { continue }
      rejectedCount += 1
      let raw = [UInt8](record.rawBytes)
      if kind == .user {
        // Whose row it was can mostly be told still.
        let words = raw.split { !Self.isWordByte($0) }
        snapshots.noteRejectedUser(words.map { String(decoding: $0, as: UTF8.self) })
      }
      reject(
        RowReject(
          file: file, line: record.line, byteOffset: record.byteOffset, reason: reason, raw: raw))
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
