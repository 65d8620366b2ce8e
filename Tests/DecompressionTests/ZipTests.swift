import Decompression
import TestSupport
import Testing

@Suite struct ZipTests {
  private let text = sampleText(byteCount: 300_000, seed: 2)

  private func onlyReading(_ part: ZipPart) throws -> Reading {
    try #require(try zipReading(zipArchive([part])).first).reading
  }

  @Test(arguments: [false, true], [[], [1, 2, 3], [UInt8](repeating: 80, count: 5000)])
  func entriesComeInDirectoryOrder(isZip64: Bool, preceding: [UInt8]) throws {
    let parts = [
      ZipPart(name: "b/", bytes: [], method: 0), ZipPart(name: "b/z.csv", bytes: text),
      ZipPart(name: "ä.csv", bytes: Array(text.prefix(70)), method: 0, isZip64: isZip64),
      ZipPart(name: "empty.csv", bytes: []), ZipPart(name: "e", bytes: [], method: 0),
      ZipPart(name: "a.csv", bytes: Array(text.prefix(3)), isZip64: isZip64),
    ]
    let archive = zipArchive(parts, preceding: preceding, isZip64: isZip64, comment: "a comment")
    for seed in [nil, UInt64(9)] {
      let result = try zipReading(archive, seed: seed)
      #expect(result.map(\.name) == parts.dropFirst().map(\.name))
      #expect(result.map(\.reading.bytes) == parts.dropFirst().map(\.bytes))
      #expect(result.allSatisfy { $0.reading.failure == nil })
    }
  }

  @Test func namesThatAreNotUnicodeAreCodePage437() throws {
    var archive = zipArchive([ZipPart(name: "NN.csv", bytes: text)])
    for index in archive.indices.dropLast(1) where archive[index...(index + 1)] == [78, 78] {
      archive[index] = 0x84
      archive[index + 1] = 0xE1
    }
    #expect(try zipReading(archive).map(\.name) == ["äß.csv"])
  }

  @Test func sumsAndSizesAreVerifiedAfterTheData() throws {
    let checksum = try onlyReading(ZipPart(name: "a", bytes: text, crc: 5))
    #expect(checksum.bytes == text && checksum.failure?.code == .checksumMismatch)
    #expect(checksum.failure?.entry == "a")
    let size = try onlyReading(ZipPart(name: "a", bytes: text, statedByteCount: 4))
    #expect(size.bytes == text && size.failure?.code == .checksumMismatch)
    let garbage = try onlyReading(ZipPart(name: "a", bytes: text, surplus: [1, 2, 3]))
    #expect(garbage.bytes == text && garbage.failure?.code == .trailingGarbage)
  }

  @Test func encryptedAndOtherwiseCompressedEntriesAreRefused() throws {
    let encrypted = try onlyReading(ZipPart(name: "a", bytes: text, flags: 1))
    #expect(encrypted.failure?.code == .encrypted)
    let method = try onlyReading(ZipPart(name: "a", bytes: text, method: 12))
    #expect(method.failure?.code == .unsupportedMethod)
  }

  @Test(arguments: [UInt16(0), 8]) func archivesInsideArchivesAreRefused(method: UInt16) throws {
    let inner = zipArchive([ZipPart(name: "a", bytes: text)])
    for bytes in [inner, gzipMember(text), zipArchive([])] {
      let result = try onlyReading(ZipPart(name: "a", bytes: bytes, method: method))
      #expect(result.failure?.code == .nestedArchive && result.bytes.isEmpty)
    }
  }

  @Test func limitsHoldForEntries() throws {
    for method in [UInt16(0), 8] {
      let archive = zipArchive([ZipPart(name: "a", bytes: text, method: method)])
      for limit in [0, 3, 777] {
        let result = try zipReading(archive, limits: .init(expandedBytes: limit))[0].reading
        #expect(result.failure?.code == .overLimit && result.bytes == Array(text.prefix(limit)))
      }
      #expect(
        try zipReading(archive, limits: .init(expandedBytes: text.count))[0].reading.failure == nil)
    }
  }

  @Test func archivesWithoutFilesAreEmpty() {
    #expect(directoryFailure(zipArchive([])) == .emptyArchive)
    let directory = ZipPart(name: "a/", bytes: [], method: 0)
    #expect(directoryFailure(zipArchive([directory])) == .emptyArchive)
  }

  @Test func aPipeOrAMissingFileHasNoDirectory() {
    do throws(DecompressionError) {
      _ = try ZipDirectory.read(path: "/dev/null")
      Issue.record("a device was read")
    } catch { #expect(error.code == .zipOnPipe) }
    do throws(DecompressionError) {
      _ = try ZipDirectory.read(path: "/nonexistent")
      Issue.record("a missing file was read")
    } catch { #expect(error.code == .unreadable) }
  }

  @Test func entriesThatOverlapAreRefused() {
    let parts = [ZipPart(name: "a", bytes: text), ZipPart(name: "b", bytes: text)]
    var archive = zipArchive(parts)
    // The second directory record is 47 bytes long and stands before the 22 bytes of the end.
    let offset = archive.count - 22 - 47 + 42
    archive.replaceSubrange(offset..<offset + 4, with: [0, 0, 0, 0])
    #expect(directoryFailure(archive) == .damagedArchive)
  }

  @Test func aCutArchiveGivesTheEntriesBeforeTheCut() throws {
    let parts = [
      ZipPart(name: "a", bytes: Array(text.prefix(900))), ZipPart(name: "d/", bytes: [], method: 0),
      ZipPart(name: "b", bytes: text, isZip64: true),
    ]
    let archive = zipArchive(parts)
    #expect(directoryFailure(Array(archive.dropLast(30))) == .damagedArchive)
    let withoutDirectory = try zipReading(Array(archive.dropLast(30)), isDamaged: true)
    #expect(withoutDirectory.map(\.reading.bytes) == [parts[0].bytes, text])
    #expect(withoutDirectory.allSatisfy { $0.reading.failure == nil })

    let cut = try zipReading(Array(archive.prefix(archive.count / 2)), isDamaged: true)
    #expect(cut.map(\.name) == ["a", "b"] && cut[0].reading.failure == nil)
    #expect(cut[1].reading.failure?.code == .truncated && !cut[1].reading.bytes.isEmpty)
    #expect(text.starts(with: cut[1].reading.bytes))

    #expect(directoryFailure(Array(archive.prefix(20)), isDamaged: true) == .damagedArchive)
  }

  @Test(arguments: ZipPart.Descriptor.allCases)
  func deflatedEntriesWithTheirSizesBehindThemAreRecovered(descriptor: ZipPart.Descriptor) throws {
    let parts = [
      ZipPart(name: "a", bytes: Array(text.prefix(900)), descriptor: descriptor),
      ZipPart(name: "b", bytes: text, descriptor: descriptor),
      ZipPart(name: "c", bytes: text, method: 0), ZipPart(name: "d", bytes: [1, 2, 3]),
    ]
    let archive = zipArchive(parts)
    let whole = try zipReading(archive)
    #expect(whole.map(\.reading.bytes) == parts.map(\.bytes))
    #expect(whole.allSatisfy { $0.reading.failure == nil })
    let recovered = try zipReading(Array(archive.dropLast(30)), isDamaged: true)
    #expect(recovered.map(\.reading.bytes) == parts.map(\.bytes))
    #expect(recovered.allSatisfy { $0.reading.failure == nil })

    // Wherever the cut is, what comes before it is given, and a part never passes for the whole.
    let first = 30 + 1 + parts[0].data.count
    for cut in [31, first - 1, first, first + 5, first + parts[0].trailer.count] {
      let entries = try zipReading(Array(archive.prefix(cut)), isDamaged: true)
      #expect(entries.map(\.name) == ["a"])
      let isWhole = cut == first + parts[0].trailer.count
      #expect(entries[0].reading.failure?.code == (isWhole ? nil : .truncated), "\(cut)")
      #expect(parts[0].bytes.starts(with: entries[0].reading.bytes))
      if cut >= first { #expect(entries[0].reading.bytes == parts[0].bytes) }
    }
  }

  @Test func sizesBehindDataAreHeldToTheData() throws {
    for part in [
      ZipPart(name: "a", bytes: text, crc: 1, descriptor: .signed),
      ZipPart(name: "a", bytes: text, statedByteCount: 9, descriptor: .short),
    ] {
      let entries = try zipReading(
        Array(zipArchive([part, ZipPart(name: "b", bytes: [7])]).dropLast(30)), isDamaged: true)
      #expect(entries.map(\.name) == ["a", "b"])
      #expect(entries[0].reading.bytes == text)
      #expect(entries[0].reading.failure?.code == .checksumMismatch)
      #expect(entries[1].reading.failure == nil)
    }
  }

  @Test func aStoredEntryWithItsSizeBehindItHasNoEndWithoutTheDirectory() throws {
    let archive = zipArchive([
      ZipPart(name: "a", bytes: text, method: 0, descriptor: .signed),
      ZipPart(name: "b", bytes: text),
    ])
    #expect(try zipReading(archive).allSatisfy { $0.reading.failure == nil })
    let entries = try zipReading(Array(archive.dropLast(30)), isDamaged: true)
    #expect(entries.map(\.name) == ["a"])
    #expect(entries[0].reading.failure?.code == .damagedArchive)
    #expect(entries[0].reading.bytes == [])
  }

  @Test func whatIsRecoveredKeepsToTheLimits() throws {
    let bomb = zipArchive([
      ZipPart(name: "a", bytes: [UInt8](repeating: 0, count: 80 << 20), descriptor: .signed),
      ZipPart(name: "b", bytes: text),
    ])
    let entries = try zipReading(Array(bomb.dropLast(30)), isDamaged: true)
    #expect(entries.map(\.name) == ["a"] && entries[0].reading.failure?.code == .overLimit)
  }

  @Test func damageNeverPassesForTheWhole() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("zip damage seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    for round in 0..<1500 {
      let bytes = sampleText(byteCount: Int.random(in: 0...3000, using: &generator), seed: seed)
      let isZip64 = Bool.random(using: &generator)
      let parts = [
        ZipPart(
          name: "a", bytes: bytes, isZip64: isZip64,
          descriptor: isZip64 ? nil : ZipPart.Descriptor.allCases.randomElement(using: &generator)),
        ZipPart(name: "b", bytes: Array(bytes.reversed()), method: 0),
      ]
      var archive = zipArchive(parts, isZip64: isZip64)
      if Bool.random(using: &generator) {
        archive.removeLast(Int.random(in: 1...archive.count, using: &generator))
      } else {
        archive[Int.random(in: 0..<archive.count, using: &generator)] ^=
          1 << UInt8.random(in: 0...7, using: &generator)
      }
      for isDamaged in [false, true] {
        guard let entries = try? zipReading(archive, isDamaged: isDamaged, seed: seed) else {
          continue
        }
        for entry in entries where entry.reading.failure == nil {
          // A flipped bit may make a sound entry of another name, or one of no bytes; not a text.
          #expect(
            parts.contains { $0.bytes == entry.reading.bytes } || entry.reading.bytes.isEmpty,
            "round \(round)")
        }
      }
    }
  }
}
