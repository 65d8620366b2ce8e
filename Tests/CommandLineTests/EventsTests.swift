import Foundation
import TestSupport
import Testing

/// `postern events` as a user meets it.
@Suite struct EventsTests {
  private typealias Object = Results.Object
  private static let exports = Program.samples + "/exports"

  private static func events(_ arguments: [String], input: Data? = nil) throws -> Results {
    try Results(
      try Program.run("postern", ["events"] + arguments + ["-o", "jsonl"], input: input))
  }

  /// Whether a row is the login of this number, in whichever form its Id stands.
  private static func isLogin(_ row: Object, _ number: Int) -> Bool {
    (row["record_id"] as? String)?.prefix(15) == Exports.loginID(number).prefix(15)
  }

  // MARK: What rows say

  @Test func rowsAddUpToTheAccountRecords() throws {
    let scanned = try Program.scan([Self.exports])
    let rows = try Self.events([Self.exports])
    #expect(rows.code == 0, "\(rows.errors)")
    #expect(rows.records.count == scanned.rows["analysed"])
    var sums: [String: [String: Int]] = [:]
    for row in rows.records {
      let account = try #require(row["account"] as? Object)
      let key = try #require(account["key"] as? String)
      let (kind, outcome) = (row["kind"] as? String ?? "", row["outcome"] as? String ?? "")
      sums[key, default: [:]]["\(kind) \(outcome)", default: 0] += 1
      if let mfa = row["mfa"] as? String { sums[key, default: [:]][mfa, default: 0] += 1 }
      if let basis = row["basis"] as? String { sums[key, default: [:]][basis, default: 0] += 1 }
    }
    for (index, record) in scanned.accounts.enumerated() {
      let key = try #require((record["account"] as? Object)?["key"] as? String)
      let logins = try #require(record["logins"] as? Object)
      for kind in ["human", "api", "unclassified"] {
        let counts = try #require(logins[kind] as? Object)
        for outcome in ["succeeded", "failed", "pending"] {
          #expect(counts[outcome] as? Int == sums[key]?["\(kind) \(outcome)"] ?? 0, "\(key)")
        }
      }
      for mfa in ["proven", "absent", "unknown"] {
        #expect(scanned.human(index)["mfa_" + mfa] as? Int == sums[key]?[mfa] ?? 0, "\(key)")
      }
      for (basis, count) in scanned.bases(index) { #expect(sums[key]?[basis] == count, "\(key)") }
    }
  }

  @Test func rowsOfFindingsAreShownWithTheVerdictOfTheFinding() throws {
    let findings = try Program.scan([Self.exports]).of("finding")
    let rows = try Self.events([Self.exports]).records
    var byID: [String: Object] = [:]
    for row in rows { byID[row["record_id"] as? String ?? ""] = row }
    var compared = 0
    for finding in findings {
      for evidence in finding["evidence"] as? [Object] ?? [] {
        let id = evidence["record_id"] as? String ?? ""
        guard let row = byID[id] else { continue }
        compared += 1
        for key in ["file", "line", "time", "source_ip", "status", "application"] {
          #expect("\(row[key] ?? "")" == "\(evidence[key] ?? "")", "\(id) \(key)")
        }
        if evidence["mfa"] is String {
          for key in ["mfa", "basis", "grade"] {
            #expect("\(row[key] ?? "")" == "\(evidence[key] ?? "")", "\(id) \(key)")
          }
        }
      }
    }
    #expect(compared > 50)
  }

  // MARK: Order

  @Test func theOrderIsTheSameForEveryOrderOfRowsFilesAndThreads() throws {
    let base = ["--seed", "9", "--rows", "1500", "--users", "40", "--days", "30", "--quiet"]
    let plain = try TestFolder()
    let other = try TestFolder()
    #expect(try Program.run("postern-synth", [plain.path] + base).code == 0)
    let options = ["--order", "shuffled", "--overlap", "80", "--files", "4", "--delimiter", "tab"]
    #expect(try Program.run("postern-synth", [other.path] + base + options).code == 0)
    func content(_ rows: Results) -> [String] {
      rows.records.map { row in
        let kept = row.filter { $0.key != "file" && $0.key != "line" }
        let data = try? JSONSerialization.data(withJSONObject: kept, options: .sortedKeys)
        return String(decoding: data ?? Data(), as: UTF8.self)
      }
    }
    let one = try Self.events([plain.path, "--threads", "1"])
    let two = try Self.events([other.path, "--threads", "3"])
    #expect(one.records.count > 1_000)
    #expect(content(one) == content(two))
    let times = one.records.compactMap { $0["time"] as? String }
    #expect(times == times.sorted())
  }

  @Test func copiesAreShownOnceAtTheirFirstPlace() throws {
    let folder = try TestFolder()
    let rows = (1...6).map { Exports.Login(id: Exports.loginID($0)) }
    let poor = try folder.write(
      "a.csv",
      "Id,UserId,LoginTime,LoginType,Status\n"
        + "\(Exports.loginID(2)),\(Exports.one),2026-08-03T10:00:00.000Z,Application,Success\n")
    let rich = try folder.write("b.csv", Exports.logins(rows))
    try folder.write("c.csv", Exports.logins(Array(rows.reversed())))
    let shown = try Self.events([folder.path])
    #expect(shown.records.count == 6)
    let second = try #require(
      shown.records.first { Self.isLogin($0, 2) })
    // The first place, and the content of the richer copy.
    #expect(second["file"] as? String == poor && second["line"] as? Int == 2)
    #expect(second["source_ip"] as? String == "192.0.2.10")
    #expect(
      shown.records.filter { $0["file"] as? String == rich }.count == 5)
    // A copy is found at every place where it stands.
    for place in [poor + ":2", rich + ":3", folder.path("c.csv") + ":6"] {
      let found = try Self.events([folder.path, "--at", place])
      #expect(found.records.count == 1, "\(place)")
      #expect(found.records.allSatisfy { Self.isLogin($0, 2) })
    }
    #expect(shown.errors.contains("13 read = 6 analysed + 7 duplicate + 0 filtered + 0 rejected"))
  }

  @Test func copiesWithForeignIdsAndRowsWithoutIdsAreCountedAsInTheScan() throws {
    let folder = try TestFolder()
    let rows = (1...4).map { index in
      Exports.Login(id: "row-\(index)", type: index > 2 ? "Other Apex API" : "Application")
    }
    try folder.write("a.csv", Exports.logins(rows))
    // Files of the same bytes would count once in any case.
    try folder.write("b.csv", Exports.logins(rows.reversed()))
    let shown = try Self.events([folder.path, "--threads", "2"])
    #expect(shown.code == 0, "\(shown.errors)")
    #expect(shown.records.count == 4)
    #expect(shown.records.filter { $0["mfa"] is String }.count == 2)
    let all = try Self.events([folder.path, "--no-duplicate-check"])
    #expect(all.records.count == 8)
    #expect(all.records.filter { $0["mfa"] is String }.count == 4)
  }

  // MARK: Conditions

  @Test func eachConditionKeepsExactlyTheRowsThatMeetIt() throws {
    let all = try Self.events([Self.exports]).records
    func text(_ row: Object, _ key: String) -> String { row[key] as? String ?? "" }
    func account(_ row: Object) -> Object { row["account"] as? Object ?? [:] }
    let someone = try #require(all.first { !text(account($0), "username").isEmpty }.map(account))
    let (user, id) = (text(someone, "username"), text(someone, "id"))
    let (from, to) = ("2026-03-05T00:00:00.000Z", "2026-03-09T12:00:00.000Z")
    let conditions: [([String], (Object) -> Bool)] = [
      (["--account", user.uppercased()], { text(account($0), "username") == user }),
      (["--account", String(id.prefix(15))], { text(account($0), "id") == id }),
      (["--account", "svc.*"], { text(account($0), "username").hasPrefix("svc.") }),
      (["--since", from, "--until", to], { text($0, "time") >= from && text($0, "time") < to }),
      (["--ip", "203.0.113.0/24"], { text($0, "source_ip").hasPrefix("203.0.113.") }),
      (["--ip", "2001:db8::/32"], { text($0, "source_ip").hasPrefix("2001:db8:") }),
      (["--application", "browser"], { text($0, "application") == "Browser" }),
      (["--status", "failed"], { text($0, "outcome") == "failed" }),
      (["--status", "invalid pass*"], { text($0, "status") == "Invalid password" }),
      (["--mfa", "absent,unknown"], { ["absent", "unknown"].contains(text($0, "mfa")) }),
      (["--mfa", "idp_silent"], { text($0, "basis") == "idp_silent" }),
      (["--kind", "human", "--kind", "unclassified"], { text($0, "kind") != "api" }),
      (["--class", "integration"], { text(account($0), "class") == "integration" }),
      (
        ["--class", "unknown,external"],
        { ["unknown", "external"].contains(text(account($0), "class")) }
      ),
      (["--country", "Germany,FR"], { ["DE", "FR"].contains(text($0, "country")) }),
      (["--browser", "firefox*"], { text($0, "browser").hasPrefix("Firefox") }),
      (["--platform", "Windows 1*"], { text($0, "platform").hasPrefix("Windows 1") }),
      (["--login-type", "Oauth2"], { text($0, "login_type") == "Remote Access 2.0" }),
      (
        ["--sub-type", "OAuth Refresh*", "--sub-type", "oauthclientcredential"],
        {
          text($0, "login_sub_type").hasPrefix("OAuth Refresh")
            || text($0, "login_sub_type") == "OAuth Client Credentials"
        }
      ),
      (
        ["--kind", "human", "--status", "succeeded", "--mfa", "proven", "--ip", "192.0.2.0/24"],
        {
          text($0, "mfa") == "proven" && text($0, "source_ip").hasPrefix("192.0.2.")
        }
      ),
    ]
    for (arguments, isMet) in conditions {
      let shown = try Self.events([Self.exports] + arguments)
      let expected = all.filter(isMet)
      #expect(shown.code == 0, "\(arguments) \(shown.errors)")
      #expect(!expected.isEmpty, "\(arguments) tests nothing")
      #expect(
        shown.records.map { text($0, "record_id") } == expected.map { text($0, "record_id") },
        "\(arguments)")
      #expect(
        shown.records.map { text($0, "basis") } == expected.map { text($0, "basis") },
        "\(arguments)")
    }
  }

  @Test func idsAndPlacesTogetherNameRows() throws {
    let all = try Self.events([Self.exports]).records
    let (one, other) = (all[10], all[200])
    let id = try #require(one["record_id"] as? String)
    let place = "\(other["file"] as? String ?? ""):\(other["line"] as? Int ?? 0)"
    let shown = try Self.events([Self.exports, "--id", String(id.prefix(15)), "--at", place])
    #expect(
      shown.records.compactMap { $0["record_id"] as? String } == [
        id, other["record_id"] as? String ?? "",
      ])
    let missing = try Self.events([Self.exports, "--id", "0YaHn000009zzzzKAA"])
    #expect(missing.code == 2 && missing.records.isEmpty)
    #expect(missing.errors.contains("0YaHn000009zzzz"))
  }

  @Test(arguments: [
    ["--kind", "robot"], ["--mfa", "maybe"], ["--ip", "192.0.2.7/24"], ["--id", "x"],
    ["--at", "file"], ["--at", "nowhere.csv:3"], ["--account", "005123"], ["-o", "pdf"],
    ["--since", "2026-03-02", "--until", "2026-03-01"], ["-o", "csv", "-o", "jsonl"],
    ["--class", "robot"], ["--by", "acount"], ["--by", ""], ["--limit", "0"], ["--since", "7x"],
    ["--by", "account", "-o", "ocsf"],
  ])
  func mistakesAreToldWithExit64(arguments: [String]) throws {
    let outcome = try Program.run("postern", ["events", Self.exports] + arguments)
    #expect(outcome.code == 64, "\(outcome.errors)")
    #expect(outcome.output.isEmpty && outcome.errors.hasPrefix("postern: "))
  }

  // MARK: Inputs

  @Test func standardInputGivesTheRowsOfTheFile() throws {
    let folder = try TestFolder()
    let text = Exports.logins((1...50).map { Exports.Login(id: Exports.loginID($0)) })
    let path = try folder.write("l.csv", text)
    let fromFile = try Self.events([path])
    let fromInput = try Self.events(["-"], input: Data(text.utf8))
    #expect(fromInput.code == 0 && fromInput.records.count == 50)
    let command =
      "cat '\(path)' | gzip -c | '\(Program.path("postern"))' events - -o csv | grep -c '^2026'"
    #expect(try Program.shell(command).text == "50\n")
    #expect(
      fromFile.records.map { $0["record_id"] as? String }
        == fromInput.records.map { $0["record_id"] as? String })
    #expect(fromInput.records.first?["file"] as? String == "-")
  }

  @Test func aPipeWithANameIsReadOnce() throws {
    let folder = try TestFolder()
    unsafe #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
    let path = try folder.write(
      "l.csv", Exports.logins((1...50).map { Exports.Login(id: Exports.loginID($0)) }))
    let command =
      "cat '\(path)' > '\(folder.path("pipe"))' & '\(Program.path("postern"))' events "
      + "'\(folder.path("pipe"))' -q -o csv | grep -c '^2026'"
    #expect(try Program.shell(command).text == "50\n")
  }

  @Test func whatCannotBeReadMakesTheRunIncomplete() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([Exports.Login()]) + "cut\n")
    let shown = try Self.events([folder.path])
    #expect(shown.code == 2 && shown.records.count == 1)
    #expect(shown.errors.contains("1 rejected"))
    #expect(try Self.events([folder.path, "--max-rejects", "1"]).code == 0)
    #expect(try Self.events([folder.path, "/nonexistent.csv", "--max-rejects", "1"]).code == 2)
    let empty = try folder.write("only.csv", Exports.logins([]))
    #expect(try Self.events([empty]).code == 66)
    #expect(
      try Self.events([folder.path, "--max-rejects", "1", "--since", "2030-01-01"]).code == 2)
  }

  // MARK: Forms

  @Test func foreignTextIsHarmlessInTableAndCSV() throws {
    let folder = try TestFolder()
    try folder.write(
      "l.csv",
      Exports.logins([
        Exports.Login(status: "\u{1B}[31mred", application: "=HYPERLINK(1)"),
        Exports.Login(application: "\" +1\u{202E}\"", browser: "@SUM(1)"),
        Exports.Login(application: "\"a,\"\"b\"\"\""),
      ]))
    let table = try Program.run("postern", ["events", folder.path])
    #expect(!table.text.contains("\u{1B}") && !table.text.contains("\u{202E}"))
    #expect(table.text.contains("\\u{1B}[31mred"))
    let csv = try Program.run("postern", ["events", folder.path, "-o", "csv"])
    #expect(csv.text.contains(",'=HYPERLINK(1),") && csv.text.contains(",'@SUM(1),"))
    #expect(csv.text.contains(",'+1"))
    #expect(csv.text.contains(",\"a,\"\"b\"\"\","))
    #expect(csv.text.split(separator: "\r\n", omittingEmptySubsequences: false).count == 5)
  }

  @Test func eventsOfOCSFSayTheSame() throws {
    let rows = try Self.events([Self.exports, "--kind", "human"]).records
    let outcome = try Program.run(
      "postern", ["events", Self.exports, "--kind", "human", "-o", "ocsf"])
    let events = try outcome.text.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? Object)
    }
    #expect(events.count == rows.count && events.count > 100)
    for (event, row) in zip(events, rows) {
      #expect(event["class_uid"] as? Int == 3002)
      // Milliseconds, and nothing said where nothing is known.
      #expect((event["time"] as? Int ?? 0) > 1_700_000_000_000)
      let isMFA = event["is_mfa"] as? Bool
      let mfa = row["mfa"] as? String
      #expect(isMFA == (mfa == "proven" ? true : mfa == "absent" ? false : nil))
      #expect((event["metadata"] as? Object)?["uid"] as? String == row["record_id"] as? String)
    }
  }

  @Test func severalOutputsAppearWholeAtOnce() throws {
    let folder = try TestFolder()
    let outcome = try Program.run(
      "postern",
      [
        "events", Self.exports, "-o", "csv:" + folder.path("l.csv"), "-o",
        "jsonl:" + folder.path("l.jsonl"), "-o", "table:" + folder.path("l.txt"), "--quiet",
      ])
    #expect(outcome.code == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["l.csv", "l.jsonl", "l.txt"])
    let lines = try names.map { name in
      // What the words of a table mean stands behind its rows.
      try String(contentsOfFile: folder.path(name), encoding: .utf8)
        .components(separatedBy: "\n\n")[0]
        .split(omittingEmptySubsequences: true, whereSeparator: \.isNewline).count
    }
    #expect(lines[0] == lines[1] + 1 && lines[2] == lines[1] + 1 && lines[1] > 1_000)
    let bad = try Program.run(
      "postern", ["events", Self.exports, "-o", "csv:/nonexistent/x.csv"])
    #expect(bad.code == 74)
  }

  @Test func aReaderThatGoesAwayIsNoError() throws {
    let folder = try TestFolder()
    let program = Program.path("postern")
    let command =
      "{ '\(program)' events '\(Self.exports)' -q -o jsonl -o 'csv:\(folder.path("l.csv"))'; "
      + "echo $? >&2; } | head -1"
    let outcome = try Program.shell(command)
    #expect(outcome.text.split(separator: "\n").count == 1)
    #expect(outcome.errors == "141\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
