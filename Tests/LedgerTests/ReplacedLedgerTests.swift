import Foundation
import TestSupport
import Testing

/// A ledger is replaced by what was made from it, and nothing else ever is.
@Suite struct ReplacedLedgerTests {
  private static let header = "Id,UserId,LoginTime,LoginType,SourceIp,Status\n"

  private static func night(_ number: Int) -> String {
    header
      + "0YaHn000000000\(number),005Hn0000000001,2026-03-0\(number)T08:00:00Z,Application,"
      + "192.0.2.1,Success\n"
  }

  private static func first() throws -> (folder: TestFolder, state: String) {
    let folder = try TestFolder()
    let state = folder.path("state.ledger")
    try Program.ledger(state, [try folder.write("1.csv", night(1))])
    try folder.write("2.csv", night(2))
    return (folder, state)
  }

  private static func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(filePath: path))
  }

  /// Every bit of its first bytes, and what a file system leaves of a file that was not written.
  @Test func aDamagedStateIsLeftAsItIsAndTheRunIsIncomplete() throws {
    let (folder, state) = try Self.first()
    let sound = try Self.bytes(state)
    var damaged = (0..<64).map { bit in
      var bytes = sound
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      return bytes
    }
    damaged.append(Data())
    for count in [1, 4, 8, 16, sound.count] {
      damaged.append(Data(count: count) + sound.dropFirst(count))
      damaged.append(sound.prefix(count == sound.count ? count - 1 : count))
    }
    let night = folder.path("2.csv")
    for (number, bytes) in damaged.enumerated() {
      try bytes.write(to: URL(filePath: state))
      for inputs in [[state, night], [folder.path]] {
        let ended = try Program.scan(inputs, ["--ledger", state])
        #expect(ended.code == 2, "\(number) \(ended.errors)")
        #expect(try Self.bytes(state) == bytes, "\(number)")
      }
      let alone = try Program.scan([night], ["--ledger", state])
      #expect(alone.code == 64, "\(number)")
      #expect(try Self.bytes(state) == bytes, "\(number)")
    }
  }

  @Test func aStateThatIsNoInputIsNotReplaced() throws {
    let (folder, state) = try Self.first()
    let sound = try Self.bytes(state)
    let ended = try Program.scan([folder.path("2.csv")], ["--ledger", state])
    #expect(ended.code == 64)
    #expect(ended.errors.contains("none of the inputs"))
    #expect(try Self.bytes(state) == sound)
    #expect(try Program.scan([state, folder.path("2.csv")], ["--ledger", state]).code == 0)
  }

  /// The first of two nights waits while the second runs.
  @Test(arguments: [true, false])
  func ofTwoNightsAtOnceTheLaterToWriteIsRefused(hasState: Bool) throws {
    let (folder, state) = try Self.first()
    if !hasState { try FileManager.default.removeItem(atPath: state) }
    let known = hasState ? [state] : []
    let fifo = folder.path("fifo")
    try #require(unsafe mkfifo(fifo, 0o600) == 0)
    let slow = Process()
    slow.executableURL = URL(filePath: Program.path("postern"))
    slow.arguments = ["scan"] + known + [fifo, "--ledger", state, "--now", "2026-09-01"]
    slow.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    slow.standardError = errors
    try slow.run()
    // It is opened when the first of the two has looked at the state.
    let writer = try FileHandle(forWritingTo: URL(filePath: fifo))
    let quick = try Program.scan(known + [folder.path("2.csv")], ["--ledger", state])
    #expect(quick.code == 0, "\(quick.errors)")
    let written = try Self.bytes(state)
    try writer.write(contentsOf: Data(Self.night(3).utf8))
    try writer.close()
    slow.waitUntilExit()
    let said = String(
      decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    #expect(slow.terminationStatus == 74, "\(said)")
    #expect(said.contains("written by another run"))
    #expect(try Self.bytes(state) == written)
  }
}
