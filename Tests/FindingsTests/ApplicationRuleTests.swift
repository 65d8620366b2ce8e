import Accounts
import Findings
import Testing

/// What integration accounts may use, and the tokens that they have (PST-INT-014, PST-API-016).
struct ApplicationRuleTests {
  private static func robots(_ columns: String, _ values: String) -> String {
    """
    Id,Username,Name,IsActive,UserType,Profile.Name,Profile.PermissionsApiUserOnly,\(columns)
    005Hn0000000001IAA,etl@example.com,ETL,true,Standard,Robots,true,\(values)
    """
  }

  private static let both =
    "Profile.PermissionsApproveUninstalledConnectedApps,Profile.PermissionsUseAnyApiClient"

  private static func logins(application: String = "Warehouse Connector/2.1") -> String {
    var rows = LoginRows()
    rows.add(days: 1...40) { row in
      (row.type, row.subType) = ("Remote Access 2.0", "OAuth Refresh Token")
      row.application = application
    }
    return rows.text
  }

  private static func permissions(_ users: String) throws -> [Finding] {
    try JudgedExports(logins: logins(), users: users).findings()
      .filter { $0.rule.id == "PST-INT-014" }
  }

  @Test func eachPermissionOfAnIntegrationAccountIsAFinding() throws {
    let found = try Self.permissions(Self.robots(Self.both, "true,true"))
    #expect(
      Set(found.map(\.discriminator)) == [
        "permission=ApproveUninstalledConnectedApps", "permission=UseAnyApiClient",
      ])
    #expect(found.allSatisfy { $0.severity == .low && $0.status == .fail })
    #expect(
      try Self.permissions(Self.robots(Self.both, "false,true")).map(\.discriminator) == [
        "permission=UseAnyApiClient"
      ])
  }

  @Test func peopleAndAccountsWithoutThemAreNotFound() throws {
    #expect(try Self.permissions(Self.robots(Self.both, "false,false")).isEmpty)
    let person = Self.robots(Self.both, "true,true").replacing("Robots,true", with: "Sales,false")
    #expect(try Self.permissions(person).isEmpty)
  }

  @Test func anOrgWithoutThePermissionsIsNotJudged() throws {
    let users = Self.robots("Profile.PermissionsViewAllData", "false")
    let rule = try #require(Catalogue.rule("INT-014")?.description)
    #expect(try Self.permissions(users).isEmpty)
    #expect(rule.needs.contains(.clientPermissions))
    // One of the two columns: the other permission is not asked for.
    let one = Self.robots("Profile.PermissionsUseAnyApiClient", "true")
    #expect(try Self.permissions(one).map(\.status) == [.fail])
  }

  // MARK: Tokens

  private static let robot = robots("Profile.PermissionsModifyAllData", "false")

  private static func tokens(_ rows: String...) -> String {
    "Id,AppName,UserId,LastUsedDate,UseCount,CreatedDate\n"
      + rows.map { $0 + "\n" }.joined()
  }

  private static func row(
    _ application: String = "Warehouse Connector", user: String = "005Hn0000000001IAA",
    used: String, count: String = "7", created: String = "2025-01-01T00:00:00.000Z"
  ) -> String {
    ",\(application),\(user),\(used),\(count),\(created)"
  }

  private static func found(
    _ tokens: String, users: String = robot, logins: String = logins()
  ) throws -> [Finding] {
    try JudgedExports(logins: logins, users: users, tokens: tokens).findings()
      .filter { $0.rule.id == "PST-API-016" }
  }

  @Test func aTokenThatNobodyUsesIsFound() throws {
    // The last login row is of 2026-07-10, and nobody says that the export is newer.
    let found = try Self.found(
      Self.tokens(Self.row("Old Loader/1.0", used: "2026-04-01T00:00:00.000Z")))
    #expect(found.map(\.discriminator) == ["application=Old Loader"])
    #expect(found.map(\.severity) == [.low])
    #expect(
      found.map(\.counts) == [["tokens": 1, "unused": 1, "used_without_login": 0]])
    // Never used, and created long ago.
    let never = Self.tokens(Self.row("Old Loader", used: "", count: "0"))
    #expect(try Self.found(never).count == 1)
  }

  @Test func tokensInUseAndTokensOfOthersAreNotFound() throws {
    #expect(
      try Self.found(Self.tokens(Self.row(used: "2026-07-09T00:00:00.000Z"))).isEmpty)
    let old = Self.row("Old Loader", used: "2026-04-01T00:00:00.000Z")
    let person = Self.robot.replacing("Robots,true", with: "Sales,false")
    #expect(try Self.found(Self.tokens(old), users: person).isEmpty)
    let stranger = Self.row(
      "Old Loader", user: "005Hn0000000002IAA", used: "2026-04-01T00:00:00.000Z")
    #expect(try Self.found(Self.tokens(stranger)).isEmpty)
    // Used, and the export does not say when.
    #expect(try Self.found(Self.tokens(Self.row("Old Loader", used: ""))).isEmpty)
  }

  @Test func anExportOlderThanTheLoginsDoesNotSayThatATokenIsUnused() throws {
    // The application logged in on 2026-07-10.
    let stale = Self.tokens(Self.row(used: "2026-05-01T00:00:00.000Z"))
    #expect(try Self.found(stale).isEmpty)
    // Of two tokens the other one remains.
    let two = Self.tokens(
      Self.row(used: "2026-07-09T00:00:00.000Z"), Self.row(used: "2026-04-01T00:00:00.000Z"))
    #expect(try Self.found(two).map(\.counts["unused"]) == [1])
  }

  @Test func aTokenUsedByAnApplicationWithoutALoginIsFound() throws {
    let used = Self.tokens(Self.row("Quiet Exporter", used: "2026-07-01T00:00:00.000Z"))
    let found = try Self.found(used)
    #expect(found.map(\.counts["used_without_login"]) == [1])
    #expect(found.map(\.confidence) == [.medium])
    #expect(
      try Self.found(used, logins: Self.logins(application: "quiet exporter")).isEmpty)
    // After the logins end nobody knows.
    let later = Self.tokens(Self.row("Quiet Exporter", used: "2026-08-01T00:00:00.000Z"))
    #expect(try Self.found(later).isEmpty)
  }
}
