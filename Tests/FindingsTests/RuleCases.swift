import Findings
import Testing

/// One rule of each family on rows that fire it and rows that do not; the others are tested through
/// the program.
struct RuleCases {
  private static let loginColumns =
    "Id,UserId,LoginTime,LoginType,LoginSubType,Status,SourceIp,Application,Browser,TlsProtocol,"
    + "CountryIso\n"

  private static let person = """
    Id,Username,Name,IsActive,UserType,Profile.Name,Profile.PermissionsApiUserOnly
    005Hn0000000001IAA,ada@example.com,Ada,true,Standard,Standard User,false
    005Hn0000000002IAA,bob@example.com,Bob,true,Standard,Standard User,false
    """

  private static let robot = """
    Id,Username,Name,IsActive,UserType,Profile.Name,Profile.PermissionsApiUserOnly
    005Hn0000000001IAA,etl@example.com,ETL,true,Standard,Robots,true
    005Hn0000000002IAA,bob@example.com,Bob,true,Standard,Standard User,false
    """

  /// Another user's proven login, which shows that the export belongs to the logins, and
  /// verifications that failed on many days, so that it covers them.
  private static let verifications: String = {
    var text = """
      LoginHistoryId,UserId,VerificationTime,SourceIp,Policy,Activity,VerificationMethod,Status
      0YaHn0000000900KAA,005Hn0000000002IAA,2026-08-03T10:00:00.000Z,192.0.2.10,TwoFactorAuthentication,Login,Totp,Succeeded

      """
    for day in 1...31 {
      text += ",005Hn0000000003IAA,2026-08-\(day < 10 ? "0" : "")\(day)T00:00:00.000Z,192.0.2.99,"
      text += "HighAssurance,Apex,Totp,FailedInvalidCode\n"
    }
    return text
  }()

  private static let proven = """
    0YaHn0000000900KAA,005Hn0000000002IAA,2026-08-03T10:00:00.000Z,Application,,Success,192.0.2.10,Browser,Chrome 126,TLS 1.3,DE

    """

  private static let unproven = """
    0YaHn0000000001KAA,005Hn0000000001IAA,2026-08-04T10:00:00.000Z,Application,,Success,192.0.2.10,Browser,Chrome 126,TLS 1.3,DE

    """

  private static func ids(_ findings: [Finding]) -> Set<String> { Set(findings.map(\.rule.id)) }

  @Test func aPersonsLoginWithoutVerificationIsFoundAndAProvenOneIsNot() throws {
    var exports = JudgedExports(
      logins: Self.loginColumns + Self.proven + Self.unproven, users: Self.person,
      verifications: Self.verifications)
    let found = try exports.findings().filter { $0.rule.id == "PST-MFA-003" }
    #expect(found.compactMap(\.account?.username) == ["ada@example.com"])
    #expect(found.map(\.severity) == [.medium])
    exports.logins = Self.loginColumns + Self.proven
    #expect(!Self.ids(try exports.findings()).contains("PST-MFA-003"))
  }

  @Test func aPersonInsideAnIntegrationAccountIsFoundByItsClass() throws {
    let exports = JudgedExports(
      logins: Self.loginColumns + Self.proven + Self.unproven, users: Self.robot,
      verifications: Self.verifications)
    let ids = Self.ids(try exports.findings())
    #expect(ids.contains("PST-MFA-001") && !ids.contains("PST-MFA-003"))
    #expect(ids.contains("PST-INT-003"))
    let people = JudgedExports(
      logins: Self.loginColumns + Self.proven + Self.unproven, users: Self.person,
      verifications: Self.verifications)
    #expect(!Self.ids(try people.findings()).contains("PST-INT-003"))
  }

  @Test(arguments: [("TLS 1.1", "Success", true), ("TLS 1.2", "Success", false)])
  func aSuccessOverOldTLSIsFound(tls: String, status: String, fires: Bool) throws {
    let exports = JudgedExports(
      logins: Self.loginColumns
        + "0YaHn0000000001KAA,005Hn0000000001IAA,2026-08-04T10:00:00.000Z,Other Apex API,,\(status),"
        + "192.0.2.10,Loader,,\(tls),DE\n")
    #expect(Self.ids(try exports.findings()).contains("PST-API-010") == fires)
  }

  @Test(arguments: [(10, true), (31, false)])
  func loginsFromTwoCountriesAtOnceAreFound(minutesApart: Int, fires: Bool) throws {
    let exports = JudgedExports(
      logins: Self.loginColumns + """
        0YaHn0000000001KAA,005Hn0000000001IAA,2026-08-04T10:00:00.000Z,Application,,Success,192.0.2.10,Browser,Chrome 126,TLS 1.3,DE
        0YaHn0000000002KAA,005Hn0000000001IAA,2026-08-04T10:\(minutesApart):00.000Z,Application,,Success,198.51.100.7,Browser,Chrome 126,TLS 1.3,US
        """)
    #expect(Self.ids(try exports.findings()).contains("PST-ACC-004") == fires)
  }

  @Test(arguments: [(16, true), (15, false)])
  func wrongPasswordsForManyAccountsFromOneAddressAreASpray(accounts: Int, fires: Bool) throws {
    var logins = Self.loginColumns
    for number in 10..<10 + accounts {
      logins +=
        "0YaHn00000000\(number)KAA,005Hn00000000\(number)IAA,2026-08-04T10:00:\(number).000Z,"
        + "Application,,Invalid Password,203.0.113.5,Browser,Chrome 126,TLS 1.3,DE\n"
    }
    let found = try JudgedExports(logins: logins).findings().filter {
      $0.rule.family == .organization
    }
    #expect(found.map(\.counts["accounts"]) == (fires ? [accounts] : []))
  }

  @Test func aLoginTypeThatNoTableKnowsIsCounted() throws {
    func rows(_ type: String) -> String {
      Self.loginColumns
        + "0YaHn0000000001KAA,005Hn0000000001IAA,2026-08-04T10:00:00.000Z,\(type),,Success,"
        + "192.0.2.10,Browser,Chrome 126,TLS 1.3,DE\n"
    }
    let found = try JudgedExports(logins: rows("Telepathy")).findings()
      .filter { $0.rule.id == "PST-DATA-004" }
    #expect(found.map(\.discriminator) == ["column=LoginType&value=Telepathy"])
    #expect(found.map { $0.account == nil } == [true])
    #expect(
      !Self.ids(try JudgedExports(logins: rows("Application")).findings()).contains("PST-DATA-004"))
  }

  @Test func aRuleWhoseInputIsMissingDidNotRunAndSaysWhatItNeeds() {
    for rule in Catalogue.rules where !rule.description.needs.isEmpty {
      for input in rule.description.needs {
        #expect(!input.text.isEmpty)
        #expect(
          !input.kinds.isEmpty || input == .indicators || input == .breakGlassAccounts,
          "\(rule.description.id) needs what nothing gives")
      }
    }
  }
}
