import Foundation
import TestSupport
import Testing

/// PST-MFA-006 to 008, and which snapshot 001 to 005 look at.
@Suite struct MultiFactorRuleTests {
  private typealias Login = Exports.Login

  private func verified(_ method: String, login: Int = 1) -> String {
    Exports.verifications([
      Exports.verification(login: 900, user: Exports.two),
      Exports.verification(login: login, method: method),
    ])
  }

  @Test func phishableMFAOfAPrivilegedUserIsFoundAfterTheRollOut() throws {
    let users = Exports.users([RuleScan.administrator])
    let login = Login(time: "2026-09-03T00:00:00.000Z")
    let found = try RuleScan.run([login], users: users, verifications: verified("Totp"))
    #expect(found.judged("MFA-006") == ["medium fail medium"])
    #expect(found.count("MFA-006", "not_phishing_resistant") == 1)
    let key = try RuleScan.run([login], users: users, verifications: verified("U2F"))
    #expect(key.judged("MFA-006").isEmpty)
    let before = try RuleScan.run(
      [Login(time: "2026-09-02T23:59:59.999Z")], users: users, verifications: verified("Totp"))
    #expect(before.judged("MFA-006").isEmpty)
    let person = try RuleScan.run(
      [login], users: Exports.users([RuleScan.person]), verifications: verified("Totp"))
    #expect(person.judged("MFA-006").isEmpty)
  }

  @Test func theRollOutDependsOnTheKindOfOrg() throws {
    let users = Exports.users([RuleScan.administrator])
    let login = [Login(time: "2026-07-17T00:00:00.000Z")]
    func run(_ config: String?) throws -> [String] {
      try RuleScan.run(login, users: users, verifications: verified("Totp"), config: config)
        .judged("MFA-006")
    }
    #expect(try run(nil).isEmpty)
    #expect(try run("org: {type: sandbox}\n") == ["medium fail medium"])
    #expect(try run("org: {type: developer}\n").isEmpty)
    #expect(try run("org: {type: scratch}\n").isEmpty)
    #expect(try run("calendars: {mfa_enforcement_production: 2026-06-01}\n").count == 1)
  }

  @Test func manageUsersAloneIsNotInTheEnforcementSet() throws {
    var manager = RuleScan.person
    manager.permissions = ["ManageUsers"]
    let found = try RuleScan.run(
      [Login(time: "2026-09-03T00:00:00.000Z")], users: Exports.users([manager]),
      verifications: verified("Totp"))
    #expect(found.judged("MFA-006").isEmpty)
  }

  @Test func aWaiverOnAnAccountOfHumansIsFound() throws {
    var holder = RuleScan.person
    holder.permissions = ["BypassMFAForUiLogins"]
    let users = Exports.users([holder])
    #expect(try RuleScan.run([Login()], users: users).judged("MFA-007") == ["high fail medium"])
    holder.permissions.insert("ModifyAllData")
    let privileged = try RuleScan.run([Login()], users: Exports.users([holder]))
    #expect(privileged.judged("MFA-007") == ["critical fail medium"])
    let unused = try RuleScan.run(
      [RuleScan.api("2026-08-03T10:00:00.000Z"), Login(status: "Invalid password")], users: users)
    #expect(unused.judged("MFA-007").isEmpty)
    let robot = try RuleScan.run(
      [Login()], users: users, config: "ui_automation_accounts: [ada@example.com]\n")
    #expect(robot.judged("MFA-007").isEmpty)
    let none = try RuleScan.run([Login()], users: Exports.users([RuleScan.person]))
    #expect(none.judged("MFA-007").isEmpty)
  }

  @Test func aMissingWaiverColumnIsUnknownAndNamed() throws {
    let users = Exports.users([RuleScan.person], columns: ["ModifyAllData"])
    let found = try RuleScan.run([Login()], users: users)
    #expect(found.judged("MFA-007") == ["info unknown "])
    #expect(found.words("MFA-007").contains("PermissionsBypassMFAForUiLogins"))
  }

  @Test func aTemporaryCodeOnAnIntegrationAccountNamesWhoMadeCodes() throws {
    let made = Exports.verification(
      login: 0, user: Exports.two, time: "2026-08-03T08:00:00.000Z", policy: "ExtraVerification",
      activity: "TempCode")
    let early = Exports.verification(
      login: 0, user: Exports.three, time: "2026-08-01T08:00:00.000Z", policy: "ExtraVerification",
      activity: "TempCode")
    let used = Exports.verification(login: 1, method: "TempCode")
    let admin: RuleScan.User = (Exports.two, "Helper", "Standard User", [])
    let users = Exports.users([RuleScan.robot, admin])
    let found = try RuleScan.run(
      [Login()], users: users, verifications: Exports.verifications([made, early, used]))
    #expect(found.judged("MFA-008") == ["low fail high"])
    #expect(found.words("MFA-008").contains("helper@example.com at 2026-08-03T08:00:00.000Z"))
    #expect(!found.words("MFA-008").contains("2026-08-01"))
    let usual = try RuleScan.run(
      [Login()], users: users, verifications: Exports.verifications([made, early]))
    #expect(usual.judged("MFA-008").isEmpty)
    let people = try RuleScan.run(
      [Login()], users: Exports.users([RuleScan.person]),
      verifications: Exports.verifications([made, used]))
    #expect(people.judged("MFA-008").isEmpty)
  }

  @Test func privilegeAtTheTimeOfTheLoginDecidesBetweenTheRules() throws {
    let files = [
      "User-2026-08-01.csv": Exports.users([RuleScan.administrator]),
      "User-2026-08-15.csv": Exports.users([RuleScan.person]),
    ]
    let early = try RuleScan.run(
      [Login(time: RuleScan.time(day: 3)), RuleScan.other], verifications: RuleScan.covered,
      files: files)
    #expect(early.judged("MFA-002").count == 1 && early.judged("MFA-003").isEmpty)
    let late = try RuleScan.run(
      [Login(time: RuleScan.time(day: 20)), RuleScan.other], verifications: RuleScan.covered,
      files: files)
    #expect(late.judged("MFA-003").count == 1 && late.judged("MFA-002").isEmpty)
  }
}
