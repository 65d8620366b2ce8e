import Foundation
import TestSupport
import Testing

/// Indicators and trusted networks of the configuration.
@Suite struct IndicatorTests {
  private typealias Login = Exports.Login

  private func login(_ address: String, _ application: String = "ETL", _ status: String = "Success")
    -> Login
  {
    RuleScan.api(RuleScan.time(day: 3)) {
      $0.address = address
      $0.application = application
      $0.status = status
    }
  }

  @Test(arguments: [
    ("192.0.2.10", "192.0.2.10", true), ("192.0.2.10", "192.0.2.11", false),
    ("198.51.100.0/24", "198.51.100.200", true), ("198.51.100.0/24", "198.51.101.1", false),
    ("\"2001:db8::/32\"", "2001:DB8:0:0::7", true), ("\"2001:db8::/32\"", "2001:db9::7", false),
    ("198.51.100.0/24", "::ffff:198.51.100.9", true), ("192.0.2.0/24", "Salesforce.com IP", false),
  ])
  func addressesAndNetworksMatch(indicator: String, address: String, matches: Bool) throws {
    let found = try RuleScan.run([login(address)], config: "indicators: [\(indicator)]\n")
    #expect(found.judged("API-011") == (matches ? ["high fail high"] : []))
  }

  @Test func aFindingAboutAPILoginsIsJudgedByWhereTheseCameFrom() throws {
    let flow = (1...5).map { day in
      RuleScan.api(RuleScan.time(day: day)) {
        $0.type = "Remote Access 2.0"
        $0.subType = "OAuth Username-Password"
      }
    }
    let visit = RuleScan.Login(time: RuleScan.time(day: 6), address: "203.0.113.5")
    func judged(_ rows: [RuleScan.Login], _ config: String) throws -> [String] {
      try RuleScan.run(rows, config: config).judged("API-004")
    }
    // A person from elsewhere is not the client.
    #expect(try judged(flow + [visit], "indicators: [203.0.113.5]\n") == ["low fail high"])
    #expect(try judged(flow + [visit], "indicators: [192.0.2.10]\n") == ["medium fail high"])
    let both = "indicators: [192.0.2.10]\ntrusted_networks: [192.0.2.0/24]\n"
    #expect(try judged(flow + [visit], both) == ["low fail high"])
    var failed = flow[0]
    failed.status = "Invalid password"
    failed.address = "203.0.113.5"
    #expect(try judged(flow + [failed], both) == ["medium fail high"])
    // Another client's one or two logins are known one by one.
    let other = RuleScan.api(RuleScan.time(day: 7)) { $0.address = "203.0.113.5" }
    #expect(try judged(flow + [other], "indicators: [203.0.113.5]\n") == ["low fail high"])
    let blank = RuleScan.api(RuleScan.time(day: 7)) {
      $0.address = ""
      $0.type = "Remote Access 2.0"
      $0.subType = "OAuth Username-Password"
    }
    #expect(try judged(flow + [blank], both) == ["medium fail high"])
  }

  @Test func aNewNetworkIsJudgedByItsOwnAddresses() throws {
    let rows =
      (1...20).map { RuleScan.api(RuleScan.time(day: $0)) }
      + (15...20).map { day in
        RuleScan.api(RuleScan.time(day: day)) { $0.address = "203.0.113.\(day)" }
      }
    func judged(_ config: String) throws -> [String] {
      try RuleScan.run(rows, config: config).judged("API-006")
    }
    #expect(try judged("indicators: [192.0.2.10]\n") == ["medium fail high"])
    #expect(try judged("indicators: [203.0.113.17]\n") == ["high fail high"])
    #expect(try judged("trusted_networks: [203.0.113.0/24]\n") == ["low fail high"])
  }

  @Test func eachIndicatorThatMatchesIsAFindingOfItsOwn() throws {
    let config = """
      indicators:
        - 192.0.2.0/24
        - 192.0.2.10
        - application: "Load*"
        - application: nothing
      """
    let found = try RuleScan.run(
      [login("192.0.2.10", "Loader"), login("192.0.2.11")], config: config)
    #expect(
      found.discriminators("API-011") == [
        "indicator=192.0.2.0/24", "indicator=192.0.2.10/32", "indicator=application: Load*",
      ])
    #expect(
      found.findings("API-011").compactMap { $0["evidence_total"] as? Int }.sorted() == [1, 1, 2])
  }

  @Test func attemptsAloneWeighLess() throws {
    let found = try RuleScan.run(
      [login("192.0.2.10", "ETL", "Invalid password")], config: "indicators: [192.0.2.10]\n")
    #expect(found.judged("API-011") == ["low fail high"])
    let human = try RuleScan.run(
      [login("192.0.2.10", "ETL", "Invalid password"), Login()],
      config: "indicators: [192.0.2.10]\n")
    #expect(human.judged("API-011") == ["high fail high"])
    #expect(human.count("API-011", "succeeded") == 1)
  }

  @Test func withoutIndicatorsTheRuleDoesNotRun() throws {
    #expect(try RuleScan.run([Login()]).state("API-011") == "not_run")
    let none = try RuleScan.run([Login()], config: "indicators: [203.0.113.1]\n")
    #expect(none.state("API-011") == "none")
  }

  @Test func anIndicatorRaisesAndATrustedNetworkLowersOtherFindings() throws {
    let users = Exports.users([RuleScan.robot])
    func run(_ config: String?) throws -> [String] {
      try RuleScan.run(
        [Login(), RuleScan.other], users: users, verifications: RuleScan.covered, config: config
      ).judged("MFA-001")
    }
    #expect(try run(nil) == ["high fail medium"])
    #expect(try run("indicators: [192.0.2.0/24]\n") == ["critical fail medium"])
    #expect(try run("trusted_networks: [192.0.2.0/24]\n") == ["medium fail medium"])
    #expect(try run("trusted_networks: [203.0.113.0/24]\n") == ["high fail medium"])
    #expect(
      try run("trusted_networks: [\"2001:db8::/32\", 192.0.0.0/8]\n") == ["medium fail medium"])
  }

  @Test func aTrustedNetworkNeverLowersBelowLow() throws {
    let users = Exports.users([RuleScan.robot])
    let verified = Exports.verifications([Exports.verification(login: 1)])
    let found = try RuleScan.run(
      [Login()], users: users, verifications: verified,
      config: "trusted_networks: [192.0.2.0/24]\n")
    #expect(found.judged("INT-001") == ["low fail high"])
  }

  private func eventLog(_ agent: String, _ time: String = RuleScan.time(day: 3)) -> String {
    "\"EVENT_TYPE\",\"TIMESTAMP\",\"USER_ID\",\"URI\",\"LOGIN_TYPE\",\"BROWSER_TYPE\","
      + "\"LOGIN_STATUS\","
      + "\"TIMESTAMP_DERIVED\",\"USER_ID_DERIVED\",\"SOURCE_IP\"\n"
      + "\"Login\",\"20260803100000.000\",\"\(Exports.one.prefix(15))\",\"/services/oauth2/token\","
      + "\"i\",\"\(agent)\",\"LOGIN_NO_ERROR\",\"\(time)\",\"\(Exports.one)\","
      + "\"203.0.113.4\"\n"
  }

  @Test func userAgentsMatchInEventLogsAlone() throws {
    let config = "indicators: [{user_agent: \"python-requests/*\"}]\n"
    let log = try RuleScan.run(
      [], config: config, files: ["e.csv": eventLog("python-requests/2.32.4")])
    #expect(log.discriminators("API-011") == ["indicator=user_agent: python-requests/*"])
    let browser = try RuleScan.run([], config: config, files: ["e.csv": eventLog("Go-http/1.1")])
    #expect(browser.judged("API-011").isEmpty)
    let history = try RuleScan.run(
      [RuleScan.api(RuleScan.time(day: 3)) { $0.browser = "python-requests/2.32.4" }],
      config: config)
    #expect(history.judged("API-011").isEmpty)
  }

  @Test func thePublishedIndicatorsMatchWithinTheirDatesAlone() throws {
    let config = "indicators: [{file: \(Program.samples)/indicators/published-campaigns.txt}]\n"
    func judged(_ address: String, _ day: String) throws -> [String] {
      var row = login(address)
      row.time = "\(day)T10:00:00.000Z"
      return try RuleScan.run([row], config: config).judged("API-011")
    }
    for (address, day) in [
      ("208.68.36.90", "2025-08-08"), ("195.47.238.178", "2025-08-18"),
      ("3.239.45.43", "2025-10-23"), ("94.154.32.160", "2026-06-13"),
      ("103.75.11.110", "2026-06-22"),
    ] {
      #expect(try judged(address, day) == ["high fail high"], "\(address)")
    }
    for (address, day) in [
      ("208.68.36.90", "2025-08-07"), ("208.68.36.90", "2025-08-19"),
      ("94.154.32.160", "2026-06-14"), ("192.0.2.10", "2025-08-10"),
    ] {
      #expect(try judged(address, day).isEmpty, "\(address)")
    }
    for (agent, day) in [
      ("python-requests/2.32.4", "2025-08-10"), ("Python/3.11 aiohttp/3.12.15", "2025-08-10"),
      ("Salesforce-Multi-Org-Fetcher/1.0", "2025-08-10"), ("Salesforce-CLI/1.0", "2025-08-10"),
      ("Salesforce-Multi-Org-Fetcher/1.0", "2025-11-08"),
      ("Python/3.11 aiohttp/3.13.1", "2025-11-08"), ("Python-urllib/3.14", "2026-06-12"),
    ] {
      let log = eventLog(agent, "\(day)T10:00:00.000Z")
      let found = try RuleScan.run([], config: config, files: ["e.csv": log])
      #expect(found.judged("API-011") == ["high fail high"], "\(agent)")
    }
    let later = eventLog("Salesforce-Multi-Org-Fetcher/1.0", "2025-09-10T10:00:00.000Z")
    #expect(
      try RuleScan.run([], config: config, files: ["e.csv": later]).judged("API-011").isEmpty)
  }

  @Test(arguments: [("Klue Battlecards", 12, true), ("Klue Battlecards", 14, false)])
  func aPublishedApplicationMatchesWithinItsDatesAlone(name: String, day: Int, matches: Bool)
    throws
  {
    var row = login("192.0.2.10", name)
    row.time = "2026-06-\(day)T10:00:00.000Z"
    let found = try RuleScan.run(
      [row],
      config: "indicators: [{file: \(Program.samples)/indicators/published-campaigns.txt}]\n")
    #expect(
      found.discriminators("API-011") == (matches ? ["indicator=application: \(name)"] : []))
  }
}
