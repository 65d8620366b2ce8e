import Foundation
import TestSupport
import Testing

/// Event logs of pages beside logins: what the program makes of them as files.
@Suite struct PageLogTests {
  private typealias Login = Exports.Login

  private static let users = Exports.users([RuleScan.robot])

  /// Logs of pages with the columns that all of them begin with.
  private static func pages(_ times: [String], event: String = "URI") -> String {
    "EVENT_TYPE,TIMESTAMP,REQUEST_ID,ORGANIZATION_ID,USER_ID,RUN_TIME,CPU_TIME,URI,SESSION_KEY,"
      + "LOGIN_KEY,USER_TYPE,REQUEST_STATUS,DB_TOTAL_TIME,TIMESTAMP_DERIVED,USER_ID_DERIVED,CLIENT_IP,"
      + "URI_ID_DERIVED\n"
      + times.map { time in
        "\(event),20260810100000.000,r,00D000000000001,\(Exports.one.prefix(15)),1,1,/home/home.jsp,,,"
          + "Standard,S,1,\(time),\(Exports.one),198.51.100.7,\n"
      }.joined()
  }

  /// API logins on all days, and a person's login on the given ones.
  private static func logins(people: [Int] = []) -> [Login] {
    (1...20).map { RuleScan.api(RuleScan.time(day: $0)) }
      + people.map { Login(time: RuleScan.time(day: $0, "09:00:00")) }
  }

  @Test(arguments: ["URI", "AuraRequest", "LightningPageView"])
  func aLogIsKnownByItsFirstRow(event: String) throws {
    let found = try RuleScan.run(
      Self.logins(), users: Self.users,
      files: ["p.csv": Self.pages([RuleScan.time(day: 10)], event: event)])
    #expect(found.judged("INT-013") == ["high fail medium"])
    let kinds = (found.run["inputs"] as? [Results.Object] ?? []).compactMap {
      $0["kind"] as? String
    }
    #expect(kinds.contains("EventLogFile:" + event))
    let evidence = found.evidence("INT-013")
    #expect(evidence.map { $0["line"] as? Int } == [2])
    #expect((evidence.first?["file"] as? String)?.hasSuffix("p.csv") == true)
  }

  @Test func withoutSuchALogTheRuleNamesWhatItNeeds() throws {
    let results = try RuleScan.run(Self.logins(), users: Self.users)
    #expect(results.state("INT-013") == "not_run")
    let rule = (results.end["rules"] as? [Results.Object])?.first {
      $0["id"] as? String == "PST-INT-013"
    }
    #expect(rule?["missing"] as? [String] == ["event log URI, AuraRequest or LightningPageView"])
  }

  @Test func aLoginJustOutsideTheWindowExplainsPagesInside() throws {
    func scan(people: [Int]) throws -> Results {
      try RuleScan.run(
        Self.logins(people: people), users: Self.users,
        files: ["p.csv": Self.pages([RuleScan.time(day: 10, "03:00:00")])],
        arguments: ["--since", "2026-08-10"])
    }
    #expect(try scan(people: [9]).judged("INT-013").isEmpty)
    // Nor does it where the account has no row inside.
    let others = (1...20).map { RuleScan.api(RuleScan.time(day: $0)) { $0.user = Exports.two } }
    let quiet = try RuleScan.run(
      others + [Login(time: RuleScan.time(day: 9, "09:00:00"))], users: Self.users,
      files: ["p.csv": Self.pages([RuleScan.time(day: 10, "03:00:00")])],
      arguments: ["--since", "2026-08-10"])
    #expect(quiet.judged("INT-013").isEmpty && quiet.state("INT-013") == "none")
    #expect(try scan(people: [8]).judged("INT-013") == ["high fail medium"])
  }

  @Test func ledgersKeepPagesAndRegistrations() throws {
    let folder = try TestFolder()
    // Somebody from elsewhere registers a method, and pages are opened days later.
    var logins = Self.logins(people: [1])
    logins.append(Login(time: RuleScan.time(day: 18, "21:00:00"), address: "203.0.113.9"))
    try folder.write("l.csv", Exports.logins(logins))
    try folder.write("u.csv", Self.users)
    try folder.write("p.csv", Self.pages([RuleScan.time(day: 10), RuleScan.time(day: 11)]))
    try folder.write(
      "v.csv",
      Exports.verifications([
        ",\(Exports.one),\(RuleScan.time(day: 18, "22:00:00")),203.0.113.9,"
          + "TwoFactorAuthentication,ConnectTotp,Totp,Succeeded"
      ]))
    let all = ["l.csv", "u.csv", "p.csv", "v.csv"].map(folder.path)
    let whole = try Program.scan(all)
    #expect(whole.judged("INT-013") == ["high fail medium"])
    #expect(whole.judged("ACC-008") == ["high fail high"])
    for kept in [["p.csv", "v.csv"], ["l.csv", "u.csv"]] {
      let path = folder.path("\(kept[0]).ledger")
      _ = try Program.scan(kept.map(folder.path) + ["--ledger", path])
      let rest = all.filter { file in !kept.contains { file.hasSuffix($0) } }
      let parts = try Program.scan([path] + rest)
      for rule in ["INT-013", "ACC-008"] {
        let (one, other) = (whole.findings(rule), parts.findings(rule))
        #expect(NSArray(array: one) == NSArray(array: other), "\(kept): \(other)")
      }
    }
  }
}
