import TestSupport
import Testing

/// Small orgs whose people, registrations, pages and tokens lie at the edges of what makes a finding.
@Suite
struct MeanPlacesTests {
  @Test
  func placesPagesAndTokensAreJudgedAsTheOracleJudgesThem() throws {
    var fired: Set<String> = []
    for seed in UInt64(1)...24 {
      var org = MeanPlaces(seed: seed)
      let folder = try org.write()
      let records = try Program.scan([folder.path], policy: org.policy)
      let oracle = try Oracle(folder: folder.path, policy: org.policy)
      fired.formUnion(oracle.findings.map(\.rule))
      let differences = oracle.differences(from: records)
      for line in differences.prefix(40) { print("seed \(seed): \(line)") }
      #expect(differences.isEmpty, "seed \(seed): \(differences.count) differences")
    }
    #expect(
      fired.isSuperset(of: ["ACC-006", "ACC-007", "ACC-008", "INT-013", "INT-014", "API-016"]),
      "\(fired.sorted())")
  }
}

/// An org drawn from a few edges.
struct MeanPlaces {
  private var random: SeededGenerator
  private(set) var policy = Policy(
    trustedNetworks: ["192.0.2.0/24"], indicatorAddresses: ["198.51.100.66/32"])

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    if seed % 4 == 2 {
      policy.since = Moment.text(Self.start + 15 * Self.day)
      policy.until = Moment.text(Self.start + 20 * Self.day)
    }
    if seed % 5 == 3 { policy.breakGlassAccounts = ["user2@example.com"] }
    if seed % 5 == 4 { policy.automationAccounts = ["user2@example.com"] }
  }

  /// An integration account, an administrator and a person.
  private static let users = ["005Hn0000000001IAA", "005Hn0000000002IAA", "005Hn000000000aIAA"]
  private static let start = 1_785_715_200_000
  private static let day = 86_400_000

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }

  mutating func write() throws -> TestFolder {
    let folder = try TestFolder()
    var users = "Id,Username,Name,IsActive,UserType,Profile.Name,Profile.PermissionsApiUserOnly"
    let others =
      People.privileges + [
        "TwoFactorApi", "ForceTwoFactor", "BypassMFAForUiLogins",
        "ApproveUninstalledConnectedApps",
      ]
    for name in others { users += ",Profile.Permissions\(name)" }
    users += "\n"
    for (index, id) in Self.users.enumerated() {
      users += "\(id),user\(index)@example.com,Kim,true,Standard,Nightly\(index),\(index == 0)"
      for name in others {
        let isHeld =
          name == "ModifyAllData" ? index == 1 : name.contains("App") && pick([true, false])
        users += isHeld ? ",true" : ",false"
      }
      users += "\n"
    }
    try folder.write("users.csv", users)
    try folder.write("logins.csv", logins())
    try folder.write("verifications.csv", verifications())
    try folder.write("pages.csv", pages())
    try folder.write("tokens.csv", tokens())
    return folder
  }

  private var times: [(user: Int, time: Int, id: String)] = []

  /// Most days at home, and from the fourteenth on elsewhere as well.
  private mutating func logins() -> String {
    var text = "Id,UserId,LoginTime,LoginType,LoginSubType,Status,SourceIp,Application,CountryIso\n"
    for (index, user) in Self.users.enumerated() {
      let direct = pick([0, 1, 1, 3])
      for day in 0..<pick([15, 19, 22, 24]) {
        let time =
          Self.start + day * Self.day + pick([0, 0, 1, 59_999, 60_000, 3_600_000, 40_000_000])
        let isAway = day >= pick([13, 14, 15]) && pick([true, false, false])
        let id = "0YaHn0000\(100_000 + times.count)"
        times.append((index, time, id))
        text += "\(id),\(user),\(Moment.text(time)),"
        if index == 0, pick([true, true, false]) {
          text += "Remote Access 2.0,OAuth Refresh Token,"
        } else {
          text += (day % 11 < direct ? "Application" : "SAML Sfdc Initiated SSO") + ",,"
        }
        text += pick(["Success", "Success", "Success", "Success", "Invalid Password"]) + ","
        text += isAway ? pick(["198.51.100.66", "203.0.113.9", "2001:db8:1::1", ""]) : "192.0.2.1"
        text += "," + pick(["Pump/1.0", "Pump", "Browser", "N/A"]) + ","
        text += (isAway ? pick(["US", "DE", "BR", ""]) : "DE") + "\n"
      }
    }
    return text
  }

  /// Registrations just after logins, a day after, and before them.
  private mutating func verifications() -> String {
    var text =
      "LoginHistoryId,UserId,VerificationTime,SourceIp,Policy,Activity,VerificationMethod,Status\n"
    for login in times where pick([true, false, false]) {
      let time =
        login.time
        + pick([0, 1_000, Self.day, Self.day + 1, -1, -600_000, -600_001])
      let row =
        "\(pick([login.id, "", ""])),\(Self.users[pick([login.user, login.user, 2])]),"
        + "\(Moment.text(time)),203.0.113.9,TwoFactorAuthentication,"
        + "\(pick(["ConnectTotp", "EnableLL", "Login"])),Totp,\(pick(["Succeeded", "Denied"]))\n"
      text += row + (pick([true, false, false]) ? row : "")
    }
    return text
  }

  /// Pages around a day after logins, on whole minutes and beside them.
  private mutating func pages() -> String {
    let event = pick(["URI", "AuraRequest", "LightningPageView"])
    var text = "EVENT_TYPE,TIMESTAMP,USER_ID,URI,TIMESTAMP_DERIVED,USER_ID_DERIVED,CLIENT_IP\n"
    for (number, login) in times.enumerated() where pick([true, false, false]) {
      let time =
        login.time + pick([0, -60_000, -120_000, Self.day, Self.day + 60_000, 2 * Self.day])
        + number % 7
      let user = Self.users[pick([0, 0, login.user])]
      text +=
        "\(event),,\(user.prefix(15)),/home/home.jsp,\(Moment.text(time)),\(user),"
        + "\(pick(["192.0.2.1", "198.51.100.66", "203.0.113.9", ""]))\n"
    }
    return text
  }

  /// Tokens around ninety days without use.
  private mutating func tokens() -> String {
    let now = Moment.milliseconds(policy.now) ?? 0
    var text = "AppName,UserId,LastUsedDate,UseCount,CreatedDate\n"
    for _ in 0..<8 {
      let old = now - 90 * Self.day
      func date(_ time: Int) -> String { Moment.text(time) }
      let used = pick([date(old), date(old + 1), "", date(Self.start + 3 * Self.day), date(now)])
      text +=
        "\(pick(["Pump", "Pump/2.0", "pump", "Quiet", "N/A"])),\(pick(Self.users)),\(used),"
        + "\(pick(["0", "4", ""])),\(pick([date(old), date(old + 1), ""]))\n"
    }
    return text
  }
}
