import Accounts
import Findings
import SalesforceExports
import TestSupport
import Testing

/// Whose verifications prove MFA: those of the login's own user.
///
/// Where none names a login of another user, what was noted of rows when they were read is used; where one may,
/// they are looked up once more (`Judgement.isVerifiedByOwnAlone`).
struct VerifiedUserTests {
  private static let header =
    "LoginHistoryId,UserId,VerificationTime,SourceIp,Policy,Activity,VerificationMethod,Status\n"
  private static let ada = "005Hn0000000001IAA"
  private static let bob = "005Hn0000000002IAA"
  private static let users = """
    Id,Username,Name,IsActive,UserType,Profile.Name
    \(ada),ada@example.com,Ada,true,Standard,Sales
    \(bob),bob@example.com,Bob,true,Standard,Sales
    """

  private static func row(_ login: String, _ user: String, _ method: String = "Totp") -> String {
    "\(login),\(user),2026-06-01T10:00:05.000Z,192.0.2.10,TwoFactorAuthentication,Login,\(method),"
      + "Succeeded\n"
  }

  /// What is found about a login of Ada's that one verification names.
  private static func rules(ofVerificationBy user: String) throws -> Set<String> {
    var logins = LoginRows()
    let login = logins.nextID
    logins.add()
    logins.add { $0.user = bob }
    var exports = JudgedExports(
      logins: logins.text, users: users, verifications: header + row(login, user))
    exports.statements.covers = { _ in true }
    return Set(
      try exports.findings().filter { finding in
        finding.account?.keyText == ada || finding.discriminator.hasSuffix("another user")
      }.map(\.rule.id))
  }

  @Test func aVerificationProvesALoginOfItsOwnUserAlone() throws {
    let own = try Self.rules(ofVerificationBy: Self.ada)
    let unsaid = try Self.rules(ofVerificationBy: "")
    let other = try Self.rules(ofVerificationBy: Self.bob)
    let absent = "PST-MFA-003"
    #expect(!own.contains("PST-DATA-004") && !own.contains(absent))
    #expect(own == unsaid)
    // It is said, and is no proof.
    #expect(other.contains("PST-DATA-004") && other.contains(absent))
  }

  @Test(arguments: SeededGenerator.seeds)
  func rowsThatAreLookedUpOnceMoreAreJudgedAlike(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let people = [Self.ada, Self.bob, "005Hn0000000003IAA"]
    // Half of the exports have verifications of nobody but the logins' own users.
    let mixes = random.below(2) == 0
    var logins = LoginRows()
    var verifications = Self.header
    for _ in 0..<60 {
      let (login, user) = (logins.nextID, people[random.below(3)])
      logins.add { row in
        row.user = user
        row.day = 1 + random.below(20)
        row.type = random.below(5) == 0 ? "Remote Access 2.0" : "Application"
        row.status = random.below(6) == 0 ? "Multi-factor required" : "Success"
      }
      for _ in 0..<[0, 1, 1, 2][random.below(4)] {
        let others = ["", people[random.below(3)], user]
        verifications += Self.row(
          login, mixes ? others[random.below(3)] : user,
          ["Totp", "Sms", "Email", "U2F"][random.below(4)])
      }
    }
    var exports = JudgedExports(
      logins: logins.text, users: random.below(2) == 0 ? Self.users : nil,
      verifications: verifications)
    let found = try exports.findings()
    exports.looksUpAgain = true
    let again = try exports.findings()
    func shown(_ findings: [Finding]) -> [String] {
      findings.map { finding in
        let rows = finding.evidence.map { "\($0.row) \($0.label)" }
        return
          "\(finding.id) \(finding.severity) \(finding.counts.sorted { $0.key < $1.key }) \(rows)"
      }
    }
    #expect(shown(found) == shown(again), "seed \(seed)")
  }
}
