import Foundation
import TestSupport
import Testing

/// The command that a finding names shows the rows that it rests on.
@Suite struct ReplayTests {
  private typealias Object = Results.Object

  private static func place(_ row: Object) -> String {
    let id = row["record_id"] as? String ?? ""
    return id.isEmpty ? "\(row["file"] as? String ?? ""):\(row["line"] as? Int ?? 0)" : id
  }

  private static func rule(_ finding: Object) -> String {
    (finding["rule"] as? Object)?["id"] as? String ?? ""
  }

  /// One finding of each rule and kind of command.
  @Test(arguments: ["exports", "events", "incident"])
  func theCommandsOfTheSamplesShowTheRows(org: String) throws {
    let results = try Program.scan([Program.samples + "/" + org])
    var seen: Set<String> = []
    for finding in results.of("finding") {
      let replay = try #require(finding["replay"] as? String)
      let evidence = finding["evidence"] as? [Object] ?? []
      #expect(replay.isEmpty == evidence.isEmpty)
      guard !replay.isEmpty else { continue }
      let kinds = [" --finding ", " --at ", " --id "].filter(replay.contains)
      guard seen.insert(Self.rule(finding) + kinds.joined()).inserted else { continue }
      let shown = try Results(try Program.shell(replay + " -q -o jsonl"))
      #expect(shown.code == 0, "\(replay): \(shown.errors)")
      let places = Set(shown.records.map(Self.place))
      for row in evidence { #expect(places.contains(Self.place(row)), "\(replay)") }
      if !kinds.contains(" --finding ") { #expect(places.count == evidence.count, "\(replay)") }
      try SchemaTests.check(shown)
    }
    #expect(seen.count >= 10)
  }

  @Test func rowsOfEventLogsAndVerificationsAreShownAsTheyStand() throws {
    let folder = try TestFolder()
    let logins =
      (1...20).map { RuleScan.api(RuleScan.time(day: $0)) }
      + [
        Exports.Login(
          id: Exports.loginID(70), time: RuleScan.time(day: 18, "09:00:00"),
          address: "203.0.113.9")
      ]
    try folder.write("l.csv", Exports.logins(logins))
    try folder.write("u.csv", Exports.users([RuleScan.robot]))
    try folder.write(
      "p.csv",
      "EVENT_TYPE,TIMESTAMP,USER_ID,URI,TIMESTAMP_DERIVED,USER_ID_DERIVED,CLIENT_IP\n"
        + "URI,20260810100000.000,\(Exports.one.prefix(15)),/home/home.jsp,"
        + "\(RuleScan.time(day: 10)),\(Exports.one),198.51.100.7\n")
    try folder.write(
      "as.csv", Exports.loginAs([(Exports.one, Exports.three, RuleScan.time(day: 2))]))
    try folder.write("r.csv", Exports.requests([.init(version: "20.0")]))
    try folder.write(
      "v.csv",
      Exports.verifications([
        ",\(Exports.one),\(RuleScan.time(day: 18, "22:00:00")),203.0.113.9,"
          + "TwoFactorAuthentication,ConnectTotp,Totp,Succeeded"
      ]))
    let results = try Program.scan([folder.path])
    for (rule, kind, value) in [
      ("INT-012", "EventLogFile:LoginAs", "LoginAs"),
      ("INT-013", "EventLogFile:URI", "/home/home.jsp"),
      ("API-012", "EventLogFile:ApiTotalUsage", "20.0"),
      ("ACC-008", "VerificationHistory", "ConnectTotp"),
    ] {
      let finding = try #require(results.findings(rule).first, "\(rule)")
      let replay = try #require(finding["replay"] as? String)
      let shown = try Results(try Program.shell(replay + " -q -o jsonl"))
      #expect(shown.code == 0, "\(rule): \(shown.errors)")
      try SchemaTests.check(shown)
      let evidence = finding["evidence"] as? [Object] ?? []
      #expect(Set(shown.records.map(Self.place)) == Set(evidence.map(Self.place)), "\(rule)")
      let row = try #require(shown.of("export_row").first, "\(rule)")
      #expect(row["kind"] as? String == kind)
      let values = (row["columns"] as? [[String: String]] ?? []).compactMap { $0["value"] }
      #expect(values.contains(value), "\(rule)")
      let text = try Program.shell(replay + " -q").text
      let place = "\(row["file"] as? String ?? ""):\(row["line"] as? Int ?? 0)"
      #expect(text.contains("\(place)  row of \(kind)\n") && text.contains(value))
      // Login rows stand before them, and no empty table does.
      #expect(text.contains("ACCOUNT ") == !shown.of("event").isEmpty)
    }
  }

  @Test(arguments: ["table", "jsonl"]) func tokensAreNeverShown(format: String) throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([Exports.Login()]))
    try folder.write(
      "t.csv",
      "Id,AppName,UserId,UseCount,LastUsedDate,Access Token,RequestToken,DELETE_TOKEN\n"
        + "0CQ000000000001AAA,Loader,\(Exports.one),3,2026-08-01T10:00:00.000Z,"
        + "secret-one,,secret-two\n")
    let shown = try Program.run(
      "postern", ["events", folder.path, "--at", "t.csv:2", "-o", format, "-q"])
    #expect(shown.code == 0 && shown.text.contains("Loader"), "\(shown.errors)")
    #expect(!shown.text.contains("secret") && shown.text.contains("(not shown)"))
    // Nothing stands there, which is no secret.
    #expect(shown.text.components(separatedBy: "(not shown)").count == 3)
  }

  @Test func aRowOfAnotherExportIsShownOrSaidToBeMissing() throws {
    let folder = try TestFolder()
    let name = "u\u{1B}.csv"
    try folder.write("l.csv", Exports.logins([Exports.Login()]))
    try folder.write(name, Exports.users([(Exports.one, "Ada\u{1B}[31m", "Standard User", [])]))
    let at = ["events", folder.path, "--at", "\(name):2"]
    let text = try Program.run("postern", at)
    #expect(text.code == 0 && text.text.contains("row of User\n") && text.text.contains("Ada"))
    #expect(!text.text.contains("\u{1B}") && !text.text.contains("TIME (UTC)"))
    let both = try Results(
      try Program.run("postern", at + ["--at", "\(name):9", "--at", "l.csv:2", "-o", "jsonl"]))
    #expect(both.code == 2 && both.errors.contains(":9: no row begins there"))
    #expect(both.of("event").count == 1 && both.of("export_row").count == 1)
    for more in [["--kind", "human"], ["--since", "2026-01-01"], ["-o", "csv"], ["--by", "ip"]] {
      let outcome = try Program.run("postern", at + more)
      #expect(outcome.code == 64 && outcome.output.isEmpty, "\(more)")
    }
  }
}
