import Decompression
import Testing

/// Ledgers and packed results are equal byte for byte where their content is.
@Suite struct ZlibBlockTests {
  /// Where the memory lies in which the library works differs from process to process.
  @Test func givesTheSameStreamWhereverItsMemoryLies() {
    let bytes = Array(String(repeating: "ab", count: 12).utf8)
    let first = ZlibBlock.compressed(bytes)
    // Memory that is held, and never touched, moves what is allocated next.
    var held: [[UInt8]] = []
    var others: Set<[UInt8]> = []
    for _ in 0..<2_000 {
      var room: [UInt8] = []
      room.reserveCapacity(70_000)
      held.append(room)
      let again = ZlibBlock.compressed(bytes)
      if again != first { others.insert(again) }
    }
    #expect(others.isEmpty, "\(held.count) streams: \(first), and \(others)")
  }

  @Test(arguments: [0, 1, 13, 64, 65_535, 65_536, 300_000])
  func inflatesToWhatWasCompressed(count: Int) {
    var state: UInt64 = 7
    // Every other KiB is random, so that some of it can be packed and some cannot.
    let bytes = (0..<count).map { place -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return place / 1_024 % 2 == 0 ? UInt8(truncatingIfNeeded: state >> 56) : UInt8(place % 7)
    }
    let stream = ZlibBlock.compressed(bytes)
    #expect(ZlibBlock.inflated(stream, byteCount: count) == bytes)
    #expect(ZlibBlock.inflated(stream, byteCount: count + 1) == nil)
  }
}
