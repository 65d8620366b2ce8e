import Accounts
import Findings
import Testing

/// PST-ACC-006: direct logins of accounts that come by single sign-on.
struct SignOnRuleTests {
  private static let people = """
    Id,Username,Name,IsActive,UserType,Profile.Name
    005Hn0000000001IAA,ada@example.com,Ada,true,Standard,Sales
    """

  private static func rows(
    singleSignOn: ClosedRange<Int>, direct: ClosedRange<Int>, status: String = "Success"
  ) -> LoginRows {
    var rows = LoginRows()
    rows.add(days: singleSignOn) { $0.type = "SAML Sfdc Initiated SSO" }
    rows.add(days: direct) { row in
      row.time = "20:00:00"
      row.status = status
    }
    return rows
  }

  private static func found(
    _ rows: LoginRows, users: String? = people, statements: AccountOverrides = AccountOverrides()
  ) throws -> [Finding] {
    try JudgedExports(logins: rows.text, users: users, statements: statements).findings()
      .filter { $0.rule.id == "PST-ACC-006" }
  }

  @Test func aDirectLoginAmongThoseByTheProviderIsFound() throws {
    let found = try Self.found(Self.rows(singleSignOn: 1...10, direct: 7...7))
    #expect(found.map(\.severity) == [.low])
    #expect(found.map(\.counts) == [["direct_logins": 1, "sso_logins": 10, "sso_days": 10]])
  }

  @Test(arguments: [
    rows(singleSignOn: 1...9, direct: 7...7),
    rows(singleSignOn: 1...20, direct: 7...9),
    rows(singleSignOn: 1...10, direct: 11...12),
    rows(singleSignOn: 1...10, direct: 7...7, status: "Invalid Password"),
  ])
  func fewProviderLoginsManyDirectOnesAndFailuresAreNotFound(rows: LoginRows) throws {
    #expect(try Self.found(rows).isEmpty)
  }

  @Test func tenLoginsOnFourDaysAreNoHabit() throws {
    var rows = LoginRows()
    for hour in 10..<13 {
      rows.add(days: 1...4) { row in
        row.type = "Third Party SSO"
        row.time = "\(hour):00:00"
      }
    }
    // Days of other people's doors, so that the share alone would allow the direct login.
    rows.add(days: 5...20) { $0.type = "Lightning Login" }
    rows.add { $0.time = "20:00:00" }
    #expect(try Self.found(rows).isEmpty)
  }

  @Test func automationAndExternalUsersAreLeftOut() throws {
    let rows = Self.rows(singleSignOn: 1...10, direct: 7...7)
    var statements = AccountOverrides()
    statements.automation = { _, username, _ in username }
    #expect(try Self.found(rows, statements: statements).isEmpty)
    let external = Self.people.replacing("Standard", with: "PowerPartner")
    #expect(try Self.found(rows, users: external).isEmpty)
  }
}
