import Foundation
import TestSupport
import Testing

/// The export `OauthToken` as a file among others.
@Suite struct OAuthTokenTests {
  private static let tokens =
    "AppName,UserId,LastUsedDate,UseCount,CreatedDate\n"
    + "Old Loader,\(Exports.one),2026-03-01T00:00:00.000Z,4,2025-01-01T00:00:00.000Z\n"
    + "ETL,\(Exports.one),2026-08-30T00:00:00.000Z,900,2025-01-01T00:00:00.000Z\n"

  private static func scan(_ tokens: String?) throws -> Results {
    try RuleScan.run(
      (1...20).map { RuleScan.api(RuleScan.time(day: $0)) },
      users: Exports.users([RuleScan.robot]),
      files: tokens.map { ["OauthToken-2026-08-31.csv": $0] } ?? [:],
      arguments: ["--now", "2026-09-01"])
  }

  @Test func anUnusedTokenIsFoundInItsExport() throws {
    let results = try Self.scan(Self.tokens)
    #expect(results.discriminators("API-016") == ["application=Old Loader"])
    #expect(results.judged("API-016") == ["low fail high"])
    let snapshots = results.run["snapshots"] as? [Results.Object] ?? []
    let summary = snapshots.first { $0["kind"] as? String == "OauthToken" }
    #expect(summary?["rows"] as? Int == 2)
    #expect(summary?["date"] as? String == "2026-08-31T00:00:00.000Z")
  }

  @Test func anOldExportSaysNothingOfUsesBehindIt() throws {
    // Two months before the export the token was in use; since then nobody knows.
    let tokens =
      "AppName,UserId,LastUsedDate,UseCount,CreatedDate\n"
      + "Loader,\(Exports.one),2026-04-05T00:00:00.000Z,4,2025-01-01T00:00:00.000Z\n"
    func found(_ name: String) throws -> [String] {
      try RuleScan.run(
        (1...20).map { RuleScan.api(RuleScan.time(day: $0)) },
        users: Exports.users([RuleScan.robot]), files: [name: tokens],
        arguments: ["--now", "2026-09-01"]
      ).discriminators("API-016")
    }
    #expect(try found("OauthToken-2026-06-01.csv").isEmpty)
    #expect(try found("OauthToken-2026-08-31.csv") == ["application=Loader"])
    // Without a date it is at least as new as the logins beside it.
    #expect(try found("OauthToken.csv") == ["application=Loader"])
  }

  @Test func whatHappenedBeforeTheLoginsIsNotHeldAgainstAToken() throws {
    // The export is of the year before; the application logs in from the first row on.
    let tokens =
      "AppName,UserId,LastUsedDate,UseCount,CreatedDate\n"
      + "ETL,\(Exports.one),2025-11-01T00:00:00.000Z,4,2025-01-01T00:00:00.000Z\n"
    let found = try RuleScan.run(
      (1...20).map { RuleScan.api(RuleScan.time(day: $0)) },
      users: Exports.users([RuleScan.robot]), files: ["OauthToken.csv": tokens],
      arguments: ["--now", "2026-09-01"])
    #expect(found.discriminators("API-016").isEmpty)
  }

  @Test func theSampleHasAnUnusedTokenOfEachAPIOnlyAccount() throws {
    let results = try Results(
      try Program.run(
        "postern",
        [
          "scan", Program.samples + "/exports", Program.samples + "/tokens", "--now", "2026-05-01",
          "-o", "jsonl",
        ]))
    #expect(
      results.discriminators("API-016") == [
        "application=Retired Loader", "application=Retired Loader",
      ])
  }

  @Test func withoutItTheRuleDoesNotRun() throws {
    #expect(try Self.scan(nil).state("API-016") == "not_run")
  }
}
