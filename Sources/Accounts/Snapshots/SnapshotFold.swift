package import Delimited
package import SalesforceExports

/// Turns the records of a snapshot file into rows of the snapshots.
package struct SnapshotFold {
  private let file: UInt32
  private let kind: FileKind
  private let date: Instant?
  private let columns: ColumnNames
  private let header: [UInt8]
  private let times: TimestampReader

  /// Rows behind the header.
  package private(set) var readCount = 0
  /// Rows set aside.
  package private(set) var rejectedCount = 0

  /// Makes a fold of one file.
  package init(
    file: UInt32, kind: FileKind, date: Instant?, header columns: ColumnNames,
    headerBytes: [UInt8], times: TimestampReader
  ) {
    self.file = file
    self.kind = kind
    self.date = date
    self.columns = columns
    self.times = times
    header = headerBytes
  }

  /// Adds the rows of a block to `snapshots`.
  package mutating func fold(
    _ block: RecordBlock, from first: Int = 0, into snapshots: inout Snapshots,
    reject: (RowReject) -> Void
  ) {
    for index in first..<block.recordCount {
      let record = block[index]
      if record.rawBytes.count == header.count, record.rawBytes.elementsEqual(header) { continue }
      readCount += 1
      let reason: RejectReason?
      if let defect = RejectReason(record.defect) {
        reason = defect
      } else if record.fieldCount != columns.original.count {
        reason = .fieldCount
      } else {
        let row = SnapshotRecord(
          columns: columns, fields: (0..<record.fieldCount).map { record[$0].string })
        reason =
          snapshots.add(row, kind: kind, date: date, times: times) ? nil : .invalidID
      }
      guard let reason else { continue }
      rejectedCount += 1
      reject(
        RowReject(
          file: file, line: record.line, byteOffset: record.byteOffset, reason: reason,
          raw: [UInt8](record.rawBytes)))
    }
  }
}
