import Foundation
import TestSupport
import Testing

/// Effective permissions through every path, dated snapshots, and users without logins.
@Suite struct SnapshotRuleTests {
  private typealias Login = Exports.Login
  private let plain = "0PS000000000001GAA"
  private let group = "0PG000000000001GAA"
  private let aggregate = "0PS0000000000AGGAY"
  private let muting = "0QM000000000001GAA"

  private let users =
    "Id,Username,Name,IsActive,UserType,ProfileId\n"
    + "\(Exports.one),etl@example.com,Connector,true,Standard,00e000000000001AAA\n"

  private func profiles(_ modifyAll: Bool = false) -> String {
    "Id,Name,PermissionsApiUserOnly,PermissionsModifyAllData,PermissionsViewAllData\n"
      + "00e000000000001AAA,Robots,true,\(modifyAll),false\n"
  }

  private func sets(_ rows: String...) -> String {
    "Id,Label,Type,PermissionSetGroupId,PermissionsApiUserOnly,PermissionsModifyAllData,"
      + "PermissionsViewAllData\n" + rows.map { $0 + "\n" }.joined()
  }

  private func assignments(_ rows: String...) -> String {
    "Id,AssigneeId,PermissionSetId,PermissionSetGroupId,ExpirationDate,IsActive,IsRevoked\n"
      + rows.enumerated().map { "0Pa00000000000\($0)AAA,\(Exports.one),\($1)\n" }.joined()
  }

  private func run(_ files: [String: String]) throws -> Results {
    var all = ["User.csv": users, "Profile.csv": profiles()]
    all.merge(files) { $1 }
    return try RuleScan.run(
      [RuleScan.api(RuleScan.time(day: 3))], config: "integration_accounts: [etl@example.com]\n",
      files: all)
  }

  private func paths(_ results: Results) -> [String] {
    let account = results.accounts.first?["account"] as? [String: Any]
    return (account?["privileges"] as? [[String: String]] ?? []).compactMap {
      guard let name = $0["name"], let via = $0["via"] else { return nil }
      return name == "ApiUserOnly" ? nil : "\(name) via \(via)"
    }
  }

  @Test func aProfileAPermissionSetAndAGroupAreOnePathEach() throws {
    let found = try run([
      "Profile.csv": profiles(true),
      "PermissionSet.csv": sets(
        "\(plain),Sync,Regular,,false,true,true", "\(aggregate),Ops,Group,\(group),false,true,false"
      ),
      "PermissionSetGroup.csv":
        "Id,DeveloperName,MasterLabel,Status\n\(group),Ops,Operations,Updated\n",
      "PermissionSetAssignment.csv": assignments(
        "\(plain),,,true,false", "\(aggregate),\(group),,true,false"),
    ])
    #expect(
      paths(found) == [
        "ModifyAllData via permission set group: Operations",
        "ModifyAllData via permission set: Sync", "ModifyAllData via profile: Robots",
        "ViewAllData via permission set: Sync",
      ])
    #expect(found.judged("INT-008") == ["low fail high"])
  }

  @Test(arguments: [
    (",true,false", 1), (",false,false", 0), (",true,true", 0),
    ("2026-08-20T00:00:00.000Z,true,false", 0), ("2026-12-31T00:00:00.000Z,true,false", 1),
  ])
  func expiredInactiveAndRevokedAssignmentsAreLeftOut(state: String, count: Int) throws {
    let found = try run([
      "PermissionSet.csv": sets("\(plain),Sync,Regular,,false,true,false"),
      "PermissionSetAssignment.csv": assignments("\(plain),,\(state)"),
    ])
    #expect(paths(found).count == count)
  }

  @Test func aGroupWithoutAggregateIsItsMembersMinusWhatIsMuted() throws {
    func group(_ muted: Bool) throws -> [String] {
      paths(
        try run([
          "PermissionSet.csv": sets("\(plain),Sync,Regular,,false,true,true"),
          "PermissionSetGroup.csv":
            "Id,DeveloperName,MasterLabel,Status\n\(self.group),Ops,Operations,Updated\n",
          "PermissionSetGroupComponent.csv":
            "Id,PermissionSetGroupId,PermissionSetId\n"
            + "0PC000000000001GAA,\(self.group),\(plain)\n"
            + "0PC000000000002GAA,\(self.group),\(muting)\n",
          "MutingPermissionSet.csv":
            "Id,DeveloperName,MasterLabel,PermissionsModifyAllData,PermissionsViewAllData\n"
            + "\(muting),Mute,Mute,\(muted),false\n",
          "PermissionSetAssignment.csv": assignments(",\(self.group),,true,false"),
        ]))
    }
    #expect(try group(true) == ["ViewAllData via permission set group: Operations"])
    #expect(try group(false).count == 2)
  }

  @Test func theAggregateOfAGroupIsFoundWithoutItsIdInTheAssignment() throws {
    let found = try run([
      "PermissionSet.csv": sets("\(aggregate),Ops,Group,\(group),false,true,false"),
      "PermissionSetAssignment.csv": assignments(",\(group),,true,false"),
    ])
    #expect(paths(found).count == 1)
  }

  @Test func relationshipColumnsOfAssignmentsCount() throws {
    let found = try run([
      "PermissionSetAssignment.csv":
        "AssigneeId,PermissionSetId,PermissionSet.Label,PermissionSet.PermissionsViewAllData\n"
        + "\(Exports.one),\(plain),Sync,true\n"
    ])
    #expect(paths(found) == ["ViewAllData via permission set: Sync"])
  }

  @Test func whatNoExportResolvesIsNotTakenForFalse() throws {
    let group = try run([
      "PermissionSet.csv": sets("\(plain),Sync,Regular,,false,false,false"),
      "PermissionSetGroupComponent.csv":
        "Id,PermissionSetGroupId,PermissionSetId\n0PC000000000001AAA,0PG000000000009GAA,\(plain)\n",
      "PermissionSetAssignment.csv": assignments(",\(self.group),,true,false"),
    ])
    #expect(group.judged("INT-008") == ["info unknown "])
    let profile = try run([
      "Profile.csv":
        "Id,Name,PermissionsModifyAllData\n00e000000000009AAA,Others,false\n",
      "PermissionSet.csv": sets("\(plain),Sync,Regular,,false,false,false"),
      "PermissionSetAssignment.csv": assignments("\(plain),,,true,false"),
    ])
    #expect(profile.findings("INT-008").first?["status"] as? String == "unknown")
    let column = try run([
      "Profile.csv": "Id,Name,PermissionsModifyAllData\n00e000000000001AAA,Robots,false\n"
    ])
    #expect(column.findings("INT-004").first?["status"] as? String == "unknown")
    #expect(column.words("INT-004").contains("Profile.PermissionsApiUserOnly"))
  }

  /// The set that stands for a group was left out of the export, and its members too.
  @Test func aGroupThatNoFileResolvesIsNotAnEmptyOne() throws {
    let found = try run([
      "Profile.csv": profiles(false),
      "PermissionSet.csv": sets("\(plain),Sync,Regular,,false,true,false"),
      "PermissionSetAssignment.csv": assignments("\(aggregate),\(group),,true,false"),
    ])
    #expect(found.judged("INT-008") == ["info unknown "])
    #expect(Self.kinds(found).contains("PermissionSetGroupComponent"))
    // Told by its members, or by the set.
    let members = try run([
      "Profile.csv": profiles(false),
      "PermissionSet.csv": sets("\(plain),Sync,Regular,,false,true,false"),
      "PermissionSetGroupComponent.csv":
        "Id,PermissionSetGroupId,PermissionSetId\n0PC000000000001AAA,\(group),\(plain)\n",
      "PermissionSetAssignment.csv": assignments("\(aggregate),\(group),,true,false"),
    ])
    #expect(members.findings("INT-008").first?["status"] as? String == "fail")
    #expect(!Self.kinds(members).contains("PermissionSetGroupComponent"))
  }

  /// What is muted counts as granted without the file that says so, and that is told.
  @Test func aMutingSetThatIsMissingIsNamed() throws {
    func files(_ more: [String: String]) -> [String: String] {
      [
        "Profile.csv": profiles(false),
        "PermissionSet.csv": sets("\(plain),Sync,Regular,,false,true,false"),
        "PermissionSetGroupComponent.csv":
          "Id,PermissionSetGroupId,PermissionSetId\n0PC000000000001GAA,\(group),\(plain)\n"
          + "0PC000000000002GAA,\(group),\(muting)\n",
        "PermissionSetAssignment.csv": assignments(",\(group),,true,false"),
      ].merging(more) { first, _ in first }
    }
    let missing = try run(files([:]))
    #expect(Self.kinds(missing).contains("MutingPermissionSet"))
    #expect(missing.words("INT-008").contains("MutingPermissionSet"))
    let given = try run(
      files([
        "MutingPermissionSet.csv":
          "Id,DeveloperName,PermissionsModifyAllData\n\(muting),Mute,true\n"
      ]))
    #expect(!Self.kinds(given).contains("MutingPermissionSet"))
  }

  /// A set of this type may be in force only in some sessions; which, another column says.
  @Test func aSetOfSessionsWithoutTheColumnIsUnknown() throws {
    func found(_ head: String, _ row: String) throws -> Results {
      try run([
        "Profile.csv": profiles(false),
        "PermissionSet.csv":
          "Id,Label,Type,PermissionsApiUserOnly,PermissionsModifyAllData\(head)\n"
          + "\(plain),Sync,Session,false,true\(row)\n",
        "PermissionSetAssignment.csv": assignments("\(plain),,,true,false"),
      ])
    }
    let doubt = "whether permission set: Sync is in force only in sessions"
    let untold = try found("", "")
    #expect(untold.judged("INT-008") == ["info unknown "])
    #expect(untold.words("INT-008").contains(doubt))
    let bySession = try found(",HasActivationRequired", ",true")
    #expect(bySession.findings("INT-008").allSatisfy { $0["status"] as? String != "fail" })
    #expect(!bySession.words("INT-008").contains(doubt))
    let always = try found(",HasActivationRequired", ",false")
    #expect(always.findings("INT-008").first?["status"] as? String == "fail")
  }

  private static func kinds(_ results: Results) -> [String] {
    results.findings("DATA-002").compactMap { $0["discriminator"] as? String }
  }

  @Test func aFileThatIsMissingLowersConfidenceAndIsNamed() throws {
    let found = try run(["Profile.csv": profiles(true)])
    #expect(found.judged("INT-008") == ["low fail medium"])
    #expect(found.words("INT-008").contains("PermissionSetAssignment"))
    #expect(
      found.findings("DATA-002").contains {
        $0["discriminator"] as? String == "PermissionSetAssignment"
      })
  }

  // MARK: Dated snapshots

  @Test func whatChangedBetweenSnapshotsStandsInTheRecord() throws {
    var robot = RuleScan.robot
    robot.permissions = ["ApiUserOnly", "ModifyAllData"]
    robot.profile = "Super Robots"
    let files = [
      "User-2026-08-01.csv": Exports.users([RuleScan.robot]),
      "User-2026-08-15.csv": Exports.users([robot], isActive: false),
    ]
    let found = try RuleScan.run([RuleScan.api(RuleScan.time(day: 3))], files: files)
    let changes = found.accounts.first?["changes"] as? [[String: Any]]
    #expect(changes?.count == 1)
    let change = changes?.first ?? [:]
    #expect(change["from"] as? String == "2026-08-01" && change["to"] as? String == "2026-08-15")
    #expect(
      change["gained"] as? [String] == [
        "ApiUserOnly via profile: Super Robots", "ModifyAllData via profile: Super Robots",
      ])
    #expect(change["lost"] as? [String] == ["ApiUserOnly via profile: Robots"])
    #expect(
      change["profile"] as? [String: String] == ["before": "Robots", "after": "Super Robots"])
    #expect(change["active"] as? [String: Bool] == ["before": true, "after": false])
    #expect(found.words("INT-008").contains("between the snapshots of 2026-08-01 and 2026-08-15"))
    let same = try RuleScan.run(
      [RuleScan.api(RuleScan.time(day: 3))],
      files: [
        "User-2026-08-01.csv": Exports.users([RuleScan.robot]),
        "User-2026-08-15.csv": Exports.users([RuleScan.robot]),
      ])
    #expect(same.accounts.first?["changes"] == nil)
  }

  @Test func anUndatedSnapshotIsOlderThanAllDatedOnes() throws {
    let files = [
      "User.csv": Exports.users([RuleScan.person]),
      "User-2026-08-15.csv": Exports.users([RuleScan.administrator]),
    ]
    let found = try RuleScan.run([RuleScan.api(RuleScan.time(day: 3))], files: files)
    let change = (found.accounts.first?["changes"] as? [[String: Any]])?.first ?? [:]
    #expect(change["from"] is NSNull && change["to"] as? String == "2026-08-15")
  }

  @Test func aStaleSnapshotLowersConfidenceAndIsNamed() throws {
    let near = try RuleScan.run(
      [Login(time: RuleScan.time(day: 3))],
      files: ["User-2026-07-05.csv": Exports.users([RuleScan.robot])])
    #expect(near.words("INT-003").contains("2026-07-05, 29 days from these logins"))
    #expect(near.findings("INT-003").first?["confidence"] as? String == "medium")
    let stale = try RuleScan.run(
      [Login(time: RuleScan.time(day: 3))],
      files: ["User-2026-07-01.csv": Exports.users([RuleScan.robot])])
    #expect(stale.findings("INT-003").first?["confidence"] as? String == "low")
    #expect(
      stale.words("INT-003").contains("the snapshot of 2026-07-01 is 33 days from these logins"))
  }

  // MARK: Users without logins

  @Test func integrationUsersWithoutLoginsHaveARecordOfZeros() throws {
    let silent: RuleScan.User = (Exports.two, "Silent", "Robots", ["ApiUserOnly"])
    let idle: RuleScan.User = (Exports.three, "Idle", "Standard User", [])
    let found = try RuleScan.run(
      [RuleScan.api(RuleScan.time(day: 3))],
      users: Exports.users([RuleScan.robot, silent, idle]),
      config: "mfa: {required_for_direct_ui_logins: false}\n")
    let ids = found.accounts.compactMap { ($0["account"] as? [String: Any])?["id"] as? String }
    #expect(ids == [Exports.one, Exports.two])
    #expect(found.human(1)["attempted"] as? Int == 0)
    #expect(found.accounts[1]["first_login"] is NSNull)
    #expect(found.judged("INT-005", of: Exports.two) == ["medium fail medium"])
    let linked = Set(found.accounts[1]["findings"] as? [String] ?? [])
    let about = Set(
      found.of("finding").filter {
        ($0["account"] as? [String: Any])?["id"] as? String == Exports.two
      }.compactMap { $0["finding_id"] as? String })
    #expect(!about.isEmpty && linked == about)
    #expect(found.end["accounts"] as? Int == 2)
  }

  @Test func inactiveAndExternalUsersWithoutLoginsAreNotJudged() throws {
    let login = [RuleScan.api(RuleScan.time(day: 3)) { $0.user = Exports.three }]
    let inactive = try RuleScan.run(
      login, users: Exports.users([RuleScan.robot], isActive: false))
    #expect(inactive.accounts.count == 1)
    let external = try RuleScan.run(
      login, users: Exports.users([RuleScan.robot], userType: "CspLitePortal"))
    #expect(external.accounts.count == 1)
    let active = try RuleScan.run(login, users: Exports.users([RuleScan.robot]))
    #expect(active.accounts.count == 2)
  }

  @Test func aDormantUserWithoutAnyLoginIsFound() throws {
    let rows = (1...30).map { day in
      RuleScan.api(RuleScan.time(day: day)) { $0.user = Exports.two }
    }
    let found = try RuleScan.run(rows, users: Exports.users([RuleScan.robot]))
    #expect(found.judged("INT-009") == ["low fail high"])
    let young = try RuleScan.run(
      rows,
      users:
        "Id,Username,Name,IsActive,UserType,Profile.Name,CreatedDate,"
        + "Profile.PermissionsApiUserOnly\n"
        + "\(Exports.one),new@example.com,New,true,Standard,Robots,2026-08-02T00:00:00.000Z,true\n")
    #expect(young.judged("INT-009").isEmpty)
  }
}
