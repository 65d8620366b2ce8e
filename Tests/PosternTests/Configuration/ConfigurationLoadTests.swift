import Findings
import Platform
import TestSupport
import Testing

@testable import Configuration

/// What a configuration file says arrives in the configuration.
struct ConfigurationLoadTests {
  static let whole = """
    # A whole configuration.
    org: {id: 00D000000000001AAA, name: "Acme", type: sandbox}
    mfa:
      required_for_direct_ui_logins: false
    session_levels:
      System Administrator: HIGH_ASSURANCE
      Integration: NONE
    integration_accounts: &integration
      - svc.*@acme.com
      - profile:Integration User
      - 005000000000001
    break_glass_accounts: ['*.emergency@acme.com']
    human_accounts: [ada@acme.com]
    ui_automation_accounts: *integration
    user_facing_clients: [Data Loader, "Salesforce*"]
    trusted_networks: [192.0.2.0/24, "2001:db8::/32"]
    indicators:
      - 198.51.100.7
      - application: Evil*
      - user_agent: python-requests*
      - file: lists/bad.txt
    allowed_privileges:
      zeta@acme.com: [ViewAllData]
      "*": [ModifyAllData, ManageUsers]
    coverage:
      verification_history: {from: 2026-02-01, until: 2026-08-01T12:00Z}
    thresholds:
      spray_accounts: 12
      api_share: 0.9
    integration_words: [ETL, robot]
    limits: {field_bytes: 64KiB, columns: 500, expansion_ratio: 100, expanded_bytes: 2GB}
    calendars:
      soap_login_retirement: 2027-06-01
    suppressions:
      - rule: PST-MFA-001
        account: ada@acme.com
        owner: security
        reason: known, moved to SSO in June
        expires: 2026-12-31

    """

  static let list = """
    # Known bad.
    203.0.113.0/24   # a network
    application: C# Client
      USER_AGENT: curl/*\r
    2001:db8::1
    """

  @Test func aWholeFileIsRead() throws {
    let folder = try ConfigurationFolder()
    try folder.makeFolder("lists")
    try folder.write(Self.list, to: "lists/bad.txt")
    let configuration = try folder.load(text: Self.whole)

    #expect(configuration.organization.id == "00D000000000001AAA")
    #expect(configuration.organization.name == "Acme")
    #expect(configuration.organization.type == .sandbox)
    #expect(configuration.mfa.requiredForDirectUILogins == false)
    #expect(
      configuration.sessionLevels
        == ["System Administrator": .highAssurance, "Integration": Configuration.SessionLevel.none])
    #expect(
      configuration.integrationAccounts.patterns.map(\.text)
        == ["svc.*@acme.com", "profile:Integration User", "005000000000001"])
    #expect(configuration.uiAutomationAccounts == configuration.integrationAccounts)
    #expect(configuration.breakGlassAccounts.patterns.map(\.text) == ["*.emergency@acme.com"])
    #expect(configuration.humanAccounts.patterns.map(\.text) == ["ada@acme.com"])
    #expect(configuration.userFacingClients.map(\.text) == ["Data Loader", "Salesforce*"])
    #expect(
      configuration.trustedNetworks.prefixes.map(\.description)
        == ["192.0.2.0/24", "2001:db8::/32"])
    #expect(
      configuration.allowedPrivileges.map(\.account.text) == ["zeta@acme.com", "*"])
    #expect(
      configuration.allowedPrivileges.map(\.permissions)
        == [["ViewAllData"], ["ModifyAllData", "ManageUsers"]])
    #expect(configuration.thresholds == ["spray_accounts": 12, "api_share": 0.9])
    #expect(configuration.integrationWords == ["etl", "robot"])
    #expect(
      configuration.limits
        == Configuration.Limits(
          fieldBytes: 65_536, columns: 500, expansionRatio: 100, expandedBytes: 2_000_000_000))
  }

  @Test func datesAndSuppressionsAreRead() throws {
    let folder = try ConfigurationFolder()
    try folder.makeFolder("lists")
    try folder.write(Self.list, to: "lists/bad.txt")
    let configuration = try folder.load(text: Self.whole)
    let range = configuration.coverage.verificationHistory
    #expect(range?.from == (try InstantText.parse("2026-02-01")))
    #expect(range?.until == (try InstantText.parse("2026-08-01T12:00Z")))
    #expect(
      configuration.calendars == ["soap_login_retirement": try InstantText.parse("2027-06-01")])
    let suppression = try #require(configuration.suppressions.first)
    #expect(configuration.suppressions.count == 1)
    #expect(suppression.rule == "PST-MFA-001")
    #expect(suppression.account.text == "ada@acme.com")
    #expect(suppression.owner == "security")
    #expect(suppression.reason == "known, moved to SSO in June")
    #expect(suppression.expires == (try InstantText.parse("2026-12-31")))
    #expect(suppression.line == 35)
  }

  @Test func indicatorsStateTheirDatesAndSources() throws {
    let folder = try ConfigurationFolder()
    try folder.write(
      """
      198.51.100.7; until: 2026-06-14; source: notice of 12 June; see #4   # a comment
      application: Stop; Go; FROM: 2026-06-11T06:00Z
      """, to: "list.txt")
    let configuration = try folder.load(
      text: """
        indicators:
          - {source: vendor, address: 192.0.2.0/24, from: 2026-06-11, until: 2026-06-14}
          - application: Quiet
          - file: list.txt
        """)
    func text(_ end: Int64?) -> String { end.map { String($0 / 1_000) } ?? "open" }
    #expect(
      configuration.indicators.map {
        "\($0.text) \(text($0.dates.from)) \(text($0.dates.until)) \($0.source)"
      } == [
        "192.0.2.0/24 1781136000 1781395200 vendor", "application: Quiet open open ",
        "198.51.100.7/32 open 1781395200 notice of 12 June; see",
        "application: Stop; Go 1781157600 open ",
      ])
  }

  @Test func indicatorsOfNamedFilesKeepTheirOwnPlaces() throws {
    let folder = try ConfigurationFolder()
    try folder.makeFolder("lists")
    try folder.write(Self.list, to: "lists/bad.txt")
    let configuration = try folder.load(text: Self.whole)
    let places = configuration.indicators.map {
      "\($0.file.replacing(folder.prefix, with: "")):\($0.line): \($0.text)"
    }
    #expect(
      places == [
        "config.yaml:18: 198.51.100.7/32", "config.yaml:19: application: Evil*",
        "config.yaml:20: user_agent: python-requests*", "lists/bad.txt:2: 203.0.113.0/24",
        "lists/bad.txt:3: application: C# Client", "lists/bad.txt:4: user_agent: curl/*",
        "lists/bad.txt:5: 2001:db8::1/128",
      ])
    #expect(
      configuration.sources.map(\.path) == [
        folder.path("config.yaml"), folder.path("lists/bad.txt"),
      ])
    #expect(configuration.sources.map(\.bytes) == [Array(Self.whole.utf8), Array(Self.list.utf8)])
  }

  @Test(arguments: ["", "\n", "# nothing\n", "---\n", "~\n", "\u{FEFF}", "\u{FEFF}org:\n", "{}"])
  func aFileThatStatesNothingGivesTheDefault(text: String) throws {
    var configuration = try ConfigurationFolder().load(text: text)
    configuration.sources = []
    #expect(configuration == Configuration())
  }

  @Test func aKeyWithoutValueLeavesTheDefaultAndAnEmptyListReplacesIt() throws {
    let folder = try ConfigurationFolder()
    let absent = try folder.load(text: "integration_words:\nuser_facing_clients: ~\n")
    #expect(absent.integrationWords == Configuration.defaultIntegrationWords)
    #expect(absent.userFacingClients == Configuration.defaultUserFacingClients)
    let empty = try folder.load(text: "integration_words: []\nuser_facing_clients: []\n")
    #expect(empty.integrationWords.isEmpty && empty.userFacingClients.isEmpty)
  }

  @Test(arguments: SeededGenerator.seeds)
  func damagedFilesNeverTrap(seed: UInt64) throws {
    // The outcome is free: a configuration, or an error that says why not.
    var choices = SeededGenerator(seed: seed)
    let folder = try ConfigurationFolder()
    let whole = Array(Self.whole.utf8)
    let structural = Array("\n\r\t :-#&*!|>'\"%@`{}[],?<~\0\u{E000}".utf8)
    for _ in 0..<150 {
      var bytes = whole
      if Bool.random(using: &choices) {
        bytes.removeLast(Int.random(in: 0...bytes.count, using: &choices))
      }
      for _ in 0..<Int.random(in: 0...6, using: &choices) where !bytes.isEmpty {
        let index = Int.random(in: bytes.indices, using: &choices)
        switch Int.random(in: 0..<5, using: &choices) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &choices)
        case 1: bytes[index] = structural.randomElement(using: &choices) ?? 0
        case 2: bytes.remove(at: index)
        case 3: bytes.insert(structural.randomElement(using: &choices) ?? 0, at: index)
        default:
          let end = min(bytes.count, index + Int.random(in: 1...80, using: &choices))
          bytes.insert(
            contentsOf: bytes[index..<end], at: Int.random(in: 0...bytes.count, using: &choices))
        }
      }
      try folder.write(bytes, to: "config.yaml")
      do throws(ConfigurationError) {
        _ = try folder.load()
      } catch {
        #expect(!error.problems.isEmpty)
        let places = error.problems.filter { $0.file == folder.path("config.yaml") }
          .map { ($0.line ?? 0) * 10_000 + ($0.column ?? 0) }
        #expect(places == places.sorted(), "\(error)")
      }
    }
  }
}
