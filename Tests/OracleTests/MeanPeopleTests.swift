import Foundation
import TestSupport
import Testing

/// Small orgs in which rights hang on what is easily overlooked: permission sets and groups that sessions
/// activate, licences that are assigned by themselves, users who are frozen, and since when.
@Suite
struct MeanPeopleTests {
  private static let seeds =
    1...(ProcessInfo.processInfo.environment["MEAN_ORGS"].flatMap(UInt64.init) ?? 12)

  /// Rules whose findings rest on permissions, and say what was left out.
  private static let listing: Set = ["MFA-007", "INT-003", "INT-004", "INT-005", "INT-008"]

  @Test
  func rightsAreJudgedAsTheOracleJudgesThem() throws {
    var fired: Set<String> = []
    var listed = 0
    for seed in Self.seeds {
      var org = MeanPeople(seed: seed)
      let folder = try org.write()
      let records = try Program.scan([folder.path], policy: org.policy)
      let oracle = try Oracle(folder: folder.path, policy: org.policy)
      fired.formUnion(oracle.findings.map(\.rule))
      let differences = oracle.differences(from: records)
      for line in differences.prefix(40) { print("seed \(seed): \(line)") }
      #expect(differences.isEmpty, "seed \(seed): \(differences.count) differences")
      for record in records["postern.finding/2"] ?? [] {
        let rule = (record["rule"] as? Comparison.Object)?["id"] as? String ?? ""
        let key = (record["account"] as? Comparison.Object)?["key"] as? String ?? ""
        guard Self.listing.contains(rule.replacing("PST-", with: "")), key != "" else { continue }
        let notes = record["data_quality"] as? [String] ?? []
        for label in oracle.accounts[key]?.person?.sessionActivated ?? [] {
          listed += 1
          #expect(notes.contains { $0.hasPrefix(label + " is in force only") }, "\(seed) \(key)")
        }
      }
    }
    let rules: Set = ["ACC-001", "INT-002", "INT-003", "INT-004", "INT-005", "INT-008", "MFA-007"]
    #expect(fired.isSuperset(of: rules), "\(fired.sorted())")
    #expect(listed > 0)
  }
}

/// An org drawn from a few edges.
struct MeanPeople {
  private var random: SeededGenerator
  private(set) var policy = Policy(
    trustedNetworks: ["192.0.2.0/24"], indicatorAddresses: ["198.51.100.66/32"])

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    policy.isSwitchOn = seed % 2 == 0 ? false : nil
  }

  private static let users = [
    "005Hn0000000001IAA", "005Hn0000000002IAA", "005Hn000000000aIAA", "005Hn000000000AIAQ",
    "005Hn0000000005IAA",
  ]
  /// An id of an object by its prefix.
  private static func id(_ prefix: String, _ number: Int) -> String {
    let digits = String(number)
    return People.long(prefix + "Hn" + String(repeating: "0", count: 10 - digits.count) + digits)
  }

  private static let permissions =
    [
      "ApiUserOnly", "ForceTwoFactor", "BypassMFAForUiLogins", "TwoFactorApi",
    ] + People.privileges

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }

  mutating func write() throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write("profiles.csv", Self.profiles)
    try folder.write("sets.csv", sets())
    try folder.write("groups.csv", groups())
    try folder.write("components.csv", Self.components)
    try folder.write("assignments.csv", assignments())
    try folder.write("logins.csv", logins())
    for date in pick([[""], ["-2026-06-01", "-2026-06-15"], ["", "-2026-06-15"]]) {
      try folder.write("User\(date).csv", people())
    }
    for date in pick([[], [""], ["-2026-06-05"], ["-2026-06-05", "-2026-06-20"]]) {
      try folder.write("UserLogin\(date).csv", frozen())
    }
    for date in pick([[], [""], ["-2026-06-01", "-2026-06-20"]]) {
      try folder.write("licenses\(date).csv", licenses())
    }
    return folder
  }

  private static let header = permissions.map { ",Permissions" + $0 }.joined() + "\n"

  /// The flags of a row, of which these are set.
  private static func flags(_ granted: [String]) -> String {
    permissions.map { ",\(granted.contains($0))" }.joined() + "\n"
  }

  private static let profiles =
    "Id,Name,UserLicense.Name" + header + id("00e", 1) + ",Plain,Salesforce" + flags([])
    + id("00e", 2) + ",Support,Salesforce" + flags(["ViewAllData"])

  private mutating func sets() -> String {
    var text =
      "Id,Name,Label,Type,IsOwnedByProfile,PermissionSetGroupId,License.Name,HasActivationRequired"
      + Self.header
    func row(_ number: Int, _ name: String, _ isActivated: Bool, _ granted: [String]) -> String {
      "\(Self.id("0PS", number)),\(name),\(name) Label,"
        + (number == 8 ? "Group" : "Regular") + ",false," + (number == 8 ? Self.groups[1] : "")
        + "," + (number == 5 ? "Salesforce API Integration" : "")
        + ",\(isActivated)" + Self.flags(granted)
    }
    text += row(1, "Waiver", pick([true, false, false]), ["BypassMFAForUiLogins"])
    text += row(2, "Power", pick([true, false]), ["ModifyAllData", "AuthorApex"])
    text += row(3, "Robot", pick([true, false, false]), ["ApiUserOnly"])
    text += row(4, "Force", pick([true, false]), ["ForceTwoFactor"])
    text += row(5, "Licensed", pick([true, false]), [])
    // Members of groups, and the set that holds what a group grants.
    text += row(6, "First", false, ["ManageUsers"])
    text += row(7, "Second", false, ["BypassMFAForUiLogins", "ViewAllData"])
    return text + row(8, "Whole", pick([false, false, true]), ["CustomizeApplication"])
  }

  private static let groups = [id("0PG", 1), id("0PG", 2)]

  private mutating func groups() -> String {
    "Id,DeveloperName,MasterLabel,HasActivationRequired\n"
      + "\(Self.groups[0]),Members,Members Group,\(pick([true, false]))\n"
      + "\(Self.groups[1]),Whole,Whole Group,\(pick([true, false]))\n"
  }

  private static let components =
    "PermissionSetGroupId,PermissionSetId\n\(groups[0]),\(id("0PS", 6))\n"
    + "\(groups[0]),\(id("0PS", 7))\n"

  private mutating func assignments() -> String {
    var text = "AssigneeId,PermissionSetId,PermissionSetGroupId,ExpirationDate,IsActive\n"
    for user in Self.users {
      for number in 1...5 where chance(30) {
        let expires = pick(["", "", "", "2026-08-31T23:59:59.999Z", "2026-09-02T00:00:00.000Z"])
        text += "\(user),\(Self.id("0PS", number)),,\(expires),true\n"
      }
      if chance(25) { text += "\(user),,\(Self.groups[0]),,true\n" }
      if chance(25) {
        text += "\(user),\(Self.id("0PS", 8)),\(pick(["", Self.groups[1]])),,\(chance(80))\n"
      }
    }
    return text
  }

  private mutating func people() -> String {
    var text = "Id,Username,Name,IsActive,UserType,ProfileId,CreatedDate\n"
    for (index, user) in Self.users.enumerated() {
      text += "\(user),user\(index)@example.com,Kim,\(chance(70)),Standard,"
      text += "\(Self.id("00e", index < 3 ? 1 : 2)),2020-01-01T00:00:00.000Z\n"
    }
    return text
  }

  private mutating func frozen() -> String {
    let flags = pick([["true", "false"], ["1", "0"]])
    var text = "Id,UserId,IsFrozen,IsPasswordLocked\n"
    for (index, user) in Self.users.enumerated() where chance(80) {
      let id = chance(30) ? String(user.prefix(15)) : user
      text += "\(Self.id("0Yw", index)),\(id),\(pick(flags)),\(flags[1])\n"
    }
    return text
  }

  private mutating func licenses() -> String {
    var text = "AssigneeId,PermissionSetLicense.DeveloperName,PermissionSetLicense.MasterLabel\n"
    for user in Self.users {
      if chance(30) {
        text += "\(user),SalesforceAPIIntegrationPsl,Salesforce API Integration\n"
      }
      if chance(30) { text += "\(user),CompanyCommunityPsl,Company Community\n" }
    }
    return text
  }

  private mutating func logins() -> String {
    var text =
      "Id,UserId,LoginTime,LoginType,LoginSubType,Status,SourceIp,Application,Browser,Platform,"
    text += "CountryIso\n"
    for number in 100..<pick([120, 160]) {
      let midnight = Moment.milliseconds("2026-06-01T00:00:00Z") ?? 0
      let time =
        midnight + pick([0, 3, 4, 4, 5, 13, 14, 14, 18, 19, 20, 25]) * 86_400_000
        + pick([-60_000, -1, 0, 1, 59_999, 60_000])
      let fields = [
        pick([
          "Application,UI Username-Password", "Other Apex API,", "Other Apex API,",
          "Remote Access 2.0,OAuth Web Server", "SAML Idp Initiated SSO,",
        ]),
        pick([
          "Success", "Success", "Success", "Invalid password", "User is inactive",
          "User is frozen", "Failed: API-only user",
        ]),
        pick(["192.0.2.1", "198.51.100.66", "203.0.113.9"]), "ETL", "Chrome 126", "Linux", "DE",
      ]
      text += "\(Self.id("0Ya", number)),\(pick(Self.users)),\(Moment.text(time)),"
      text += fields.joined(separator: ",") + "\n"
    }
    return text
  }
}
