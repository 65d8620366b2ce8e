#if ZSTD
import Decompression
import TestSupport
import Testing

@Suite struct ZstdTests {
  private let text = Array("Id,UserId\n0Ya,005\n".utf8)
  /// The text as `zstd --check` packs it.
  private let frame: [UInt8] = [
    0x28, 0xB5, 0x2F, 0xFD, 0x24, 0x12, 0x91, 0x00, 0x00, 0x49, 0x64, 0x2C, 0x55, 0x73, 0x65, 0x72,
    0x49, 0x64, 0x0A, 0x30, 0x59, 0x61, 0x2C, 0x30, 0x30, 0x35, 0x0A, 0x0F, 0x38, 0xA8, 0xA2,
  ]
  /// A frame that is passed over.
  private let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]

  @Test func framesFollowEachOther() {
    for (file, bytes) in [
      (frame, text), (frame + frame, text + text), (skippable + frame, text),
      (frame + skippable + frame, text + text),
    ] {
      for seed in [nil, 1, 2] as [UInt64?] {
        let result = reading(file, seed: seed)
        #expect(result.bytes == bytes && result.observed == file && result.failure == nil)
      }
    }
  }

  @Test func aFrameThatIsCutIsTold() {
    for count in 4..<frame.count {
      for before in [[], frame] {
        let result = reading(before + frame.prefix(count))
        #expect(result.failure?.code == .truncated)
        #expect(result.bytes.starts(with: before.isEmpty ? [] : text))
      }
    }
  }

  @Test func aChecksumThatDoesNotFitIsTold() {
    var damaged = frame
    damaged[30] ^= 1
    let result = reading(frame + damaged)
    #expect(result.failure?.code == .corrupt)
    #expect(result.bytes.starts(with: text))
  }

  @Test func whatStandsBehindTheLastFrameIsTold() {
    let result = reading(frame + Array("garbage".utf8))
    #expect(result.bytes == text && result.failure?.code == .corrupt)
  }
}
#endif
