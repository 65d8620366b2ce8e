import Foundation
import TestSupport
import Testing

/// `postern apps`, and applications in results.
@Suite struct AppsTests {
  private static func login(
    _ user: Int, _ day: Int, _ application: String, from address: String = "192.0.2.10",
    _ change: (inout Exports.Login) -> Void = { _ in }
  ) -> Exports.Login {
    RuleScan.api(RuleScan.time(day: day)) {
      $0.user = "005Hn000000000\(user)IAA"
      $0.application = application
      $0.address = address
      $0.country = "DE"
      change(&$0)
    }
  }

  private static let rows =
    (1...75).map { login(9, $0, "Nightly") } + [
      login(1, 1, "Vendor/58.0"), login(2, 2, "Vendor/61.0"), login(1, 70, "Vendor/61.0"),
      login(2, 30, "Ticket Portal", from: "203.0.113.5"), login(1, 3, "Gone"),
      login(1, 75, "Refused") { $0.status = "Invalid password" },
      login(1, 75, "Browser") { $0.type = "Application" },
    ]

  private func folder() throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins(Self.rows))
    try folder.write(
      "u.csv", Exports.users([RuleScan.robot, (Exports.two, "Bob", "Standard User", [])]))
    return folder
  }

  private func apps(_ folder: TestFolder, _ arguments: [String] = []) throws -> Program.Outcome {
    try Program.run("postern", ["apps", folder.path, "--now", "2026-11-01"] + arguments)
  }

  @Test func theListNamesEachApplicationWithWhatStandsOut() throws {
    let folder = try folder()
    let result = try Results(try apps(folder, ["-o", "jsonl"]))
    let states = Dictionary(
      uniqueKeysWithValues: result.of("application").map {
        ($0["name"] as? String ?? "", $0["states"] as? [String] ?? [])
      })
    #expect(
      states == [
        "Nightly": [], "Vendor": ["woken", "shared"], "Ticket Portal": ["new"], "Gone": ["dormant"],
        "Refused": ["new", "refused"],
      ])
    let vendor = try #require(result.of("application").first { $0["name"] as? String == "Vendor" })
    #expect(vendor["accounts_total"] as? Int == 2)
    let accounts = vendor["accounts"] as? [Results.Object] ?? []
    #expect(accounts.map { $0["class"] as? String } == ["integration", "human"])
    #expect(accounts.map { $0["attempts"] as? Int } == [2, 1])
    #expect((vendor["by_name"] as? [String: Int]) == ["Vendor/58.0": 1, "Vendor/61.0": 2])
    let networks = vendor["networks"] as? [Results.Object] ?? []
    #expect(networks.map { $0["name"] as? String } == ["192.0.2.0/24"])
    #expect((vendor["silence"] as? Results.Object)?["covered_days"] as? Int == 67)
  }

  @Test func theTableAndOneApplicationWholeAreRead() throws {
    let folder = try folder()
    let table = try apps(folder)
    #expect(table.code == 0, "\(table.errors)")
    let lines = table.text.split(separator: "\n").map(String.init)
    #expect(lines.count == 6 && lines[0].hasPrefix("APPLICATION"))
    // What stands out comes first.
    #expect(lines[1].hasPrefix("Vendor") && lines[1].contains("woken, shared"))
    let whole = try apps(folder, ["--application", "vendor*"]).text
    for text in [
      "woke up on 2026-10-09, after 67 covered days", "shared by 2 accounts",
      "connector@example.com (integration): 2 of 2 logins", "Vendor/61.0 2",
      "192.0.2.0/24: 3 logins of 2 accounts",
    ] { #expect(whole.contains(text), "\(whole)") }
    #expect(!whole.contains("Nightly"))
  }

  @Test func statesAndFormsChoose() throws {
    let folder = try folder()
    let csv = try apps(folder, ["--state", "dormant,refused", "-o", "csv"]).text
    #expect(
      csv.split(separator: "\r\n").map { $0.prefix { $0 != "," } } == [
        "application", "Gone", "Refused",
      ])
    let wrong = try apps(folder, ["--state", "asleep"])
    #expect(wrong.code == 64 && wrong.errors.contains("--state asleep is not one of new, dormant"))
  }

  @Test func anApplicationThatNoLoginNamesIsSaidWithTheNearest() throws {
    let result = try apps(try folder(), ["--application", "Vendr"])
    #expect(result.code == 2)
    #expect(result.errors.contains("names the application Vendr; did you mean Vendor?"))
  }

  @Test func loginsWithoutTheColumnAreIncomplete() throws {
    let folder = try TestFolder()
    try folder.write(
      "l.csv",
      "Id,UserId,LoginTime,LoginType,Status\n"
        + "\(Exports.loginID(1)),\(Exports.one),2026-08-01T00:00:00Z,Application,Success\n")
    let result = try apps(folder)
    #expect(result.code == 2 && result.errors.contains("no login file has the column Application"))
  }

  @Test func whatIsNotInTheListStandsAboveIt() throws {
    let folder = try folder()
    try folder.write(
      "narrow.csv",
      "Id,UserId,LoginTime,LoginType,Status\n"
        + "\(Exports.loginID(900)),\(Exports.one),2026-08-01T00:00:00Z,Application,Success\n")
    let mixed = try apps(folder)
    #expect(mixed.code == 2)
    #expect(
      mixed.text.hasPrefix("Incomplete: this is not the whole truth\n  1 of 2 login files has not")
    )
    let blank = try TestFolder()
    try blank.write(
      "l.csv",
      Exports.logins(
        Self.rows + [
          Self.login(1, 60, "") { $0.type = "Remote Access 2.0" }
        ]))
    #expect(try apps(blank).text.contains("1 of 1 login by OAuth names no application"))
  }

  @Test func aScanHoldsTheSameRecordsAndReportsThemInEachForm() throws {
    let folder = try folder()
    let out = try TestFolder()
    let scan = try Program.run(
      "postern",
      [
        "scan", folder.path, "--now", "2026-11-01", "-o", "jsonl:" + out.path("r.jsonl"), "-o",
        "csv-applications:" + out.path("a.csv"), "-o", "html:" + out.path("r.html"),
      ])
    #expect(scan.code == 0, "\(scan.errors)")
    let text = try String(contentsOfFile: out.path("r.jsonl"), encoding: .utf8)
    let records = text.split(separator: "\n").filter { $0.contains("postern.application/2") }
    let listed = try apps(folder, ["-o", "jsonl"]).text.split(separator: "\n")
    #expect(records == listed && records.count == 5)
    #expect(text.contains("\"applications\":5"))
    let table = try String(contentsOfFile: out.path("a.csv"), encoding: .utf8)
    #expect(table == (try apps(folder, ["-o", "csv"]).text))
    let page = try String(contentsOfFile: out.path("r.html"), encoding: .utf8)
    for word in ["Ticket Portal", "woke up", "new to the org", "203.0.113.0/24"] {
      #expect(page.contains(word))
    }
    for form in ["csv-applications", "html", "jsonl"] {
      let report = try Program.run("postern", ["report", out.path("r.jsonl"), "-o", form])
      let path = ["csv-applications": "a.csv", "html": "r.html", "jsonl": "r.jsonl"][form] ?? ""
      #expect(report.text == (try String(contentsOfFile: out.path(path), encoding: .utf8)))
    }
  }

  @Test func resultsWhoseApplicationsDoNotAddUpAreRefused() throws {
    let folder = try folder()
    let out = try TestFolder()
    _ = try Program.run(
      "postern", ["scan", folder.path, "-o", "jsonl:" + out.path("r.jsonl")])
    let lines = try String(contentsOfFile: out.path("r.jsonl"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
    let kept = lines.filter { !$0.contains("\"name\":\"Gone\"") }
    try out.write("cut.jsonl", kept.map { $0 + "\n" }.joined())
    #expect(kept.count == lines.count - 1)
    #expect(try Program.run("postern", ["report", out.path("cut.jsonl")]).code == 66)
  }

  @Test func applicationsOfALedgerAreThoseOfItsExports() throws {
    let folder = try folder()
    let out = try TestFolder()
    let ledger = out.path("l.ledger")
    let parts = [Array(Self.rows.prefix(40)), Array(Self.rows.dropFirst(40))]
    let nights = try parts.enumerated().map { number, rows in
      let night = try TestFolder()
      // Ids go on from night to night.
      let numbered = rows.enumerated().map { position, login in
        var login = login
        login.id = Exports.loginID(position + 1 + number * 40)
        return login
      }
      try night.write("l\(number).csv", Exports.logins(numbered))
      return night
    }
    _ = try Program.run(
      "postern",
      ["scan", nights[0].path, "--ledger", ledger, "-o", "jsonl:" + out.path("one.jsonl")])
    let merged = try Program.run(
      "postern",
      [
        "apps", ledger, nights[1].path, folder.path("u.csv"), "--now", "2026-11-01", "-o", "jsonl",
      ])
    #expect(merged.code == 0, "\(merged.errors)")
    #expect(merged.text == (try apps(folder, ["-o", "jsonl"]).text))
  }
}
