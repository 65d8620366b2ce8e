import Foundation
import TestSupport
import Testing

/// Suppressions: active, expired and unused.
@Suite struct SuppressionTests {
  private static func scan(_ suppressions: [String], _ more: [String] = []) throws
    -> (results: Results, folder: TestFolder)
  {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([Exports.Login(status: "Failed: API-only user")]))
    let config = try folder.write(
      "c.yaml", "suppressions:\n" + suppressions.map { "  - {\($0)}\n" }.joined())
    let results = try Program.scan([folder.path("l.csv"), "--config", config] + more)
    return (results, folder)
  }

  private static func entry(
    rule: String = "PST-INT-002", account: String = "'*'", expires: String = "2027-01-01"
  ) -> String {
    "rule: \(rule), account: \(account), owner: Ada, reason: a test, expires: \(expires)"
  }

  private static func states(_ results: Results) -> [String] {
    (results.end["suppressions"] as? [Results.Object] ?? []).compactMap { $0["state"] as? String }
  }

  @Test func aSuppressedFindingIsCountedAndShownAndDoesNotFail() throws {
    let (results, folder) = try Self.scan([Self.entry()], ["--fail-on", "low"])
    #expect(results.code == 0)
    #expect(Self.states(results) == ["active"])
    let finding = try #require(results.findings("INT-002").first)
    let suppression = try #require(finding["suppression"] as? Results.Object)
    #expect(suppression["owner"] as? String == "Ada")
    let counts = results.end["findings"] as? Results.Object
    #expect(counts?["suppressed"] as? Int == 1)
    #expect((counts?["by_severity"] as? [String: Int])?["medium"] == 1)
    let path = try folder.write("r.jsonl", results.lines.map { $0 + "\n" }.joined())
    let text = try Program.run("postern", ["report", path]).text
    #expect(text.contains("accepted by Ada until 2027-01-01: a test"))
    #expect(text.contains("1 suppressed"))
    let csv = try #require(CSVText(try Program.run("postern", ["report", path, "-o", "csv"]).text))
    let row = try #require(csv.rows.first { $0["rule_id"] == "PST-INT-002" })
    #expect(row["suppression_state"] == "active" && row["suppression_owner"] == "Ada")
    let ocsf = try Program.run("postern", ["report", path, "-o", "ocsf"]).text
    #expect(ocsf.contains("\"status\":\"Suppressed\""))
    #expect(!results.errors.contains("suppression"))
  }

  @Test func anExpiredSuppressionIsToldAndItsFindingCounts() throws {
    let (results, folder) = try Self.scan(
      [Self.entry(expires: "2026-09-01")], ["--fail-on", "low"])
    #expect(results.code == 1)
    #expect(Self.states(results) == ["expired"])
    #expect(results.errors.contains("expired on 2026-09-01"))
    let finding = try #require(results.findings("INT-002").first)
    #expect(finding["suppression"] is NSNull)
    #expect((finding["expired_suppression"] as? Results.Object)?["owner"] as? String == "Ada")
    let path = try folder.write("r.jsonl", results.lines.map { $0 + "\n" }.joined())
    #expect(try Program.run("postern", ["report", path]).text.contains("expired on 2026-09-01"))
    let csv = try #require(CSVText(try Program.run("postern", ["report", path, "-o", "csv"]).text))
    #expect(
      csv.rows.first { $0["rule_id"] == "PST-INT-002" }?["suppression_state"] == "expired")
    try SchemaTests.check(results)
  }

  @Test func anUnusedSuppressionIsTold() throws {
    let (results, folder) = try Self.scan([
      Self.entry(account: "nobody@example.com"), Self.entry(rule: "PST-MFA-001"), Self.entry(),
    ])
    #expect(Self.states(results) == ["unused", "unused", "active"])
    #expect(results.errors.contains("nobody@example.com"))
    #expect(results.errors.contains("matches no finding"))
    let path = try folder.write("r.jsonl", results.lines.map { $0 + "\n" }.joined())
    #expect(try Program.run("postern", ["report", path]).text.contains("matches no finding"))
    try SchemaTests.check(results)
  }

  @Test func aRenewalBesideAnExpiredEntryHolds() throws {
    let (results, _) = try Self.scan([Self.entry(expires: "2026-01-01"), Self.entry()])
    #expect(Self.states(results) == ["expired", "active"])
    let finding = try #require(results.findings("INT-002").first)
    #expect(finding["suppression"] is Results.Object)
    #expect(finding["expired_suppression"] == nil)
  }

  @Test(arguments: ["owner: Ada, ", "reason: a test, ", ", expires: 2027-01-01"])
  func ownerReasonAndExpiryAreRequired(part: String) throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([Exports.Login()]))
    let entry = Self.entry().replacingOccurrences(of: part, with: "")
    let config = try folder.write("c.yaml", "suppressions:\n  - {\(entry)}\n")
    let outcome = try Program.run(
      "postern", ["scan", folder.path("l.csv"), "--config", config])
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("c.yaml:2"))
  }
}
