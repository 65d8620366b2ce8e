import Accounts
import Findings
import Testing

/// Rules about people who come from where an account never came from (PST-ACC-007, 008).
struct PlaceRuleTests {
  private static let admin = """
    Id,Username,Name,IsActive,UserType,Profile.Name,Profile.PermissionsModifyAllData
    005Hn0000000001IAA,ada@example.com,Ada,true,Standard,Admins,true
    """
  private static let person = admin.replacing("Admins,true", with: "Sales,false")

  typealias Change = @Sendable (inout LoginRows.Row) -> Void

  /// Twenty days at home, and one login that may be elsewhere.
  private static func rows(_ change: Change) -> LoginRows {
    var rows = LoginRows()
    rows.add(days: 1...20)
    rows.add { row in
      row.day = 20
      row.time = "18:00:00"
      change(&row)
    }
    return rows
  }

  private static func abroad(_ row: inout LoginRows.Row) {
    row.address = "203.0.113.9"
    row.country = "BR"
  }

  private static func found(
    _ id: String, _ rows: LoginRows, users: String = admin, verifications: String? = nil,
    statements: AccountOverrides = AccountOverrides()
  ) throws -> [Finding] {
    try JudgedExports(
      logins: rows.text, users: users, verifications: verifications, statements: statements
    ).findings().filter { $0.rule.id == id }
  }

  @Test func aPrivilegedLoginFromANewNetworkAndCountryIsFound() throws {
    let found = try Self.found("PST-ACC-007", Self.rows(Self.abroad))
    #expect(found.map(\.discriminator) == ["network=203.0.113.0/24"])
    #expect(found.map(\.severity) == [.medium] && found.map(\.counts["logins"]) == [1])
    #expect(found[0].evidence.map(\.address) == ["203.0.113.9"])
  }

  @Test(
    arguments: [
      { $0.address = "203.0.113.9" },
      { $0.country = "BR" },
      {
        abroad(&$0)
        $0.country = ""
      },
      {
        abroad(&$0)
        $0.status = "Invalid Password"
      },
      {
        abroad(&$0)
        ($0.type, $0.subType) = ("Remote Access 2.0", "OAuth Refresh Token")
      },
      {
        abroad(&$0)
        $0.day = 14
      },
    ] as [Change])
  func whatIsNotNewOrNoLoginOfAPersonIsNotFound(change: Change) throws {
    #expect(try Self.found("PST-ACC-007", Self.rows(change)).isEmpty)
  }

  @Test func onlyPrivilegedAndBreakGlassAccountsAreLookedAt() throws {
    let rows = Self.rows(Self.abroad)
    #expect(try Self.found("PST-ACC-007", rows, users: Self.person).isEmpty)
    var statements = AccountOverrides()
    statements.breakGlass = { _, username, _ in username }
    #expect(
      try Self.found("PST-ACC-007", rows, users: Self.person, statements: statements).count == 1)
  }

  @Test func eachNewNetworkIsAFindingOfItsOwn() throws {
    var rows = Self.rows(Self.abroad)
    rows.add { row in
      (row.day, row.address, row.country) = (22, "198.51.100.7", "US")
    }
    rows.add { row in
      Self.abroad(&row)
      (row.day, row.address) = (23, "203.0.113.77")
    }
    let found = try Self.found("PST-ACC-007", rows)
    #expect(
      Set(found.map(\.discriminator)) == ["network=203.0.113.0/24", "network=198.51.100.0/24"])
    #expect(found.compactMap { $0.counts["logins"] }.sorted() == [1, 2])
  }

  // MARK: Registrations

  private static let header =
    "LoginHistoryId,UserId,VerificationTime,SourceIp,Policy,Activity,VerificationMethod,Status\n"

  private static func registration(
    _ time: String, login: String = "", activity: String = "ConnectTotp",
    status: String = "Succeeded"
  ) -> String {
    header
      + "\(login),005Hn0000000001IAA,\(time),203.0.113.9,TwoFactorAuthentication,\(activity),Totp,"
      + "\(status)\n"
  }

  @Test func aMethodRegisteredAfterALoginFromANewNetworkIsFound() throws {
    let rows = Self.rows { $0.address = "203.0.113.9" }
    let verifications = Self.registration("2026-06-21T17:00:00.000Z")
    let found = try Self.found("PST-ACC-008", rows, verifications: verifications)
    #expect(found.map(\.severity) == [.high])
    #expect(found.map(\.counts) == [["registrations": 1, "logins": 1]])
    #expect(found[0].evidence.map(\.label).contains("method registered: ConnectTotp"))
    #expect(found[0].evidence.map(\.address) == ["203.0.113.9", "203.0.113.9"])
  }

  @Test func aMethodRegisteredAtTheLoginItselfIsFound() throws {
    var rows = LoginRows()
    rows.add(days: 1...20)
    let login = rows.nextID
    rows.add { row in
      (row.day, row.address) = (20, "203.0.113.9")
      row.time = "18:00:30"
    }
    let found = try Self.found(
      "PST-ACC-008", rows,
      verifications: Self.registration("2026-06-20T18:00:10.000Z", login: login))
    #expect(found.count == 1)
  }

  @Test(arguments: [
    ("203.0.113.9", registration("2026-06-21T18:00:01.000Z")),
    ("203.0.113.9", registration("2026-06-20T17:59:00.000Z")),
    ("203.0.113.9", registration("2026-06-20T19:00:00.000Z", activity: "Login")),
    ("203.0.113.9", registration("2026-06-20T19:00:00.000Z", status: "FailedInvalidCode")),
    ("192.0.2.99", registration("2026-06-20T19:00:00.000Z")),
  ])
  func otherRegistrationsAreNotFound(address: String, verifications: String) throws {
    let rows = Self.rows { $0.address = address }
    #expect(try Self.found("PST-ACC-008", rows, verifications: verifications).isEmpty)
  }

  @Test func anIntegrationAccountCountsAndAnOrdinaryPersonDoesNot() throws {
    let rows = Self.rows { $0.address = "203.0.113.9" }
    let verifications = Self.registration("2026-06-20T19:00:00.000Z", activity: "EnableLL")
    #expect(
      try Self.found("PST-ACC-008", rows, users: Self.person, verifications: verifications).isEmpty)
    var statements = AccountOverrides()
    statements.integration = { _, username, _ in username }
    #expect(
      try Self.found(
        "PST-ACC-008", rows, users: Self.person, verifications: verifications,
        statements: statements
      ).count == 1)
  }
}
