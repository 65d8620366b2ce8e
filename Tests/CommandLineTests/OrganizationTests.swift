import Foundation
import TestSupport
import Testing

/// Orgs are told apart, and not mixed.
@Suite struct OrganizationTests {
  private static let one = "00DHn0000000001MAA"
  private static let two = "00DHn0000000002MAA"

  private let folder: TestFolder

  init() throws {
    folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([Exports.Login()]))
    try folder.write("u.csv", Exports.users([(Exports.one, "Ada", "Robots", ["ApiUserOnly"])]))
  }

  private func log(_ name: String, _ organization: String) throws {
    try folder.write(
      name,
      """
      EVENT_TYPE,TIMESTAMP,REQUEST_ID,ORGANIZATION_ID,USER_ID,SESSION_TYPE,SESSION_LEVEL,LOGIN_KEY,TIMESTAMP_DERIVED
      Logout,20260803110000.000,r1,\(organization),\(Exports.one),U,10,AAAAAAAAAAAAAAA1,2026-08-03T11:00:00.000Z

      """)
  }

  private func config(_ id: String) throws -> [String] {
    ["--config", try folder.write("c.yaml", "org: {id: \(id), name: Acme}\n")]
  }

  private func scan(_ more: [String]) throws -> Program.Outcome {
    try Program.run("postern", ["scan", folder.path, "--now", "2026-09-01"] + more)
  }

  @Test func exportsOfTwoOrgsAreRefusedByName() throws {
    try log("a.csv", Self.one)
    #expect(try scan([]).code == 0)
    try log("b.csv", Self.two)
    let mixed = try scan([])
    #expect(mixed.code == 64 && mixed.output.isEmpty)
    #expect(mixed.errors.contains("b.csv") && mixed.errors.contains("a.csv"))
    try FileManager.default.removeItem(atPath: folder.path("b.csv"))
    let stated = try scan(config(Self.two))
    #expect(stated.code == 64)
    #expect(
      stated.errors.contains("org.id of the configuration") && stated.errors.contains(Self.one))
  }

  @Test func aLedgerOfAnotherOrgIsRefusedAndLeftAsItIs() throws {
    let kept = try TestFolder()
    let state = kept.path("state.ledger")
    #expect(try scan(config(Self.one) + ["--ledger", state]).code == 0)
    let before = try Data(contentsOf: URL(filePath: state))
    let other = try Program.run(
      "postern", ["scan", state, "--ledger", state, "--now", "2026-09-01"] + config(Self.two))
    #expect(other.code == 64 && other.errors.contains("state.ledger"))
    #expect(try Data(contentsOf: URL(filePath: state)) == before)
    // An event log tells it as well as the configuration does.
    try log("a.csv", Self.two)
    let mixed = try Program.run("postern", ["scan", state, folder.path("a.csv")])
    #expect(mixed.code == 64 && mixed.errors.contains("a.csv"))
  }

  @Test func theOrgStandsInAllRecordsWithEighteenCharacters() throws {
    let short = try Results(try scan(config(String(Self.one.prefix(15))) + ["-o", "jsonl"]))
    let long = try Results(try scan(config(Self.one) + ["-o", "jsonl"]))
    let organization = short.records.first?["org"] as? Results.Object
    #expect(organization?["id"] as? String == Self.one)
    #expect(organization?["name"] as? String == "Acme")
    let findings = short.of("finding")
    #expect(!findings.isEmpty && findings.allSatisfy { $0["org"] as? String == Self.one })
    // 15 and 18 characters are one org: the ids of findings are the same.
    func ids(_ results: Results) -> [String] {
      results.of("finding").compactMap { $0["finding_id"] as? String }
    }
    #expect(ids(short) == ids(long))
    try SchemaTests.check(short)
    // Nothing tells it: nothing is said.
    let silent = try Results(try scan(["-o", "jsonl"]))
    #expect(silent.records.first?["org"] == nil)
    #expect(silent.of("finding").allSatisfy { $0["org"] == nil })
  }

  @Test func aFindingIsFoundAgainByItsIdWhateverTheIdOfTheOrgIs() throws {
    // Its id is made with 18 characters, also by the verbs that judge anew.
    let options = try config(String(Self.one.prefix(15)))
    let id = try #require(
      try Results(try scan(options + ["-o", "jsonl"])).findings("INT-003").first?["finding_id"]
        as? String)
    let rows = try Program.run(
      "postern",
      ["events", folder.path, "--finding", id, "-o", "csv", "--now", "2026-09-01"] + options)
    #expect(rows.text.split(separator: "\r\n").count == 2, "\(rows.errors)")
    let pivot = try Program.run(
      "postern",
      ["pivot", "address", "192.0.2.10", folder.path, "-o", "jsonl", "--now", "2026-09-01"]
        + options)
    #expect(pivot.text.contains(id))
  }

  @Test func everySeriesOfTheHeartbeatIsLabelled() throws {
    let text = try scan(config(Self.one) + ["-o", "prometheus"]).text
    let series = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(series.count > 10)
    #expect(series.allSatisfy { $0.contains("{org=\"\(Self.one)\"") })
    // The last complete run outlives an incomplete one.
    let path = folder.path("h.prom")
    #expect(try scan(config(Self.one) + ["-o", "prometheus:" + path]).code == 0)
    try folder.write("broken.csv", "UserId,LoginTime,Status\ncut\n")
    #expect(try scan(config(Self.one) + ["-o", "prometheus:" + path]).code == 2)
    #expect(
      try String(contentsOfFile: path, encoding: .utf8).contains(
        "postern_last_complete_run_timestamp_seconds{org=\"\(Self.one)\"} "))
  }

  @Test func aBaselineOfAnotherOrgIsRefused() throws {
    let kept = try TestFolder()
    let old = kept.path("old.jsonl")
    #expect(try scan(config(Self.one) + ["-o", "jsonl:" + old]).code == 0)
    let target = kept.path("new.jsonl")
    let stated = try scan(config(Self.two) + ["--baseline", old, "-o", "jsonl:" + target])
    #expect(stated.code == 64 && stated.errors.contains("old.jsonl"))
    #expect(!FileManager.default.fileExists(atPath: target))
  }

  @Test func whereNothingTellsTheOrgItsAccountsDo() throws {
    func org(_ users: ClosedRange<Int>) throws -> TestFolder {
      let folder = try TestFolder()
      let ids = users.map { String(format: "005Hn00000000%02dIAA", $0) }
      try folder.write(
        "l.csv",
        Exports.logins(
          ids.flatMap { id in
            (1...12).map { minute in
              Exports.Login(
                user: id, time: String(format: "2026-08-03T10:%02d:00.000Z", minute),
                status: "Invalid Password")
            }
          }))
      return folder
    }
    let kept = try TestFolder()
    let old = kept.path("old.jsonl")
    let (one, two, three) = (try org(10...13), try org(20...23), try org(13...16))
    let first = try Program.run(
      "postern",
      ["scan", one.path, "--now", "2026-09-01", "-o", "jsonl:" + old])
    #expect(first.code == 0)
    let other = try Program.run(
      "postern", ["scan", two.path, "--now", "2026-09-01", "--baseline", old])
    #expect(other.code == 64 && other.errors.contains("another org"))
    #expect(other.output.isEmpty)
    // One that both have is enough.
    let same = try Program.run(
      "postern", ["scan", three.path, "--now", "2026-09-01", "--baseline", old])
    #expect(same.code == 0, "\(same.errors)")
  }
}
