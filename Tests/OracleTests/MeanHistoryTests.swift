import Foundation
import TestSupport
import Testing

/// Small orgs of some weeks whose rows lie at the edges of fourteen and thirty days of history:
/// networks, countries and applications first seen, consents, sleep, shared accounts.
@Suite
struct MeanHistoryTests {
  private static let seeds =
    1...(ProcessInfo.processInfo.environment["MEAN_ORGS"].flatMap(UInt64.init) ?? 12)

  @Test
  func historyIsJudgedAsTheOracleJudgesIt() throws {
    var fired: Set<String> = []
    for seed in Self.seeds {
      var org = MeanHistory(seed: seed)
      let folder = try org.write()
      let records = try Program.scan([folder.path], policy: org.policy)
      let oracle = try Oracle(folder: folder.path, policy: org.policy)
      fired.formUnion(oracle.findings.map(\.rule))
      let differences = oracle.differences(from: records)
      for line in differences.prefix(40) { print("seed \(seed): \(line)") }
      #expect(differences.isEmpty, "seed \(seed): \(differences.count) differences")
    }
    let rules: Set = ["API-006", "API-007", "API-009", "INT-009", "INT-010", "INT-011"]
    #expect(fired.isSuperset(of: rules), "\(fired.sorted())")
  }
}

/// An org drawn from a few edges.
struct MeanHistory {
  private var random: SeededGenerator
  private(set) var policy = Policy(
    trustedNetworks: ["192.0.2.0/24"], indicatorAddresses: ["198.51.100.66/32"])

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    policy.isSwitchOn = seed % 2 == 0 ? true : nil
  }

  private static let users = [
    "005Hn0000000001IAA", "005Hn0000000002IAA", "005Hn000000000aIAA", "005Hn000000000AIAQ",
  ]
  private static let start = 1_780_272_000_000

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }

  mutating func write() throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write("users.csv", users())
    try folder.write("logins.csv", logins())
    try folder.write("methods.csv", methods())
    try folder.write("verifications.csv", verifications())
    return folder
  }

  private mutating func users() -> String {
    var text = "Id,Username,Name,IsActive,UserType,CreatedDate,Profile.Name"
    for name in ["ApiUserOnly", "ForceTwoFactor", "BypassMFAForUiLogins", "TwoFactorApi"]
      + People.privileges
    {
      text += ",Profile.Permissions\(name)"
    }
    text += "\n"
    for (index, id) in Self.users.enumerated() {
      let created = pick(["", "2020-01-01T00:00:00.000Z", "2026-06-01T23:00:00.000Z"])
      text += "\(id),user\(index)@example.com,Kim,\(pick(["true", "true", "false"])),Standard,"
      text += "\(created),Nightly,\(index < 2),\(pick([true, false]))"
      text += String(repeating: ",false", count: 7) + "\n"
    }
    return text
  }

  private mutating func logins() -> String {
    var text =
      "Id,UserId,LoginTime,LoginType,LoginSubType,Status,SourceIp,Application,Browser,Platform,"
    text += "CountryIso\n"
    let hasAllDays = pick([true, true, false])
    let days = hasAllDays ? Array(0..<pick([31, 32, 46])) : [0, 13, 14, 15, 29, 30, 31]
    var number = 100_000
    func add(_ user: String, _ time: Int, _ rest: String) {
      number += 1
      text += "0YaHn0000\(number),\(user),\(Moment.text(time)),\(rest)\n"
    }
    if hasAllDays {
      // One account that covers every day.
      for day in days {
        add(
          Self.users[3], Self.start + day * 86_400_000,
          "Other Apex API,,Success,192.0.2.1,ETL,Unknown,,DE")
      }
    }
    let doors = [
      "Other Apex API,", "Other Apex API,", "Application,UI Username-Password",
      "Remote Access 2.0,OAuth Web Server", "Remote Access 2.0,OAuth Refresh Token",
    ]
    for _ in 0..<pick([6, 20, 60]) {
      let time =
        Self.start + pick([0, 0, 1, 13, 14, 14, 15, 29, 30, 31]) * 86_400_000
        + pick([0, 0, 59_999, 60_000, 86_340_000, 86_399_999])
      let rest = [
        pick(doors), pick(["Success", "Success", "Success", "Invalid password"]),
        pick(["192.0.2.1", "192.0.2.200", "198.51.100.66", "203.0.113.9", "2001:db8:1::1", ""]),
        pick(["ETL", "Pump", "New App", "Browser", "N/A", ""]),
        pick(["Chrome 126", "Chrome 127", "Firefox 1"]), pick(["Windows 10", ""]),
        pick(["DE", "DE", "US", ""]),
      ]
      add(pick(Self.users), time, rest.joined(separator: ","))
    }
    // An application that people let in late, and that comes at once or after a day.
    for _ in 0..<pick([0, 2, 4]) {
      let time =
        Self.start + pick([13, 14, 14, 15]) * 86_400_000
        + pick([0, 59_999, 60_000, 86_340_000, 86_399_999])
      let flow = pick(["OAuth Web Server", "OAuth Web Server", "OAuth Refresh Token"])
      let status = pick(["Success", "Success", "Success", "Invalid password"])
      add(
        pick(Self.users), time,
        "Remote Access 2.0,\(flow),\(status),203.0.113.9,Fresh,Chrome 126,,DE")
    }
    return text
  }

  private mutating func methods() -> String {
    var text =
      "UserId,HasTotp,HasU2F,HasSecurityKey,HasBuiltInAuthenticator,HasSalesforceAuthenticator\n"
    for user in Self.users where pick([true, true, false]) {
      text += "\(user),\(pick([true, false, false])),false,false,false,false\n"
    }
    return text
  }

  private mutating func verifications() -> String {
    var text = "LoginHistoryId,UserId,VerificationTime,Policy,Activity,VerificationMethod,Status\n"
    for _ in 0..<pick([1, 2, 8]) {
      let activity = pick(["Login", "ConnectTotp", "ConnectU2F", "ConnectedApp", "TempCode"])
      text += ",\(pick(Self.users)),\(Moment.text(Self.start + pick([0, 1, 30]) * 86_400_000)),"
      text += "TwoFactorAuthentication,\(activity),Totp,\(pick(["Succeeded", "Denied"]))\n"
    }
    return text
  }
}
