import Foundation
import TestSupport
import Testing

/// Each rule with exports on which it fires and exports on which it does not.
@Suite struct RuleTests {
  private typealias Login = Exports.Login
  private let integration = (
    id: Exports.one, name: "Connector", profile: "Robots", permissions: Set(["ApiUserOnly"])
  )
  private let person = (
    id: Exports.one, name: "Ada", profile: "Standard User", permissions: Set<String>()
  )
  private let administrator = (
    id: Exports.one, name: "Root", profile: "System Administrator",
    permissions: Set(["ModifyAllData"])
  )
  private let covered = Exports.verifications([Exports.verification(login: 900, user: Exports.two)])
  private let other = Exports.Login(id: Exports.loginID(900), user: Exports.two)

  private func scan(
    _ logins: [Exports.Login], users: String? = nil, verifications: String? = nil,
    config: String? = nil, extra: [(String, String)] = []
  ) throws -> Results {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins(logins))
    if let users { try folder.write("u.csv", users) }
    if let verifications { try folder.write("v.csv", verifications) }
    for (name, text) in extra { try folder.write(name, text) }
    var arguments = [folder.path]
    if let config {
      let other = try TestFolder()
      arguments += ["--config", try other.write("c.yaml", config)]
      return try Program.scan(arguments)
    }
    return try Program.scan(arguments)
  }

  private func severity(_ results: Results, _ rule: String) -> [String] {
    results.findings(rule).compactMap { $0["severity"] as? String }
  }

  @Test func absentMFAIsFoundByTheClassOfTheAccount() throws {
    let logins = [Login(), other]
    let robots = try scan(logins, users: Exports.users([integration]), verifications: covered)
    #expect(severity(robots, "MFA-001") == ["high"])
    #expect(robots.findings("MFA-002").isEmpty)
    let roots = try scan(logins, users: Exports.users([administrator]), verifications: covered)
    #expect(severity(roots, "MFA-002") == ["high"])
    let people = try scan(logins, users: Exports.users([person]), verifications: covered)
    #expect(severity(people, "MFA-003") == ["medium"])
    #expect(people.findings("MFA-001").isEmpty && people.findings("MFA-002").isEmpty)
  }

  @Test func privilegeAndWaiverRaiseAbsentMFA() throws {
    var robot = integration
    robot.permissions = ["ApiUserOnly", "ViewAllData", "BypassMFAForUiLogins"]
    let results = try scan([Login(), other], users: Exports.users([robot]), verifications: covered)
    #expect(severity(results, "MFA-001") == ["critical"])
    let reasons = results.findings("MFA-001").first?["severity_reasons"] as? [String] ?? []
    #expect(reasons.count == 3)
  }

  @Test func externalAndAutomationAccountsHaveNoMFAFinding() throws {
    let external = Exports.users([person], userType: "CspLitePortal")
    let results = try scan([Login(), other], users: external, verifications: covered)
    #expect(
      results.findings("MFA-003").allSatisfy {
        ($0["account"] as? [String: Any])?["id"] as? String != Exports.one
      })
    let automated = try scan(
      [Login(), other], users: Exports.users([person]), verifications: covered,
      config: "ui_automation_accounts: [ada@example.com]\n")
    #expect(
      automated.findings("MFA-003").allSatisfy {
        ($0["account"] as? [String: Any])?["id"] as? String != Exports.one
      })
  }

  @Test func unknownMFANamesItsBasis() throws {
    let results = try scan([Login()], users: Exports.users([person]))
    #expect(severity(results, "MFA-004") == ["info"])
    #expect(results.findings("MFA-004").first?["status"] as? String == "unknown")
    let proven = try scan(
      [Login(), other], users: Exports.users([person]),
      verifications: Exports.verifications([
        Exports.verification(login: 1), Exports.verification(login: 900, user: Exports.two),
      ]))
    #expect(proven.findings("MFA-004").isEmpty)
  }

  @Test func identityOnlyIsFoundOnImportantAccounts() throws {
    let confirmed = Exports.verifications([
      Exports.verification(login: 1, policy: "DeviceActivation", method: "Email")
    ])
    let robots = try scan([Login()], users: Exports.users([integration]), verifications: confirmed)
    #expect(severity(robots, "MFA-005") == ["medium"])
    let people = try scan([Login()], users: Exports.users([person]), verifications: confirmed)
    #expect(people.findings("MFA-005").isEmpty)
  }

  @Test func humanUseWithMFAIsShownOnIntegrationAccounts() throws {
    let verified = Exports.verifications([Exports.verification(login: 1)])
    let robots = try scan([Login()], users: Exports.users([integration]), verifications: verified)
    #expect(severity(robots, "INT-001") == ["low"])
    let people = try scan([Login()], users: Exports.users([person]), verifications: verified)
    #expect(people.findings("INT-001").isEmpty)
  }

  @Test func aRefusedUILoginIsFound() throws {
    let refused = try scan(
      [Login(status: "Failed: API-only user")], users: Exports.users([integration]))
    #expect(severity(refused, "INT-002") == ["medium"])
    let wrong = try scan([Login(status: "Invalid Password")], users: Exports.users([integration]))
    #expect(wrong.findings("INT-002").isEmpty)
  }

  @Test func aUILoginOnAnAPIOnlyAccountDependsOnTheSnapshotsDate() throws {
    let users = Exports.users([integration])
    let undated = try scan([Login()], users: users)
    #expect(severity(undated, "INT-003") == ["high"])
    #expect(undated.findings("INT-003").first?["confidence"] as? String == "low")
    let later = try scan([Login()], extra: [("User-2026-08-20.csv", users)])
    #expect(later.findings("INT-003").first?["status"] as? String == "info")
    let earlier = try scan([Login()], extra: [("User-2026-08-01.csv", users)])
    #expect(earlier.findings("INT-003").first?["status"] as? String == "fail")
    #expect(try scan([Login()], users: Exports.users([person])).findings("INT-003").isEmpty)
  }

  @Test func anIntegrationAccountShouldBeAPIOnly() throws {
    let config = "integration_accounts: [ada@example.com]\n"
    let open = try scan([Login()], users: Exports.users([person]), config: config)
    #expect(severity(open, "INT-004") == ["medium"])
    let closed = try scan([Login()], users: Exports.users([integration]))
    #expect(closed.findings("INT-004").isEmpty)
    let untold = try scan(
      [Login()], users: Exports.users([person], columns: ["ModifyAllData"]), config: config)
    #expect(untold.findings("INT-004").first?["status"] as? String == "unknown")
  }

  @Test func theMFARequirementFollowsSwitchAndPermission() throws {
    let users = Exports.users([integration])
    let off = try scan(
      [Login()], users: users, config: "mfa: {required_for_direct_ui_logins: false}\n")
    #expect(severity(off, "INT-005") == ["medium"])
    let on = try scan(
      [Login()], users: users, config: "mfa: {required_for_direct_ui_logins: true}\n")
    #expect(on.findings("INT-005").isEmpty)
    let untold = try scan([Login()], users: users)
    #expect(untold.findings("INT-005").first?["status"] as? String == "unknown")
    #expect(untold.findings("INT-005").first?["account"] is NSNull)
    var covered = integration
    covered.permissions.insert("ForceTwoFactor")
    let held = try scan(
      [Login()], users: Exports.users([covered]),
      config: "mfa: {required_for_direct_ui_logins: false}\n")
    #expect(held.findings("INT-005").isEmpty)
  }

  @Test func theLoginRateCountsSixtyConsecutiveMinutes() throws {
    func storm(_ count: Int) -> [Login] {
      (0..<count).map { index in
        let second = index % 3_600
        let time = String(
          format: "2026-08-03T%02d:%02d:%02d.000Z", 10 + (second + 1_800) / 3_600,
          (second + 1_800) / 60 % 60, second % 60)
        return Login(time: time, type: "Partner Product", application: "ETL")
      }
    }
    #expect(severity(try scan(storm(2_880)), "API-001") == ["medium"])
    #expect(severity(try scan(storm(3_600)), "API-001") == ["medium"])
    #expect(severity(try scan(storm(3_601)), "API-001") == ["high"])
    #expect(try scan(storm(2_879)).findings("API-001").isEmpty)
    let blocked = try scan([Login(type: "Partner Product", status: "Login rate exceeded")])
    #expect(severity(blocked, "API-001") == ["high"])
  }

  @Test func soapLoginIsFoundByTypeAndVersion() throws {
    let soap = Login(
      type: "Partner Product", application: "ETL", apiType: "SOAP Partner", apiVersion: "45.0")
    #expect(severity(try scan([soap]), "API-002") == ["low"])
    var failed = soap
    failed.status = "Invalid Password"
    #expect(severity(try scan([failed]), "API-002") == ["info"])
    var modern = soap
    modern.apiVersion = "66.0"
    #expect(try scan([modern]).findings("API-002").isEmpty)
    let near = try scan([soap], config: "calendars: {soap_login_retirement: 2026-10-01}\n")
    #expect(severity(near, "API-002") == ["medium"])
    let past = try scan([soap], config: "calendars: {soap_login_retirement: 2026-08-01}\n")
    #expect(severity(past, "API-002") == ["high"])
  }

  @Test func retiringVersionsAreFound() throws {
    let old = Login(type: "Other Apex API", apiType: "SOAP Enterprise", apiVersion: "29.0")
    #expect(severity(try scan([old]), "API-003") == ["high"])
    var later = old
    later.apiVersion = "36.0"
    #expect(try scan([later]).findings("API-003").isEmpty)
    let soon = try scan([later], config: "calendars: {api_31_to_40_retirement: 2027-06-01}\n")
    #expect(severity(soon, "API-003") == ["low"])
  }

  @Test func attemptsOnInactiveAccountsAreFound() throws {
    let attempt = Login(status: "User is inactive")
    #expect(severity(try scan([attempt]), "ACC-001") == ["low"])
    let many = (0..<10).map { _ in attempt }
    #expect(severity(try scan(many), "ACC-001") == ["medium"])
    #expect(try scan([Login()]).findings("ACC-001").isEmpty)
  }

  @Test func anAccountInNoSnapshotIsFound() throws {
    let stranger = try scan([Login(user: Exports.two)], users: Exports.users([person]))
    #expect(severity(stranger, "ACC-002") == ["low"])
    #expect(try scan([Login()], users: Exports.users([person])).findings("ACC-002").isEmpty)
    let states = try scan([Login()]).end["rules"] as? [[String: Any]] ?? []
    let state = states.first { $0["id"] as? String == "PST-ACC-002" }
    #expect(state?["state"] as? String == "not_run")
    #expect(state?["missing"] as? [String] == ["User"])
  }

  @Test func theDataRulesSpeakOfTheFiles() throws {
    let odd = try scan([Login(type: "Quantum Login"), Login(status: "Odd status")])
    #expect(odd.findings("DATA-004").count == 2)
    #expect(odd.findings("DATA-002").contains { $0["discriminator"] as? String == "User" })
    let columns = [
      "ApiUserOnly", "ForceTwoFactor", "BypassMFAForUiLogins", "TwoFactorApi", "ModifyAllData",
      "ViewAllData", "ManageUsers", "CustomizeApplication", "AuthorApex",
    ]
    let sound = try scan([Login()], users: Exports.users([person], columns: columns))
    #expect(sound.findings("DATA-004").isEmpty && sound.findings("DATA-003").isEmpty)
    #expect(!sound.findings("DATA-002").contains { $0["discriminator"] as? String == "User" })
    // Each permission that a rule asks for is missed.
    for column in columns {
      let thin = try scan(
        [Login()], users: Exports.users([person], columns: columns.filter { $0 != column }))
      let finding = thin.findings("DATA-002").first { $0["discriminator"] as? String == "User" }
      #expect((finding?["counts"] as? [String: Int]) == ["problems": 1], "\(column)")
    }
    let cut = try scan([Login()], extra: [("b.csv", Exports.logins([Login(id: "x")]) + "a,b\n")])
    #expect(cut.findings("DATA-003").count == 1)
    let full = try scan((0..<2_000).map { _ in Login() })
    #expect(full.findings("DATA-006").count == 1)
    let setup =
      "Username,Login Time,Login Type,Status\na@example.com,2026-08-03T10:00:00Z,Application,Success\nb@example.com,2026-08-04T10:00:00Z,Application,Success\n"
    let overlap = try scan([], extra: [("s1.csv", setup), ("s2.csv", setup + "\n")])
    #expect(overlap.findings("DATA-005").count == 1)
    #expect(full.findings("DATA-005").isEmpty)
  }
}
