import TestSupport
import Testing

@testable import Decompression

/// UTF-16, which spreadsheets write as "Unicode text".
struct UTF16Tests {
  /// Wherever portions are cut, the text is that of the whole; a lone surrogate is U+FFFD.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func portionsGiveTheTextOfTheWhole(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for isBigEndian in [false, true] {
      let units = (0..<2_000).map { _ -> UInt16 in
        switch random.below(6) {
        case 0: UInt16(0xD800 + random.below(0x800))
        case 1: UInt16(random.below(0x10000))
        default: UInt16(random.below(0x80))
        }
      }
      let bytes = units.flatMap { unit in
        isBigEndian
          ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      }
      let decoder = UTF16Decoder(isBigEndian: isBigEndian)
      var decoded: [UInt8] = []
      var place = 0
      while place < bytes.count {
        let end = min(bytes.count, place + random.below(9))
        decoded += decoder.decode(Array(bytes[place..<end]))
        place = end
      }
      // A surrogate at the very end waits for its other half.
      decoded += decoder.decode(isBigEndian ? [0, 0x2E] : [0x2E, 0])
      let expected = String(decoding: units + [0x2E], as: UTF16.self)
      #expect(decoded == Array(expected.utf8), "seed \(seed)")
    }
  }
}
