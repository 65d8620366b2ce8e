import Delimited
import TestSupport
import Testing

/// A cut by the parity of quotes is the end of a record wherever the check finds the block sound.
struct RecordSplitterTests {
  @Test(arguments: SeededGenerator.seeds, DocumentGenerator.Character.allCases)
  func aSoundBlockIsFollowedByARecord(seed: UInt64, character: DocumentGenerator.Character) {
    var choices = SeededGenerator(seed: seed &* 17)
    for round in 0..<40 {
      let dialect = Dialect.candidates[round % Dialect.candidates.count]
      var documents = DocumentGenerator(
        seed: seed &+ UInt64(round) << 24, delimiter: dialect.delimiter)
      var bytes = documents.document(
        character, byteCount: Int.random(in: 10...700, using: &choices))
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
      let end = Int.random(in: 0...bytes.count, using: &choices)
      let found = ByteScanKernel.allCases.filter(\.isSupported).map { kernel in
        Self.split(bytes, end: end, RecordSplitter(dialect: dialect, kernel: kernel))
      }
      #expect(found.allSatisfy { $0 == found[0] }, "seed \(seed), round \(round)")
      guard let cut = found[0].cut, found[0].isSound else { continue }
      let whole = ReferenceRecordReader.read(bytes, dialect: dialect)
      let first = ReferenceRecordReader.read(Array(bytes[..<cut]), dialect: dialect)
      let second = ReferenceRecordReader.read(Array(bytes[cut...]), dialect: dialect)
      #expect(
        whole.map(\.fields) == first.map(\.fields) + second.map(\.fields),
        "seed \(seed), round \(round), \(character), cut \(cut)")
      #expect(found[0].lineCount == Self.lineEnds(bytes[..<cut]), "seed \(seed), round \(round)")
    }
  }

  private struct Split: Equatable {
    var cut: Int?
    var isSound = false
    var lineCount = 0
  }

  private static func split(_ bytes: [UInt8], end: Int, _ splitter: RecordSplitter) -> Split {
    // The kernels read no byte behind the end, so the array needs no padding.
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return Split() }
      var split = Split(cut: unsafe splitter.cut(base, from: 0, to: end))
      if let cut = split.cut {
        let check = unsafe splitter.check(base, from: 0, to: cut)
        (split.isSound, split.lineCount) = (check.isSound, check.lineCount)
      }
      return split
    }
  }

  private static func lineEnds(_ bytes: ArraySlice<UInt8>) -> Int {
    var count = 0
    var previous: UInt8 = 0
    for byte in bytes {
      if byte == ASCII.carriageReturn
        || (byte == ASCII.lineFeed && previous != ASCII.carriageReturn)
      {
        count += 1
      }
      previous = byte
    }
    return count
  }
}
