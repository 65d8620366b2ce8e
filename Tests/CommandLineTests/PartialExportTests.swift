import Foundation
import TestSupport
import Testing

/// What exports that are damaged, cut or partial do not show accuses nobody, and is said.
@Suite struct PartialExportTests {
  private typealias Login = Exports.Login

  private let settings: TestFolder
  private let logins = Exports.logins([Login(), RuleScan.other])
  private let sound = Exports.verifications([
    Exports.verification(login: 900, user: Exports.two)
  ])

  init() throws { settings = try TestFolder() }

  private func scan(_ files: [String: Data], _ arguments: [String] = []) throws -> Results {
    let folder = try TestFolder()
    for (name, data) in files { try data.write(to: URL(filePath: folder.path(name))) }
    return try Program.scan([folder.path] + arguments)
  }

  private func scan(
    verifications: String, logins: String? = nil, _ arguments: [String] = []
  ) throws -> Results {
    try scan(
      ["l.csv": Data((logins ?? self.logins).utf8), "v.csv": Data(verifications.utf8)], arguments)
  }

  // MARK: Verifications

  @Test func aVerificationThatCannotBeReadAccusesNobodyWhomItNames() throws {
    let unread = Exports.verification(login: 1, time: "May 5th 2026") + "\n"
    let found = try scan(verifications: sound + unread, ["--max-rejects", "1"])
    #expect(found.code == 0)
    #expect(found.bases() == ["sf_unread": 1])
    // Cut in its midst.
    let cut = String(Exports.verification(login: 1).dropLast(30)) + "\n"
    #expect(
      try scan(verifications: sound + cut, ["--max-rejects", "1"]).bases() == ["sf_unread": 1])
    // Others are accused with less confidence: whose it was nobody can tell.
    let other = try scan(
      verifications: sound + Exports.verification(login: 7, time: "May 5th 2026") + "\n",
      ["--max-rejects", "1"])
    #expect(other.bases() == ["sf_no_verification": 1])
    #expect(other.judged("MFA-003") == ["medium fail low"])
    #expect(try scan(verifications: sound).judged("MFA-003") == ["medium fail medium"])
  }

  @Test func aCutVerificationExportAccusesNobody() throws {
    let packed = Archives.gzip(
      Array((sound + Exports.verification(login: 7, user: Exports.two)).utf8))
    let whole = try scan(["l.csv": Data(logins.utf8), "v.csv.gz": Data(packed)])
    #expect(whole.bases() == ["sf_no_verification": 1])
    let cut = try scan(["l.csv": Data(logins.utf8), "v.csv.gz": Data(packed.dropLast(12))])
    #expect(cut.code == 2)
    #expect(cut.bases() == ["not_covered": 1])
  }

  @Test func aStatedCoverageBoundsWhatIsCovered() throws {
    func bases(_ until: String) throws -> [String: Int] {
      let config = try settings.write(
        "c.yaml", "coverage: {verification_history: {from: 2026-08-01, until: \(until)}}\n")
      return try scan(verifications: sound, ["--config", config]).bases()
    }
    #expect(try bases("2026-08-03") == ["not_covered": 1])
    #expect(try bases("2026-08-04") == ["sf_no_verification": 1])
  }

  /// Two orgs in one folder, and the verifications of one of them.
  @Test func usersOfAnotherOriginWithoutAnyVerificationAreNotAccused() throws {
    func found(_ count: Int, _ verified: String = "") throws -> [[String: Int]] {
      let foreign = (1...count).map { number in
        Login(id: "0Ya9k00000000\(number)1", user: "0059k00000000\(number)1")
      }
      let rows = [RuleScan.other] + foreign
      let results = try scan(
        verifications: sound + verified, logins: Exports.logins(rows))
      return (0..<results.accounts.count).map { results.bases($0) }
        .filter { $0["sf_verification"] == nil }
    }
    #expect(try found(3) == Array(repeating: ["join_unproven": 1], count: 3))
    // Of two nobody knows; and one with a row shows that the export has some.
    #expect(try found(2) == Array(repeating: ["sf_no_verification": 1], count: 2))
    let row =
      "0Ya9k0000000011,0059k0000000011,2026-08-03T10:00:00.000Z,192.0.2.10,TwoFactorAuthentication,"
      + "Login,Totp,Succeeded\n"
    #expect(try found(3, row) == Array(repeating: ["sf_no_verification": 1], count: 2))
    // So does the row of somebody who comes in another way.
    let other =
      ",0059k0000000991,2026-08-03T10:00:00.000Z,192.0.2.10,TwoFactorAuthentication,Login,Totp,"
      + "FailedInvalidCode\n"
    #expect(try found(3, other) == Array(repeating: ["sf_no_verification": 1], count: 3))
  }

  // MARK: Snapshots

  @Test func behindTheEndOfACutUserFileNobodyIsSaidToBeMissing() throws {
    let users = Exports.users([RuleScan.person, (Exports.two, "Bob", "Staff", [])])
    let packed = Archives.gzip(Array(users.utf8))
    func found(_ data: [UInt8]) throws -> Results {
      let logins = Exports.logins([Login(), Login(user: Exports.three)])
      return try scan(["l.csv": Data(logins.utf8), "u.csv.gz": Data(data)])
    }
    #expect(try found(packed).judged("ACC-002", of: Exports.three).count == 1)
    let cut = try found(packed.dropLast(20))
    #expect(cut.code == 2 && cut.findings("ACC-002").isEmpty)
    let empty = try found(Archives.gzip(Array(users.prefix { $0 != "\n" }.utf8) + [10]))
    #expect(empty.code == 2 && empty.findings("ACC-002").isEmpty)
  }

  @Test func anEmptyFileOfPermissionsAccusesNoMoreThanAMissingOne() throws {
    let config = try settings.write(
      "c.yaml",
      "integration_accounts: [connector@example.com]\nmfa: {required_for_direct_ui_logins: false}\n"
    )
    func judged(_ assignments: String?) throws -> [String] {
      var files = [
        "l.csv": Data(Exports.logins([RuleScan.api(RuleScan.time(day: 3))]).utf8),
        "User.csv": Data(
          "Id,Username,Name,IsActive,UserType,ProfileId\n\(Exports.one),connector@example.com,C,true,Standard,00e000000000001AAA\n"
            .utf8),
        "Profile.csv": Data(
          "Id,Name,PermissionsApiUserOnly,PermissionsForceTwoFactor\n00e000000000001AAA,Robots,false,false\n"
            .utf8),
        "PermissionSet.csv": Data(
          "Id,Label,Type,PermissionsApiUserOnly,PermissionsForceTwoFactor\n0PS000000000001GAA,Sync,Regular,true,true\n"
            .utf8),
      ]
      if let assignments { files["PermissionSetAssignment.csv"] = Data(assignments.utf8) }
      let found = try scan(files, ["--config", config])
      return found.judged("INT-004")
    }
    let header = "Id,AssigneeId,PermissionSetId\n"
    #expect(try judged(header + "0Pa000000000001AAA,\(Exports.one),0PS000000000001GAA\n").isEmpty)
    #expect(try judged(nil) == ["medium fail medium"])
    #expect(try judged(header) == ["medium fail medium"])
  }

  // MARK: Indicators and names

  @Test func indicatorsThatNothingCanBeComparedWithAreSaid() throws {
    func found(_ indicators: String, _ logins: String) throws -> Results {
      let config = try settings.write("c.yaml", "indicators: [\(indicators)]\n")
      return try scan(["l.csv": Data(logins.utf8)], ["--config", config])
    }
    let plain = Exports.logins([RuleScan.api(RuleScan.time(day: 3))])
    let agent = try found("{user_agent: \"python-requests/*\"}", plain)
    #expect(agent.state("API-011") == "not_run")
    let both = try found("{user_agent: \"python-requests/*\"}, 198.51.100.7", plain)
    #expect(both.state("API-011") == "none")
    #expect(both.errors.contains("1 indicator was not compared with any login"))
    let network = try found("198.51.100.7", plain)
    #expect(network.state("API-011") == "none")
    #expect(!network.errors.contains("not compared"))
    let nowhere = Exports.logins([RuleScan.api(RuleScan.time(day: 3)) { $0.address = "" }])
    #expect(try found("198.51.100.7", nowhere).state("API-011") == "not_run")
  }

  /// Whatever version the client has.
  @Test func anApplicationIsMetWithAVersionBehindItsName() throws {
    let rows = Exports.logins([
      RuleScan.api(RuleScan.time(day: 3)) { $0.application = "DataLoaderBulkBatch/58.0" }
    ])
    for name in ["DataLoaderBulkBatch", "DataLoaderBulkBatch/58.0", "DataLoader*Batch"] {
      let config = try settings.write("c.yaml", "indicators: [{application: \(name)}]\n")
      let found = try scan(["l.csv": Data(rows.utf8)], ["--config", config])
      #expect(found.findings("API-011").count == 1, "\(name)")
    }
  }

  @Test func entriesThatMeanNoAccountAreNamed() throws {
    let config = try settings.write(
      "c.yaml",
      "break_glass_accounts: [emergncy@example.com, ada@example.com, \"nobody*\", \"*@example.com\", "
        + "\"profile:Standard User\", \"profile:Robots\", \(Exports.one), \(Exports.three)]\n")
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([Login()]))
    let arguments = ["scan", folder.path, "--config", config, "--now", "2026-09-01", "-o", "none"]
    func named(_ outcome: Program.Outcome) -> [String] {
      outcome.errors.split(separator: "\n").filter { $0.contains("is no account of these exports") }
        .map { String($0.drop { $0 != "b" }.prefix { $0 != "\n" }) }
    }
    // Without users no name can be told.
    #expect(named(try Program.run("postern", arguments)).isEmpty)
    try folder.write("u.csv", Exports.users([RuleScan.person]))
    let found = named(try Program.run("postern", arguments)).joined(separator: "\n")
    for entry in ["emergncy@example.com", "nobody*", "profile:Robots", Exports.three] {
      #expect(found.contains("break_glass_accounts: \(entry) "), "\(entry)")
    }
    for entry in ["ada@example.com", " *@example.com", "Standard User", Exports.one] {
      #expect(!found.contains(entry), "\(entry)")
    }
  }
}
