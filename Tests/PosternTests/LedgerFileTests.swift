import Foundation
import Platform
import TestSupport
import Testing

@testable import Postern

/// The container of a ledger file.
@Suite struct LedgerFileTests {
  private static func file(_ pieces: [[UInt8]]) throws -> [UInt8] {
    let folder = try ConfigurationFolder()
    let path = folder.path("file.ledger")
    let writer = try LedgerFileWriter(try OutputFile(path: path))
    for piece in pieces { try writer.add(StoredBlocks(piece)) }
    try writer.finish(replacing: nil)
    return [UInt8](try Data(contentsOf: URL(filePath: path)))
  }

  private static func read(_ bytes: [UInt8]) -> (content: [UInt8], problem: String?, isWhole: Bool)
  {
    let reader = LedgerFileReader(prefix: bytes) { [] }
    var content: [UInt8] = []
    while true {
      let block = reader.next()
      if block.isEmpty { break }
      content += block
    }
    return (content, reader.problem, reader.drain())
  }

  /// So much goes to the disk while more is written.
  @Test func aLargeOutputHoldsAllThatWasWritten() throws {
    let folder = try ConfigurationFolder()
    let path = folder.path("large")
    let output = try OutputFile(path: path)
    let piece = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    for _ in 0..<20 { try output.write(piece) }
    try output.finish()
    let written = [UInt8](try Data(contentsOf: URL(filePath: path)))
    #expect(written == Array(repeatElement(piece, count: 20).joined()))
  }

  @Test(arguments: SeededGenerator.seeds)
  func whatIsWrittenIsRead(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for count in [0, 1, 1_000, (1 << 20) + 1, 3 << 20] {
      let content = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) & 0x3F }
      let read = Self.read(try Self.file([content]))
      #expect(read.content == content)
      #expect(read.isWhole)
    }
  }

  @Test func everyCutIsRefused() throws {
    let whole = try Self.file([Array("accounts and figures".utf8), Array("evidence".utf8)])
    for count in whole.indices {
      let read = Self.read(Array(whole.prefix(count)))
      #expect(!read.isWhole, "cut at \(count)")
      #expect(read.problem != nil, "cut at \(count)")
    }
    #expect(!Self.read(whole + [0]).isWhole)
  }

  @Test func everyFlippedBitIsRefused() throws {
    let whole = try Self.file([Array("accounts and figures".utf8), Array("evidence".utf8)])
    for place in whole.indices {
      for bit in 0..<8 {
        var damaged = whole
        damaged[place] ^= 1 << UInt8(bit)
        let read = Self.read(damaged)
        #expect(!read.isWhole, "bit \(bit) of byte \(place)")
        #expect(read.problem != nil, "bit \(bit) of byte \(place)")
      }
    }
  }

  /// Sections of which one is so long that its worker begins before it was read.
  private static func sections(_ random: inout SeededGenerator) -> [[UInt8]] {
    let counts = [3, (1 << 20) + 5, 1, 18 << 20, 1, 700, 2 << 20, 9]
    // Repeated farther apart than deflate looks back, and at an odd distance, so that no two blocks are
    // the same: to draw each byte took a seventh of the time of all tests.
    let piece = (0..<65_521).map { _ in UInt8.random(in: 0...255, using: &random) }
    return counts.map { count in
      let start = random.below(piece.count)
      var bytes = Array(piece[start...])
      while bytes.count < count { bytes += piece }
      return Array(bytes.prefix(count))
    }
  }

  private static func read(
    sectionsOf bytes: [UInt8], threads: Int
  ) -> (sections: [Int: [UInt8]], problem: String?, isWhole: Bool) {
    let reader = LedgerFileReader(prefix: bytes, threads: threads) { [] }
    let sections = Locked([Int: [UInt8]]())
    WorkerThreads.run(threads) { _ in
      while let section = reader.section(before: .max) {
        var content: [UInt8] = []
        while case let block = section.source(), !block.isEmpty { content += block }
        sections.withLock { $0[section.number] = content }
      }
    }
    let isWhole = reader.drain()
    return (sections.withLock { $0 }, reader.problem, isWhole)
  }

  @Test(arguments: SeededGenerator.seeds)
  func sectionsAreReadSideBySide(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let sections = Self.sections(&random)
    let file = try Self.file(sections)
    for threads in [1, 2, 5] {
      let read = Self.read(sectionsOf: file, threads: threads)
      #expect(read.isWhole)
      #expect(read.sections.count == sections.count)
      for (number, section) in sections.enumerated() {
        #expect(read.sections[number] == section, "section \(number), \(threads) threads")
      }
    }
  }

  @Test(arguments: SeededGenerator.seeds)
  func ofSeveralDamagedBlocksTheFirstIsNamed(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var file = try Self.file(Self.sections(&random))
    // The first lies in the section that is read on, the last in a short one behind it.
    for place in [12 << 20, 19 << 20, file.count - 60] { file[place] ^= 1 }
    let problems = Set([1, 2, 5].map { Self.read(sectionsOf: file, threads: $0).problem })
    #expect(problems.count == 1)
    let problem = try #require(problems.first ?? nil)
    let place = try #require(Int(problem.split(separator: " ").last ?? ""))
    #expect((11 << 20..<12 << 20).contains(place), "\(problem)")
  }

  @Test func aFileOfTheFormBeforeHasNoSections() throws {
    var file = try Self.file([Array("accounts and figures".utf8)])
    file[LedgerFile.mark.count] = UInt8(LedgerFile.earliestVersion)
    let reader = LedgerFileReader(prefix: file) { [] }
    #expect(!reader.isSectioned)
    // A block that begins a section is none of that form.
    #expect(reader.next().isEmpty)
    #expect(reader.problem?.contains("no block begins") == true)
  }

  @Test func aFalseLengthAsksForNoMemory() {
    let head = LedgerFile.mark + LedgerFile.bytes(LedgerFile.version)
    for (stored, content) in [(UInt32.max, UInt32(9)), (9, .max), (0, 9), (9, 0)] {
      let block =
        [LedgerFile.sectionBlock] + LedgerFile.bytes(stored) + LedgerFile.bytes(content)
        + LedgerFile.bytes(UInt32(0)) + [1, 2, 3]
      let read = Self.read(head + block)
      #expect(read.problem?.contains("invalid length") == true)
    }
  }
}
