import Foundation
import TestSupport
import Testing

/// PST-API-014 and 015, and what of PST-API-009 concerns device flows.
@Suite struct ApplicationRuleTests {
  private typealias Login = Exports.Login

  private static func login(
    _ user: Int, _ day: Int, _ clock: String = "10:00:00", from address: String = "192.0.2.10",
    application: String = "Vendor/58.0", _ change: (inout Login) -> Void = { _ in }
  ) -> Login {
    RuleScan.api(RuleScan.time(day: day, clock)) {
      $0.user = "005Hn000000000\(user)IAA"
      $0.type = "Remote Access 2.0"
      $0.subType = "OAuth Refresh Token"
      $0.address = address
      $0.application = application
      change(&$0)
    }
  }

  /// An application of some history, on three accounts from a network of its own.
  private static let history = [login(1, 1), login(2, 2), login(3, 3), login(1, 20)]

  // MARK: One application on several accounts

  @Test func threeAccountsOfOneApplicationFromANetworkNewToItAreOneFindingOfTheOrg() throws {
    let stolen = (1...4).map {
      Self.login($0, 25, "0\($0):00:00", from: "203.0.113.\($0)", application: "Vendor/61.0")
    }
    let found = try RuleScan.run(Self.history + stolen)
    #expect(found.judged("API-014", of: nil) == ["high fail high"])
    #expect(found.discriminators("API-014") == ["application=Vendor&network=203.0.113.0/24"])
    #expect(found.count("API-014", "accounts", of: nil) == 4)
    #expect(found.count("API-014", "api_succeeded", of: nil) == 4)
    #expect(found.evidence("API-014", of: nil).count == 4)
    #expect(
      found.words("API-014", of: nil).contains("005Hn0000000004IAA"),
      "\(found.words("API-014", of: nil))")
  }

  @Test(arguments: [
    // Two accounts are too few; a third that is refused does not come in.
    [login(1, 25, from: "203.0.113.1"), login(2, 25, from: "203.0.113.1")],
    [
      login(1, 25, from: "203.0.113.1"), login(2, 25, from: "203.0.113.1"),
      login(3, 25, from: "203.0.113.1") { $0.status = "Invalid password" },
    ],
    // Three within more than a day.
    [
      login(1, 25, "10:00:00", from: "203.0.113.1"), login(2, 26, "10:00:00", from: "203.0.113.1"),
      login(3, 27, "10:00:00", from: "203.0.113.1"),
    ],
    // Three networks, and three applications.
    [
      login(1, 25, from: "203.0.113.1"), login(2, 25, from: "198.51.100.1"),
      login(3, 25, from: "192.0.3.1"),
    ],
    [
      login(1, 25, from: "203.0.113.1", application: "A"),
      login(2, 25, from: "203.0.113.1", application: "B"),
      login(3, 25, from: "203.0.113.1", application: "C"),
    ],
    // A network that it had from the first two weeks on, by a failure at that.
    [
      login(1, 14, from: "203.0.113.9") { $0.status = "Invalid password" },
      login(1, 25, from: "203.0.113.1"), login(2, 25, from: "203.0.113.1"),
      login(3, 25, from: "203.0.113.1"),
    ],
  ]) private func otherShapesAreNone(_ rows: [Exports.Login]) throws {
    #expect(try RuleScan.run(Self.history + rows).findings("API-014").isEmpty)
  }

  @Test func accountsThatMeetOnADayInTheMiddleOfTheirStayAreFound() throws {
    // First and last logins lie more than a day from each other; on day 30 all three came.
    let rows = [
      Self.login(1, 24, from: "203.0.113.1"), Self.login(1, 30, from: "203.0.113.1"),
      Self.login(1, 40, from: "203.0.113.1"), Self.login(2, 26, from: "203.0.113.1"),
      Self.login(2, 30, "23:00:00", from: "203.0.113.1"), Self.login(2, 44, from: "203.0.113.1"),
      Self.login(3, 28, from: "203.0.113.1"), Self.login(3, 30, from: "203.0.113.1"),
      Self.login(3, 48, from: "203.0.113.1"),
    ]
    #expect(try RuleScan.run(Self.history + rows).count("API-014", "accounts", of: nil) == 3)
    let apart = rows.filter { !($0.user.contains("0003") && $0.time.hasPrefix("2026-08-30")) }
    #expect(try RuleScan.run(Self.history + apart).findings("API-014").isEmpty)
  }

  @Test func aClientOfPeopleGivesLittleConfidence() throws {
    func rows(_ day: Int, _ address: String) -> [Login] {
      (1...3).map {
        Self.login($0, day, "0\($0):00:00", from: address, application: "Salesforce for iOS")
      }
    }
    let found = try RuleScan.run(rows(1, "192.0.2.10") + rows(25, "203.0.113.1"))
    #expect(found.judged("API-014", of: nil) == ["high fail low"])
    // Somebody of the org was there before: people move together.
    let known = Self.login(9, 3, from: "203.0.113.77", application: "Nightly")
    let moved = rows(1, "192.0.2.10") + rows(25, "203.0.113.1") + [known]
    #expect(try RuleScan.run(moved).findings("API-014").isEmpty)
    #expect(
      try RuleScan.run(moved, arguments: ["--since", "2026-08-20"]).findings("API-014").isEmpty)
  }

  @Test func aWindowBoundsTheLoginsAndNotTheHistory() throws {
    let stolen = (1...3).map { Self.login($0, 25, "0\($0):00:00", from: "203.0.113.1") }
    let known = [Self.login(3, 5, from: "203.0.113.1")]
    let arguments = ["--since", "2026-08-20"]
    #expect(
      try RuleScan.run(Self.history + stolen, arguments: arguments).findings("API-014").count == 1)
    #expect(
      try RuleScan.run(Self.history + known + stolen, arguments: arguments).findings("API-014")
        .isEmpty)
  }

  @Test func withoutAddressesOrApplicationsItDidNotRun() throws {
    let text =
      "Id,UserId,LoginTime,LoginType,Status\n"
      + "\(Exports.loginID(1)),\(Exports.one),2026-08-01T00:00:00Z,Application,Success\n"
    let found = try RuleScan.run([], files: ["l.csv": text])
    #expect(found.state("API-014") == "not_run" && found.state("API-015") == "not_run")
  }

  // MARK: Files that lack a column

  /// The same rows without a column.
  private static func without(_ column: String, _ rows: [Login]) -> String {
    let lines = Exports.logins(rows).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let position = lines[0].firstIndex { $0 == column } ?? 0
    return lines.map { line in
      (line[..<position] + line[(position + 1)...]).joined(separator: ",") + "\n"
    }.joined()
  }

  /// Scans rows of which the earlier lie in a file without a column, as they do in real folders.
  private static func scan(_ rows: [Login], without column: String, until day: Int) throws
    -> Results
  {
    let numbered = rows.enumerated().map { number, login in
      var login = login
      login.id = Exports.loginID(number + 1)
      return login
    }
    let border = RuleScan.time(day: day, "00:00:00")
    return try RuleScan.run(
      [],
      files: [
        "early.csv": without(column, numbered.filter { $0.time < border }),
        "late.csv": Exports.logins(numbered.filter { $0.time >= border }),
      ])
  }

  @Test func whatAFileWithoutTheColumnHidIsNotNewBehindIt() throws {
    let rows = (1...40).map { Self.login(1, $0) } + [Self.login(2, 30), Self.login(3, 30)]
    // Behind day 20 the application, its network and its consent look new.
    for column in ["Application", "SourceIp"] {
      let mixed = try Self.scan(rows, without: column, until: 20)
      for rule in ["API-006", "API-007", "API-009", "API-014"] {
        #expect(mixed.findings(rule).isEmpty, "\(column): \(rule)")
      }
      #expect(mixed.discriminators("DATA-002").contains("LoginHistory"))
      #expect(
        mixed.words("DATA-002", of: nil).contains("1 of 2 files without the column")
          || mixed.findings("DATA-002").contains { "\($0)".contains("1 of 2 files without") })
    }
    // Fourteen days behind the last such row things are new again.
    let late = rows + [Self.login(1, 45, application: "Stranger")]
    #expect(
      try Self.scan(late, without: "Application", until: 20).discriminators("API-007")
        == ["application=Stranger"])
  }

  @Test func anApplicationIsNotAsleepInAFileWithoutTheColumn() throws {
    let days = Self.orgDays(1...80) + [Self.login(1, 1), Self.login(1, 79)]
    #expect(try RuleScan.run(days).findings("API-015").count == 1)
    let mixed = try Self.scan(days, without: "Application", until: 70)
    #expect(mixed.findings("API-015").isEmpty)
  }

  @Test func rowsWithoutASubTypeAreNoDeviceFlowWhereTheColumnIsMissing() throws {
    let users = Exports.users([RuleScan.person])
    let rows = [Self.login(2, 1), Self.device("10:00:00"), Self.device("12:00:00")]
    let text = Self.without("LoginSubType", rows)
    let other = Exports.logins([Self.login(2, 40) { $0.id = Exports.loginID(900) }])
    let found = try RuleScan.run([], users: users, files: ["a.csv": text, "b.csv": other])
    #expect(found.findings("API-009").isEmpty)
  }

  @Test func theFirstScreenSaysWhatLoginsLack() throws {
    let folder = try TestFolder()
    let rows = (1...3).map { Self.login(1, $0) }
    try folder.write("l.csv", Self.without("Application", rows))
    let whole = try Program.run("postern", ["scan", folder.path])
    #expect(
      whole.text.contains(
        "LoginHistory: without the column Application, which PST-API-007, PST-API-009, PST-API-014, "
          + "PST-API-015 need"), "\(whole.text)")
    // A cell may be blank where the column is there.
    try folder.write(
      "l.csv", Exports.logins(rows + [Self.login(1, 4) { $0.application = "" }]))
    let blank = try Program.run("postern", ["scan", folder.path])
    #expect(
      blank.text.contains("LoginHistory: logins by OAuth that name no application 1 of 4"),
      "\(blank.text)")
  }

  // MARK: Applications that wake up

  /// A row of the org on each day, by another application.
  private static func orgDays(_ days: ClosedRange<Int>) -> [Login] {
    days.map { login(9, $0, application: "Nightly") }
  }

  @Test func anApplicationThatComesBackAfterSixtyCoveredDaysIsFound() throws {
    let rows = Self.orgDays(1...75) + [Self.login(1, 5), Self.login(2, 66), Self.login(2, 70)]
    let found = try RuleScan.run(rows)
    #expect(found.judged("API-015", of: nil) == ["medium fail high"])
    #expect(found.discriminators("API-015") == ["application=Vendor"])
    #expect(found.count("API-015", "silent_days", of: nil) == 60)
    #expect(found.evidence("API-015", of: nil).count == 2)
  }

  @Test func fiftyNineDaysAreNoSilenceAndNeitherAreDaysWithoutRows() throws {
    let short = Self.orgDays(1...75) + [Self.login(1, 5), Self.login(2, 65)]
    #expect(try RuleScan.run(short).findings("API-015").isEmpty)
    let uncovered =
      Self.orgDays(1...20) + Self.orgDays(60...75)
      + [Self.login(1, 5), Self.login(2, 66)]
    #expect(try RuleScan.run(uncovered).findings("API-015").isEmpty)
  }

  @Test func peopleKeepAnApplicationAwakeAndDoNotWakeIt() throws {
    func person(_ day: Int) -> Login {
      Self.login(1, day) { $0.subType = "OAuth Web Server" }
    }
    let days = Self.orgDays(1...75)
    #expect(try RuleScan.run(days + [person(5), person(70)]).findings("API-015").isEmpty)
    let kept = days + [Self.login(1, 5), person(40), Self.login(1, 70)]
    #expect(try RuleScan.run(kept).findings("API-015").isEmpty)
    // A client that people use comes and goes.
    let client = days + [5, 70].map { Self.login(1, $0, application: "Salesforce CLI") }
    #expect(try RuleScan.run(client).findings("API-015").isEmpty)
  }

  @Test func aFailureNeitherWakesNorKeepsAwake() throws {
    func failed(_ login: Login) -> Login {
      var login = login
      login.status = "Invalid password"
      return login
    }
    let rows = Self.orgDays(1...75) + [Self.login(1, 5), failed(Self.login(1, 70))]
    #expect(try RuleScan.run(rows).findings("API-015").isEmpty)
    let kept = rows + [failed(Self.login(1, 40)), Self.login(1, 72)]
    #expect(try RuleScan.run(kept).findings("API-015").count == 1)
  }

  @Test func theDaysOfOneAccountAreTold() throws {
    // The ledger keeps the first and last row of a kind: the silence lies between.
    let rows = Self.orgDays(1...75) + [1, 2, 63, 64, 75].map { Self.login(1, $0) }
    #expect(try RuleScan.run(rows).count("API-015", "silent_days", of: nil) == 60)
  }

  // MARK: Device flows

  private static func device(_ clock: String, _ subType: String = "") -> Login {
    login(1, 16, clock, application: "New Tool") { $0.subType = subType }
  }

  @Test func aFirstLoginWithoutSubTypeOfAPersonCountsAsAConsent() throws {
    let users = Exports.users([RuleScan.person])
    let rows = [Self.login(2, 1), Self.device("10:00:00"), Self.device("12:00:00")]
    #expect(try RuleScan.run(rows, users: users).judged("API-009") == ["high fail high"])
    // Alone it is a login like others, and on an integration account nobody consents.
    #expect(try RuleScan.run(Array(rows.prefix(2)), users: users).findings("API-009").isEmpty)
    let robots = Exports.users([RuleScan.robot])
    #expect(try RuleScan.run(rows, users: robots).findings("API-009").isEmpty)
    // A sub-type that says what it is is no device flow.
    let refresh = rows.map { login in
      var login = login
      login.subType = "OAuth Refresh Token"
      return login
    }
    #expect(try RuleScan.run(refresh, users: users).findings("API-009").isEmpty)
  }

  @Test func loginsThatFollowADeviceFlowAreSeenByTheirMinutesToo() throws {
    let users = Exports.users([RuleScan.person])
    let rows =
      [Self.login(2, 1), Self.device("10:00:00"), Self.device("12:00:00")]
      + (17...40).map { Self.login(1, $0, application: "New Tool") { $0.subType = "" } }
    #expect(try RuleScan.run(rows, users: users).judged("API-009") == ["high fail medium"])
    let late = rows.filter {
      !$0.time.hasPrefix("2026-08-16T12") && !$0.time.hasPrefix("2026-08-17")
    }
    #expect(try RuleScan.run(late, users: users).findings("API-009").isEmpty)
  }
}
