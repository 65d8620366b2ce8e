import Foundation
import TestSupport
import Testing

/// Scans that judge nothing, for their ledger.
@Suite struct UnjudgedLedgerTests {
  private static func keep(
    _ inputs: [String], _ ledger: String, _ options: [String] = []
  ) throws -> Program.Outcome {
    try Program.run(
      "postern",
      ["scan"] + inputs + ["--now", "2026-09-01", "-o", "none", "--ledger", ledger] + options)
  }

  @Test(arguments: [
    [], ["--since", "2026-03-20", "--until", "2026-05-01"], ["--forget-before", "2026-04-15"],
  ])
  func theLedgerIsThatOfAScanThatJudges(options: [String]) throws {
    let folder = try Program.synthesise([
      "--seed", "41", "--rows", "1500", "--users", "40", "--files", "2", "--overlap", "60",
      "--incidents", "all",
    ])
    let files = try folder.files()
    let (judged, kept) = (folder.path("judged.ledger"), folder.path("kept.ledger"))
    try Program.ledger(judged, files, options)
    let ended = try Self.keep(files, kept, options)
    #expect(ended.code == 0 && ended.output.isEmpty, "\(ended.errors)")
    #expect(
      try Data(contentsOf: URL(filePath: judged)) == Data(contentsOf: URL(filePath: kept)))
    // And of ledgers that are merged.
    let merged = folder.path("merged.ledger")
    #expect(try Self.keep([kept], merged, options).code == 0)
    #expect(try Program.scan([merged], []).records == Program.scan([judged], []).records)
  }

  @Test func whatCouldNotBeReadIsSaidAllTheSame() throws {
    let folder = try Program.synthesise([
      "--seed", "42", "--rows", "800", "--compression", "gzip",
    ])
    let files = try folder.files()
    let logins = try #require(files.first { $0.contains("LoginHistory") })
    let whole = try Data(contentsOf: URL(filePath: logins))
    try whole.prefix(whole.count / 2).write(to: URL(filePath: logins))
    let cut = try Self.keep(files, folder.path("cut.ledger"))
    #expect(cut.code == 2 && cut.output.isEmpty)
    #expect(cut.errors.contains("ends before its compressed data does"), "\(cut.errors)")
    let none = try Self.keep(files.filter { $0.contains("/User") }, folder.path("none.ledger"))
    #expect(none.code == 66 && none.output.isEmpty, "\(none.errors)")
  }

  @Test(arguments: [
    ["-o", "text"], ["-o", "none"], ["--fail-on", "high"], ["--baseline", "old.jsonl"],
  ])
  func whatAsksForAJudgementIsRefused(options: [String]) throws {
    let folder = try Program.synthesise(["--seed", "43", "--rows", "800"])
    let ledger = folder.path("a.ledger")
    let ended = try Self.keep(try folder.files(), ledger, options)
    #expect(ended.code == 64, "\(ended.errors)")
    #expect(ended.errors.contains("-o none"), "\(ended.errors)")
    #expect(!FileManager.default.fileExists(atPath: ledger))
  }

  @Test func rejectedRowsOfALedgerAreNamedByFileAndReasonUntilTheyAreMended() throws {
    let folder = try Program.synthesise([
      "--seed", "44", "--rows", "1000", "--faults", "bad-time,short-row",
    ])
    let files = try folder.files()
    let logins = try #require(files.first { $0.contains("LoginHistory") })
    let state = folder.path("state.ledger")
    let first = try Self.keep(files, state)
    #expect(first.code == 2)
    let (row, end) = ("rows field_count", ", the first in line ")
    #expect(first.errors.contains("\(logins): ") && first.errors.contains(row + end))
    let next = try Self.keep([state], state)
    #expect(next.code == 2 && next.errors.contains("\(logins): "), "\(next.errors)")
    #expect(next.errors.contains(row) && !next.errors.contains(end), "\(next.errors)")
    let sound = try Program.synthesise(["--seed", "44", "--rows", "1000"])
    let whole = try #require(try sound.files().first { $0.contains("LoginHistory") })
    try Data(contentsOf: URL(filePath: whole)).write(to: URL(filePath: logins))
    let mended = try Self.keep([state, logins], state)
    #expect(mended.code == 0, "\(mended.errors)")
  }
}
