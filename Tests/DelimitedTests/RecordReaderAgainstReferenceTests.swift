import Delimited
import TestSupport
import Testing

/// The fast reader gives what the reference reader gives: for any bytes, however they arrive.
struct RecordReaderAgainstReferenceTests {
  private static let smallLimits = RecordLimits(
    fieldBytes: 40, columns: 6, recordBytes: 150, keptBytes: 24)

  @Test(arguments: SeededGenerator.seeds, DocumentGenerator.Character.allCases)
  func anyDocumentInAnySplit(seed: UInt64, character: DocumentGenerator.Character) {
    var choices = SeededGenerator(seed: seed &* 31)
    for round in 0..<30 {
      let dialect = Dialect.candidates[round % Dialect.candidates.count]
      var documents = DocumentGenerator(
        seed: seed &+ UInt64(round) << 32, delimiter: dialect.delimiter)
      let bytes = documents.document(
        character, byteCount: Int.random(in: 0...1_500, using: &choices))
      let limits = round % 3 == 0 ? Self.smallLimits : RecordLimits()
      let fails = round % 5 == 4
      let expected = ReferenceRecordReader.read(
        bytes, dialect: dialect, limits: limits, end: fails ? .failure : .regular)
      for splits in ChunkArena.Splits.allCases {
        let blockByteCount =
          splits == .whole ? 1 << 16 : Int.random(in: 64...200, using: &choices)
        let kernel = ByteScanKernel.allCases.filter(\.isSupported).randomElement(using: &choices)
        let records = readRecords(
          bytes, dialect: dialect, limits: limits, blockByteCount: blockByteCount,
          kernel: kernel ?? .portable, splits: splits, fails: fails, seed: seed)
        #expect(
          records == expected,
          "round \(round), \(splits), block \(blockByteCount), \(String(describing: kernel))")
      }
    }
  }

  @Test(arguments: ByteScanKernel.allCases.filter(\.isSupported))
  func everyShortDocumentOfStructuralBytes(kernel: ByteScanKernel) {
    // All 4⁷ documents of seven bytes out of quote, delimiter, CR, LF, all at their shortest splits,
    // behind a record that makes the block long enough to split.
    let alphabet = [ASCII.quote, ASCII.comma, ASCII.carriageReturn, ASCII.lineFeed]
    for number in 0..<(1 << 14) {
      let bytes = (0..<7).map { alphabet[number >> (2 * $0) & 3] }
      let expected = ReferenceRecordReader.read(bytes, dialect: .comma)
      let records = readRecords(bytes, blockByteCount: 64, kernel: kernel)
      if records != expected {
        Issue.record("\(bytes): \(records), not \(expected)")
        return
      }
    }
  }

  @Test(arguments: 50..<75)
  func everyShortDocumentAcrossABlockBorder(fillerByteCount: Int) {
    let alphabet = [ASCII.quote, ASCII.comma, ASCII.carriageReturn, ASCII.lineFeed]
    let filler = [UInt8](repeating: UInt8(ascii: "x"), count: fillerByteCount)
    for number in 0..<(1 << 10) {
      let end = (0..<5).map { alphabet[number >> (2 * $0) & 3] }
      for separator in alphabet {
        let bytes = filler + [separator] + end + [UInt8(ascii: "y")]
        let expected = ReferenceRecordReader.read(bytes, dialect: .comma)
        let records = readRecords(bytes, blockByteCount: 64)
        if records != expected {
          Issue.record("\(bytes): \(records), not \(expected)")
          return
        }
      }
    }
  }
}
