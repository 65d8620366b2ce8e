import Foundation
import TestSupport
import Testing

/// All rows of a finding, by its replay command and by `events --finding`.
@Suite struct FindingRowsTests {
  private typealias Object = Results.Object

  /// A folder with an org in which many rules find something, and its results.
  private static func org(_ folder: TestFolder) throws -> (path: String, results: Results) {
    let made = try Program.run(
      "postern-synth",
      [
        folder.path("org"), "--seed", "61", "--rows", "5000", "--users", "40", "--days", "60",
        "--overlap", "60", "--files", "2", "--quiet",
      ])
    #expect(made.code == 0, "\(made.errors)")
    let config = try folder.write(
      "c.yaml",
      "break_glass_accounts: ['user.1*@*']\nindicators: ['192.0.2.0/24', {application: 'Parcel*'}]\n"
    )
    let path = folder.path("r.jsonl")
    let scan = try Program.run(
      "postern",
      [
        "scan", folder.path("org"), "--config", config, "--now", "2026-09-01", "-o",
        "jsonl:" + path,
      ])
    #expect(scan.code == 0, "\(scan.errors)")
    let data = try Data(contentsOf: URL(filePath: path))
    return (path, try Results(.init(code: 0, output: data, errors: "")))
  }

  @Test func theReplayOfALargeFindingShowsAllItsRows() throws {
    let folder = try TestFolder()
    let (path, results) = try Self.org(folder)
    var rules: Set<String> = []
    for finding in results.of("finding") {
      let evidence = finding["evidence"] as? [Object] ?? []
      let total = try #require(finding["evidence_total"] as? Int)
      let replay = try #require(finding["replay"] as? String)
      let rule = (finding["rule"] as? Object)?["id"] as? String ?? ""
      guard total > evidence.count, rules.insert(rule).inserted else { continue }
      #expect(replay.contains(" --finding pf1:"), "\(rule) \(replay)")
      let shown = try Results(try Program.shell(replay + " -q -o jsonl"))
      #expect(shown.code == 0 && shown.records.count == total, "\(rule): \(shown.errors)")
      let ids = Set(shown.records.compactMap { $0["record_id"] as? String })
      for row in evidence { #expect(ids.contains(row["record_id"] as? String ?? "?"), "\(rule)") }
      // The results alone are enough to find it, and say as what time it was judged.
      let id = try #require(finding["finding_id"] as? String)
      let looked = try Results(
        try Program.run(
          "postern",
          [
            "events", folder.path("org"), "--config", folder.path("c.yaml"), "--finding",
            String(id.prefix(30)), "--results", path, "-o", "jsonl",
          ]))
      #expect(looked.lines == shown.lines, "\(rule): \(looked.errors)")
    }
    #expect(rules.count >= 8, "\(rules.sorted())")
    #expect(rules.contains("PST-API-006") || rules.contains("PST-API-011"))
  }

  /// Logins from elsewhere before a method was registered, sessions of an administrator, pages without a login,
  /// and requests, each more than evidence holds.
  private static func eventfulOrg(_ folder: TestFolder) throws -> Results {
    let logins =
      (1...20).map { RuleScan.api(RuleScan.time(day: $0)) }
      + (10..<40).map {
        Exports.Login(
          id: Exports.loginID(70 + $0), time: RuleScan.time(day: 18, "20:\($0):00"),
          address: "203.0.113.9")
      }
    let pages = (4...17).flatMap { day in
      ["10", "12"].map { hour in
        "URI,20260810100000.000,\(Exports.one.prefix(15)),/home/home.jsp,"
          + "\(RuleScan.time(day: day, "\(hour):00:00")),\(Exports.one),198.51.100.7\n"
      }
    }
    try folder.write("l.csv", Exports.logins(logins))
    try folder.write("u.csv", Exports.users([RuleScan.robot]))
    try folder.write(
      "p.csv",
      "EVENT_TYPE,TIMESTAMP,USER_ID,URI,TIMESTAMP_DERIVED,USER_ID_DERIVED,CLIENT_IP\n"
        + pages.joined())
    try folder.write(
      "as.csv",
      Exports.loginAs(
        (10..<40).map { (Exports.one, Exports.three, RuleScan.time(day: 2, "10:\($0):00")) }))
    try folder.write(
      "r.csv", Exports.requests(Array(repeating: .init(version: "20.0"), count: 30)))
    try folder.write(
      "v.csv",
      Exports.verifications(
        ["ConnectTotp", "ConnectU2F"].map {
          ",\(Exports.one),\(RuleScan.time(day: 18, "22:00:00")),203.0.113.9,"
            + "TwoFactorAuthentication,\($0),Totp,Succeeded"
        }))
    return try Program.scan([folder.path])
  }

  @Test(arguments: [
    ("ACC-008", 30, 2), ("INT-012", 0, 30), ("INT-013", 0, 28), ("API-012", 0, 2),
  ])
  func rowsOfOtherExportsStandBehindTheLogins(rule: String, logins: Int, others: Int) throws {
    let folder = try TestFolder()
    let finding = try #require(try Self.eventfulOrg(folder).findings(rule).first)
    let total = try #require(finding["evidence_total"] as? Int)
    let replay = try #require(finding["replay"] as? String)
    let shown = try Results(try Program.shell(replay + " -q -o jsonl"))
    #expect(shown.code == 0, "\(shown.errors)")
    #expect(shown.of("event").count == logins && shown.of("export_row").count == others)
    try SchemaTests.check(shown)
    func place(_ row: Object) -> String {
      "\(row["file"] as? String ?? ""):\(row["line"] as? Int ?? 0)"
    }
    let places = Set(shown.records.map(place))
    let evidence = finding["evidence"] as? [Object] ?? []
    #expect(places.isSuperset(of: evidence.map(place)) && !evidence.isEmpty)
    // Of requests, numbers are kept, with the first and last of them.
    #expect(replay.contains(" --finding ") == (rule != "API-012"))
    if rule != "API-012" { #expect(total == logins + others && total > evidence.count) }
    let text = try Program.shell(replay + " -q").text
    #expect(text.contains("ACCOUNT ") == (logins > 0) && text.contains("  row of "))
    let few = try Results(try Program.shell(replay + " -q -o jsonl --limit 1"))
    #expect(few.records.count == 1)
  }

  @Test func rowsOfOtherExportsThatCannotBeShownAreCounted() throws {
    let folder = try TestFolder()
    let results = try Self.eventfulOrg(folder)
    let path = folder.path("r.jsonl")
    try results.lines.joined(separator: "\n").appending("\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    func shown(_ rule: String, _ more: [String]) throws -> Results {
      let id = try #require(results.findings(rule).first?["finding_id"] as? String)
      return try Results(
        try Program.run(
          "postern",
          ["events", folder.path, "--finding", id, "--results", path, "-o", "jsonl"] + more))
    }
    let said = "also rests on 2 rows of other exports than logins"
    for more in [["--ip", "203.0.113.9"], ["--by", "ip"], ["-o", "csv:/dev/null"]] {
      let some = try shown("ACC-008", more)
      #expect(some.code == 0 && some.errors.contains(said), "\(more): \(some.errors)")
      #expect(some.of("export_row").isEmpty && !some.records.isEmpty)
    }
    let before = try shown("ACC-008", ["--until", "2026-08-18T21:00:00Z"])
    #expect(before.of("event").count == 30 && before.of("export_row").isEmpty)
    #expect(!before.errors.contains(said))
    let requests = try shown("API-012", [])
    #expect(requests.code == 0 && requests.of("export_row").count == 2)
    #expect(requests.errors.contains("also counts 28 rows of event logs"), "\(requests.errors)")
    // Where the file itself is in a ledger alone, its rows are not there.
    let ledger = folder.path("v.ledger")
    _ = try Program.scan([folder.path("v.csv"), "--ledger", ledger])
    let id = try #require(results.findings("ACC-008").first?["finding_id"] as? String)
    let rest = ["l.csv", "u.csv", "p.csv", "as.csv"].map(folder.path)
    let parts = try Results(
      try Program.run(
        "postern",
        ["events", ledger] + rest
          + ["--now", "2026-09-01", "--finding", id, "-o", "jsonl"]))
    #expect(parts.code == 2 && parts.errors.contains("v.csv that the finding rests on"))
    #expect(parts.of("event").count == 30, "\(parts.errors)")
  }

  @Test func aWindowedFindingIsShownWithinItsWindow() throws {
    let folder = try TestFolder()
    let rows = (1...58).map { number in
      Exports.Login(
        id: Exports.loginID(number),
        time:
          "2026-08-\(number % 2 == 0 ? "03" : "04")T10:\(number < 10 ? "0" : "")\(number):00.000Z",
        type: "Other Apex API", tls: "TLS 1.0")
    }
    try folder.write("l.csv", Exports.logins(rows))
    let path = folder.path("r.jsonl")
    let results = try Program.scan([folder.path("l.csv"), "--until", "2026-08-04"])
    let finding = try #require(results.findings("API-010").first)
    #expect(finding["evidence_total"] as? Int == 29)
    let replay = try #require(finding["replay"] as? String)
    #expect(try Results(try Program.shell(replay + " -q -o jsonl")).records.count == 29)
    try results.lines.joined(separator: "\n").appending("\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let id = try #require(finding["finding_id"] as? String)
    let arguments = ["events", folder.path("l.csv"), "--finding", id, "--results", path]
    let all = try Results(try Program.run("postern", arguments + ["-o", "jsonl"]))
    #expect(all.records.count == 29, "\(all.errors)")
    let some = try Results(
      try Program.run("postern", arguments + ["--since", "2026-08-03T10:30:00Z", "-o", "jsonl"]))
    #expect((1..<29).contains(some.records.count))
    let counted = try Results(
      try Program.run("postern", arguments + ["--by", "tls", "-o", "jsonl"]))
    #expect(counted.records.map { $0["rows"] as? Int } == [29])
  }

  @Test func aFindingThatIsNotGivenIsSaidSo() throws {
    let folder = try TestFolder()
    let (path, results) = try Self.org(folder)
    let finding = try #require(
      results.of("finding").first { finding in
        (finding["discriminator"] as? String ?? "").hasPrefix("indicator=")
          && !(finding["evidence"] as? [Object] ?? []).isEmpty
      })
    let id = try #require(finding["finding_id"] as? String)
    // Without the configuration nothing is an indicator.
    let shown = try Results(
      try Program.run(
        "postern",
        ["events", folder.path("org"), "--finding", id, "--results", path, "-o", "jsonl"]))
    #expect(shown.code == 2)
    #expect(shown.errors.contains("do not give this finding") && shown.errors.contains("--config"))
    #expect(shown.records.count == (finding["evidence"] as? [Object])?.count)
    let exports = folder.path("org")
    for arguments in [["--finding", "pf1:12"], ["--results", path], ["--finding", "x"]] {
      let outcome = try Program.run("postern", ["events", exports] + arguments)
      #expect(outcome.code == 64, "\(arguments)")
    }
  }
}
