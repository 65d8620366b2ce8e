import Foundation
import TestSupport
import Testing

/// A ledger that is not sound is refused with the reason, and nothing of it is used.
@Suite struct DamagedLedgerTests {
  private static func small() throws -> (folder: TestFolder, path: String) {
    let folder = try TestFolder()
    let logins = try folder.write(
      "logins.csv",
      """
      Id,UserId,LoginTime,LoginType,SourceIp,Status
      0YaHn000000000QKAQ,005Hn00000000A1IAI,2026-03-01T08:00:00Z,Application,192.0.2.1,Success
      0YaHn000000000RKAQ,005Hn00000000A2IAI,2026-03-02T08:00:00Z,Other Apex API,192.0.2.2,Success

      """)
    let path = folder.path("small.ledger")
    try Program.ledger(path, [logins])
    return (folder, path)
  }

  @Test func aNewerFormIsRefusedByItsNumber() throws {
    let (folder, path) = try Self.small()
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes[8] = 9
    let newer = folder.path("newer.ledger")
    try bytes.write(to: URL(filePath: newer))
    let ended = try Program.scan([newer])
    #expect(ended.code == 66)
    #expect(ended.errors.contains("has ledger format version 9"))
    #expect(ended.errors.contains("newer release"))
  }

  @Test func aDamagedStateIsNotOverwritten() throws {
    let (folder, path) = try Self.small()
    let whole = try Data(contentsOf: URL(filePath: path))
    let damaged = Data(whole.dropLast(5))
    try damaged.write(to: URL(filePath: path))
    let ended = try Program.scan([path, folder.path("logins.csv")], ["--ledger", path])
    #expect(ended.code == 2)
    #expect(ended.errors.contains("was cut"))
    #expect(ended.errors.contains("the ledger is not written"))
    #expect(try Data(contentsOf: URL(filePath: path)) == damaged)
    // The other input was used.
    #expect(try ended.rows()["analysed"] == 2)
  }

  @Test func anyByteOfAnInputMayBeMissingOrWrongInTheMiddle() throws {
    let (folder, path) = try Self.small()
    let whole = try Data(contentsOf: URL(filePath: path))
    let file = folder.path("damaged.ledger")
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<25 {
      let place = Int.random(in: 0..<whole.count, using: &generator)
      try whole.prefix(place).write(to: URL(filePath: file))
      #expect(try Program.scan([file]).code == 66, "cut at \(place)")
      var flipped = whole
      flipped[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      try flipped.write(to: URL(filePath: file))
      #expect(try Program.scan([file]).code == 66, "byte \(place)")
    }
  }

  @Test func aLedgerMayBeCompressed() throws {
    let (folder, path) = try Self.small()
    let plain = try Program.scan([path])
    #expect(plain.code == 0)
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", "gzip -k \"$0\"", path]
    try shell.run()
    shell.waitUntilExit()
    #expect(try Program.scan([path + ".gz"]).records == plain.records)
    _ = folder
  }
}
