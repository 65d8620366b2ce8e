import Delimited
import TestSupport

/// A stream that arrives in pieces, and may fail at its end.
struct ChunkArena {
  struct Failure: Error, Equatable {}

  /// How large the pieces are.
  enum Splits: CaseIterable {
    case whole
    case byteByByte
    case random
  }

  private let bytes: [UInt8]
  private let splits: Splits
  private let fails: Bool
  private var generator: SeededGenerator
  private var position = 0
  private(set) var isExhausted = false

  init(_ bytes: [UInt8], splits: Splits = .whole, fails: Bool = false, seed: UInt64 = 1) {
    self.bytes = bytes
    self.splits = splits
    self.fails = fails
    generator = SeededGenerator(seed: seed)
  }

  mutating func read(into room: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    precondition(!isExhausted, "a source must not be asked again after its end")
    precondition(room.count > 0, "a source must be given room")
    if position == bytes.count {
      isExhausted = true
      if fails { throw Failure() }
      return 0
    }
    let wanted =
      switch splits {
      case .whole: bytes.count
      case .byteByByte: 1
      case .random: Int.random(in: 1...97, using: &generator)
      }
    let count = min(wanted, room.count, bytes.count - position)
    for index in 0..<count { unsafe room[index] = bytes[position + index] }
    position += count
    return count
  }
}

/// Reads a whole stream and copies its records, so that they compare with the reference's.
func readRecords(
  _ bytes: [UInt8], dialect: Dialect = .comma, limits: RecordLimits = RecordLimits(),
  blockByteCount: Int = 1 << 20, kernel: ByteScanKernel = .best,
  splits: ChunkArena.Splits = .whole, fails: Bool = false, seed: UInt64 = 1
) -> [ReferenceRecordReader.Record] {
  var source = ChunkArena(bytes, splits: splits, fails: fails, seed: seed)
  var reader = RecordReader(
    dialect: dialect, limits: limits, blockByteCount: blockByteCount, kernel: kernel)
  var records: [ReferenceRecordReader.Record] = []
  while let block = unsafe reader.next(from: { (room) throws(ChunkArena.Failure) in
    try unsafe source.read(into: room)
  }) {
    for record in block { records.append(ReferenceRecordReader.Record(copying: record)) }
  }
  return records
}

extension ReferenceRecordReader.Record {
  init(copying record: Record) {
    self.init(
      fields: (0..<record.fieldCount).map { [UInt8](record[$0]) }, defect: record.defect,
      line: record.line, byteOffset: record.byteOffset, rawBytes: [UInt8](record.rawBytes))
  }
}
