import Delimited

/// The fast reader gives what the reference reader gives, for any bytes, wherever blocks end; and a
/// sound cut of the splitter is the end of a record.
enum RecordProperty {
  /// Longer documents are not read with a border at every place.
  private static let everyBorderBound = 112
  private static let smallLimits = RecordLimits(
    fieldBytes: 40, columns: 6, recordBytes: 150, keptBytes: 24)
  private static let kernels = ByteScanKernel.allCases.filter(\.isSupported)

  static func check(_ input: inout FuzzInput) throws {
    let choices = input.choice()
    let border = input.choice()
    let bytes = input.rest()
    let dialect = Dialect.candidates[(choices & 0x1F) % Dialect.candidates.count]
    let limits = choices & 0x20 != 0 ? smallLimits : RecordLimits()
    let fails = choices & 0x40 != 0
    let expected = ReferenceRecordReader.read(
      bytes, dialect: dialect, limits: limits, end: fails ? .failure : .regular)
    let reading = Reading(dialect: dialect, limits: limits, fails: fails, expected: expected)
    try reading.check(bytes, blockByteCount: 64 + bytes.count, portion: .max, kernels[0])
    try reading.check(
      bytes, blockByteCount: 64 + border % 64, portion: 1, kernels[border % kernels.count])
    // A border at every place takes many readings, so one choice asks for it, and not of long texts.
    let readsAll = choices & 0x80 != 0 && bytes.count <= everyBorderBound
    let step = readsAll ? 1 : max(64, bytes.count / 2)
    for blockByteCount in stride(from: 64 + border % step, through: bytes.count + 1, by: step) {
      let kernel = kernels[(blockByteCount + border) % kernels.count]
      try reading.check(bytes, blockByteCount: blockByteCount, portion: .max, kernel)
    }
    try checkSplitter(bytes, dialect, border)
    // Whatever a header is, a dialect comes of it.
    _ = Dialect.detect(header: bytes)
  }

  // MARK: The reader

  private struct Reading {
    let dialect: Dialect
    let limits: RecordLimits
    let fails: Bool
    let expected: [ReferenceRecordReader.Record]

    struct SourceFailure: Error {}

    func check(
      _ bytes: [UInt8], blockByteCount: Int, portion: Int, _ kernel: ByteScanKernel
    ) throws(FuzzFailure) {
      var reader = RecordReader(
        dialect: dialect, limits: limits, blockByteCount: blockByteCount, kernel: kernel)
      var position = 0
      var isExhausted = false
      var number = 0
      while let block = unsafe reader.next(from: { (room) throws(SourceFailure) in
        precondition(!isExhausted && room.count > 0, "a source must not be asked behind its end")
        let count = min(portion, room.count, bytes.count - position)
        if count == 0 {
          isExhausted = true
          if fails { throw SourceFailure() }
          return 0
        }
        unsafe room.copyBytes(from: bytes[position..<position + count])
        position += count
        return count
      }) {
        for record in block {
          guard number < expected.count, Self.isEqual(record, expected[number]) else {
            throw FuzzFailure(
              "record \(number) of \(expected.count) differs, blocks of \(blockByteCount), \(kernel)"
            )
          }
          number += 1
        }
      }
      try FuzzFailure.unless(
        number == expected.count,
        "\(number) records of \(expected.count), blocks of \(blockByteCount), \(kernel)")
      try FuzzFailure.unless(fails == (reader.failure != nil), "a failure of the source was lost")
    }

    private static func isEqual(_ record: Record, _ other: ReferenceRecordReader.Record) -> Bool {
      guard record.fieldCount == other.fields.count, record.defect == other.defect,
        record.line == other.line, record.byteOffset == other.byteOffset,
        record.rawBytes.elementsEqual(other.rawBytes)
      else { return false }
      for column in 0..<record.fieldCount
      where !record[column].elementsEqual(other.fields[column]) {
        return false
      }
      return true
    }
  }

  // MARK: The splitter

  private static func checkSplitter(
    _ bytes: [UInt8], _ dialect: Dialect, _ border: Int
  ) throws(FuzzFailure) {
    var bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    let end = bytes.isEmpty ? 0 : border * 7 % (bytes.count + 1)
    // A copy that ends where it must not be read on.
    let part = Array(bytes[..<end])
    let found = kernels.map { split(part, RecordSplitter(dialect: dialect, kernel: $0)) }
    try FuzzFailure.unless(found.allSatisfy { $0 == found[0] }, "kernels cut at different places")
    guard let cut = found[0].cut, found[0].isSound else { return }
    // Read by itself, what follows the cut would lose what looks like a mark.
    if bytes[cut...].starts(with: [0xEF, 0xBB, 0xBF]) { return }
    let whole = ReferenceRecordReader.read(bytes, dialect: dialect)
    let first = ReferenceRecordReader.read(Array(bytes[..<cut]), dialect: dialect)
    let second = ReferenceRecordReader.read(Array(bytes[cut...]), dialect: dialect)
    try FuzzFailure.unless(
      whole.map(\.fields) == first.map(\.fields) + second.map(\.fields),
      "a cut at \(cut) that passed for sound is none")
  }

  private struct Split: Equatable {
    var cut: Int?
    var isSound = false
    var lineCount = 0
  }

  private static func split(_ bytes: [UInt8], _ splitter: RecordSplitter) -> Split {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return Split() }
      var split = Split(cut: unsafe splitter.cut(base, from: 0, to: buffer.count))
      if let cut = split.cut {
        let check = unsafe splitter.check(base, from: 0, to: cut)
        (split.isSound, split.lineCount) = (check.isSound, check.lineCount)
      }
      return split
    }
  }
}
