import Foundation
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

  @Test func aFalseLengthAsksForNoMemory() {
    let head = LedgerFile.mark + LedgerFile.bytes(LedgerFile.version)
    for (stored, content) in [(UInt32.max, UInt32(9)), (9, .max), (0, 9), (9, 0)] {
      let block =
        [LedgerFile.dataBlock] + LedgerFile.bytes(stored) + LedgerFile.bytes(content)
        + LedgerFile.bytes(UInt32(0)) + [1, 2, 3]
      let read = Self.read(head + block)
      #expect(read.problem?.contains("invalid length") == true)
    }
  }
}
