import Delimited
import TestSupport
import Testing

struct TextHeadTests {
  /// Texts of few letters and all lengths around those that a head holds whole.
  @Test(arguments: SeededGenerator.seeds)
  func headsOfTextsAndFieldsAreEqualWhereLengthAndBeginningAre(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let letters: [UInt8] = Array("ab\u{0}é\u{FF}".utf8)
    func text() -> [UInt8] {
      let count = random.below(10) == 0 ? 250 + random.below(12) : random.below(12)
      return (0..<count).map { _ in letters[random.below(random.below(3) == 0 ? 5 : 2)] }
    }
    for _ in 0..<2_000 {
      let text = String(decoding: text(), as: UTF8.self)
      let bytes = random.below(4) == 0 ? Array(text.utf8) : self.text(of: &random, letters)
      // What lies behind a field is no part of it.
      let block = bytes + (0..<8).map { _ in UInt8(random.below(256)) }
      let head = unsafe block.withUnsafeBufferPointer {
        unsafe TextHead(FieldBytes(start: $0.baseAddress.unsafelyUnwrapped, count: bytes.count))
      }
      let own = Array(text.utf8)
      let isSame =
        min(own.count, 255) == min(bytes.count, 255) && own.prefix(7) == bytes.prefix(7)
      #expect((head == TextHead(text)) == isSame, "seed \(seed): \(own), \(bytes)")
      #expect(head.isWhole == (bytes.count <= 7))
      if head.isWhole, head == TextHead(text) { #expect(own == bytes) }
    }
  }

  private func text(of random: inout SeededGenerator, _ letters: [UInt8]) -> [UInt8] {
    (0..<random.below(10)).map { _ in letters[random.below(2)] }
  }
}
