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

  /// Who entered although the account was API-only at the login, with the class that it has now.
  private static func entered(
    _ users: [String], _ grants: [String]
  ) throws -> [String: String] {
    var rows = LoginRows()
    for user in users { rows.add { $0.user = String(user.prefix(18)) } }
    let found = try JudgedExports(
      logins: rows.text,
      users: "Id,Username,Name,IsActive,UserType,Profile.Name\n"
        + users.map { $0 + "\n" }.joined(),
      assignments: "AssigneeId,PermissionSetId,PermissionSet.Label,"
        + "PermissionSet.PermissionsApiUserOnly,ExpirationDate\n"
        + grants.map { $0 + "\n" }.joined()
    ).findings().filter { $0.rule.id == "PST-INT-003" }
    return Dictionary(
      uniqueKeysWithValues: found.map {
        ($0.account?.username ?? "", $0.account?.accountClass.rawValue ?? "")
      })
  }

  /// Permissions are worked out once for users of whom the same is said: each must have its own.
  @Test func usersWithLikeGrantsAreJudgedAsIfTheyWereAlone() throws {
    let users = (1...5).map {
      "005Hn000000000\($0)IAA,user\($0)@example.com,User \($0),true,Standard,Staff"
    }
    let set = "0PSHn0000000001OAA"
    let grants = [
      "005Hn0000000001IAA,\(set),Calls,true,", "005Hn0000000002IAA,\(set),Calls,true,",
      // Over at the evaluation time, and in force at the login.
      "005Hn0000000003IAA,\(set),Calls,true,2026-07-01T00:00:00.000Z",
      // Over at both.
      "005Hn0000000004IAA,\(set),Calls,true,2026-05-01T00:00:00.000Z",
      "005Hn0000000005IAA,0PSHn0000000002OAA,Reports,false,",
    ]
    let together = try Self.entered(users, grants)
    #expect(
      together == [
        "user1@example.com": "integration", "user2@example.com": "integration",
        "user3@example.com": "human",
      ])
    for (user, grant) in zip(users, grants) {
      let name = String(user.split(separator: ",")[1])
      #expect(try Self.entered([user], [grant]) == together.filter { $0.key == name })
    }
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
