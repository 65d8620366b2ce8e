import TestSupport
import Testing

/// Small orgs whose hours, API requests and administrators inside other accounts lie at the edges
/// of what makes a finding.
@Suite
struct MeanEventsTests {
  @Test
  func gapsRequestsAndImpersonationsAreJudgedAsTheOracleJudgesThem() throws {
    var fired: Set<String> = []
    for seed in UInt64(1)...18 {
      var org = MeanEvents(seed: seed)
      let folder = try org.write()
      let records = try Program.scan([folder.path], policy: org.policy)
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
  private var random: SeededGenerator
  private let hasTotals: Bool
  private let hasOthers: Bool
  private(set) var policy = Policy(
    trustedNetworks: ["192.0.2.0/24"], indicatorAddresses: ["198.51.100.66/32"],
    indicatorApplications: ["Bad App"])

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    hasTotals = seed % 3 != 1
    hasOthers = seed % 3 != 0
    if seed % 4 == 2 {
      policy.since = Moment.text(Self.start + 60_000)
      policy.until = Moment.text(Self.start + 5 * 86_400_000)
    }
  }

  private static let users = ["005Hn0000000001IAA", "005Hn0000000002IAA", "005Hn000000000aIAA"]
  private static let start = 1_785_715_200_000

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }

  mutating func write() throws -> TestFolder {
    let folder = try TestFolder()
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
    if hasTotals { try folder.write("requests.csv", requests()) }
    if hasOthers { try writeOtherLogs(to: folder) }
    try folder.write("login-as.csv", impersonations())
    try folder.write("login-as-event.csv", impersonationEvents())
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

  /// Some of the logs of which each knows a part, with their own columns and hardly any in common.
  private mutating func writeOtherLogs(to folder: TestFolder) throws {
    let logs: [(name: String, columns: String, row: (inout MeanEvents) -> String)] = [
      (
        "API", "URI,API_TYPE,API_VERSION,CLIENT_NAME,METHOD_NAME,EXCEPTION_MESSAGE",
        {
          ",E,\($0.pick(["57.0", "30.0", ""])),\($0.pick(["", "Bad App", "Pump"])),query,"
            + $0.pick(["", "\"no, never\""])
        }
      ),
      (
        "RestApi", "URI,METHOD,MEDIA_TYPE,STATUS_CODE,CLIENT_NAME,CONNECTED_APP_ID",
        {
          "\($0.pick(["/services/data/v29.0/query", "/services/data/v59.0/query", "/x"])),GET,json,"
            + "\($0.pick(["200", "404", ""])),\($0.pick(["", "Pump"])),0H4000000000001"
        }
      ),
      (
        "BulkApi", "URI,JOB_ID,BATCH_ID,SUCCESS",
        { "/services/async/\($0.pick(["30.0", "41.0"]))/job,1,2,\($0.pick(["true", "0", ""]))" }
      ),
      (
        "BulkApi2", "URI,JOB_ID,JOB_STATUS",
        { "/services/data/v58.0/jobs,1,\($0.pick(["JobComplete", "Aborted"]))" }
      ),
      (
        "BulkApiRequest", "URI,REQUEST_PATH,JOB_ID,API_VERSION,STATUS_CODE,CLIENT_NAME",
        { ",/v31.0/x,1,\($0.pick(["55.0", ""])),\($0.pick(["201", "500"])),Pump" }
      ),
      (
        "MetadataApiOperation", "CLIENT_ID,OPERATION,API_VERSION",
        { "metadata,DEPLOY,\($0.pick(["56.0", "7.0"]))" }
      ),
    ]
    for log in logs where pick([true, true, false]) {
      var text = "EVENT_TYPE,TIMESTAMP,USER_ID,CLIENT_IP,TIMESTAMP_DERIVED,\(log.columns)\n"
      for (index, user) in Self.users.enumerated() where pick([true, true, false]) {
        for number in 0..<pick([1, 5, 1_000]) {
          let time = Self.start + pick([0, 3]) * 86_400_000 + number * 60_000 + index
          let place = pick(["192.0.2.1", "192.0.2.1", "198.51.100.66", "", "Salesforce.com IP"])
          text +=
            "\(log.name),,\(user.prefix(15)),\(place),\(Moment.text(time)),\(log.row(&self))\n"
        }
      }
      try folder.write("log-\(log.name).csv", text)
    }
  }

  private mutating func impersonationEvents() -> String {
    var text =
      "EventIdentifier,EventDate,UserId,Username,DelegatedUsername,SourceIp,Application\n"
    for _ in 0..<8 {
      let number = pick([0, 1, 2])
      let id = pick(["", Self.users[number]])
      // The same event may stand there twice; one without an identifier is one of its own.
      text +=
        "\(pick(["", "event-1", "event-2"])),\(Moment.text(Self.start + pick([0, 60_000]))),\(id),"
      text +=
        "\(id == "" ? "USER\(number)@example.com" : ""),\(pick(["user1@example.com", "who@x"])),"
      text += "\(pick(["192.0.2.1", "203.0.113.9"])),\(pick(["Browser", "Bad App"]))\n"
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
        "LoginAs,,\(pick(["", "request-\(number)", "request-\(number)"])),\(user.prefix(15)),admin@example.com,\(admin.prefix(15)),\(place),"
      text += "\(Moment.text(time)),\(user),\(admin)\n"
    }
    return text
  }
}
