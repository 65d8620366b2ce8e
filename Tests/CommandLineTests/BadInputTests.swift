import Foundation
import TestSupport
import Testing

/// What bad input gets: nothing lost, nothing guessed, never a crash.
@Suite struct BadInputTests {
  private static let sound = Exports.logins(
    (0..<40).map { index in
      Exports.Login(time: "2026-08-03T10:\(10 + index):00.000Z")
    })

  private func gzip(_ text: String) throws -> Data {
    let folder = try TestFolder()
    let path = try folder.write("x.csv", text)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", path]
    try process.run()
    process.waitUntilExit()
    return try Data(contentsOf: URL(filePath: path + ".gz"))
  }

  private func reasons(_ results: Results) -> String {
    (results.end["incomplete_reasons"] as? [String] ?? []).joined(separator: "\n")
  }

  @Test func whatTheProgramWroteIsNoInput() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Self.sound)
    func run(_ arguments: [String]) throws {
      let outcome = try Program.run("postern", arguments + ["-q"])
      #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
    }
    func output(_ form: String, _ name: String) -> [String] {
      ["-o", form + ":" + folder.path(name)]
    }
    // Each run reads what those before it wrote.
    try run(["events", folder.path] + output("csv", "rows.csv") + ["--csv-bom"])
    try run(["events", folder.path] + output("csv", "rows-2.csv") + output("jsonl", "rows.jsonl"))
    try run(["events", folder.path] + output("timesketch", "t.jsonl") + output("ocsf", "o.jsonl"))
    try run(["events", folder.path, "--by", "account"] + output("csv", "by.csv"))
    for form in ["csv", "csv-accounts", "csv-actions", "csv-applications", "ocsf", "html"] {
      try run(["scan", folder.path] + output(form, form.hasPrefix("csv") ? form + ".csv" : form))
    }
    let results = try Program.scan([folder.path])
    #expect(results.code == 0 && results.end["complete"] as? Bool == true)
    #expect((results.run["inputs"] as? [Results.Object])?.count == 1)
    // Who names one is told.
    let named = try Program.scan([folder.path("l.csv"), folder.path("rows.csv")])
    #expect(named.code == 2 && named.errors.contains("a table of Postern"), "\(named.errors)")
  }

  @Test func rejectedRowsAreListedWithLineByteAndReason() throws {
    let folder = try TestFolder()
    let rows = [
      "short,row", "0YaHn0000000900KAA,\(Exports.one),yesterday,Application,,Success,,,,,,,,,",
      "0YaHn0000000901KAA,nobody,2026-08-03T10:00:00Z,Application,,Success,,,,,,,,,",
      "0YaHn0000000902KAA,\(Exports.one),2026-02-30T10:00:00Z,Application,,Success,,,,,,,,,",
    ]
    let path = try folder.write("l.csv", Self.sound + rows.joined(separator: "\n") + "\n")
    let rejects = folder.path("rejects.jsonl")
    let results = try Program.scan([path, "--rejects", rejects])
    #expect(results.code == 2)
    #expect(
      results.rows == ["read": 44, "analysed": 40, "duplicate": 0, "filtered": 0, "rejected": 4])
    let lines = try String(contentsOfFile: rejects, encoding: .utf8).split(separator: "\n")
    let objects = try lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(
      objects.map { $0["reason"] as? String } == [
        "field_count", "invalid_time", "invalid_user", "invalid_time",
      ])
    #expect(objects.map { $0["line"] as? Int } == [42, 43, 44, 45])
    #expect(objects[0]["byte_offset"] as? Int == Self.sound.utf8.count)
    #expect(objects[0]["raw"] as? String == "short,row")
    let tolerant = try Program.scan([path, "--max-rejects", "4"])
    #expect(tolerant.code == 0)
    #expect(try Program.scan([path, "--max-rejects", "9%"]).code == 2)
    #expect(try Program.scan([path, "--max-rejects", "10%"]).code == 0)
  }

  @Test func aCutGzipGivesWhatCameBefore() throws {
    let folder = try TestFolder()
    let whole = try gzip(Self.sound)
    try folder.write("l.csv.gz", whole.prefix(whole.count - 12))
    let results = try Program.scan([folder.path("l.csv.gz")])
    #expect(results.code == 2)
    #expect((results.rows["analysed"] ?? 0) > 0)
    #expect(reasons(results).contains("compressed byte"))
  }

  @Test func anUnknownFileIsNamedOrIgnored() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Self.sound)
    let path = try folder.write("accounts.csv", "LoginTime,Colour\n1,2\n")
    let named = try Program.scan([folder.path("l.csv"), path])
    #expect(named.code == 2)
    #expect(
      reasons(named).contains(
        "columns found are LoginTime, Colour; no export that is known resembles it"))
    try folder.write("accounts.csv", "Colour,Shape\n1,2\n")
    let found = try Program.scan([folder.path])
    #expect(found.code == 0)
    let ignored = found.run["ignored"] as? [[String: Any]] ?? []
    #expect(ignored.count == 1)
  }

  @Test(arguments: ["", "Id,UserId,LoginTime,LoginType,Status\n"])
  func nothingToAnalyseIsExit66(text: String) throws {
    let folder = try TestFolder()
    let results = try Program.scan([try folder.write("l.csv", text)])
    #expect(results.code == 66)
  }

  @Test func aMissingInputAmongOthersMakesTheRunIncomplete() throws {
    let folder = try TestFolder()
    let path = try folder.write("l.csv", Self.sound)
    let results = try Program.scan([path, folder.path("gone.csv")])
    #expect(results.code == 2)
    #expect(results.rows["analysed"] == 40)
    #expect(reasons(results).contains("gone.csv"))
  }

  @Test func joinedExportsAreReadAsOne() throws {
    let folder = try TestFolder()
    let second = Exports.logins([Exports.Login(id: Exports.loginID(700))])
    let results = try Program.scan([try folder.write("l.csv", Self.sound + second)])
    #expect(results.code == 0)
    #expect(results.rows["analysed"] == 41)
    #expect(results.errors.contains("header row occurs"))
  }

  @Test func largeFieldsNulBytesAndBrokenTextAreRowsLikeOthers() throws {
    let folder = try TestFolder()
    var data = Data(Self.sound.utf8)
    let start =
      "0YaHn0000000800KAA,\(Exports.one),2026-08-03T10:00:00Z,Application,,Success,192.0.2.1,"
    data += Data(start.utf8) + Data([0xFF, 0xFE, 0x00]) + Data(",Chrome,,,,,,\n".utf8)
    data += Data(start.utf8) + Data(repeating: 0x78, count: 3 << 20) + Data(",Chrome,,,,,,\n".utf8)
    let results = try Program.scan([try folder.write("l.csv", data)])
    #expect(results.code == 2)
    #expect(results.rows["analysed"] == 41 && results.rows["rejected"] == 1)
  }

  @Test func archivesOnPipesAreRefused() throws {
    let zip = Data([0x50, 0x4B, 0x03, 0x04]) + Data(repeating: 0, count: 60)
    let results = try Program.scan(["-"], input: zip)
    #expect(results.code == 66)
    #expect(reasons(results).contains("-:"))
  }

  @Test func standardInputIsReadPlainAndCompressed() throws {
    #expect(try Program.scan(["-"], input: Data(Self.sound.utf8)).rows["analysed"] == 40)
    #expect(try Program.scan(["-"], input: try gzip(Self.sound)).rows["analysed"] == 40)
  }

  @Test func monthAndDayAreNeverGuessed() throws {
    let folder = try TestFolder()
    func setup(_ dates: [String]) -> String {
      "Username,Login Time,Login Type,Status\n"
        + dates.map { "a@example.com,\"\($0), 3:19:13 PM\",Application,Success\n" }.joined()
    }
    let open = try folder.write("open.csv", setup(["7/8/2026", "7/9/2026"]))
    let zone = ["--time-zone", "UTC"]
    let refused = try Program.scan([open] + zone)
    #expect(refused.code == 64 && refused.errors.contains("--date-order"))
    #expect(refused.lines.isEmpty)
    let stated = try Program.scan([open, "--date-order", "dmy"] + zone)
    #expect(stated.accounts.first?["first_login"] as? String == "2026-08-07T15:19:13.000Z")
    let decided = try folder.write("decided.csv", setup(["7/8/2026", "7/19/2026"]))
    let found = try Program.scan([decided] + zone)
    #expect(found.accounts.first?["first_login"] as? String == "2026-07-08T15:19:13.000Z")
    let conflict = try folder.write("other.csv", setup(["19/7/2026"]))
    #expect(try Program.scan([decided, conflict] + zone).code == 64)
    let local = try Program.scan([decided])
    #expect(local.code == 64 && local.errors.contains("--time-zone"))
    let piped = try Program.scan(["-"] + zone, input: Data(setup(["7/19/2026"]).utf8))
    #expect(piped.code == 64)
  }

  @Test func localTimesFollowTheZone() throws {
    let folder = try TestFolder()
    let text =
      "Username,Login Time (Central European Time),Login Type,Status\n"
      + "a@example.com,25.10.2026 02:30:00,Application,Success\n"
      + "a@example.com,29.03.2026 02:30:00,Application,Success\n"
    let results = try Program.scan([
      try folder.write("s.csv", text), "--time-zone", "Europe/Berlin",
    ])
    // Twice in October: the earlier one. Never in March: rejected.
    #expect(results.accounts.first?["first_login"] as? String == "2026-10-25T00:30:00.000Z")
    #expect(results.rows["rejected"] == 1)
    #expect(results.errors.contains("1 local time occurs twice"))
  }

  /// Where the first row is an instant, the file is not looked through for local times.
  @Test func aFileThatBeginsWithAnInstantAsksForNoOption() throws {
    let folder = try TestFolder()
    func export(_ times: [String]) -> String {
      "Username,Login Time,Login Type,Status\n"
        + times.map { "a@example.com,\"\($0)\",Application,Success\n" }.joined()
    }
    let (instant, local) = ("2026-07-01T10:00:00.000Z", "7/8/2026, 3:19:13 PM")
    let begins = try Program.scan([try folder.write("one.csv", export([instant, local]))])
    #expect(begins.code == 2 && begins.rows["analysed"] == 1 && begins.rows["rejected"] == 1)
    // Behind a blank time, or a row of another width, the next one is looked at.
    for first in [["", instant, local], ["\",\"", instant, local]] {
      let later = try Program.scan([try folder.write("two.csv", export(first))])
      #expect(later.code == 2 && later.rows["analysed"] == 1, "\(first)")
    }
    let alone = try Program.scan([try folder.write("three.csv", export([local, local]))])
    #expect(alone.code == 64 && alone.errors.contains("--time-zone"))
  }

  @Test func aFlippedBitOfAPackedFileAsksForNoOption() throws {
    let whole = [UInt8](try gzip(Self.sound))
    let folder = try TestFolder()
    // Behind the head, which is tested bit by bit elsewhere.
    for byte in stride(from: 20, to: whole.count, by: 3) {
      let path = try folder.write(
        "l.csv.gz", Data(Archives.flipping(whole, byte: byte, bit: byte % 8)))
      let results = try Program.scan([path])
      #expect([2, 66].contains(results.code), "byte \(byte): \(results.code) \(results.errors)")
      #expect(!results.errors.contains("--time-zone"), "byte \(byte)")
    }
  }

  @Test func aWindowWithoutRowsIsIncomplete() throws {
    let folder = try TestFolder()
    let path = try folder.write("l.csv", Self.sound)
    let results = try Program.scan([path, "--since", "2027-01-01"])
    #expect(results.code == 2)
    #expect(results.rows["filtered"] == 40)
  }
}
