import Foundation
import TestSupport
import Testing

/// `postern account`, and the commands that lead there.
@Suite struct AccountTests {
  private typealias Object = Results.Object
  private static let exports = Program.samples + "/exports"
  private static let who = "svc.catalogue.1@example.com"

  private static func account(_ arguments: [String]) throws -> Program.Outcome {
    try Program.run("postern", ["account"] + arguments)
  }

  @Test func theRecordsAreThoseOfTheScan() throws {
    let scanned = try Program.scan([Self.exports])
    let outcome = try Self.account(
      [Self.who, Self.exports, "--now", "2026-09-01", "-o", "jsonl"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = outcome.text.split(separator: "\n").map(String.init)
    #expect(lines.count > 2)
    for line in lines { #expect(scanned.lines.contains(line)) }
    let mine = scanned.of("finding").filter {
      ($0["account"] as? Object)?["username"] as? String == Self.who
    }
    #expect(lines.count == mine.count + 1)
  }

  @Test func everyWayToNameAnAccountLeadsToIt() throws {
    let byName = try Self.account([Self.who.uppercased(), Self.exports]).text
    #expect(byName.hasPrefix(Self.who + "  005"))
    let id = String(try #require(byName.split(separator: "\n").first).suffix(18))
    #expect(try Self.account([id, Self.exports]).text == byName)
    #expect(try Self.account([String(id.prefix(15)), Self.exports]).text == byName)
  }

  @Test func theDossierTellsWhatIsKnown() throws {
    let text = try Self.account([Self.who, Self.exports, "--now", "2026-09-01"]).text
    for part in [
      "integration, medium confidence", "because: ", "Modify All Data",
      "profile: System Administrator", "6 no, 2 cannot be told",
      "6 no: Salesforce recorded no successful verification for this login", "busiest hour",
      "Sources", "203.0.113.238 AU", "Applications", "Parcel Courier", "PST-MFA-001", "Timeline",
      "human login without MFA (Salesforce recorded no successful verification for this login), "
        + "from 203.0.113.238 (AU)",
      "LoginHistory-01.csv.gz:18", "first seen from 192.0.2.0/24 (1 attempt)",
      "first use of application Browser (8 attempts)", "all its rows: postern events",
    ] { #expect(text.contains(part), "\(part)") }
  }

  @Test func sourcesTellPeopleFromProgramsAndSuccessFromFailure() throws {
    let folder = try TestFolder()
    func login(_ minute: Int, _ type: String, _ status: String) -> Exports.Login {
      Exports.Login(
        time: "2026-08-03T10:0\(minute):00.000Z", type: type, status: status, country: "DE")
    }
    try folder.write(
      "l.csv",
      Exports.logins([
        login(0, "Application", "Success"), login(1, "Application", "Invalid password"),
        login(2, "Application", "Invalid password"), login(3, "Other Apex API", "Success"),
        login(4, "Other Apex API", "Success"), login(5, "Other Apex API", "Success"),
        login(6, "Other Apex API", "Invalid password"),
      ]))
    let text = try Self.account([Exports.one, folder.path]).text
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("  192.0.2.10 DE") })
    let counts = line.split(separator: " ").dropFirst(2).prefix(4).map(String.init)
    #expect(counts == ["1", "2", "3", "1"])
    let page = try Self.account([Exports.one, folder.path, "-o", "html"]).text
    #expect(
      page.contains("<td class=r>1<td class=r>2<td class=r>3<td class=r>1<td class=r>7"))
  }

  @Test func theCaseFileHoldsEachHumanLoginWithItsProofAndAllThatWasRead() throws {
    let folder = try TestFolder()
    let path = folder.path("case.html")
    let outcome = try Self.account(
      [Self.who, Self.exports, "--now", "2026-09-01", "-o", "html:" + path, "-o", "jsonl"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let page = try String(contentsOfFile: path, encoding: .utf8)
    let text = page.replacingOccurrences(of: "<wbr>", with: "")
    let events = try Results(
      try Program.run(
        "postern",
        ["events", Self.exports, "--account", Self.who, "--kind", "human", "-o", "jsonl"]))
    let human = events.of("event").filter { $0["outcome"] as? String == "succeeded" }
    #expect(human.count == 8)
    let logins = try #require(
      text.components(separatedBy: "<section id=logins").last?
        .components(separatedBy: "</section>").first)
    for row in human {
      let id = try #require(row["record_id"] as? String)
      let file = try #require((row["file"] as? String)?.split(separator: "/").last)
      let place = "\(file):\(row["line"] as? Int ?? 0)<small>\(id)</small>"
      #expect(logins.contains(place), "\(place)")
    }
    let sentence = "no: Salesforce recorded no successful verification for this login"
    #expect(logins.components(separatedBy: sentence).count - 1 == 6)
    #expect(
      logins.components(separatedBy: "cannot be told: outside the time of the verification export")
        .count - 1 == 2)
    // Digests of the inputs, why it is taken for what it is, what to do, and how it was judged.
    let scanned = try Program.scan([Self.exports])
    let inputs = try #require(scanned.of("run").first?["inputs"] as? [Object])
    for input in inputs { #expect(text.contains(input["sha256"] as? String ?? "-")) }
    for part in [
      "its name holds the word", "What to do", "How it was judged", "What cannot be told",
      "Modify All Data", "Attempts that did not succeed", "Restricted IP",
      "<dt>integration account",
    ] { #expect(text.contains(part), "\(part)") }
    let ids = try Results(.init(code: 0, output: outcome.output, errors: "")).of("finding")
      .compactMap { $0["finding_id"] as? String }
    for id in ids { #expect(text.contains("id=f-\(id.dropFirst(4))")) }
    // Nothing is folded away but commands, so that paper has it all.
    #expect(!page.contains("<details class=panel>"))
  }

  @Test func theCaseFileIsDeafToWhatExportsSay() throws {
    let folder = try TestFolder()
    let evil = "\"><script>alert(1)</script><b x='"
    try folder.write(
      "l.csv",
      Exports.logins([
        Exports.Login(
          status: "Success",
          application: "\"\(evil.replacingOccurrences(of: "\"", with: "\"\""))\"",
          browser: "<img src=x>", country: "<i>")
      ]))
    try folder.write(
      "u.csv",
      "Id,Username,Name,IsActive\n\(Exports.one),<u>a@example.com,<script>x</script>,true\n")
    let page = try Self.account([Exports.one, folder.path, "-o", "html"]).text
    #expect(page.contains("&lt;u&gt;a@"))
    #expect(page.components(separatedBy: "<script").count == 2)
    for tag in ["<img", "<u>a", "<i>", "<b x"] { #expect(!page.contains(tag), "\(tag)") }
  }

  @Test func barsAreUnicodeWhereTheLocaleIs() throws {
    func text(_ locale: String) throws -> String {
      try Program.run(
        "postern", ["account", Self.who, Self.exports], environment: ["LC_ALL": locale]
      ).text
    }
    #expect(try text("de_DE.UTF-8").contains("█"))
    #expect(try text("C").unicodeScalars.allSatisfy { !(0x2580...0x259F).contains($0.value) })
  }

  @Test func whoIsNotThereIsExit66WithASuggestion() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([Exports.Login(), Exports.Login(user: Exports.two)]))
    try folder.write(
      "u.csv",
      Exports.users([
        (Exports.one, "Jane", "Standard", []), (Exports.two, "John", "Standard", []),
        (Exports.three, "Idle", "Standard", []),
      ]))
    for (who, part) in [
      ("jane@exampel.com", "jane@example.com"), ("john", "john@example.com"),
      ("005Hn0000000009", "among the 2"),
    ] {
      let outcome = try Self.account([who, folder.path])
      #expect(outcome.code == 66 && outcome.output.isEmpty)
      #expect(outcome.errors.contains(part), "\(outcome.errors)")
    }
    for who in ["005Hn00000000", "*", "profile:Standard", "jane*", ""] {
      #expect(try Self.account([who, folder.path]).code == 64, "\(who)")
    }
    #expect(try Self.account(["jane@example.com", folder.path("u.csv")]).code == 66)
  }

  @Test func anAccountKnownByNameAloneIsFoundByIt() throws {
    let folder = try TestFolder()
    try folder.write(
      "l.csv",
      "Username,Login Time,Login Type,Status,Source IP\n"
        + "Etl@Example.com,2026-08-03T10:00:00.000Z,Application,Success,192.0.2.1\n")
    for who in ["etl@example.com", "username:etl@example.com"] {
      let outcome = try Self.account([who, folder.path])
      #expect(outcome.code == 0 && outcome.text.contains("192.0.2.1"), "\(outcome.errors)")
    }
  }

  @Test func theTimelineIsBoundedAndKeepsWhatAlarms() throws {
    let folder = try TestFolder()
    var rows: [Exports.Login] = []
    for day in 1...28 {
      for hour in 10...14 {
        rows.append(
          Exports.Login(
            time: "2026-08-\(day < 10 ? "0" : "")\(day)T\(hour):00:00.000Z", methods: "mfa"))
      }
    }
    rows += (10...40).map { minute in
      Exports.Login(
        time: "2026-08-02T03:\(minute):00.000Z", status: "Invalid password",
        address: "198.51.100.\(minute)")
    }
    rows.append(Exports.Login(time: "2026-08-01T09:00:00.000Z", methods: "pwd"))
    try folder.write("l.csv", Exports.logins(rows))
    let text = try Self.account([Exports.one, folder.path]).text
    let timeline = text.components(separatedBy: "Timeline").last?.split(separator: "\n") ?? []
    #expect(timeline.count == 1 + 30 + 2)
    #expect(text.contains("31 failed attempts in the hour from 2026-08-02T03:00"))
    #expect(text.contains("\"Invalid password\", from 31 addresses"))
    #expect(text.contains("2026-08-01 09:00  human login without MFA (the identity provider"))
    #expect(text.contains("more, less telling or earlier"))
  }

  @Test func foreignTextIsHarmlessInTheDossier() throws {
    let folder = try TestFolder()
    let evil = "\u{1B}]0;x\u{7}\u{202E}"
    try folder.write(
      "l.csv", Exports.logins([Exports.Login(status: evil, application: evil, browser: evil)]))
    try folder.write(
      "u.csv", "Id,Username,Name,IsActive\n\(Exports.one),\(evil)a@example.com,\(evil),true\n")
    let text = try Self.account([Exports.one, folder.path, "--color", "never"]).text
    #expect(text.contains("\\u{1B}]0;x\\u{7}"))
    #expect(
      text.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && $0.value != 0x202E) })
  }

  // MARK: Commands that results name

  @Test func hostileNamesOfFilesAreReplayedAndRunNothing() throws {
    let folder = try TestFolder()
    let name = "-x; touch 'pwned' $(touch pwned) \"`touch pwned`\n.csv"
    // Without Ids, rows are named by their place.
    try folder.write(
      name,
      "UserId,LoginTime,LoginType,Status,SourceIp\n"
        + "\(Exports.one),2026-08-03T10:00:00.000Z,Application,Failed: API-only user,192.0.2.1\n")
    let scan = try Program.shell(
      "postern scan -o jsonl --now 2026-09-01 -- ./\(quoted(name))", in: folder.path)
    #expect(scan.code == 0, "\(scan.errors)")
    let finding = try #require(try Results(scan).findings("INT-002").first)
    let replay = try #require(finding["replay"] as? String)
    #expect(replay.contains(" --at "))
    let shown = try Program.shell(replay + " -o jsonl", in: folder.path)
    #expect(shown.code == 0, "\(shown.errors)")
    let rows = try Results(shown).of("event")
    #expect(rows.count == 1 && rows.first?["line"] as? Int == 2)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names == [name])
  }

  @Test func theOptionsOfTheRunAreInTheCommand() throws {
    let folder = try TestFolder()
    let config = try folder.write("c d.yaml", "integration_accounts: [\(Exports.one)]\n")
    let path = try folder.write(
      "l.csv",
      "User ID,Login Time,Login Type,Status\n"
        + "\(Exports.one),8/13/2026 10:00:00 AM,Application,Failed: API-only user\n")
    let results = try Program.scan([path, "--config", config, "--time-zone", "Europe/Berlin"])
    let replay = try #require(results.findings("INT-002").first?["replay"] as? String)
    let shown = try Program.shell(replay + " -o jsonl")
    #expect(shown.code == 0, "\(shown.errors)")
    let row = try #require(try Results(shown).of("event").first)
    #expect((row["account"] as? Object)?["class"] as? String == "integration")
    #expect(row["time"] as? String == "2026-08-13T08:00:00.000Z")
  }

  @Test func standardInputHasNoReplay() throws {
    let text = Exports.logins([Exports.Login(status: "Failed: API-only user")])
    let results = try Program.scan(["-"], input: Data(text.utf8))
    #expect(results.findings("INT-002").first?["replay"] as? String == "")
  }

  @Test func theReportNamesACommandThatWorks() throws {
    let report = try Program.run("postern", ["scan", Self.exports, "--now", "2026-09-01"]).text
    let line = try #require(report.split(separator: "\n").first { $0.contains("look closer: ") })
    let command = try #require(line.components(separatedBy: "look closer: ").last)
    #expect(command.hasPrefix("postern account 005"))
    let shown = try Program.shell(command)
    #expect(shown.code == 0 && shown.text.contains("Timeline"))
  }

  private func quoted(_ word: String) -> String {
    "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}
