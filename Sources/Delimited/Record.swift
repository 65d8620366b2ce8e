/// One record of a ``RecordBlock``; a view that is valid as long as the block.
public struct Record {
  @usableFromInline let block: RecordBlock
  @usableFromInline let index: Int

  @inlinable
  init(block: RecordBlock, index: Int) {
    self.block = block
    self.index = index
  }

  @usableFromInline var entry: RecordEntry {
    // The block's subscript checked the index.
    @inlinable get { unsafe block.records[index] }
  }

  /// How many fields the record has; 0 if it passed a limit.
  @inlinable public var fieldCount: Int { Int(entry.fieldCount) }

  /// What is wrong with the record.
  @inlinable public var defect: RecordDefect { entry.defect }

  /// The line of the file (1-based) in which the record begins.
  @inlinable public var line: UInt64 { block.firstLine + UInt64(entry.lineDelta) }

  /// The place of the record's first byte in the stream (0-based, inflated; byte order mark
  /// included).
  @inlinable public var byteOffset: UInt64 { block.firstByteOffset + UInt64(entry.start) }

  /// The bytes of the record without its line end.
  ///
  /// Of a record that passed a limit only the first ``RecordLimits/keptBytes``.
  @inlinable public var rawBytes: FieldBytes {
    let entry = entry
    return unsafe FieldBytes(start: block.base + Int(entry.start), count: Int(entry.byteCount))
  }

  /// A field of the record, quotes included.
  ///
  /// - Parameter column: 0-based, below ``fieldCount``.
  @inlinable public subscript(column: Int) -> FieldBytes {
    precondition(column >= 0 && column < fieldCount, "column out of range")
    let start = block.fieldStart(index, column)
    let count = block.fieldEnd(index, column) - start
    return unsafe FieldBytes(start: block.base + start, count: count)
  }
}
