/// A run of whole records in memory that a reader owns.
///
/// The block is a view: it is valid until the reader that gave it is asked for the next one, and so
/// are the ``Record`` and ``FieldBytes`` taken from it. Copy what must live longer.
///
/// Field `c` of record `r` lies between two neighbours of one list of positions, so a loop over
/// records needs no branch per field:
///
/// ```
/// let first = block.records[r].firstField + c
/// let start = c == 0 ? block.records[r].start : block.fieldEnds[first - 1] + 1
/// let end = block.fieldEnds[first]
/// ```
@safe
public struct RecordBlock: RandomAccessCollection {
  /// The bytes that positions count from.
  ///
  /// In a block of ``RecordReader`` at least 64 bytes before and behind the records may be read.
  public let base: UnsafePointer<UInt8>
  /// The ends of all fields: positions of the delimiter, or the first byte of the line end.
  public let fieldEnds: UnsafePointer<UInt32>
  /// The records.
  public let records: UnsafePointer<RecordEntry>
  /// How many records there are.
  public let recordCount: Int
  /// The byte of the stream (0 is its first) that lies at ``base``.
  public let firstByteOffset: UInt64
  /// The line (1-based) in which the first unread byte of the block lies.
  public let firstLine: UInt64

  init(
    base: UnsafePointer<UInt8>, fieldEnds: UnsafePointer<UInt32>,
    records: UnsafePointer<RecordEntry>, recordCount: Int, firstByteOffset: UInt64,
    firstLine: UInt64
  ) {
    unsafe self.base = base
    unsafe self.fieldEnds = fieldEnds
    unsafe self.records = records
    self.recordCount = recordCount
    self.firstByteOffset = firstByteOffset
    self.firstLine = firstLine
  }

  /// The first index.
  @inlinable public var startIndex: Int { 0 }
  /// The index behind the last.
  @inlinable public var endIndex: Int { recordCount }

  /// The record at `index`.
  @inlinable public subscript(index: Int) -> Record {
    precondition(index >= 0 && index < recordCount, "record index out of range")
    return Record(block: self, index: index)
  }

  /// The record at `index`.
  @inlinable public func record(_ index: Int) -> Record { self[index] }

  /// The position of the first byte of a field.
  ///
  /// Not checked: the record and the column must exist.
  @inlinable @inline(__always)
  public func fieldStart(_ record: Int, _ column: Int) -> Int {
    let entry = unsafe records + record
    if column == 0 { return Int(unsafe entry.pointee.start) }
    return Int(unsafe fieldEnds[Int(entry.pointee.firstField) + column - 1]) + 1
  }

  /// The position behind the last byte of a field.
  ///
  /// Not checked: the record and the column must exist.
  @inlinable @inline(__always)
  public func fieldEnd(_ record: Int, _ column: Int) -> Int {
    Int(unsafe fieldEnds[Int(records[record].firstField) + column])
  }
}
