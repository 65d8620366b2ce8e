import Foundation
import TestSupport
import Testing

/// `postern hunt` as a user meets it.
@Suite struct HuntTests {
  private typealias Login = Exports.Login
  private typealias Object = Results.Object

  private func login(
    _ number: Int, _ day: Int, _ application: String = "ETL", _ address: String = "192.0.2.10",
    _ change: (inout Login) -> Void = { _ in }
  ) -> Login {
    RuleScan.api(RuleScan.time(day: day)) {
      $0.id = Exports.loginID(number)
      $0.application = application
      $0.address = address
      change(&$0)
    }
  }

  private func hunt(
    _ list: String, _ rows: [Login], _ arguments: [String] = []
  ) throws -> Results {
    let folder = try TestFolder()
    try folder.write("exports/l.csv", Exports.logins(rows))
    let path = try folder.write("list.txt", list)
    return try Results(
      try Program.run(
        "postern",
        ["hunt", folder.path("exports"), "--indicators", path, "-o", "jsonl"] + arguments))
  }

  private func states(_ results: Results) -> [String] {
    results.of("indicator").compactMap { $0["state"] as? String }
  }

  private func rows(_ results: Results) -> [Int] {
    results.of("indicator").compactMap { $0["rows"] as? Int }
  }

  // MARK: What matches

  @Test(arguments: [(10, "matched", 1), (20, "none", 0)])
  func eachLoginIsLookedAtWithItsOwnTime(day: Int, state: String, count: Int) throws {
    // A scan cannot tell these two apart: it knows the first and the last of the three.
    let usual = (1...28).map { login($0, $0) }
    let sly = [2, day, 25].enumerated().map { login(100 + $0, $1, "Sly", "203.0.113.7") }
    let found = try hunt(
      """
      application: sly; from: 2026-08-05; until: 2026-08-15
      203.0.113.0/24; from: 2026-08-05; until: 2026-08-15
      """, usual + sly)
    #expect(found.code == 0, "\(found.errors)")
    #expect(states(found) == [state, state])
    #expect(rows(found) == [count, count])
  }

  @Test func theEndOfTheDatesIsExclusive() throws {
    let found = try hunt(
      """
      application: Sly; from: 2026-08-03T10:00Z; until: 2026-08-04
      application: Sly; from: 2026-08-03; until: 2026-08-03T10:00Z
      application: Sly; until: 2026-08-03T10:00:01Z
      application: Sly; from: 2026-08-03T10:00:01Z
      """, [login(1, 3, "Sly"), login(2, 9), login(3, 1)])
    #expect(states(found) == ["matched", "none", "matched", "none"])
  }

  @Test func anIndicatorHasItsFirstAndLastRowAndItsAccounts() throws {
    let found = try hunt(
      "203.0.113.7; source: the vendor",
      [
        login(1, 1), login(2, 3, "ETL", "203.0.113.7"),
        login(3, 4, "ETL", "203.0.113.7") {
          $0.user = Exports.two
          $0.status = "Invalid password"
        }, login(4, 5, "Other", "203.0.113.7") { $0.user = Exports.two },
      ])
    let entry = try #require(found.of("indicator").first)
    #expect(entry["indicator"] as? String == "203.0.113.7/32")
    #expect(entry["source"] as? String == "the vendor")
    #expect((entry["list"] as? String)?.hasSuffix("list.txt") == true)
    #expect(entry["list_line"] as? Int == 1)
    #expect(entry["rows"] as? Int == 3 && entry["succeeded"] as? Int == 2)
    let first = try #require(entry["first"] as? Object)
    let last = try #require(entry["last"] as? Object)
    #expect(first["line"] as? Int == 3 && last["line"] as? Int == 5)
    #expect((first["file"] as? String)?.hasSuffix("exports/l.csv") == true)
    #expect(first["time"] as? String == RuleScan.time(day: 3))
    #expect(last["application"] as? String == "Other")
    let accounts = try #require(entry["accounts"] as? [Object])
    #expect(accounts.compactMap { $0["key"] as? String } == [Exports.two, Exports.one])
    #expect(accounts.compactMap { $0["rows"] as? Int } == [2, 1])
    try SchemaTests.check(found)
  }

  @Test func theCommandOfAnIndicatorShowsItsRows() throws {
    let folder = try TestFolder()
    let rows = (1...9).map { login($0, $0, $0 % 2 == 0 ? "Sly; Fox" : "ETL") }
    try folder.write("l.csv", Exports.logins(rows))
    let list = try folder.write("list.txt", "application: Sly; Fox; from: 2026-08-03\n")
    let found = try Results(
      try Program.run(
        "postern", ["hunt", "--indicators", list, folder.path("l.csv"), "-o", "jsonl"]))
    let command = try #require(found.of("indicator").first?["command"] as? String)
    let shown = try Program.shell(command + " -o jsonl -q")
    #expect(shown.text.split(separator: "\n").count == 3)
    #expect(self.rows(found) == [3])
  }

  @Test func rowsOfFilesThatOverlapCountOnce() throws {
    let folder = try TestFolder()
    try folder.write("a/l.csv", Exports.logins([login(1, 1, "Sly"), login(2, 2, "Sly")]))
    try folder.write("a/m.csv", Exports.logins([login(2, 2, "Sly"), login(3, 3, "Sly")]))
    let list = try folder.write("list.txt", "application: Sly\n")
    for threads in ["1", "3"] {
      let found = try Results(
        try Program.run(
          "postern",
          [
            "hunt", "--indicators", list, folder.path("a"), "-o", "jsonl", "--threads", threads,
          ]))
      #expect(rows(found) == [3])
      let last = found.of("indicator").first?["last"] as? Object
      #expect((last?["file"] as? String)?.hasSuffix("m.csv") == true)
    }
  }

  // MARK: What cannot be told

  @Test func userAgentsAreToldByEventLogsAlone() throws {
    let history = try hunt("user_agent: evil/*", [login(1, 1) { $0.browser = "evil/1" }])
    #expect(states(history) == ["unknown"])
    #expect((history.of("indicator")[0]["note"] as? String)?.contains("event log") == true)
    let folder = try TestFolder()
    try folder.write(
      "e.csv",
      "\"EVENT_TYPE\",\"TIMESTAMP\",\"USER_ID\",\"URI\",\"LOGIN_TYPE\",\"BROWSER_TYPE\","
        + "\"LOGIN_STATUS\",\"TIMESTAMP_DERIVED\",\"USER_ID_DERIVED\",\"SOURCE_IP\"\n"
        + "\"Login\",\"20260803100000.000\",\"\(Exports.one.prefix(15))\","
        + "\"/services/oauth2/token\",\"i\",\"evil/1\",\"LOGIN_NO_ERROR\","
        + "\"2026-08-03T10:00:00.000Z\",\"\(Exports.one)\",\"203.0.113.4\"\n")
    let list = try folder.write("list.txt", "user_agent: evil/*\napplication: Sly\n")
    let log = try Results(
      try Program.run(
        "postern", ["hunt", "--indicators", list, folder.path("e.csv"), "-o", "jsonl"]))
    // The event log names no application.
    #expect(states(log) == ["matched", "unknown"])
  }

  @Test func datesOutsideTheLoginsAreNotCalledHarmless() throws {
    let rows = [login(1, 10), login(2, 20)]
    let found = try hunt(
      """
      192.0.2.99; until: 2026-08-10
      192.0.2.99; from: 2026-08-21
      192.0.2.99; from: 2026-08-01; until: 2026-08-12
      192.0.2.99; from: 2026-08-12; until: 2026-08-14
      """, rows)
    #expect(states(found) == ["unknown", "unknown", "unknown", "none"])
    let notes = found.of("indicator").compactMap { $0["note"] as? String }
    #expect(notes[0].contains("outside the logins"))
    #expect(notes[2].contains("begin at 2026-08-10T10:00:00.000Z"))
    #expect(notes[3].isEmpty)
  }

  @Test func aGapInTheLoginsIsNotCalledHarmless() throws {
    let list = "203.0.113.0/24; from: 2026-08-12; until: 2026-08-14\n203.0.113.9\n"
    let rows = (1...28).filter { !(12...13).contains($0) }.map { login($0, $0) }
    let found = try hunt(list, rows)
    #expect(states(found) == ["unknown", "none"])
    #expect(
      (found.of("indicator")[0]["note"] as? String)?.contains(
        "no logins were read from 2026-08-11T10:01:00.000Z to 2026-08-14T10:00:00.000Z") == true)
    let folder = try TestFolder()
    let path = try folder.write("list.txt", list)
    try folder.write("exports/l.csv", Exports.logins(rows))
    let text = try Program.run(
      "postern", ["hunt", folder.path("exports"), "--indicators", path])
    #expect(text.text.contains("no logins were read from 2026-08-11 10:01 to 2026-08-14 10:00"))
    #expect(states(try hunt(list, (1...28).map { login($0, $0) })) == ["none", "none"])
  }

  @Test func loginsThatNameNoApplicationMayHaveBeenByTheOneLookedFor() throws {
    let rows = (1...28).map { login($0, $0) }
    var blank = login(99, 14)
    (blank.type, blank.application) = ("Remote Access 2.0", "")
    let found = try hunt("application: Sly\n203.0.113.9\n", rows + [blank])
    #expect(states(found) == ["unknown", "none"])
  }

  @Test func whatCouldNotBeReadStandsInTheReportItself() throws {
    let folder = try TestFolder()
    let path = try folder.write("list.txt", "203.0.113.9\n")
    try folder.write("exports/l.csv", Exports.logins((1...9).map { login($0, $0) }) + "cut\n")
    let found = try Program.run(
      "postern", ["hunt", folder.path("exports"), "--indicators", path])
    #expect(found.code == 2 && found.text.hasPrefix("Incomplete: this is not the whole truth"))
  }

  @Test func aWindowBoundsWhatIsLookedThrough() throws {
    let rows = (1...20).map { login($0, $0, "Sly") }
    let found = try hunt(
      "application: Sly\napplication: Sly; until: 2026-08-03\n", rows,
      ["--since", "2026-08-05", "--until", "2026-08-10"])
    #expect(states(found) == ["matched", "unknown"])
    #expect(self.rows(found) == [5, 0])
  }

  @Test func rowsThatALedgerAloneHasAreNotLookedAt() throws {
    let folder = try TestFolder()
    try folder.write("a/l.csv", Exports.logins([login(1, 1, "Sly")]))
    _ = try Program.scan([folder.path("a"), "--ledger", folder.path("state.pledger")])
    let list = try folder.write("list.txt", "application: Sly\n")
    let found = try Results(
      try Program.run(
        "postern", ["hunt", "--indicators", list, folder.path("state.pledger"), "-o", "jsonl"]))
    #expect(found.code == 2, "\(found.errors)")
    #expect(found.errors.contains("has no rows to look at"))
    #expect(states(found) == ["unknown"])
    #expect((found.of("indicator")[0]["note"] as? String)?.contains("ledger") == true)
  }

  // MARK: Exit codes and forms

  @Test func exitCodesSayWhatCameOfIt() throws {
    let rows = [login(1, 1, "Sly")]
    #expect(try hunt("application: Sly", rows).code == 0)
    #expect(try hunt("application: Sly", rows, ["--fail-on-match"]).code == 1)
    #expect(try hunt("application: Other", rows, ["--fail-on-match"]).code == 0)
    let folder = try TestFolder()
    let cut = try folder.write("l.csv", Exports.logins(rows) + "cut\n")
    let list = try folder.write("list.txt", "application: Sly\n")
    func run(_ arguments: [String]) throws -> Program.Outcome {
      try Program.run("postern", ["hunt"] + arguments)
    }
    #expect(try run(["--indicators", list, cut, "--fail-on-match"]).code == 2)
    #expect(try run(["--indicators", list, list]).code == 66)
    let none = try run([cut])
    #expect(none.code == 64 && none.errors.contains("--indicators FILE"))
    let empty = try folder.write("empty.txt", "# nothing yet\n")
    let config = try folder.write("c.yaml", "indicators: [{application: Sly}]\n")
    let unnamed = try run(["--indicators", empty, "--config", config, cut])
    #expect(unnamed.code == 64 && unnamed.errors.contains("holds no indicator"))
    let bad = try folder.write("bad.txt", "\nnothing known\n")
    let refused = try run(["--indicators", bad, cut])
    #expect(refused.code == 64 && refused.errors.contains("bad.txt:2:1: `nothing known`"))
  }

  @Test func theConfigurationsIndicatorsAreLookedForWithoutAList() throws {
    let folder = try TestFolder()
    try folder.write("a/l.csv", Exports.logins([login(1, 1, "Sly")]))
    let config = try folder.write("c.yaml", "indicators: [{application: Sly}]\n")
    let found = try Results(
      try Program.run(
        "postern", ["hunt", folder.path("a"), "--config", config, "-o", "jsonl"]))
    #expect(states(found) == ["matched"])
  }

  @Test func textAndCSVSayTheSame() throws {
    let folder = try TestFolder()
    try folder.write(
      "a/l.csv", Exports.logins([login(1, 1, "Sly"), login(2, 2, "=cmd", "203.0.113.7")]))
    let list = try folder.write(
      "list.txt", "application: Sly; source: \u{1B}[31mred\n203.0.113.8\nuser_agent: x\n")
    let outcome = try Program.run(
      "postern",
      [
        "hunt", "--indicators", list, folder.path("a"), "-o", "text", "-o",
        "csv:\(folder.path("h.csv"))",
      ]
    )
    #expect(outcome.code == 0, "\(outcome.errors)")
    let text = outcome.text
    #expect(text.hasPrefix("1 of 3 indicators met: 1 not met, 1 cannot be told\n"))
    #expect(text.contains("matched  application: Sly"))
    #expect(text.contains("logins    1, all succeeded, of 1 account\n"))
    #expect(!text.contains("\u{1B}"))
    let csv = try String(contentsOfFile: folder.path("h.csv"), encoding: .utf8)
    let lines = csv.split(separator: "\r\n")
    #expect(lines.count == 4)
    #expect(lines[1].hasPrefix("matched,application: Sly,"))
    #expect(lines[2].hasPrefix("none,203.0.113.8/32,"))
  }

  @Test(arguments: ["drift", "klue", "vishing"])
  func aStagedCampaignIsFoundAsItWasStaged(campaign: String) throws {
    let folder = try TestFolder()
    let made = try Program.run(
      "postern-synth",
      [
        folder.path("o"), "--rows", "3000", "--users", "60", "--days", "60", "--incident",
        campaign, "--quiet",
      ])
    #expect(made.code == 0, "\(made.errors)")
    let truth = try #require(
      JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(filePath: folder.path("o/truth.json")))) as? Object)
    let staged = try #require(truth["campaign"] as? Object)
    let found = try Results(
      try Program.run(
        "postern",
        ["hunt", "--indicators", folder.path("o/indicators.txt"), folder.path("o"), "-o", "jsonl"]))
    let addresses = staged["addresses"] as? [String] ?? []
    let places = found.of("indicator").filter { entry in
      addresses.contains { (entry["indicator"] as? String)?.hasPrefix($0 + "/") == true }
    }
    #expect(places.count == 4)
    #expect(
      places.reduce(0) { $0 + ($1["rows"] as? Int ?? 0) } == staged["intruder_logins"] as? Int)
    let times = places.compactMap { ($0["first"] as? Object)?["time"] as? String }
    let application = try #require(found.of("indicator").first)
    let keys = Set((application["accounts"] as? [Object] ?? []).compactMap { $0["key"] as? String })
    let accounts = Set(staged["accounts"] as? [String] ?? [])
    if campaign == "vishing" {
      #expect(keys.isSubset(of: accounts))
    } else {
      #expect(keys == accounts)
      #expect(times.min() == staged["first"] as? String)
    }
  }

  @Test func whatCouldNotBeComparedIsNotCalledUnmet() throws {
    let nowhere = try hunt("198.51.100.7\napplication: ETL\n", [login(1, 3, "ETL", "")])
    #expect(states(nowhere) == ["unknown", "matched"])
    let somewhere = try hunt("198.51.100.7\n", [login(1, 3, "ETL", ""), login(2, 3)])
    #expect(states(somewhere) == ["none"])
    let versioned = try hunt("application: DataLoader\n", [login(1, 3, "DataLoader/58.0")])
    #expect(states(versioned) == ["matched"] && rows(versioned) == [1])
  }

  @Test func inACutFileNothingIsCalledUnmet() throws {
    let folder = try TestFolder()
    let packed = Archives.gzip(Array(Exports.logins((1...200).map { login($0, 3) }).utf8))
    try FileManager.default.createDirectory(
      atPath: folder.path("exports"), withIntermediateDirectories: true)
    try Data(packed.dropLast(20)).write(to: URL(filePath: folder.path("exports/l.csv.gz")))
    let list = try folder.write("list.txt", "198.51.100.7\n")
    let outcome = try Program.run(
      "postern", ["hunt", folder.path("exports"), "--indicators", list, "-o", "jsonl"])
    #expect(outcome.code == 2)
    #expect(states(try Results(outcome)) == ["unknown"])
  }

  /// They may hold what is looked for.
  @Test func eventLogsBesideALoginHistoryAreNamed() throws {
    let folder = try TestFolder()
    try folder.write("exports/l.csv", Exports.logins([login(1, 3)]))
    try folder.write("exports/e.csv", Exports.eventLogLogins([.init()]))
    let list = try folder.write("list.txt", "user_agent: curl*\n")
    let hunted = try Program.run(
      "postern", ["hunt", folder.path("exports"), "--indicators", list, "-o", "jsonl"])
    #expect(hunted.errors.contains("e.csv: not used: login histories give the logins"))
    #expect(hunted.text.contains("--logins event-log takes those given"))
    let shown = try Program.run("postern", ["events", folder.path("exports")])
    #expect(shown.errors.contains("e.csv: not used: login histories give the logins"))
    let chosen = try Program.run(
      "postern",
      ["hunt", folder.path("exports"), "--indicators", list, "--logins", "event-log"])
    #expect(chosen.errors.contains("l.csv: not used: event logs give the logins"))
  }
}
