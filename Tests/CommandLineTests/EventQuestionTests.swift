import Foundation
import TestSupport
import Testing

/// Questions that `postern events` answers beyond showing rows, and what it says where it cannot.
@Suite struct EventQuestionTests {
  private typealias Object = Results.Object
  private static let exports = Program.samples + "/exports"

  private static func events(_ arguments: [String]) throws -> Results {
    try Results(try Program.run("postern", ["events"] + arguments + ["-o", "jsonl"]))
  }

  private static func text(_ row: Object, _ key: String) -> String { row[key] as? String ?? "" }

  // MARK: Counting

  /// A group of rows, counted from the rows themselves.
  private struct Group {
    var rows = 0
    var successes = 0
    var accounts: Set<String> = []
    var first = "9"
    var last = ""
  }

  @Test(arguments: [
    ["account"], ["class", "kind"], ["ip", "application"], ["country", "outcome"],
    ["mfa", "basis"],
    ["login-type", "sub-type", "status"], ["browser", "platform"], ["day"],
    ["hour", "account"], ["file"], ["api_type", "api_version", "tls"],
  ])
  func countsAreThoseOfTheRows(fields: [String]) throws {
    func value(_ row: Object, _ field: String) -> String {
      let account = row["account"] as? Object ?? [:]
      switch field {
      case "account": return Self.text(account, "key")
      case "class": return Self.text(account, "class")
      case "ip": return Self.text(row, "source_ip")
      case "sub-type": return Self.text(row, "login_sub_type")
      case "day": return String(Self.text(row, "time").prefix(10))
      case "hour": return Self.text(row, "time").prefix(13) + ":00:00.000Z"
      default: return Self.text(row, field.replacingOccurrences(of: "-", with: "_"))
      }
    }
    let filter = ["--since", "2026-03-05", "--kind", "human,api"]
    var expected: [[String]: Group] = [:]
    for row in try Self.events([Self.exports] + filter).records {
      var group = expected[fields.map { value(row, $0) }] ?? Group()
      group.rows += 1
      if Self.text(row, "outcome") == "succeeded" { group.successes += 1 }
      group.accounts.insert(Self.text(row["account"] as? Object ?? [:], "key"))
      group.first = min(group.first, Self.text(row, "time"))
      group.last = max(group.last, Self.text(row, "time"))
      expected[fields.map { value(row, $0) }] = group
    }
    let names = ["class": "account_class", "ip": "source_ip", "sub-type": "login_sub_type"]
    var outputs: Set<[String]> = []
    for threads in ["1", "3"] {
      let counted = try Self.events(
        [Self.exports, "--by", fields.joined(separator: ","), "--threads", threads] + filter)
      #expect(counted.code == 0, "\(counted.errors)")
      #expect(counted.records.count == expected.count)
      for record in counted.records {
        let by = try #require(record["by"] as? Object)
        let key = fields.map { field in
          Self.text(by, (names[field] ?? field).replacingOccurrences(of: "-", with: "_"))
        }
        let group = try #require(expected[key], "\(key)")
        #expect(record["rows"] as? Int == group.rows)
        #expect(record["successes"] as? Int == group.successes)
        #expect(record["accounts"] as? Int == group.accounts.count)
        #expect(
          Self.text(record, "first") == group.first && Self.text(record, "last") == group.last)
      }
      outputs.insert(counted.lines)
      try SchemaTests.check(counted)
    }
    #expect(outputs.count == 1)
  }

  @Test func countsOfNamedRowsAndOfLedgersAreThoseOfTheRows() throws {
    let folder = try TestFolder()
    let ledger = folder.path("s.ledger")
    let scan = try Program.run(
      "postern", ["scan", Self.exports, "--ledger", ledger, "-o", "jsonl:/dev/null"])
    #expect(scan.code == 0, "\(scan.errors)")
    let plain = try Self.events([Self.exports, "--by", "account,ip"])
    let both = try Self.events([Self.exports, ledger, "--by", "account,ip"])
    #expect(plain.lines.count > 100 && plain.lines == both.lines)
    let row = try #require(try Self.events([Self.exports, "--kind", "api"]).records.first)
    let named = try Self.events(
      [Self.exports, "--id", Self.text(row, "record_id"), "--by", "account"])
    #expect(named.records.map { $0["rows"] as? Int } == [1])
  }

  @Test func limitAndReverseCutTheSameOrder() throws {
    let all = try Self.events([Self.exports, "--kind", "human"]).lines
    let first = try Self.events([Self.exports, "--kind", "human", "--limit", "7"])
    #expect(first.lines == Array(all.prefix(7)) && first.code == 0)
    #expect(first.errors.contains("7 shown, and there are more"))
    let last = try Self.events([Self.exports, "--kind", "human", "--limit", "7", "--reverse"])
    #expect(last.lines == Array(all.reversed().prefix(7)))
    let whole = try Self.events([Self.exports, "--kind", "human", "--limit", "\(all.count)"])
    #expect(whole.lines == all && !whole.errors.contains("there are more"))
    let table = try Program.run(
      "postern", ["events", Self.exports, "--kind", "human", "--limit", "7"])
    // What the words mean stands behind the rows.
    let shown = table.text.components(separatedBy: "\n\n")[0]
    #expect(shown.split(separator: "\n").count == 8)
    let counts = try Self.events([Self.exports, "--by", "account"]).lines
    let few = try Self.events([Self.exports, "--by", "account", "--limit", "3", "--reverse"])
    #expect(few.lines == Array(counts.reversed().prefix(3)))
  }

  @Test func copiesAreCountedOnce() throws {
    let folder = try TestFolder()
    let rows = (1...6).map {
      Exports.Login(id: Exports.loginID($0), type: $0 > 3 ? "Other Apex API" : "Application")
    }
    try folder.write("a.csv", Exports.logins(rows))
    try folder.write("b.csv", Exports.logins(rows.reversed()))
    let counted = try Self.events([folder.path, "--by", "kind"])
    #expect(counted.records.map { $0["rows"] as? Int } == [3, 3])
  }

  // MARK: Times

  @Test func distancesGoBackFromNow() throws {
    let now = ["--now", "2026-04-14T12:00:00Z"]
    let far = try Self.events([Self.exports, "--since", "36h", "--until", "12h"] + now)
    let plain = try Self.events(
      [Self.exports, "--since", "2026-04-13T00:00:00Z", "--until", "2026-04-14T00:00:00Z"] + now)
    #expect(far.lines == plain.lines && far.lines.count > 10)
    let week = try Self.events([Self.exports, "--since", "7d", "--limit", "1"] + now)
    #expect(Self.text(week.records.first ?? [:], "time") >= "2026-04-07T12:00:00.000Z")
  }

  // MARK: What cannot be answered

  @Test(arguments: [
    (["--account", "svc.catalog"], "did you mean svc.catalogue.1@example.com?"),
    (["--account", "005Hn000000zzzzIAA"], "no account of these inputs"),
    (["--application", "Parcel"], "did you mean Parcel Courier?"),
    (["--browser", "Safri 19"], "did you mean Safari 19?"),
    (["--country", "XX"], "they name AU"), (["--ip", "192.0.99.0/24"], "the nearest address is"),
    (["--status", "Sucess"], "did you mean Success?"),
    (["--login-type", "Aplication"], "did you mean Application?"),
    (["--sub-type", "OAuth Refresh Tokn"], "did you mean OAuth Refresh Token?"),
  ])
  func aValueThatOccursNowhereIsAnsweredWithTheNearest(arguments: [String], help: String) throws {
    let outcome = try Self.events([Self.exports] + arguments)
    #expect(outcome.code == 2 && outcome.records.isEmpty)
    #expect(outcome.errors.contains("incomplete: no ") && outcome.errors.contains(help))
    let counted = try Self.events([Self.exports, "--by", "account"] + arguments)
    #expect(counted.code == 2 && counted.errors.contains(help))
  }

  @Test func aValueOutsideTheWindowIsKnown() throws {
    let outcome = try Self.events(
      [Self.exports, "--ip", "192.0.2.200", "--since", "2026-04-01"])
    #expect(outcome.code == 0 && outcome.records.isEmpty, "\(outcome.errors)")
  }

  @Test(arguments: [
    ("CountryIso", ["--country", "DE"]), ("Application", ["--application", "Browser"]),
    ("Browser", ["--browser", "Chrome 126"]), ("Platform", ["--platform", "Windows 11"]),
    ("LoginSubType", ["--sub-type", "OAuth Refresh Token"]), ("SourceIp", ["--ip", "192.0.2.10"]),
  ])
  func aMissingColumnIsNeverAnAllClear(column: String, arguments: [String]) throws {
    let folder = try TestFolder()
    let row = Exports.Login(subType: "OAuth Refresh Token", country: "DE")
    try folder.write("a.csv", Exports.logins([row]))
    #expect(try Self.events([folder.path] + arguments).code == 0)
    let poor = Exports.logins([Exports.Login(id: Exports.loginID(2))])
      .replacingOccurrences(of: column + ",", with: "Other,")
      .replacingOccurrences(of: "," + column + "\n", with: ",Other\n")
    try folder.write("b.csv", poor)
    let mixed = try Self.events([folder.path] + arguments)
    #expect(mixed.code == 2, "\(mixed.errors)")
    #expect(mixed.errors.contains("1 of 2 login files has no column \(column)"))
    let field = arguments[0].dropFirst(2)
    let counted = try Self.events([folder.path, "--by", String(field)])
    #expect(counted.code == 2 && counted.records.count == 2, "\(counted.errors)")
    #expect(counted.errors.contains("1 of 2 login files has no column \(column)"))
  }

  @Test func privilegesThatCannotBeToldAreSaid() throws {
    let folder = try TestFolder()
    try folder.write(
      "l.csv", Exports.logins([Exports.Login(), Exports.Login(user: Exports.two)]))
    let bare = try Self.events([folder.path, "--privileged"])
    #expect(bare.code == 2 && bare.records.isEmpty)
    #expect(bare.errors.contains("no User export was given"))
    let people = [
      (id: Exports.one, name: "Ada", profile: "Boss", permissions: Set(["ModifyAllData"])),
      (id: Exports.two, name: "Bob", profile: "Clerk", permissions: Set<String>()),
    ]
    let users = try folder.write("u.csv", Exports.users(people))
    let told = try Self.events([folder.path, "--privileged"])
    #expect(told.code == 0 && told.records.count == 1, "\(told.errors)")
    try folder.write("u.csv", Exports.users(people, columns: ["ModifyAllData"]))
    let partly = try Self.events([folder.path, "--privileged"])
    #expect(partly.code == 2 && partly.records.count == 1)
    #expect(partly.errors.contains("the privileges of 1 of 2 accounts cannot be told"))
    _ = users
  }

  @Test func usersWithoutLoginsAreNoMistake() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([Exports.Login()]))
    try folder.write(
      "u.csv", Exports.users([(Exports.one, "Ada", "A", []), (Exports.two, "Bob", "B", [])]))
    let quiet = try Self.events([folder.path, "--account", "bob@example.com"])
    #expect(quiet.code == 0 && quiet.records.isEmpty)
    #expect(quiet.errors.contains("without logins in these inputs"))
  }

  // MARK: Forms

  @Test func timesketchHasWhatItsImporterAsksFor() throws {
    let rows = try Self.events([Self.exports, "--kind", "human", "--limit", "200"]).records
    let outcome = try Program.run(
      "postern",
      ["events", Self.exports, "--kind", "human", "--limit", "200", "-o", "timesketch"])
    let lines = try outcome.text.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? Object)
    }
    #expect(lines.count == rows.count && lines.count == 200)
    for (line, row) in zip(lines, rows) {
      #expect(!Self.text(line, "message").isEmpty && Self.text(line, "timestamp_desc") == "Login")
      #expect(
        Self.text(line, "datetime").replacingOccurrences(of: "+00:00", with: "Z")
          == Self.text(row, "time"))
      for key in ["record_id", "source_ip", "status", "application", "file", "mfa"] {
        #expect(Self.text(line, key) == Self.text(row, key))
      }
    }
  }

  @Test func aMarkedCSVIsTheSameBehindItsMark() throws {
    for by in [[], ["--by", "account"]] {
      let arguments = ["events", Self.exports, "--limit", "5", "-o", "csv"] + by
      let plain = try Program.run("postern", arguments)
      let marked = try Program.run("postern", arguments + ["--csv-bom"])
      #expect(marked.output == Data([0xEF, 0xBB, 0xBF]) + plain.output)
    }
  }

  @Test func theEndOfAPathIsEnoughForAPlaceWhereItIsUnique() throws {
    let folder = try TestFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("x"), withIntermediateDirectories: true)
    try folder.write("a.csv", Exports.logins([Exports.Login()]))
    #expect(try Self.events([folder.path, "--at", "a.csv:2"]).records.count == 1)
    try folder.write("x/a.csv", Exports.logins([Exports.Login(id: Exports.loginID(2))]))
    let ambiguous = try Self.events([folder.path, "--at", "a.csv:2"])
    #expect(ambiguous.code == 64 && ambiguous.errors.contains("give more of the path"))
    #expect(try Self.events([folder.path, "--at", "x/a.csv:2"]).records.count == 1)
  }
}
