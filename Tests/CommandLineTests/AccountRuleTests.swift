import Foundation
import TestSupport
import Testing

/// PST-ACC-003 to 005, PST-ORG-001 and PST-DATA-001.
@Suite struct AccountRuleTests {
  private typealias Login = Exports.Login

  private func failures(
    _ count: Int, _ clock: String = "10:00:00", status: String = "Invalid password"
  ) -> [Login] {
    (0..<count).map { _ in Login(time: RuleScan.time(day: 3, clock), status: status) }
  }

  /// PST-ACC-001: an account that a dated snapshot calls inactive, and that logs in all the same.
  @Test func successesSinceADatedSnapshotSaysInactiveAreFound() throws {
    func off(_ name: String) -> [String: String] {
      [name: Exports.users([RuleScan.person], isActive: false)]
    }
    let human = Login(time: RuleScan.time(day: 10))
    let api = RuleScan.api(RuleScan.time(day: 11))
    let dated = try RuleScan.run([human, api, api], files: off("User-2026-08-05.csv"))
    #expect(dated.judged("ACC-001") == ["low fail high"])
    #expect(dated.count("ACC-001", "attempts") == 3)
    #expect(dated.count("ACC-001", "succeeded") == 3)
    let alone = try RuleScan.run([api], files: off("User-2026-08-05.csv"))
    #expect(alone.count("ACC-001", "succeeded") == 1)
    let failed = RuleScan.api(RuleScan.time(day: 11)) { $0.status = "Invalid password" }
    let mixed = try RuleScan.run([api, failed], files: off("User-2026-08-05.csv"))
    #expect(mixed.count("ACC-001", "attempts") == 2 && mixed.count("ACC-001", "succeeded") == 1)
    // Before the snapshot, of a snapshot without a date, and when a newer one says otherwise.
    #expect(
      try RuleScan.run([human, api], files: off("User-2026-08-12.csv")).judged("ACC-001").isEmpty)
    #expect(try RuleScan.run([human, api], files: off("User.csv")).judged("ACC-001").isEmpty)
    let back = off("User-2026-08-05.csv").merging(
      ["User-2026-08-09.csv": Exports.users([RuleScan.person])]) { first, _ in first }
    #expect(try RuleScan.run([human, api], files: back).judged("ACC-001").isEmpty)
  }

  /// Salesforce lets no inactive user in: the snapshot is what is out of date.
  @Test func anOldSnapshotAccusesWithLessConfidence() throws {
    let file = ["User-2026-08-05.csv": Exports.users([RuleScan.person], isActive: false)]
    let late = try RuleScan.run([Login(time: RuleScan.time(day: 36))], files: file)
    #expect(late.judged("ACC-001") == ["low fail medium"])
    #expect(late.words("ACC-001").contains("snapshot of 2026-08-05 is 31 days older"))
    #expect(late.words("ACC-001").contains("1 succeeded"))
    // What the newest of several says counts, since whenever they say it.
    let often = [5, 12, 20].map { day in
      (
        String(format: "User-2026-08-%02d.csv", day),
        Exports.users([RuleScan.person], isActive: false)
      )
    }
    let several = try RuleScan.run(
      [Login(time: RuleScan.time(day: 36))], files: Dictionary(uniqueKeysWithValues: often))
    #expect(several.judged("ACC-001") == ["low fail high"])
    let soon = try RuleScan.run([Login(time: RuleScan.time(day: 34))], files: file)
    #expect(soon.judged("ACC-001") == ["low fail high"])
    #expect(!soon.words("ACC-001").contains("older than"))
    // What the rows say themselves needs no snapshot.
    let told = try RuleScan.run(
      [Login(time: RuleScan.time(day: 36), status: "User is inactive")], files: file)
    #expect(told.judged("ACC-001") == ["low fail high"])
    #expect(!told.words("ACC-001").contains("succeeded, which"))
  }

  @Test func aSetupDownloadNamesItsIntegrationAccountsByWord() throws {
    func accountClass(_ name: String, _ people: Int) throws -> String? {
      let head = "Username,Login Time,Login Type,Status,Source IP,Application\n"
      let api = "\(name),2026-08-03T10:00:00.000Z,Other Apex API,Success,192.0.2.1,ETL\n"
      let human = "\(name),2026-08-03T10:00:00.000Z,Application,Success,192.0.2.1,Browser\n"
      let rows =
        String(repeating: api, count: 8) + String(repeating: human, count: people)
      let results = try RuleScan.run([], files: ["l.csv": head + rows])
      let account = results.accounts.first?["account"] as? Results.Object
      return account.map { "\($0["class"] ?? "") \($0["class_confidence"] ?? "")" }
    }
    #expect(try accountClass("svc.loader@example.com", 2) == "integration medium")
    #expect(try accountClass("svc.loader@example.com", 3) == "unknown low")
    #expect(try accountClass("ada@svc.example.com", 0) == "unknown low")
  }

  @Test func tenPasswordFailuresInTheTwentyMinutesBeforeASuccessAreFound() throws {
    let success = Login(time: RuleScan.time(day: 3, "10:19:59"))
    let found = try RuleScan.run(failures(10) + [success])
    #expect(found.judged("ACC-003") == ["high fail high"])
    #expect(found.count("ACC-003", "most_failures_before_success") == 10)
    #expect(found.findings("ACC-003").first?["evidence_total"] as? Int == 11)
    #expect(try RuleScan.run(failures(9) + [success]).judged("ACC-003").isEmpty)
    let late = Login(time: RuleScan.time(day: 3, "10:20:00"))
    #expect(try RuleScan.run(failures(10) + [late]).judged("ACC-003").isEmpty)
    #expect(try RuleScan.run(failures(10)).judged("ACC-003").isEmpty)
    let before = Login(time: RuleScan.time(day: 3, "09:59:59"))
    #expect(try RuleScan.run(failures(10) + [before]).judged("ACC-003").isEmpty)
    let locked = failures(9) + failures(1, status: "Password lockout") + [success]
    #expect(try RuleScan.run(locked).judged("ACC-003").count == 1)
    let other = failures(10, status: "Restricted IP") + [success]
    #expect(try RuleScan.run(other).judged("ACC-003").isEmpty)
  }

  @Test func aSuccessThroughTheAPICountsAsWell() throws {
    let success = RuleScan.api(RuleScan.time(day: 3, "10:05:00"))
    #expect(try RuleScan.run(failures(10) + [success]).judged("ACC-003") == ["high fail high"])
    let refused = RuleScan.api(RuleScan.time(day: 3, "10:05:00")) { $0.status = "Restricted IP" }
    #expect(try RuleScan.run(failures(10) + [refused]).judged("ACC-003").isEmpty)
  }

  @Test func humanLoginsFromTwoCountriesInThirtyMinutesAreFound() throws {
    func login(_ clock: String, _ country: String) -> Login {
      var login = Login(time: RuleScan.time(day: 3, clock))
      login.country = country
      return login
    }
    let found = try RuleScan.run([login("10:00:00", "DE"), login("10:29:59", "BR")])
    #expect(found.judged("ACC-004") == ["medium fail high"])
    #expect(found.words("ACC-004").contains("BR, DE"))
    let late = try RuleScan.run([login("10:00:00", "DE"), login("10:30:00", "BR")])
    #expect(late.judged("ACC-004").isEmpty)
    let one = try RuleScan.run([login("10:00:00", "DE"), login("10:01:00", "DE")])
    #expect(one.judged("ACC-004").isEmpty)
    let blank = try RuleScan.run([login("10:00:00", "DE"), login("10:01:00", "")])
    #expect(blank.judged("ACC-004").isEmpty)
    for word in ["Unknown", "ZZ", "XX", "EU", "AP", "A1", "Not Available"] {
      let none = try RuleScan.run([login("10:00:00", "DE"), login("10:01:00", word)])
      #expect(none.judged("ACC-004").isEmpty, "\(word)")
    }
    for (code, name) in [("TR", "Türkiye"), ("CG", "Republic of the Congo"), ("XK", "Kosovo")] {
      let same = try RuleScan.run([login("10:00:00", code), login("10:01:00", name)])
      #expect(same.judged("ACC-004").isEmpty, "\(name)")
      let other = try RuleScan.run([login("10:00:00", "DE"), login("10:01:00", name)])
      #expect(other.judged("ACC-004") == ["medium fail high"], "\(name)")
    }
    let api = try RuleScan.run([
      login("10:00:00", "DE"), RuleScan.api(RuleScan.time(day: 3)) { $0.country = "BR" },
    ])
    #expect(api.judged("ACC-004").isEmpty)
  }

  @Test func everyUseOfABreakGlassAccountIsListed() throws {
    let uses = (0..<30).map { index in
      Login(time: RuleScan.time(day: 3, String(format: "10:%02d:00", index)))
    }
    let config = "break_glass_accounts: [ada@example.com]\n"
    let users = Exports.users([RuleScan.person])
    let found = try RuleScan.run(uses, users: users, config: config)
    #expect(found.judged("ACC-005") == ["medium fail high"])
    #expect(found.evidence("ACC-005").count == 30)
    let other = try RuleScan.run(
      [Login(user: Exports.two)], users: users, config: config)
    #expect(other.findings("ACC-005").isEmpty && other.state("ACC-005") == "none")
    #expect(try RuleScan.run(uses, users: users).state("ACC-005") == "not_run")
  }

  @Test func otherFindingsKeepTwentyRowsAndTellTheTotal() throws {
    let logins = (0..<50).map { index in
      Login(
        time: RuleScan.time(day: 3, String(format: "10:%02d:00", index)),
        address: index == 31 ? "203.0.113.9" : "192.0.2.10")
    }
    let found = try RuleScan.run(
      logins + [RuleScan.other], users: Exports.users([RuleScan.person]),
      verifications: RuleScan.covered)
    let rows = found.evidence("MFA-003")
    #expect(rows.count == 20)
    #expect(found.findings("MFA-003", of: Exports.one).first?["evidence_total"] as? Int == 50)
    #expect(rows.first?["time"] as? String == RuleScan.time(day: 3, "10:00:00"))
    #expect(rows.last?["time"] as? String == RuleScan.time(day: 3, "10:49:00"))
    #expect(rows.contains { $0["source_ip"] as? String == "203.0.113.9" })
  }

  @Test func wrongPasswordsOfSixteenAccountsFromOneAddressAreASpray() throws {
    func spray(_ accounts: Int, minutes: Int = 5, address: String = "203.0.113.66") -> [Login] {
      (0..<accounts).map { index in
        Login(
          user: "005Hn00000001" + String(format: "%02dIAA", index),
          time: RuleScan.time(day: 3, String(format: "10:%02d:30", index % minutes)),
          status: "Invalid password", address: address)
      }
    }
    let found = try RuleScan.run(spray(16))
    #expect(found.judged("ORG-001", of: nil) == ["high fail high"])
    #expect(found.discriminators("ORG-001") == ["address=203.0.113.66"])
    #expect(found.count("ORG-001", "accounts", of: nil) == 16)
    #expect(found.evidence("ORG-001", of: nil).count == 16)
    #expect(try RuleScan.run(spray(15)).findings("ORG-001").isEmpty)
    #expect(try RuleScan.run(spray(16, minutes: 6)).findings("ORG-001").isEmpty)
    #expect(try RuleScan.run(spray(16, address: "Salesforce.com IP")).findings("ORG-001").isEmpty)
    let trusted = try RuleScan.run(spray(16), config: "trusted_networks: [203.0.113.0/24]\n")
    #expect(trusted.judged("ORG-001", of: nil) == ["medium fail high"])
    let listed = try RuleScan.run(spray(16), config: "indicators: [203.0.113.66]\n")
    #expect(listed.judged("ORG-001", of: nil) == ["critical fail high"])
  }

  @Test func hoursWithoutRowsInABusyOrgAreAGap() throws {
    func day(_ day: Int, from start: Int = 0) -> [Login] {
      (start..<24).map { RuleScan.api(RuleScan.time(day: day, String(format: "%02d:00:00", $0))) }
    }
    let whole = (1...8).flatMap { day($0) }
    #expect(try RuleScan.run(whole).findings("DATA-001").isEmpty)
    let found = try RuleScan.run((1...7).flatMap { day($0) } + day(8, from: 6))
    #expect(found.judged("DATA-001", of: nil) == ["info info high"])
    #expect(found.count("DATA-001", "hours", of: nil) == 6)
    let short = try RuleScan.run((1...7).flatMap { day($0) } + day(8, from: 5))
    #expect(short.findings("DATA-001").isEmpty)
    let wide = try RuleScan.run(
      (1...7).flatMap { day($0) } + day(8, from: 6), config: "thresholds: {gap_hours: 7}\n")
    #expect(wide.findings("DATA-001").isEmpty)
  }

  @Test func gapsAreMeasuredInMinutesAndNotInHoursOfTheClock() throws {
    // Rows each half hour but for those strictly between two of the fifth day.
    func rows(_ last: String, _ next: String) -> [Login] {
      (1...10).flatMap { day in
        (0..<48).compactMap { half -> Login? in
          let clock = String(format: "%02d:%02d:00", half / 2, half % 2 * 30 + 5)
          if day == 5, clock > last, clock < next { return nil }
          return RuleScan.api(RuleScan.time(day: day, clock))
        } + (day == 5 ? [RuleScan.api(RuleScan.time(day: 5, next))] : [])
      }
    }
    let found = try RuleScan.run(rows("01:35:00", "07:36:00"))
    #expect(found.discriminators("DATA-001") == ["from=2026-08-05T01:36:00.000Z"])
    #expect(
      found.findings("DATA-001").first?["last_seen"] as? String == "2026-08-05T07:36:00.000Z")
    #expect(try RuleScan.run(rows("01:35:00", "07:35:59")).findings("DATA-001").isEmpty)
  }

  @Test func aGapIsOneOnlyWhereHalfOfTheDaysHaveRowsAtItsTime() throws {
    // Nights are empty but for one row of some days, which lies in the gap or just before it.
    func found(_ clock: String, _ days: Int) throws -> Int {
      let rows = (1...10).flatMap { day in
        ["00:10:00", "08:20:00", "15:00:00", "21:00:00"].map {
          RuleScan.api(RuleScan.time(day: day, $0))
        } + (day > 10 - days ? [RuleScan.api(RuleScan.time(day: day, clock))] : [])
      }
      return try RuleScan.run(rows).discriminators("DATA-001").count {
        $0.hasSuffix("T00:11:00.000Z")
      }
    }
    #expect(try found("04:00:00", 5) == 5)
    #expect(try found("04:00:00", 4) == 0)
    #expect(try found("00:11:00", 5) == 5)
    #expect(try found("08:19:00", 5) == 5)
    #expect(try found("00:10:30", 5) == 0)
  }
}
