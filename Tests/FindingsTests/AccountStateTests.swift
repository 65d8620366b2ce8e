import Accounts
import Findings
import Testing

/// What licences exempt an account from, and accounts that worked and then were frozen.
struct AccountStateTests {
  private static let users = """
    Id,Username,Name,IsActive,UserType,Profile.Name,Profile.UserLicense.Name,Profile.PermissionsApiUserOnly
    005Hn0000000001IAA,ada@example.com,Ada,true,Standard,Staff,Salesforce Platform,false
    """

  private static func license(_ name: String) -> String {
    "AssigneeId,PermissionSetLicense.MasterLabel\n005Hn0000000001IAA,\(name)\n"
  }

  /// Accounts with a finding that a login's MFA cannot be told.
  private static func undecided(_ users: String, _ license: String?) throws -> [Finding] {
    var rows = LoginRows()
    rows.add()
    return try JudgedExports(
      logins: rows.text, users: users,
      verifications: "LoginHistoryId,UserId,VerificationTime,SourceIp,Policy,Activity,"
        + "VerificationMethod,Status\n", licenses: license.map(Self.license)
    ).findings().filter { $0.rule.id == "PST-MFA-004" }
  }

  @Test(arguments: [
    "Company Community for Lightning Platform", "CompanyCommunityForLightningPlatform",
  ])
  func employeesOfACompanyCommunityNeedNoMFA(license: String) throws {
    #expect(try Self.undecided(Self.users, nil).count == 1)
    #expect(try Self.undecided(Self.users, license).isEmpty)
    // The licence alone, with another one of the user's own, exempts nobody.
    let full = Self.users.replacing("Salesforce Platform", with: "Salesforce")
    #expect(try Self.undecided(full, license).count == 1)
    #expect(try Self.undecided(Self.users, "Identity Connect").count == 1)
  }

  private static func frozen(workedBefore: Bool) throws -> [Finding] {
    var rows = LoginRows()
    func program(_ row: inout LoginRows.Row) {
      (row.type, row.subType) = ("Remote Access 2.0", "OAuth Refresh Token")
      row.application = "Warehouse Connector"
    }
    if workedBefore { rows.add(days: 1...5, program) }
    rows.add { row in
      program(&row)
      (row.day, row.status) = (6, "User is frozen")
    }
    return try JudgedExports(logins: rows.text, users: users).findings()
      .filter { $0.rule.id == "PST-ACC-001" }
  }

  @Test func anAccountThatWorkedAndThenWasFrozenIsSaidToBeOne() throws {
    let found = try Self.frozen(workedBefore: true)
    let condition = found.flatMap(\.conditions).first { $0.name == "worked before it was frozen" }
    #expect(condition?.value.hasPrefix("until 2026-06-05T10:00:00.000Z") == true)
    #expect(found.map { $0.remediation.contains("anonymising proxy") } == [true])
    let never = try Self.frozen(workedBefore: false)
    #expect(never.count == 1 && !never[0].conditions.contains { $0.name.hasPrefix("worked") })
    #expect(!never[0].remediation.contains("anonymising proxy"))
  }
}
