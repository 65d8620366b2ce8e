import Foundation
import TestSupport
import Testing

/// A state that goes from night to night.
@Suite struct NightlyStateTests {
  private static func night(_ folder: TestFolder, _ files: [String]) throws -> Program.Outcome {
    let state = folder.path("state.ledger")
    let known = FileManager.default.fileExists(atPath: state) ? [state] : []
    return try Program.scan(known + files, ["--ledger", state])
  }

  @Test(arguments: [21, 22] as [UInt64])
  func nightsInAnyOrderTwiceAndOverlappingGiveWhatOneScanGives(seed: UInt64) throws {
    let folder = try Program.synthesise([
      "--seed", "\(seed)", "--rows", "2500", "--files", "6", "--overlap", "80", "--snapshots", "2",
    ])
    let files = try folder.files()
    let whole = try Program.scan(files)
    var generator = SeededGenerator(seed: seed)
    let logins = files.filter { $0.contains("LoginHistory") }
    let others = files.filter { !$0.contains("LoginHistory") }.shuffled(using: &generator)
    // Late, out of order, and two of them twice.
    let order = logins.shuffled(using: &generator) + logins.prefix(2)
    var last = try Self.night(folder, Array(others.prefix(3)))
    for file in order { last = try Self.night(folder, [file]) }
    last = try Self.night(folder, Array(others.dropFirst(3)))
    // The command that replays evidence names the inputs in the order in which they came.
    func plain(_ records: [String]) -> [String] {
      records.map { record in
        record.replacing(#/"replay":"[^"\\]*(\\.[^"\\]*)*"/#, with: "")
      }
    }
    #expect(plain(last.records) == plain(whole.records), "seed \(seed)")
    let (rows, all) = (try last.rows(), try whole.rows())
    #expect(rows["analysed"] == all["analysed"])
    #expect((rows["duplicate"] ?? 0) > (all["duplicate"] ?? 0))
    #expect(last.code == 0)
  }

  @Test func aNightDeliveredAgainUnderAnotherNameAddsDuplicatesAlone() throws {
    let folder = try Program.synthesise(["--seed", "23", "--rows", "1000"])
    let files = try folder.files()
    let first = try Self.night(folder, files)
    let logins = try #require(files.first { $0.contains("LoginHistory") })
    let again = folder.path("zz-again.csv")
    try FileManager.default.copyItem(atPath: logins, toPath: again)
    let second = try Self.night(folder, [again])
    #expect(try second.rows()["analysed"] == first.rows()["analysed"])
    #expect(try second.rows()["duplicate"] == first.rows()["analysed"])
    #expect(second.code == 0)
  }

  @Test func rowsInTwoLedgersAreCountedAndNothingIsWritten() throws {
    let folder = try Program.synthesise([
      "--seed", "24", "--rows", "1200", "--files", "2", "--overlap", "37",
    ])
    let logins = try folder.files().filter { $0.contains("LoginHistory") }
    let (one, other) = (folder.path("one.ledger"), folder.path("other.ledger"))
    try Program.ledger(one, [logins[0]])
    try Program.ledger(other, [logins[1]])
    let both = folder.path("both.ledger")
    let ended = try Program.scan([one, other], ["--ledger", both])
    #expect(ended.code == 2)
    #expect(ended.errors.contains("37 login rows"))
    #expect(ended.errors.contains("make one of them again"))
    #expect(!FileManager.default.fileExists(atPath: both))
    // The remedy.
    try Program.ledger(both, [one, logins[1]])
    #expect(try Program.scan([both]).code == 0)
  }

  @Test func forgettingLeavesWhatAScanFromThatDaySaysOfPeople() throws {
    let folder = try Program.synthesise([
      "--seed", "25", "--rows", "3000", "--files", "2", "--incidents", "all",
    ])
    let files = try folder.files()
    let state = folder.path("state.ledger")
    try Program.ledger(state, files)
    let size = try Data(contentsOf: URL(filePath: state)).count
    let forgotten = try Program.scan(
      [state], ["--ledger", state, "--forget-before", "2026-04-15"])
    #expect(forgotten.code == 0, "\(forgotten.errors)")
    #expect(try Data(contentsOf: URL(filePath: state)).count < size)
    let since = try Program.scan(files, ["--since", "2026-04-15"])
    func people(_ ended: Program.Outcome) throws -> [String: String] {
      var result: [String: String] = [:]
      for line in ended.records where line.hasPrefix("{\"schema\":\"postern.account/") {
        let record = try #require(
          try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let account = try #require(record["account"] as? [String: Any])
        let logins = try #require(record["logins"] as? [String: Any])
        var human = try #require(logins["human"] as? [String: Any])
        human["maintenance"] = nil
        let data = try JSONSerialization.data(withJSONObject: human, options: .sortedKeys)
        result[try #require(account["key"] as? String)] = String(decoding: data, as: UTF8.self)
      }
      return result
    }
    let (kept, expected) = (try people(forgotten), try people(since))
    for (key, text) in expected { #expect(kept[key] == text, "\(key)") }
    // What is judged after forgetting is what the ledger says the next time.
    let next = try Program.scan([state])
    #expect(next.records == forgotten.records)
    #expect(
      try next.record("postern.run/2")["forgotten_before"] as? String == "2026-04-15T00:00:00.000Z")
    // A night that comes late brings nothing back.
    let late = try Program.scan([state] + files.filter { $0.contains("LoginHistory") })
    #expect(try late.rows()["analysed"] == next.rows()["analysed"])
  }

  @Test func aCutFileIsMendedWhenItIsGivenWhole() throws {
    let folder = try Program.synthesise([
      "--seed", "26", "--rows", "1000", "--compression", "gzip",
    ])
    let files = try folder.files()
    let logins = try #require(files.first { $0.contains("LoginHistory") })
    let whole = try Data(contentsOf: URL(filePath: logins))
    try whole.prefix(whole.count / 2).write(to: URL(filePath: logins))
    let cut = try Self.night(folder, files)
    #expect(cut.code == 2)
    #expect(try Program.scan([folder.path("state.ledger")]).code == 2)
    try whole.write(to: URL(filePath: logins))
    let mended = try Self.night(folder, [logins])
    #expect(mended.code == 0, "\(mended.errors)")
    #expect(try mended.rows()["analysed"] == 1000)
    #expect(try Program.scan([folder.path("state.ledger")]).code == 0)
  }
}
