import Decompression
import Glibc
import TestSupport
import Testing

@Suite struct GzipTests {
  private let text = sampleText(byteCount: 700_000, seed: 1)

  @Test func plainFilesComeAsTheyAre() {
    for count in [0, 1, 3, 4, 262_144, 262_145, 700_000] {
      let bytes = Array(text.prefix(count))
      for seed in [nil, UInt64(count)] {
        let result = reading(bytes, seed: seed)
        #expect(result.bytes == bytes && result.observed == bytes && result.failure == nil)
      }
    }
  }

  @Test(arguments: UInt8(0)..<32) func headerFieldsAreSkipped(flags: UInt8) {
    let bytes = Array(text.prefix(5000))
    let result = reading(gzipMember(bytes, flags: flags & 0x1E))
    #expect(result.bytes == bytes && result.failure == nil && result.memberCount == 1)
  }

  @Test(arguments: [0, 1, 6, 9] as [Int32]) func everyLevelInflates(level: Int32) {
    let file = gzipMember(text, level: level)
    for seed in [nil, UInt64(level)] {
      let result = reading(file, seed: seed)
      #expect(result.bytes == text && result.observed == file && result.failure == nil)
    }
  }

  @Test func membersFollowEachOtherAndZerosMayPadTheEnd() {
    var file: [UInt8] = []
    var bytes: [UInt8] = []
    for count in 0..<400 {
      let part = Array(text[(count * 7)..<(count * 7 + count * 5)])
      file += gzipMember(part, flags: count % 3 == 0 ? 8 : 0)
      bytes += part
    }
    for padding in [0, 1, 7, 300_000] {
      let result = reading(file + [UInt8](repeating: 0, count: padding), seed: UInt64(padding))
      #expect(result.bytes == bytes && result.failure == nil && result.memberCount == 400)
      #expect(result.observed.count == file.count + padding)
    }
  }

  @Test func membersMayEndAnywhereInTheBufferOfStoredBytes() {
    let large = sampleText(byteCount: 1_500_000, seed: 4)
    let small = Array(large.prefix(50))
    let first = gzipMember(large)
    // The first member's name is as long as it takes to end the member near the buffer's end.
    let whole = (first.count / (256 << 10) + 1) * (256 << 10)
    for distance in -12...24 {
      let name = [UInt8](repeating: 65, count: whole - first.count - 1 + distance)
      var file = first
      file[3] = 8
      file.insert(contentsOf: name + [0], at: 10)
      let result = reading(file + gzipMember(small) + gzipMember(large))
      #expect(result.bytes == large + small + large && result.failure == nil)
      #expect(result.memberCount == 3, "distance \(distance)")
    }
  }

  @Test func otherBytesAfterAWholeMemberAreRefusedOnceItIsDelivered() {
    let file = gzipMember(text)
    for garbage in [[65], [0, 0, 65], [0x1F, 0x8C], [0, 0x1F, 0x8B, 8]] as [[UInt8]] {
      let result = reading(file + garbage, seed: 3)
      #expect(result.bytes == text && result.failure?.code == .trailingGarbage)
      let zeros = garbage.prefix { $0 == 0 }.count
      #expect(result.failure?.compressedOffset == UInt64(file.count + zeros))
      #expect(result.observed == file + garbage)
    }
  }

  @Test func checksumsAndSizesAreVerified() {
    for file in [gzipMember(text, crc: 1), gzipMember(text, size: 1)] {
      let result = reading(file + gzipMember(text))
      #expect(result.bytes == text && result.failure?.code == .checksumMismatch)
    }
    var header = gzipMember(text, flags: 2)
    header[10] ^= 1
    #expect(reading(header).failure?.code == .checksumMismatch)
  }

  @Test func unknownMethodsAndFlagsAreCorrupt() {
    var method = gzipMember(text)
    method[2] = 7
    #expect(reading(method).failure?.code == .corrupt)
    var flags = gzipMember(text)
    flags[3] = 0x20
    #expect(reading(flags).failure?.code == .corrupt)
    #expect(reading(Array(gzipMember([]).prefix(10)) + [0x07]).failure?.code == .corrupt)
  }

  @Test func aCutFileGivesWhatCanBeInflatedAndThenSaysSo() {
    let member = gzipMember(text, flags: 8)
    let file = member + member
    for length in [2, 9, 15, 40, member.count / 2, member.count - 8, member.count - 1] {
      let result = reading(Array(file.prefix(length)), seed: UInt64(length))
      #expect(result.failure?.code == .truncated && text.starts(with: result.bytes))
      #expect(result.failure?.compressedOffset == UInt64(length))
    }
    #expect(reading(Array(file.prefix(member.count - 8))).bytes == text)
    let half = reading(Array(file.prefix(member.count + member.count / 2)))
    #expect(half.bytes.count > text.count + text.count / 3 && half.memberCount == 1)
    #expect(reading(Array(file.prefix(member.count + 1))).failure?.code == .truncated)
  }

  @Test func limitsHoldToTheByte() {
    let file = gzipMember(text)
    #expect(reading(file, limits: .init(expandedBytes: text.count)).failure == nil)
    for seed in [nil, UInt64(5)] {
      let result = reading(file, limits: .init(expandedBytes: 12_345), seed: seed)
      #expect(result.bytes == Array(text.prefix(12_345)) && result.failure?.code == .overLimit)
      #expect(result.observed == file)
    }
    #expect(reading(text, limits: .init(expandedBytes: 1)).failure == nil)
  }

  @Test func theRatioCountsPast64MiB() {
    let zeros = [UInt8](repeating: 0, count: 65 << 20)
    let file = gzipMember(zeros)
    #expect(reading(file, limits: .init(expansionRatio: 2000)).bytes.count == zeros.count)
    let result = reading(file, limits: .init(expansionRatio: 100))
    #expect(result.failure?.code == .overLimit && result.bytes.count >= 63 << 20)
    let small = gzipMember(Array(zeros.prefix(1 << 20)))
    #expect(reading(small, limits: .init(expansionRatio: 2)).failure == nil)
  }

  @Test func pipesAreReadInWhateverPiecesTheyGive() throws {
    var ends: [Int32] = [0, 0]
    try #require(unsafe pipe(&ends) == 0)
    let file = gzipMember(Array(text.prefix(40_000)), level: 9) + gzipMember([1, 2, 3])
    try #require(file.count < 60_000)
    for byte in file {
      _ = unsafe withUnsafeBytes(of: byte) { unsafe write(ends[1], $0.baseAddress, 1) }
    }
    close(ends[1])
    let stream = try unsafe ByteStream.open(descriptor: ends[0], name: "pipe", limits: .init())
    var result = Reading()
    result.read(stream)
    close(ends[0])
    #expect(result.bytes == text.prefix(40_000) + [1, 2, 3] && result.failure == nil)
    #expect(stream.compression == .gzip && stream.compressedOffset == UInt64(file.count))
  }

  @Test func whatCannotBeOpenedOrReadSaysSo() {
    #expect(throws: DecompressionError.self) {
      try unsafe ByteStream.open(path: "/nonexistent/file", limits: .init())
    }
    do throws(DecompressionError) {
      _ = try unsafe ByteStream.open(path: "/", limits: .init())
    } catch { #expect(error.code == .unreadable) }
    let zip = reading(Array("PK\u{3}\u{4}".utf8) + text)
    #expect(zip.failure?.code == .unsupportedMethod)
  }

  @Test func damageNeverPassesForTheWholeNorForAnotherText() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("gzip damage seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    for round in 0..<1500 {
      let bytes = sampleText(byteCount: Int.random(in: 0...6000, using: &generator), seed: seed)
      let whole = gzipMember(bytes, flags: round % 2 == 0 ? 0x1E : 0, level: Int32(round % 10))
      var file = whole
      let isCut = Bool.random(using: &generator)
      if isCut {
        file.removeLast(Int.random(in: 1...file.count - 2, using: &generator))
      } else {
        file[Int.random(in: 2..<file.count, using: &generator)] ^=
          1 << UInt8.random(in: 0...7, using: &generator)
      }
      let result = reading(file, limits: .init(expandedBytes: 1 << 20), seed: seed &+ UInt64(round))
      #expect(result.observed == file, "round \(round)")
      if isCut {
        #expect(bytes.starts(with: result.bytes), "round \(round)")
        #expect(result.failure?.code == .truncated, "round \(round)")
      } else if result.failure == nil {
        #expect(result.bytes == bytes, "round \(round)")
      }
    }
  }
}
