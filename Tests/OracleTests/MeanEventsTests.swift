import Testing

/// Small orgs whose hours, API requests and administrators inside other accounts lie at the edges
/// of what makes a finding.
@Suite
struct MeanEventsTests {
  @Test
  func gapsRequestsAndImpersonationsAreJudgedAsTheOracleJudgesThem() throws {
    var fired: Set<String> = []
    for seed in UInt64(1)...12 {
      var org = MeanEvents(seed: seed)
      let folder = try org.write()
      let records = try Programs.scan([folder.path], policy: org.policy)
      let oracle = try Oracle(folder: folder.path, policy: org.policy)
      fired.formUnion(oracle.findings.map(\.rule))
      let differences = oracle.differences(from: records)
      for line in differences.prefix(40) { print("seed \(seed): \(line)") }
      #expect(differences.isEmpty, "seed \(seed): \(differences.count) differences")
    }
    #expect(fired.isSuperset(of: ["DATA-001", "INT-012", "API-012"]), "\(fired.sorted())")
  }
}

/// An org drawn from a few edges.
struct MeanEvents {
  private var random: Shuffle

  init(seed: UInt64) { random = Shuffle(state: seed) }

  let policy = Policy(
    trustedNetworks: ["192.0.2.0/24"], indicatorAddresses: ["198.51.100.66/32"])

  private static let users = ["005Hn0000000001IAA", "005Hn0000000002IAA", "005Hn000000000aIAA"]
  private static let start = 1_785_715_200_000

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }

  mutating func write() throws -> Folder {
    let folder = try Folder()
    var users = "Id,Username,Name,IsActive,UserType,Profile.Name,Profile.PermissionsApiUserOnly"
    for name in People.privileges + ["TwoFactorApi", "ForceTwoFactor", "BypassMFAForUiLogins"] {
      users += ",Profile.Permissions\(name)"
    }
    users += "\n"
    for (index, id) in Self.users.enumerated() {
      users += "\(id),user\(index)@example.com,Kim,true,Standard,Nightly,\(index < 2)"
      users += String(repeating: ",false", count: 8) + "\n"
    }
    try folder.write("users.csv", users)
    try folder.write("logins.csv", logins())
    try folder.write("requests.csv", requests())
    try folder.write("login-as.csv", impersonations())
    return folder
  }

  /// Hours with a row at one of their edges, six to eight days long, and holes of five to nine hours.
  private mutating func logins() -> String {
    var text = "UserId,LoginTime,LoginType,Status,SourceIp,Id\n"
    var number = 0
    var hour = pick([0, 3, 20])
    let end = 24 * pick([6, 7, 8, 10])
    while hour < end {
      let time = Self.start + hour * 3_600_000 + pick([0, 1, 1_800_000, 3_599_999])
      number += 1
      let digits = String(100_000 + number)
      text += "\(pick(Self.users)),\(Moment.text(time)),Other Apex API,Success,"
      text += "\(pick(["192.0.2.1", "203.0.113.9"])),0YaHn0000\(digits)\n"
      hour += pick([1, 1, 1, 1, 1, 2, 3, 6, 7, 8, 10, 31])
    }
    return text
  }

  /// Days around 1,000 requests and ten times the median.
  private mutating func requests() -> String {
    var text = "EVENT_TYPE,TIMESTAMP,USER_ID,API_FAMILY,API_VERSION,CLIENT_IP,"
    text += "COUNTS_AGAINST_API_LIMIT,STATUS_CODE,TIMESTAMP_DERIVED,USER_NAME\n"
    for (index, user) in Self.users.enumerated() {
      for day in 0..<pick([1, 3, 4, 5]) {
        let place = pick(["192.0.2.1", "198.51.100.66", "203.0.113.9"])
        let version = pick(["64.0", "64.0", "31.0", "30.0", "21.0", "20.0", "7.0", "41.0", ""])
        for number in 0..<pick([3, 99, 100, 101, 999, 1_000, 1_001, 1_010]) {
          let time = Self.start + day * 86_400_000 + number * 86_000
          text += "ApiTotalUsage,,\(user.prefix(15)),REST,\(version),\(place),1,200,"
          text += "\(Moment.text(time)),user\(index)@example.com\n"
        }
      }
    }
    return text
  }

  private mutating func impersonations() -> String {
    var text =
      "EVENT_TYPE,TIMESTAMP,REQUEST_ID,USER_ID,DELEGATED_USER_NAME,DELEGATED_USER_ID,CLIENT_IP,"
    text += "TIMESTAMP_DERIVED,USER_ID_DERIVED,DELEGATED_USER_ID_DERIVED\n"
    for number in 0..<8 {
      let user = pick(Self.users)
      let admin = pick(Self.users.filter { $0 != user } + ["005Hn0000000009IAA"])
      let place = pick(["192.0.2.1", "192.0.2.9", "198.51.100.66", "203.0.113.9"])
      let time = Self.start + number / 2 * 60_000
      text +=
        "LoginAs,,request-\(number),\(user.prefix(15)),admin@example.com,\(admin.prefix(15)),\(place),"
      text += "\(Moment.text(time)),\(user),\(admin)\n"
    }
    return text
  }
}
