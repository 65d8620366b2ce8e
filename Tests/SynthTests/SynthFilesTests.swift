import Foundation
import TestSupport
import Testing

@testable import postern_synth

@Suite
struct SynthFilesTests {
  @Test
  func equalOptionsGiveEqualBytesAndAnotherSeedGivesOthers() throws {
    var options = SynthOptions.small()
    options.packing = .zip
    options.order = .shuffled
    options.files = 2
    let first = try TestFolder()
    let second = try TestFolder()
    let third = try TestFolder()
    try first.write(options)
    try second.write(options)
    options.seed = 2
    try third.write(options)
    #expect(try first.contents() == second.contents())
    #expect(try first.contents() != third.contents())
  }

  @Test(arguments: [Packing.gzip, .gzipMembers])
  func packedFilesHoldTheBytesOfPlainOnes(packing: Packing) throws {
    var options = SynthOptions.small(rows: 9_000)
    let plain = try TestFolder()
    try plain.write(options)
    options.packing = packing
    let packed = try TestFolder()
    try packed.write(options)
    #expect(packed.inflated("LoginHistory.csv.gz") == plain.inflated("LoginHistory.csv"))
  }

  @Test
  func anArchiveDeclaresItsEntryAndEndsWithItsDirectory() throws {
    var options = SynthOptions.small()
    options.packing = .zip
    let folder = try TestFolder()
    try folder.write(options)
    let bytes = try #require(try folder.contents()["LoginHistory.csv.zip"])
    #expect(bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]))
    #expect(bytes.suffix(22).starts(with: [0x50, 0x4B, 0x05, 0x06]))
  }

  @Test
  func shuffledFilesHoldTheRowsOfOrderedOnes() throws {
    var options = SynthOptions.small()
    let ordered = try TestFolder()
    try ordered.write(options)
    options.order = .shuffled
    options.files = 3
    let shuffled = try TestFolder()
    try shuffled.write(options)
    let rows = (1...3).flatMap { shuffled.rows(of: "LoginHistory-0\($0).csv") }
    let plain = ordered.rows(of: "LoginHistory.csv")
    #expect(rows != plain)
    #expect(rows.sorted() == plain.sorted())
  }

  @Test
  func overlappingFilesShareTheLastRowsOfOneWithTheFirstOfTheNext() throws {
    var options = SynthOptions.small()
    options.files = 3
    options.overlap = 40
    let folder = try TestFolder()
    let truth = try folder.write(options)
    let files = (1...3).map { folder.rows(of: "LoginHistory-0\($0).csv") }
    #expect(Array(files[0].suffix(40)) == Array(files[1].prefix(40)))
    #expect(Array(files[1].suffix(40)) == Array(files[2].prefix(40)))
    #expect(truth.repeated == 80)
    #expect(files.reduce(0) { $0 + $1.count } == options.rows + 80)
  }

  @Test
  func eachDefectIsCountedInTheTruth() throws {
    var options = SynthOptions.small()
    options.faults = [.badTime, .badID, .shortRow, .longRow, .nul, .invalidUTF8]
    let folder = try TestFolder()
    let truth = try folder.write(options)
    let bytes = folder.inflated("LoginHistory.csv")
    #expect(Set(truth.faults.keys) == options.faults)
    #expect(bytes.filter { $0 == 0 }.count == truth.faults[.nul])
    #expect(bytes.filter { $0 == 0xFF }.count == truth.faults[.invalidUTF8])
    let added = truth.faults.reduce(0) { $0 + ($1.key.addsRow ? $1.value : 0) }
    #expect(folder.rows(of: "LoginHistory.csv").count == options.rows + added)
  }

  @Test
  func aCutFileEndsBeforeItsTrailer() throws {
    var options = SynthOptions.small()
    options.packing = .gzip
    let whole = try TestFolder()
    try whole.write(options)
    options.faults = [.truncatedGzip]
    let cut = try TestFolder()
    try cut.write(options)
    let wholeBytes = try #require(try whole.contents()["LoginHistory.csv.gz"])
    let cutBytes = try #require(try cut.contents()["LoginHistory.csv.gz"])
    #expect(cutBytes == wholeBytes.dropLast(100))
  }

  @Test(arguments: [Shape.setup, .eventLog2020, .eventLog2023, .eventLog2026])
  func everyShapeHoldsEveryLoginInAsManyColumnsAsItsHeader(shape: Shape) throws {
    var options = SynthOptions.small()
    options.shape = shape
    let folder = try TestFolder()
    try folder.write(options)
    let name = try #require(
      try folder.contents().keys.first { $0.contains("Login_") || $0.hasPrefix("LoginHistory") })
    let rows = folder.rows(of: name)
    let columns = [
      Shape.setup: 15, .eventLog2020: 26, .eventLog2023: 28, .eventLog2026: 35,
    ]
    #expect(rows.count == options.rows)
    #expect(rows.allSatisfy { Self.fieldCount($0) == columns[shape] })
  }

  private static func fieldCount(_ row: String) -> Int {
    var count = 1
    var isQuoted = false
    for byte in row.utf8 {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == UInt8(ascii: ",") && !isQuoted { count += 1 }
    }
    return count
  }
}
