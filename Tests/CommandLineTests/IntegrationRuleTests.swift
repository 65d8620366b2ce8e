import Foundation
import TestSupport
import Testing

/// PST-INT-006 to 011.
@Suite struct IntegrationRuleTests {
  private typealias Login = Exports.Login
  private let users = Exports.users([RuleScan.robot])
  private let login = [RuleScan.api(RuleScan.time(day: 3))]

  @Test func highAssuranceOnAnIntegrationProfileIsFound() throws {
    func setting(_ level: String) -> [String: String] {
      ["s.csv": "Profile,RequiredSessionLevel\nRobots,\(level)\n"]
    }
    let high = try RuleScan.run(login, users: users, files: setting("HIGH_ASSURANCE"))
    #expect(high.judged("INT-006") == ["medium fail high"])
    let standard = try RuleScan.run(login, users: users, files: setting("STANDARD"))
    #expect(standard.judged("INT-006").isEmpty && standard.state("INT-006") == "none")
    let stated = try RuleScan.run(
      login, users: users, config: "session_levels: {Robots: HIGH_ASSURANCE}\n",
      files: setting("STANDARD"))
    #expect(stated.judged("INT-006") == ["medium fail high"])
    let human = try RuleScan.run(
      login, users: Exports.users([RuleScan.person]),
      config: "session_levels: {Standard User: HIGH_ASSURANCE}\n")
    #expect(human.judged("INT-006").isEmpty)
    #expect(try RuleScan.run(login, users: users).state("INT-006") == "not_run")
  }

  @Test func mfaForAPILoginsIsFoundOrUnknown() throws {
    let columns = ["ApiUserOnly", "TwoFactorApi"]
    var robot = RuleScan.robot
    let none = try RuleScan.run(login, users: Exports.users([robot], columns: columns))
    #expect(none.judged("INT-007").isEmpty)
    robot.permissions.insert("TwoFactorApi")
    let held = try RuleScan.run(login, users: Exports.users([robot], columns: columns))
    #expect(held.judged("INT-007") == ["low fail medium"])
    #expect(held.words("INT-007").contains("profile: Robots"))
    let untold = try RuleScan.run(login, users: users)
    #expect(untold.judged("INT-007") == ["info unknown "])
    #expect(untold.words("INT-007").contains("PermissionsTwoFactorApi"))
  }

  @Test func privilegesBeyondTheAllowedOnesAreFound() throws {
    var robot = RuleScan.robot
    robot.permissions.formUnion(["ViewAllData", "AuthorApex"])
    let users = Exports.users([robot])
    let found = try RuleScan.run(login, users: users)
    #expect(found.judged("INT-008") == ["low fail medium"])
    #expect(found.count("INT-008", "privileges") == 2)
    let part = try RuleScan.run(
      login, users: users, config: "allowed_privileges: {connector@example.com: [ViewAllData]}\n")
    #expect(part.count("INT-008", "privileges") == 1)
    let all = try RuleScan.run(
      login, users: users,
      config: "allowed_privileges: {\"profile:Robots\": [ViewAllData, AuthorApex]}\n"
    )
    #expect(all.judged("INT-008").isEmpty)
    #expect(try RuleScan.run(login, users: self.users).judged("INT-008").isEmpty)
    let untold = try RuleScan.run(
      login, users: Exports.users([RuleScan.robot], columns: ["ApiUserOnly"]))
    #expect(untold.judged("INT-008") == ["info unknown "])
  }

  /// A second account that gives the org a row on each of some days.
  private func rhythm(_ days: ClosedRange<Int>, user: String = Exports.two) -> [Login] {
    days.map { day in RuleScan.api(RuleScan.time(day: day)) { $0.user = user } }
  }

  @Test func thirtyCoveredDaysWithoutALoginAreDormant() throws {
    let start = [RuleScan.api(RuleScan.time(day: 1))]
    let dormant = try RuleScan.run(start + rhythm(1...31), users: users)
    #expect(dormant.judged("INT-009") == ["low fail high"])
    #expect(dormant.count("INT-009", "idle_days_at_end") == 30)
    #expect(try RuleScan.run(start + rhythm(1...30), users: users).judged("INT-009").isEmpty)
    let woken = try RuleScan.run(
      start + rhythm(1...40) + [RuleScan.api(RuleScan.time(day: 32))], users: users)
    #expect(woken.judged("INT-009") == ["medium fail high"])
    #expect(woken.count("INT-009", "woke_up") == 1)
    let inactive = try RuleScan.run(
      start + rhythm(1...31), users: Exports.users([RuleScan.robot], isActive: false))
    #expect(inactive.judged("INT-009").isEmpty)
    let person = try RuleScan.run(
      start + rhythm(1...31), users: Exports.users([RuleScan.person]))
    #expect(person.judged("INT-009").isEmpty)
  }

  /// An export of logins in the browser shows every integration as silent.
  @Test func aSilenceOfAllIntegrationsIsDoubted() throws {
    func people(_ days: ClosedRange<Int>) -> [Login] {
      days.map { day in Login(user: Exports.two, time: RuleScan.time(day: day)) }
    }
    let start = [RuleScan.api(RuleScan.time(day: 1))]
    let silent = try RuleScan.run(start + people(1...31), users: users)
    #expect(silent.judged("INT-009") == ["low fail low"])
    #expect(silent.words("INT-009").contains("no API login of anybody is known"))
    let woken = try RuleScan.run(
      start + people(1...40) + [RuleScan.api(RuleScan.time(day: 32))] + rhythm(32...40),
      users: users)
    #expect(woken.judged("INT-009") == ["medium fail low"])
    // One login by another integration in that time shows that such rows are there.
    let other = try RuleScan.run(start + people(1...31) + rhythm(20...20), users: users)
    #expect(other.judged("INT-009") == ["low fail high"])
    #expect(!other.words("INT-009").contains("no API login of anybody is known"))
    // Logins that name no application show it as well.
    let nameless = (1...31).map { day in
      RuleScan.api(RuleScan.time(day: day)) {
        $0.user = Exports.two
        $0.application = ""
      }
    }
    #expect(
      try RuleScan.run(start + nameless, users: users).judged("INT-009") == ["low fail high"])
  }

  @Test func anAccountThatSleptSinceItsCreationWakesUpToo() throws {
    func users(created: String) -> String {
      "Id,Username,Name,IsActive,UserType,Profile.Name,CreatedDate,Profile.PermissionsApiUserOnly\n"
        + "\(Exports.one),bot@example.com,Bot,true,Standard,Robots,\(created),true\n"
    }
    let rows = rhythm(1...40) + [RuleScan.api(RuleScan.time(day: 35))]
    let slept = try RuleScan.run(rows, users: users(created: "2020-01-01T00:00:00.000Z"))
    #expect(slept.judged("INT-009") == ["medium fail high"])
    let young = try RuleScan.run(rows, users: users(created: "2026-08-20T00:00:00.000Z"))
    #expect(young.judged("INT-009").isEmpty)
    // Not told: it may have been made on that day.
    #expect(try RuleScan.run(rows, users: users(created: "")).judged("INT-009").isEmpty)
  }

  @Test func daysWithoutRowsOfTheOrgAreNotCovered() throws {
    let rows = [RuleScan.api(RuleScan.time(day: 1))] + rhythm(1...10) + rhythm(40...45)
    #expect(try RuleScan.run(rows, users: users).judged("INT-009").isEmpty)
  }

  @Test func humansFromThreePlacesWithinThirtyDaysShareTheAccount() throws {
    func use(_ day: Int, _ address: String, _ browser: String = "Chrome 126") -> Login {
      Login(time: RuleScan.time(day: day), address: address, browser: browser)
    }
    let three = [use(1, "192.0.2.10"), use(10, "198.51.100.7"), use(30, "203.0.113.5")]
    let found = try RuleScan.run(three, users: users)
    #expect(found.judged("INT-010") == ["medium fail high"])
    #expect(found.count("INT-010", "places_within_window") == 3)
    let slow = [use(1, "192.0.2.10"), use(10, "198.51.100.7"), use(31, "203.0.113.5")]
    #expect(try RuleScan.run(slow, users: users).judged("INT-010").isEmpty)
    let one = [use(1, "192.0.2.10"), use(2, "192.0.2.77", "Chrome 127"), use(3, "192.0.2.9")]
    #expect(try RuleScan.run(one, users: users).judged("INT-010").isEmpty)
    // What is no address is no place.
    let odd = [use(1, "192.0.2.10"), use(2, ""), use(3, "Salesforce.com IP")]
    #expect(try RuleScan.run(odd, users: users).judged("INT-010").isEmpty)
    let people = try RuleScan.run(three, users: Exports.users([RuleScan.person]))
    #expect(people.judged("INT-010").isEmpty)
    var privileged = RuleScan.robot
    privileged.permissions.insert("ManageUsers")
    let raised = try RuleScan.run(three, users: Exports.users([privileged]))
    #expect(raised.judged("INT-010") == ["high fail high"])
  }

  /// PST-INT-002: the refusal of a login through the API is none of a user interface login.
  @Test func refusedAPILoginsAreNoUILogins() throws {
    let api = RuleScan.api(RuleScan.time(day: 3)) { $0.status = "Failed: API-only user" }
    #expect(try RuleScan.run([api], users: users).judged("INT-002").isEmpty)
  }

  private func methods(_ totp: String, user: String = Exports.one) -> [String: String] {
    [
      "m.csv":
        "UserId,HasTotp,HasU2F,HasBuiltInAuthenticator,HasSalesforceAuthenticator\n"
        + "\(user),\(totp),false,false,false\n"
    ]
  }

  @Test func requiredMFAWithoutAMethodIsFound() throws {
    let on = "mfa: {required_for_direct_ui_logins: true}\n"
    let open = try RuleScan.run(login, users: users, config: on, files: methods("false"))
    #expect(open.judged("INT-011") == ["medium fail high"])
    let held = try RuleScan.run(login, users: users, config: on, files: methods("true"))
    #expect(held.judged("INT-011").isEmpty)
    #expect(
      try RuleScan.run(login, users: users, files: methods("false")).judged("INT-011").isEmpty)
    var required = RuleScan.robot
    required.permissions.insert("ForceTwoFactor")
    let permitted = try RuleScan.run(
      login, users: Exports.users([required]), files: methods("false"))
    #expect(permitted.judged("INT-011") == ["medium fail high"])
    let elsewhere = try RuleScan.run(
      login, users: users, config: on, files: methods("false", user: Exports.two))
    #expect(elsewhere.judged("INT-011") == ["info unknown "])
    #expect(try RuleScan.run(login, users: users, config: on).state("INT-011") == "not_run")
  }

  @Test func registrationsAreNamed() throws {
    let registered = Exports.verifications([
      Exports.verification(login: 1, activity: "ConnectTotp")
    ])
    let found = try RuleScan.run(
      login, users: users, verifications: registered, files: methods("true"))
    #expect(found.judged("INT-011") == ["medium fail high"])
    #expect(found.count("INT-011", "registrations") == 1)
    #expect(found.words("INT-011").contains("ConnectTotp at 2026-08-03T10:00:00.000Z"))
  }
}
