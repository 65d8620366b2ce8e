import Foundation
import TestSupport
import Testing

/// `postern pivot` as a user meets it.
@Suite struct PivotTests {
  private typealias Object = Results.Object
  private static let exports = Program.samples + "/exports"

  private static func pivot(_ arguments: [String]) throws -> (Object, Results) {
    let results = try Results(try Program.run("postern", ["pivot"] + arguments + ["-o", "jsonl"]))
    return (try #require(results.records.first), results)
  }

  private static func text(_ row: Object, _ key: String) -> String { row[key] as? String ?? "" }

  /// The hour of a row, counted from the epoch.
  private static func hour(_ row: Object) throws -> Int {
    let time = try #require(text(row, "time").prefix(13).wholeMatch(of: /(.{10})T(..)/))
    let date = try Date(String(time.output.1) + "T00:00:00Z", strategy: .iso8601)
    return Int(date.timeIntervalSince1970) / 3_600 + (Int(time.output.2) ?? 0)
  }

  /// Not by the option of `events` that means the same.
  @Test(arguments: ["address", "network"])
  func aValueThatIsNoAddressIsNamedAsItWasGiven(field: String) throws {
    let ended = try Program.run("postern", ["pivot", field, "Caf\u{E9}", Self.exports])
    #expect(ended.code == 64)
    #expect(ended.errors.hasPrefix("postern: \(field) Caf\u{E9}: expected an"), "\(ended.errors)")
  }

  @Test(arguments: [
    ("address", "203.0.113.238", ["--ip", "203.0.113.238"]),
    ("network", "192.0.2.0/24", ["--ip", "192.0.2.0/24"]),
    ("application", "Parcel*", ["--application", "Parcel*"]),
    ("country", "Germany", ["--country", "DE"]), ("device", "Mac OSX", ["--platform", "Mac OSX"]),
    ("browser", "Safari 19", ["--browser", "Safari 19"]),
    ("user", "svc.catalogue.1@example.com", ["--account", "svc.catalogue.1@example.com"]),
  ])
  func everyFigureIsThatOfTheRows(field: String, value: String, filter: [String]) throws {
    let (pivot, results) = try Self.pivot([field, value, Self.exports, "--now", "2026-09-01"])
    #expect(results.code == 0, "\(results.errors)")
    try SchemaTests.check(results)
    let command = ["events", Self.exports, "-o", "jsonl"]
    let rows = try Results(try Program.run("postern", command + filter)).records
    let all = try Results(try Program.run("postern", command)).records
    #expect(!rows.isEmpty && pivot["rows"] as? Int == rows.count)
    #expect(pivot["looked_through"] as? Int == all.count)
    #expect(pivot["succeeded"] as? Int == rows.count { Self.text($0, "outcome") == "succeeded" })
    func account(_ row: Object) -> String { Self.text(row["account"] as? Object ?? [:], "key") }
    let byAccount = Dictionary(grouping: rows, by: account)
    let accounts = try #require(pivot["accounts"] as? [Object])
    #expect(accounts.count == byAccount.count)
    for use in accounts {
      let own = try #require(byAccount[account(use)])
      #expect(use["rows"] as? Int == own.count)
      #expect(Self.text(use, "first") == own.map { Self.text($0, "time") }.min())
      #expect(Self.text(use, "last") == own.map { Self.text($0, "time") }.max())
      for kind in ["human", "api", "unclassified"] {
        for outcome in ["succeeded", "failed", "pending"] {
          #expect(
            (use[kind] as? Object)?[outcome] as? Int
              == own.count { Self.text($0, "kind") == kind && Self.text($0, "outcome") == outcome })
        }
      }
      for mfa in ["proven", "absent", "unknown"] {
        #expect(
          (use["human"] as? Object)?["mfa_" + mfa] as? Int
            == own.count { Self.text($0, "mfa") == mfa })
      }
      // What the account did besides in the hours around.
      let hours = Set(try own.map(Self.hour).flatMap { [$0 - 1, $0, $0 + 1] })
      let ids = Set(own.map { Self.text($0, "record_id") })
      let others = try all.filter { row in
        try account(row) == account(use) && !ids.contains(Self.text(row, "record_id"))
          && hours.contains(Self.hour(row))
      }
      let around = try #require(use["around"] as? Object)
      func count(_ kind: String, _ isSuccess: Bool) -> Int {
        others.count {
          Self.text($0, "kind") == kind && (Self.text($0, "outcome") == "succeeded") == isSuccess
        }
      }
      #expect(around["human_succeeded"] as? Int == count("human", true))
      #expect(around["human_failed"] as? Int == count("human", false))
      #expect(around["api_succeeded"] as? Int == count("api", true))
      #expect(around["api_failed"] as? Int == count("api", false))
    }
    for (name, column) in [
      ("address", "source_ip"), ("application", "application"), ("country", "country"),
      ("browser", "browser"), ("platform", "platform"),
    ] {
      let groups = Dictionary(grouping: rows) { Self.text($0, column) }.filter { $0.key != "" }
      let uses = try #require((pivot["values"] as? Object)?[name] as? [Object])
      #expect(uses.count == groups.count)
      for use in uses {
        let own = groups[Self.text(use, "value")] ?? []
        #expect(use["rows"] as? Int == own.count)
        #expect(use["accounts"] as? Int == Set(own.map(account)).count)
      }
    }
  }

  @Test func findingsAreThoseThatRestOnItsRows() throws {
    let folder = try TestFolder()
    let path = folder.path("r.jsonl")
    let scan = ["scan", Self.exports, "--now", "2026-09-01", "-o", "jsonl:" + path]
    #expect(try Program.run("postern", scan).code == 0)
    let data = try Data(contentsOf: URL(filePath: path))
    let found = try Results(.init(code: 0, output: data, errors: "")).of("finding")
    let value = "203.0.113.238"
    let (pivot, _) = try Self.pivot(["address", value, Self.exports, "--now", "2026-09-01"])
    var listed: [String: Int] = [:]
    for finding in try #require(pivot["findings"] as? [Object]) {
      listed[Self.text(finding, "finding_id")] = finding["rows"] as? Int
    }
    #expect(listed.count > 2)
    // Evidence is whole where it is not cut.
    for finding in found {
      let evidence = finding["evidence"] as? [Object] ?? []
      guard finding["evidence_total"] as? Int == evidence.count else { continue }
      let count = evidence.count { Self.text($0, "source_ip") == value }
      #expect(listed[Self.text(finding, "finding_id")] ?? 0 == count)
    }
  }

  @Test func copiesAreNoNeighboursAndNoHours() throws {
    let folder = try TestFolder()
    func time(_ hour: Int) -> String { "2026-08-03T\(hour < 10 ? "0" : "")\(hour):00:00.000Z" }
    let rows = (1...6).map { number in
      Exports.Login(
        id: Exports.loginID(number), time: time(3 * number), type: "Other Apex API",
        address: number == 1 ? "192.0.2.77" : "192.0.2.10")
    }
    try folder.write("a.csv", Exports.logins(rows))
    try folder.write("b.csv", Exports.logins(rows.reversed()))
    let (pivot, results) = try Self.pivot(["address", "192.0.2.77", folder.path])
    #expect(results.code == 0)
    let use = try #require((pivot["accounts"] as? [Object])?.first)
    #expect((use["around"] as? Object)?["api_succeeded"] as? Int == 0)
    let (wide, _) = try Self.pivot(["address", "192.0.2.77", folder.path, "--hours", "3"])
    let wideUse = try #require((wide["accounts"] as? [Object])?.first)
    #expect((wideUse["around"] as? Object)?["api_succeeded"] as? Int == 1)
  }

  @Test func theReportDoesNotDependOnThreads() throws {
    let one = try Self.pivot(["network", "203.0.113.0/24", Self.exports, "--threads", "1"]).1
    let many = try Self.pivot(["network", "203.0.113.0/24", Self.exports, "--threads", "4"]).1
    #expect(one.lines == many.lines && one.lines.count == 1)
  }

  @Test func rowsThatWorkersShareAddUpWhateverTheirNumber() throws {
    let folder = try TestFolder()
    let exports = Program.samples + "/incident"
    // Indicators with dates, so that rows count one by one.
    let config = try folder.write(
      "c.yaml", "indicators:\n  - {file: \(exports)/notice.txt}\n")
    let options = ["--config", config, "--now", "2026-09-01"]
    for (field, value) in [("application", "*"), ("application", "Klue*"), ("country", "NO")] {
      var outputs: Set<[String]> = []
      for threads in ["1", "2", "3", "8"] {
        let (_, results) = try Self.pivot(
          [field, value, exports, "--threads", threads] + options)
        #expect(results.code == 0 && results.lines.count == 1, "\(results.errors)")
        outputs.insert(results.lines)
      }
      #expect(outputs.count == 1, "\(value)")
    }
    let (pivot, _) = try Self.pivot(["application", "Klue*", exports] + options)
    let findings = try #require(pivot["findings"] as? [Object])
    #expect(findings.count { Self.text($0, "rule") == "PST-API-011" } > 2)
    for finding in findings {
      let id = Self.text(finding, "finding_id")
      let rows = try Results(
        try Program.run(
          "postern",
          ["events", exports, "--finding", id, "--application", "Klue*", "-o", "jsonl"] + options))
      #expect(rows.records.count == finding["rows"] as? Int, "\(id)")
    }
  }

  @Test(arguments: [
    ("payroll.courier.3@example.org", "parcel.courier.0@example.org: 1 API login\n"),
    ("svc.stock.1@example.com", "90 API logins from there, perhaps in other hours\n"),
  ])
  func aUserIsShownWithThoseWhoCameFromTheSameAddresses(user: String, line: String) throws {
    let exports = Program.samples + "/incident"
    let (pivot, results) = try Self.pivot(["user", user, exports])
    try SchemaTests.check(results)
    let all = try Results(try Program.run("postern", ["events", exports, "-o", "jsonl"])).records
    func name(_ row: Object) -> String { Self.text(row["account"] as? Object ?? [:], "username") }
    let own = Dictionary(grouping: all.filter { name($0) == user }) { Self.text($0, "source_ip") }
    let shared = try #require(pivot["neighbours"] as? [Object])
    #expect(Set(shared.map { Self.text($0, "address") }) == Set(own.keys))
    var found = 0
    for entry in shared {
      let address = Self.text(entry, "address")
      let rows = try #require(own[address])
      #expect(entry["rows"] as? Int == rows.count)
      let hours = Set(try rows.map(Self.hour).flatMap { [$0 - 1, $0, $0 + 1] })
      let there = all.filter { name($0) != user && Self.text($0, "source_ip") == address }
      let inHours = try there.filter { hours.contains(try Self.hour($0)) }
      let listed = try #require(entry["accounts"] as? [Object])
      let names = listed.map { Self.text($0["account"] as? Object ?? [:], "username") }
      #expect(Set(names).isSuperset(of: inHours.map(name)))
      for (account, name) in zip(listed, names) {
        found += 1
        func count(_ rows: [Object], _ kind: String, _ isSuccess: Bool) -> Int {
          rows.count {
            Self.text($0["account"] as? Object ?? [:], "username") == name
              && Self.text($0, "kind") == kind
              && (Self.text($0, "outcome") == "succeeded") == isSuccess
          }
        }
        #expect(account["human_succeeded"] as? Int == count(inHours, "human", true))
        #expect(account["human_failed"] as? Int == count(inHours, "human", false))
        #expect(account["api_failed"] as? Int == count(inHours, "api", false))
        #expect(account["api_succeeded_ever"] as? Int == count(there, "api", true))
        // Where the hours of single logins are not kept, nothing is claimed.
        let known = account["api_succeeded"] as? Int
        #expect(known == nil || known == count(inHours, "api", true), "\(name) \(address)")
      }
    }
    #expect(found > 0)
    let text = try Program.run("postern", ["pivot", "user", user, exports]).text
    #expect(text.contains("Who else came from the same addresses"))
    #expect(text.contains(line))
  }

  @Test func whatCannotBeLookedAtIsSaidFirst() throws {
    let unknown = try Program.run("postern", ["pivot", "country", "XX", Self.exports])
    #expect(unknown.code == 2 && unknown.text.hasPrefix("Incomplete"))
    #expect(unknown.text.contains("names the country XX") && unknown.text.contains("none of 4,300"))
    let folder = try TestFolder()
    try folder.write("a.csv", Exports.logins([Exports.Login(country: "DE")]))
    try folder.write(
      "b.csv",
      Exports.logins([Exports.Login(id: Exports.loginID(2))])
        .replacingOccurrences(of: "CountryIso", with: "Other"))
    let (pivot, results) = try Self.pivot(["country", "DE", folder.path])
    #expect(results.code == 2 && pivot["complete"] as? Bool == false)
    #expect(results.errors.contains("1 of 2 login files has no column CountryIso"))
    // What came with a value cannot be told by files that lack the column, and is not "none".
    let address = try Self.pivot(["address", "192.0.2.10", folder.path]).0
    #expect(
      (address["values_not_told"] as? Object)?["country"] as? String
        == "1 of 2 login files has no column CountryIso")
    let text = try Program.run("postern", ["pivot", "address", "192.0.2.10", folder.path])
    #expect(text.text.contains("DE 1; 1 of 2 login files has no column CountryIso"))
    for arguments in [
      ["colour", "red"], ["address", "nowhere"], ["address", "1.2.3.4", "--hours", "-1"],
    ] {
      let outcome = try Program.run("postern", ["pivot"] + arguments + [Self.exports])
      #expect(outcome.code == 64 && outcome.output.isEmpty, "\(arguments)")
    }
  }

  @Test func foreignTextIsHarmlessInTextAndPage() throws {
    let folder = try TestFolder()
    try folder.write(
      "l.csv",
      Exports.logins([Exports.Login(application: "<script>alert(1)</script>\u{1B}[31m")]))
    let text = try Program.run("postern", ["pivot", "address", "192.0.2.10", folder.path])
    #expect(text.code == 0 && !text.text.contains("\u{1B}"))
    #expect(text.text.contains("<script>"))
    let page = try Program.run(
      "postern", ["pivot", "address", "192.0.2.10", folder.path, "-o", "html"])
    #expect(page.text.hasPrefix("<!DOCTYPE html>") && !page.text.contains("<script>alert"))
    #expect(page.text.contains("&lt;script&gt;alert(1)") && !page.text.contains("\u{1B}"))
  }

  @Test func namesThatOnlyUnicodeTakesForOneAreTwo() throws {
    let folder = try TestFolder()
    // One scalar, and two that stand for it.
    let twins = ["Caf\u{E9}", "Cafe\u{301}"]
    try folder.write(
      "l.csv",
      Exports.logins(
        (0..<12).map { index in
          Exports.Login(
            time: "2026-08-03T10:\(10 + index):00.000Z", status: index < 6 ? "Success" : "Failed",
            application: twins[index % 2])
        }))
    for threads in ["1", "2", "8"] {
      let outcome = try Program.run(
        "postern",
        ["pivot", "address", "192.0.2.10", folder.path, "--threads", threads, "-o", "jsonl"])
      #expect(outcome.text.utf8.count > 100)
      for twin in twins {
        let name = Array("\"value\":\"\(twin)\"".utf8)
        let places = outcome.output.indices.filter {
          outcome.output[$0...].starts(with: name)
        }
        #expect(places.count == 1, "\(threads) threads")
      }
    }
  }
}
