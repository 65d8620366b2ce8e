import Foundation
import TestSupport
import Testing

/// docs/judgement.md: what a row is, who an account is, and what is not known.
@Suite struct JudgementTests {
  private typealias Login = Exports.Login

  // MARK: Rows with one Id

  @Test(
    arguments: [
      { (login: inout Exports.Login) in login.time = "2026-08-03T11:00:00.000Z" },
      { $0.user = Exports.two }, { $0.type = "Partner Product" },
      { $0.status = "Invalid password" },
      { $0.address = "198.51.100.7" },
    ] as [@Sendable (inout Exports.Login) -> Void])
  func rowsThatContradictEachOtherAllCount(change: @Sendable (inout Exports.Login) -> Void) throws {
    let login = Login(id: Exports.loginID(1), type: "Other Apex API")
    var other = login
    change(&other)
    var logins = [login, other, login, other]
    for _ in 0..<2 {
      let results = try RuleScan.run(logins)
      #expect(results.rows["analysed"] == 2)
      #expect(results.rows["duplicate"] == 2)
      #expect(results.count("DATA-007", "rows", of: nil) == 2)
      #expect(results.judged("DATA-007", of: nil) == ["medium fail high"])
      logins.reverse()
    }
  }

  @Test func aCopyIsNoContradiction() throws {
    let login = Login(id: Exports.loginID(1))
    var other = login
    other.browser = "Safari 17"
    let results = try RuleScan.run([login, other])
    #expect(results.rows["duplicate"] == 1)
    #expect(results.findings("DATA-007").isEmpty)
  }

  // MARK: The window

  @Test func aWindowDoesNotChangeWhoAnAccountIs() throws {
    let month = (1...120).map { number in
      RuleScan.api(RuleScan.time(day: 1 + number / 10, "10:\(10 + number % 10):00"))
    }
    let late = Login(time: RuleScan.time(day: 25))
    let users = Exports.users([(Exports.one, "Nightly ETL", "Standard User", [])])
    let whole = try RuleScan.run(month + [late], users: users)
    let part = try RuleScan.run(
      month + [late], users: users, arguments: ["--since", "2026-08-20"])
    for results in [whole, part] {
      let account = results.accounts.first
      let reference = account?["account"] as? Results.Object
      #expect(reference?["class"] as? String == "integration")
      #expect(account?["first_login"] as? String == RuleScan.time(day: 1, "10:11:00"))
    }
    #expect(part.rows["analysed"] == 1)
    #expect(part.rows["filtered"] == 120)
  }

  @Test func aNetworkOfBeforeTheWindowIsNotNew() throws {
    let logins = [1, 2, 20, 21].map { day in
      RuleScan.api(RuleScan.time(day: day)) { $0.address = "203.0.113.9" }
    }
    let old = RuleScan.api(RuleScan.time(day: 3)) { $0.address = "192.0.2.1" }
    let again = RuleScan.api(RuleScan.time(day: 21)) { $0.address = "192.0.2.1" }
    let results = try RuleScan.run(
      logins + [old, again], arguments: ["--since", "2026-08-04"])
    #expect(results.findings("API-006").isEmpty)
    #expect(
      try !RuleScan.run(logins + [again]).findings("API-006").isEmpty)
  }

  // MARK: Classes

  private func accountClass(
    _ logins: [Exports.Login], name: String, profile: String = "Standard User",
    username: String? = nil, contact: String? = nil
  ) throws -> String? {
    var users = Exports.users([(Exports.one, name, profile, [])])
    if let username {
      users = users.replacing("\(name.lowercased())@example.com", with: username)
    }
    if let contact {
      users = users.replacing("Username,", with: "ContactId,Username,")
        .replacing(Exports.one + ",", with: Exports.one + "," + contact + ",")
    }
    let results = try RuleScan.run(logins, users: users)
    return (results.accounts.first?["account"] as? Results.Object)?["class"] as? String
  }

  @Test func aConsentDoesNotMakeAnIntegrationAccountAPersons() throws {
    var consent = Login(type: "Remote Access 2.0", subType: "OAuth Web Server")
    consent.application = "Drift"
    let refreshes = (1...60).map { number in
      RuleScan.api(RuleScan.time(day: 4, "10:\(String(format: "%02d", number % 60)):00")) {
        $0.type = "Remote Access 2.0"
        $0.subType = "OAuth Refresh Token"
        $0.application = "Drift"
      }
    }
    #expect(
      try accountClass([consent] + refreshes, name: "Drift", username: "drift.integration@x.com")
        == "integration")
  }

  @Test func anHourlyApplicationDoesNotMakeAPersonAProgram() throws {
    let people = (1...22).map {
      Login(time: RuleScan.time(day: $0), type: "SAML Sfdc Initiated SSO")
    }
    let hourly = (1...28).flatMap { day in
      (0...23).map { hour in
        RuleScan.api(RuleScan.time(day: day, String(format: "%02d:30:00", hour)))
      }
    }
    #expect(try accountClass(people + hourly, name: "Ann") == "human")
    #expect(try accountClass(Array(people.prefix(2)) + hourly, name: "Ann") == "integration")
  }

  @Test(arguments: [
    ("Customer Service Agent", "human"), ("API Clients", "integration"), ("Sales", "human"),
  ])
  func theProfilesNameMayTell(profile: String, expected: String) throws {
    #expect(try accountClass([.init()], name: "Ann", profile: profile) == expected)
  }

  @Test(arguments: [
    ("033A0000004Xyz@00D200000001db", "system"), ("0331234567@00dxx", "system"),
    ("033123456@00dxx", "human"), ("033a-0000004@00dxx", "human"),
  ])
  func usersOfTheLicenseManagementAppAreSalesforces(username: String, expected: String) throws {
    #expect(try accountClass([.init()], name: "Ann", username: username) == expected)
  }

  @Test(arguments: [
    ("null", "human"), ("000000000000000AAA", "human"), ("", "human"),
    ("003000000000000AAA", "human"), ("003Hn0000000001IAA", "external"),
  ])
  func onlyARealContactMakesAnExternalUser(contact: String, expected: String) throws {
    #expect(try accountClass([.init()], name: "Ann", contact: contact) == expected)
  }

  // MARK: Permissions that are not known

  private static let sets =
    "Id,Label,IsOwnedByProfile,HasActivationRequired,PermissionsModifyAllData,"
    + "PermissionsViewAllData,PermissionsManageUsers,PermissionsCustomizeApplication,"
    + "PermissionsAuthorApex,PermissionsApiUserOnly\n"
    + "0PS000000000001AAA,Plain,false,false,false,false,false,false,false,false\n"
    + "0PS000000000002AAA,Session,false,true,true,true,true,true,true,true\n"

  private func privileges(
    ofSet set: String, users: String? = nil, sets: String = Self.sets
  ) throws -> [String] {
    let users = users ?? Exports.users([(Exports.one, "Connector", "Robots", [])])
    let results = try RuleScan.run(
      [RuleScan.api(RuleScan.time(day: 3))], users: users,
      config: "integration_accounts: [\"connector*\"]\n",
      files: [
        "s.csv": sets,
        "a.csv": "Id,AssigneeId,PermissionSetId,IsActive\n0Pa1,\(Exports.one),\(set),true\n",
      ])
    return results.judged("INT-008").map {
      String($0.prefix { $0 != " " }) + " " + ($0.contains("unknown") ? "unknown" : "fail")
    }
  }

  @Test func anAssignedSetThatNoFileResolvesIsUnknown() throws {
    #expect(try privileges(ofSet: "0PS000000000009AAA") == ["info unknown"])
    #expect(try privileges(ofSet: "0PS000000000001AAA") == [])
  }

  @Test func aSetThatSessionsActivateIsLeftOut() throws {
    #expect(try privileges(ofSet: "0PS000000000002AAA") == [])
    let damaged = Self.sets.replacing("Session,false,true", with: "Session,false,perhaps")
    #expect(try privileges(ofSet: "0PS000000000002AAA", sets: damaged) == ["info unknown"])
  }

  @Test func aValueThatCannotBeReadIsUnknown() throws {
    let users = Exports.users([(Exports.one, "Connector", "Robots", [])])
    let damaged = users.replacing(
      "Robots,false,false,false,false", with: "Robots,false,false,false,maybe")
    #expect(try privileges(ofSet: "0PS000000000001AAA", users: damaged) == ["info unknown"])
  }

  @Test func aUserWhoseRowCannotBeReadIsNotMissing() throws {
    let users = Exports.users([(Exports.one, "Ann", "Sales", [])])
    let damaged = users.replacing("Standard,", with: "Standard,one field more,")
    let results = try RuleScan.run([.init()], users: damaged)
    #expect(results.findings("ACC-002").isEmpty)
    #expect(try !RuleScan.run([.init(user: Exports.two)], users: users).findings("ACC-002").isEmpty)
  }

  // MARK: Snapshots

  @Test func aFrozenUserOfUserLoginIsOff() throws {
    let login = Login(time: RuleScan.time(day: 12))
    let rows = "Id,UserId,IsFrozen,IsPasswordLocked\n0Yw1,\(Exports.one),true,false\n"
    let users = Exports.users([(Exports.one, "Ann", "Sales", [])])
    let frozen = try RuleScan.run([login], users: users, files: ["UserLogin-2026-08-10.csv": rows])
    #expect(frozen.count("ACC-001", "attempts") == 1)
    let later = try RuleScan.run([login], users: users, files: ["UserLogin-2026-08-20.csv": rows])
    #expect(later.findings("ACC-001").isEmpty)
  }

  @Test func aLicenceOfPermissionSetsIsAsGoodAsThePermission() throws {
    let rows =
      "Id,AssigneeId,PermissionSetLicenseId,PermissionSetLicense.DeveloperName\n"
      + "2La1,\(Exports.one),0PL000000000001AAA,SalesforceAPIIntegrationPsl\n"
    let users = Exports.users([(Exports.one, "Ann", "Sales", [])])
    let results = try RuleScan.run([.init()], users: users, files: ["psl.csv": rows])
    let account = results.accounts.first?["account"] as? Results.Object
    #expect(account?["class"] as? String == "integration")
  }

  @Test func aDateMayStandInTheNameOfAFolder() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([.init()]))
    let nested = folder.path + "/dt=2026-08-10"
    try FileManager.default.createDirectory(atPath: nested, withIntermediateDirectories: true)
    try Exports.users([(Exports.one, "Ann", "Sales", [])]).write(
      toFile: nested + "/u.csv", atomically: true, encoding: .utf8)
    let results = try Program.scan([folder.path])
    let dates = (results.run["snapshots"] as? [Results.Object])?.compactMap {
      $0["date"] as? String
    }
    #expect(dates == ["2026-08-10T00:00:00.000Z"])
    for (name, code) in [("u.csv", Int32(0)), ("User.csv", 64)] {
      let outcome = try Program.run(
        "postern", ["scan", folder.path, "--snapshot-time", name + "=2026-08-01", "-o", "jsonl"])
      #expect(outcome.code == code, "\(name)")
    }
  }

  @Test func aNameThatTwoUsersHadIsTheOnesOfItsTime() throws {
    let folder = try TestFolder()
    try folder.write(
      "l.csv",
      "Username,Login Time,Source IP,Login Type,Status,Browser\n"
        + "ann@example.com,2026-08-05T10:00:00.000Z,192.0.2.1,Application,Success,Chrome\n"
        + "ann@example.com,2026-08-25T10:00:00.000Z,192.0.2.1,Application,Success,Chrome\n")
    for (date, user) in [("2026-08-01", Exports.one), ("2026-08-20", Exports.two)] {
      try folder.write("User-\(date).csv", Exports.users([(user, "Ann", "Sales", [])]))
    }
    let accounts = try Program.scan([folder.path]).accounts
    #expect(
      accounts.compactMap { ($0["account"] as? Results.Object)?["id"] as? String }.sorted()
        == [Exports.one, Exports.two])
  }

  @Test func aCountryIsOneWhateverItIsCalled() throws {
    let logins = [("US", "10:00:00"), ("United States", "10:05:00"), ("us", "10:06:00")].map {
      Login(time: RuleScan.time(day: 3, $1), country: $0)
    }
    let results = try RuleScan.run(logins)
    #expect(results.findings("ACC-004").isEmpty)
    let sources = results.accounts.first?["sources"] as? Results.Object
    #expect(sources?["by_country"] as? [String: Int] == ["US": 3])
  }

  // MARK: Logins without a class

  @Test func loginsWithoutTypesMakeARunIncomplete() throws {
    let folder = try TestFolder()
    let rows = Exports.logins([.init()]).split(separator: "\n").map { row in
      var fields = row.split(separator: ",", omittingEmptySubsequences: false)
      fields.remove(at: 3)
      return fields.joined(separator: ",") + "\n"
    }
    try folder.write("l.csv", rows.joined())
    let end = try Program.scan([folder.path]).end
    let reasons = end["incomplete_reasons"] as? [String] ?? []
    #expect(reasons.contains { $0.contains("LoginType") })
    // Nor does an answer about one account or some rows look complete.
    for arguments in [["account", Exports.one, folder.path], ["events", folder.path]] {
      let outcome = try Program.run("postern", arguments)
      #expect(outcome.code == 2 && outcome.errors.contains("column LoginType is missing"))
    }
  }

  @Test func manyLoginsOfUnknownTypesMakeARunIncomplete() throws {
    func reasons(_ unknown: Int) throws -> [String] {
      let logins = (0..<10).map {
        Login(
          time: RuleScan.time(day: 3, "10:0\($0):00"),
          type: $0 < unknown ? "Telepathy" : "Application")
      }
      return try RuleScan.run(logins).end["incomplete_reasons"] as? [String] ?? []
    }
    #expect(try reasons(1).isEmpty)
    #expect(try reasons(2).contains { $0.contains("could not be classed") })
  }

  @Test(arguments: ["type", "status"])
  func aSmallFileOfUnknownWordsIsNamedBesideALargeOne(column: String) throws {
    let known = (0..<40).map {
      Login(id: Exports.loginID(100 + $0), time: RuleScan.time(day: 3, "10:\(10 + $0):00"))
    }
    let unknown = (0..<2).map { number -> Login in
      var login = Login(
        id: Exports.loginID(200 + number), time: RuleScan.time(day: 3, "11:0\(number):00"))
      if column == "type" { login.type = "Telepathy" } else { login.status = "Whatever" }
      return login
    }
    let run = try RuleScan.run(known, files: ["small.csv": Exports.logins(unknown)])
    let reasons = run.end["incomplete_reasons"] as? [String] ?? []
    #expect(reasons.count == 1 && reasons[0].contains("small.csv"), "\(reasons)")
  }

  @Test func aStatusThatNoTableKnowsFeedsNoRuleAboutFailures() throws {
    let logins = (0..<60).map { number in
      RuleScan.api(RuleScan.time(day: 3, String(format: "10:%02d:00", number))) {
        $0.status = "Something else"
      }
    }
    #expect(try RuleScan.run(logins).findings("API-008").isEmpty)
  }
}
