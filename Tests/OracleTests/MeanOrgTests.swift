import Foundation
import TestSupport
import Testing

/// Small orgs of nothing but edges: rows at both ends of every window, equal times, addresses and
/// ids in several spellings, blank fields, proofs of every kind in any order.
@Suite
struct MeanOrgTests {
  /// Seeds that once told something, and some more: `MEAN_ORGS=100` tries so many.
  private static let seeds: [UInt64] =
    [313, 1_042, 1_069, 2_082, 2_098, 3_088, 4_026, 4_039, 4_086]
    + Array(1...(ProcessInfo.processInfo.environment["MEAN_ORGS"].flatMap(UInt64.init) ?? 6))

  @Test
  func edgesAreJudgedAsTheOracleJudgesThem() throws {
    for seed in Self.seeds {
      var org = MeanOrg(seed: seed)
      let folder = try org.write()
      let options = ["--date-order", "mdy"]
      let records = try Program.scan([folder.path], policy: org.policy, options: options)
      let oracle = try Oracle(folder: folder.path, policy: org.policy)
      var differences = oracle.differences(from: records)
      differences += oracle.verdictDifferences(
        from: try Program.events([folder.path], policy: org.policy, options: options))
      for line in differences.prefix(60) { print("seed \(seed): \(line)") }
      #expect(differences.isEmpty, "seed \(seed): \(differences.count) differences")
    }
  }
}

/// An org whose every choice is drawn from a few edges.
struct MeanOrg {
  private var random: SeededGenerator
  private let hasIDs: Bool
  private let isSetup: Bool
  /// Whether times are those of clocks in a zone, around the day on which it changes its offset.
  private let isLocal: Bool
  private let hasWindow: Bool
  private let start: Int
  private(set) var policy = Policy()

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    hasIDs = seed % 3 != 2
    isSetup = seed % 5 == 4
    isLocal = seed % 10 == 9
    hasWindow = seed % 4 == 1
    start =
      !isLocal
      ? Self.start
      : Moment.milliseconds(
        seed % 20 == 9 ? "2026-10-24T20:00:00Z" : "2026-03-28T20:00:00Z") ?? 0
    policy.isSwitchOn = hasIDs ? nil : false
    policy.trustedNetworks = ["192.0.2.0/24", "2001:db8:1::/48"]
    policy.indicatorAddresses = ["198.51.100.66/32"]
    if isLocal { policy.timeZone = "Europe/Berlin" }
    if seed % 7 == 3 {
      let days = [1, 3].map { Moment.date(start / 86_400_000 + $0) }
      policy.coverage = (days[0], days[1])
    }
  }

  private static let users = [
    "005Hn0000000001IAA", "005Hn0000000002IAA", "005Hn000000000aIAA", "005Hn000000000AIAQ",
    "005Hn0000000005IAA", "005Hn0000000006IAA",
  ]
  private static let start = 1_785_715_200_000

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }

  private static func loginID(_ number: Int) -> String {
    let digits = String(number)
    return People.long("0YaHn00000" + String(repeating: "0", count: 5 - digits.count) + digits)
  }

  /// Addresses by place; an address of version 6 has several spellings.
  private static let addresses = [
    ["192.0.2.10"], ["192.0.2.255"], ["198.51.100.66"], ["203.0.113.1"],
    ["2001:db8:1::1", "2001:0DB8:0001:0:0:0:0:1", "2001:db8:1:0::1"],
    ["2001:db8:2::ffff", "2001:DB8:2::FFFF"], [""], ["Salesforce.com IP"],
  ]

  mutating func write() throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write("users.csv", users())
    var times: [Int] = []
    var moment = start
    for _ in 0..<90 {
      moment +=
        pick([
          0, 0, 1, 999, 1_000, 59_999, 60_000, 119_999, 120_000, 120_001, 599_999, 600_000,
          600_001, 1_199_999, 1_200_000, 1_800_000, 3_599_999, 3_600_000, 21_600_000, 86_400_000,
        ])
      times.append(isSetup ? moment / 1_000 * 1_000 : moment)
    }
    if hasWindow {
      // Both ends at rows, or just behind them.
      policy.since = Moment.text(times[pick([10, 25, 40])] + pick([0, 0, 1]))
      policy.until = Moment.text(times[pick([55, 70, 80])] + pick([0, 0, 1]))
    }
    var header = ["UserId", "LoginTime", "LoginType", "LoginSubType", "Status", "SourceIp"]
    header += ["Application", "Browser", "Platform", "ApiType", "ApiVersion", "TlsProtocol"]
    header += ["CountryIso", "AuthMethodReference", "AuthContextClassRef"]
    if hasIDs { header.append("Id") }
    var rows: [[String]] = []
    var logins: [(id: String, user: String, time: Int, address: Int)] = []
    for (index, time) in times.enumerated() {
      // Stay with one account for a while, so that neighbours meet.
      let user = chance(70) ? logins.last?.user ?? Self.users[0] : pick(Self.users)
      let place =
        chance(70) ? logins.last?.address ?? 0 : Int.random(in: 0..<8, using: &random)
      let id = hasIDs && !chance(5) ? Self.loginID(index + 1) : ""
      let zone = isLocal ? TimeZone(identifier: "Europe/Berlin") : nil
      let local = zone.flatMap { Moment.milliseconds(ofLocal: Self.clock(time), $0) }
      logins.append((id, user, local ?? time, place))
      var row = login(user, time, place)
      if hasIDs { row.append(chance(20) ? String(id.prefix(15)) : id) }
      rows.append(row)
    }
    let copies = hasIDs ? rows.filter { $0.last != "" && chance(10) } : []
    try writeLogins(header, rows + copies, to: folder)
    if hasIDs, !isSetup, chance(60) {
      // The same logins exported once more with other values in fewer columns, and some alone.
      let lines = rows.filter { $0.last != "" && chance(20) }.map { row in
        Self.line([
          chance(90)
            ? row[row.count - 1] : Self.loginID(900 + Int.random(in: 0..<99, using: &random)),
          row[0], row[1], pick(["Application", row[2]]), pick(["Success", row[4]]), row[5],
        ])
      }
      try folder.write(
        pick(["a-narrow.csv", "z-narrow.csv"]),
        (["Id,UserId,LoginTime,LoginType,Status,SourceIp"] + lines).joined(separator: "\n") + "\n")
    }
    try folder.write("verifications.csv", verifications(logins))
    return folder
  }

  private mutating func writeLogins(
    _ header: [String], _ rows: [[String]], to folder: TestFolder
  ) throws {
    if isSetup {
      let labels = [
        "Username", "Login Time", "Login Type", "Login Subtype", "Status", "Source IP",
        "Application", "Browser", "Platform", "API Type", "API Version", "TLS Protocol",
        "Location", "Authentication Method Reference",
      ]
      let lines = rows.map { row in
        var row = row
        let index = Self.users.firstIndex(of: People.long(row[0])) ?? 0
        // One account is not in the User export.
        row[0] = index == 5 ? "Ghost@Example.COM" : "USER\(index)@example.com"
        let time = Moment.milliseconds(row[1]) ?? 0
        row[1] = isLocal ? Self.clock(time) : Self.clock(time) + " UTC"
        return Self.line(Array(row.prefix(14)))
      }
      try folder.write("history.csv", ([Self.line(labels)] + lines).joined(separator: "\r\n"))
      return
    }
    let shuffled = rows.shuffled(using: &random)
    for part in 0..<2 {
      let lines = stride(from: part, to: shuffled.count, by: 2).map { Self.line(shuffled[$0]) }
      try folder.write(
        "history-\(part).csv", ([Self.line(header)] + lines).joined(separator: "\n") + "\n")
    }
  }

  private mutating func login(_ user: String, _ time: Int, _ place: Int) -> [String] {
    let type = pick([
      "Application", "Application", "Application", "application ", "Remote Access 2.0",
      "Remote Access 2.0", "SAML Sfdc Initiated SSO", "Lightning Login", "Partner Product",
      "PasswordlessLogin", "AppExchange", "Help And Training", "Saml2", "Chatter Networks", "",
      "Partner Portal", "Certificate-based login",
    ])
    let subType = pick([
      "", "UI Username-Password", "OAuth Web Server", "OauthUserAgent", "OAuth Refresh Token",
      "OAuth Username-Password", "UI Password Reset", "Novel Flow", "OAuth Client Credentials",
    ])
    let status = pick([
      "Success", "Success", "Success", "success ", "Multi-factor required",
      "Multi-factor required", "Two-factor required", "Invalid Password", "Password lockout",
      "Failed: API-only user", "User is frozen", "No such status", "Lightning Login required",
    ])
    let application = pick(["Browser", "N/A", "", "Data Mover", "Salesforce for iOS", "A, \"B\""])
    return [
      chance(30) ? String(user.prefix(15)) : user, Moment.text(time), type, subType, status,
      pick(Self.addresses[place]), application, pick(["Chrome 126", "Chrome 127", "", "Unknown"]),
      pick(["Windows 10", ""]), pick(["N/A", "SOAP Partner", ""]),
      pick(["N/A", "30.0", "31.0", "64.0", "65.0", ""]),
      pick(["TLS 1.0", "TLS 1.2", "TLS 1.3", ""]),
      pick(["DE", "US", ""]),
      pick(["", "", "", "pwd", "[\"pwd\",\"HWK\"]", "pwd sms", "mfa", "novel", "otp,pwd"]),
      pick(["", "", "", "urn:oasis:names:tc:SAML:2.0:ac:classes:X509", "urn:x:unspecified"]),
    ]
  }

  private mutating func verifications(
    _ logins: [(id: String, user: String, time: Int, address: Int)]
  ) -> String {
    let hasActivity = chance(80)
    var lines: [String] = []
    for login in logins where chance(60) {
      let offset = pick([0, 0, -1, 1, -119_999, 120_000, -120_000, 120_001, -120_001, 30_000])
      var row = [
        chance(70) ? login.id : "", chance(95) ? login.user : pick(Self.users),
        Moment.text(login.time + offset), pick(Self.addresses[chance(90) ? login.address : 0]),
        pick([
          "TwoFactorAuthentication", "TwoFactorAuthentication", "DeviceActivation",
          "ProfilePolicy", "HighAssurance", "LightningLogin", "PageAccess",
        ]),
        pick([
          "Totp", "Totp", "Sms", "Email", "Password", "U2F", "BuiltInAuthenticator", "TempCode",
          "CustomOtpDelivery", "SalesforceAuthenticator",
        ]),
        pick(["Succeeded", "Succeeded", "AutomatedSuccess", "FailedInvalidCode", "InProgress"]),
      ]
      if hasActivity { row.append(pick(["Login", "Login", "Login", "ConnectTotp", "Apex"])) }
      lines.append(Self.line(row))
    }
    var header = ["LoginHistoryId", "UserId", "VerificationTime", "SourceIp", "Policy"]
    header += ["VerificationMethod", "Status"]
    if hasActivity { header.append("Activity") }
    lines.shuffle(using: &random)
    return ([Self.line(header)] + lines).joined(separator: "\n") + "\n"
  }

  private mutating func users() -> String {
    var lines = [
      "Id,Username,Name,IsActive,UserType,CreatedDate,Profile.Name,Profile.UserLicense.Name,"
        + "Profile.PermissionsApiUserOnly,Profile.PermissionsModifyAllData,"
        + "Profile.PermissionsForceTwoFactor,Profile.PermissionsBypassMFAForUiLogins,"
        + "Profile.PermissionsManageUsers,Profile.PermissionsTwoFactorApi,"
        + "Profile.PermissionsViewAllData,Profile.PermissionsCustomizeApplication,"
        + "Profile.PermissionsAuthorApex"
    ]
    for (index, id) in Self.users.enumerated().dropLast() {
      let name = pick(["Ada Api", "Rapid Bo", "Svc-Etl 3", "Kim"])
      lines.append(
        Self.line([
          index == 1 ? String(id.prefix(15)) : id, "user\(index)@example.com", name,
          index == 3 ? "false" : "true", index == 4 ? "CspLitePortal" : "Standard",
          "2020-01-01T00:00:00.000Z", pick(["Standard", "System Administrator", "API Profile"]),
          "Salesforce", "\(chance(20))", "\(chance(20))", "\(chance(30))", "\(chance(20))",
          "\(chance(20))", "\(chance(20))", "\(chance(10))", "\(chance(10))", "false",
        ]))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// As the Login History page writes it.
  private static func clock(_ time: Int) -> String {
    let text = Moment.text(time)
    let date = text.prefix(10).split(separator: "-").compactMap { Int($0) }
    let clock = text.dropFirst(11).prefix(8).split(separator: ":").map(String.init)
    let hour = Int(clock[0]) ?? 0
    return "\(date[1])/\(date[2])/\(date[0]), \(hour % 12 == 0 ? 12 : hour % 12):\(clock[1]):"
      + "\(clock[2]) \(hour < 12 ? "AM" : "PM")"
  }

  private static func line(_ fields: [String]) -> String {
    fields.map { field in
      field.contains { ",\"\n ".contains($0) }
        ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
    }.joined(separator: ",")
  }
}
