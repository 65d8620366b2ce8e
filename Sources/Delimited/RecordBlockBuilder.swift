/// How many fields the records of one header may have.
public struct RecordWidth: Hashable, Sendable {
  /// Fields of the header.
  public let columnCount: Int
  /// The fewest: fields that a record lacks behind these are blank, as spreadsheets leave blank cells at
  /// the end of a row out.
  public let leastCount: Int
  /// The most: what a record has more than the header is blank.
  public let mostCount: Int

  /// Makes a width; of the header alone where nothing else is said.
  public init(columnCount: Int, leastCount: Int? = nil, mostCount: Int? = nil) {
    self.columnCount = columnCount
    self.leastCount = min(columnCount, leastCount ?? columnCount)
    self.mostCount = max(columnCount, mostCount ?? columnCount)
  }

  /// Whether records must have the fields of the header and no others.
  public var isExact: Bool { leastCount == columnCount && mostCount == columnCount }
}

/// Makes blocks of records whose fields are not those that stand in the file.
///
/// A block is valid until the builder is asked for the next one, and as long as the block that it was
/// made of.
@safe
public final class RecordBlockBuilder {
  /// Fields that may be added to a record: they lie in the bytes behind it that may be read.
  public static let addedFieldLimit = 48
  private static let paddingByteCount = 64

  private var entries: UnsafeMutablePointer<RecordEntry>
  private var ends: UnsafeMutablePointer<UInt32>
  private var bytes: UnsafeMutablePointer<UInt8>
  private var entryCapacity = 1
  private var endCapacity = 1
  private var byteCapacity = 1

  /// Records that were given blank fields so far.
  public private(set) var paddedCount = 0
  /// Records of which blank fields were taken so far.
  public private(set) var trimmedCount = 0
  /// Records so far with values in columns that others lack.
  public private(set) var contradictingCount = 0

  /// Makes a builder.
  public init() {
    unsafe entries = .allocate(capacity: 1)
    unsafe ends = .allocate(capacity: 1)
    unsafe bytes = .allocate(capacity: 1)
  }

  deinit {
    unsafe entries.deallocate()
    unsafe ends.deallocate()
    unsafe bytes.deallocate()
  }

  /// The block with records as wide as the header, as far as the width allows it.
  ///
  /// - Parameter header: Bytes of the header, which is no row where it stands in the block.
  /// - Complexity: O(1) for an exact width; else O(*n*) in the fields.
  public func fit(
    _ block: RecordBlock, to width: RecordWidth, header: [UInt8] = []
  ) -> RecordBlock {
    if width.isExact { return block }
    var endCount = 0
    for index in 0..<block.recordCount {
      endCount += max(width.columnCount, unsafe Int(block.records[index].fieldCount))
    }
    reserve(entryCount: block.recordCount, endCount: endCount)
    var place = 0
    for index in 0..<block.recordCount {
      var entry = unsafe block.records[index]
      let count = Int(entry.fieldCount)
      let first = unsafe block.fieldEnds + Int(entry.firstField)
      unsafe (ends + place).update(from: first, count: count)
      entry.firstField = UInt32(place)
      place += count
      if entry.defect == .none {
        if count < width.columnCount, count >= width.leastCount, count > 0 {
          // Blank fields behind the record's end, one byte further each.
          for added in 1...(width.columnCount - count) {
            unsafe ends[place] = first[count - 1] + UInt32(added)
            place += 1
          }
          entry.fieldCount = UInt32(width.columnCount)
          paddedCount += 1
        } else if count > width.columnCount, count <= width.mostCount,
          isBlank(block, index, width.columnCount..<count)
        {
          place -= count - width.columnCount
          entry.fieldCount = UInt32(width.columnCount)
          trimmedCount += 1
        } else if count == width.columnCount, width.leastCount < count,
          !isBlank(block, index, width.leastCount..<count),
          !block[index].rawBytes.elementsEqual(header)
        {
          contradictingCount += 1
        }
      }
      unsafe (entries + index).initialize(to: entry)
    }
    return unsafe RecordBlock(
      base: block.base, fieldEnds: ends, records: entries, recordCount: block.recordCount,
      firstByteOffset: block.firstByteOffset, firstLine: block.firstLine)
  }

  /// A block of one record with its fields in another order.
  ///
  /// - Parameter columns: For each field of the new record the field of `record` that it is; −1 for a
  ///   blank one.
  public func rearrange(_ record: Record, _ columns: [Int]) -> RecordBlock {
    var byteCount = columns.count
    for column in columns where column >= 0 { byteCount += record[column].count }
    reserve(entryCount: 1, endCount: columns.count, byteCount: byteCount)
    var place = 0
    for (index, column) in columns.enumerated() {
      if column >= 0 {
        let field = record[column]
        unsafe (bytes + Self.paddingByteCount + place).update(from: field.start, count: field.count)
        place += field.count
      }
      unsafe ends[index] = UInt32(place)
      unsafe bytes[Self.paddingByteCount + place] = ASCII.comma
      place += 1
    }
    return one(record, fieldCount: columns.count, byteCount: max(0, place - 1), isCopy: true)
  }

  /// A block of one record without fields, which no reader takes for a row.
  public func withoutFields(_ record: Record) -> RecordBlock {
    reserve(entryCount: 1, endCount: 1)
    return one(record, fieldCount: 0, byteCount: record.rawBytes.count, isCopy: false)
  }

  private func one(
    _ record: Record, fieldCount: Int, byteCount: Int, isCopy: Bool
  ) -> RecordBlock {
    unsafe entries.initialize(
      to: RecordEntry(
        start: 0, byteCount: UInt32(byteCount), firstField: 0, fieldCount: UInt32(fieldCount),
        lineDelta: 0, defect: record.defect))
    let base = unsafe isCopy ? UnsafePointer(bytes + Self.paddingByteCount) : record.rawBytes.start
    return unsafe RecordBlock(
      base: base, fieldEnds: ends, records: entries, recordCount: 1,
      firstByteOffset: record.byteOffset, firstLine: record.line)
  }

  private func isBlank(_ block: RecordBlock, _ record: Int, _ columns: Range<Int>) -> Bool {
    columns.allSatisfy { column in
      block[record][column].withoutQuotes.allSatisfy { $0 == 0x20 || $0 == ASCII.tab }
    }
  }

  private func reserve(entryCount: Int, endCount: Int, byteCount: Int = 0) {
    if entryCount > entryCapacity {
      unsafe entries.deallocate()
      unsafe entries = .allocate(capacity: entryCount)
      entryCapacity = entryCount
    }
    if endCount > endCapacity {
      unsafe ends.deallocate()
      unsafe ends = .allocate(capacity: endCount)
      endCapacity = endCount
    }
    let wanted = byteCount + 2 * Self.paddingByteCount
    if byteCount > 0, wanted > byteCapacity {
      unsafe bytes.deallocate()
      unsafe bytes = .allocate(capacity: wanted)
      unsafe bytes.initialize(repeating: 0, count: wanted)
      byteCapacity = wanted
    }
  }
}

extension RecordBlock {
  /// A part of the block, valid as long as the block.
  public func part(_ range: Range<Int>) -> RecordBlock {
    precondition(range.lowerBound >= 0 && range.upperBound <= recordCount, "records out of range")
    return unsafe RecordBlock(
      base: base, fieldEnds: fieldEnds, records: records + range.lowerBound,
      recordCount: range.count, firstByteOffset: firstByteOffset, firstLine: firstLine)
  }
}
