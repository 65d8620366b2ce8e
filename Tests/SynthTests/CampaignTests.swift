import Foundation
import TestSupport
import Testing

@testable import postern_synth

@Suite
struct CampaignTests {
  private static let day = 86_400

  private static func options(_ campaign: Campaign, seed: UInt64 = 1) throws -> SynthOptions {
    var options = SynthOptions.small(seed: seed)
    options.days = 110
    let staged: CampaignOptions = try #require(CampaignOptions(campaign))
    options.campaign = staged
    return options
  }

  private static func staged(_ options: SynthOptions) throws -> CampaignRows {
    try #require(CampaignRows(options: options, organization: Organization(options: options)))
  }

  private static func rows(_ options: SynthOptions) -> [LoginRow] {
    var stream = LoginStream(
      options: options, organization: Organization(options: options))
    var rows: [LoginRow] = []
    while let row = stream.next() { rows.append(row) }
    return rows
  }

  /// Whether a row comes from the network of the campaign.
  private static func isIntruder(_ row: LoginRow) -> Bool {
    row.address >= Vocabulary.allAddresses.count
  }

  @Test(arguments: Campaign.allCases, [1, 2] as [UInt64])
  func aCampaignComesBesideTheLoginsOfTheRunInTimeOrder(campaign: Campaign, seed: UInt64) throws {
    let options = try Self.options(campaign, seed: seed)
    var plain = options
    plain.campaign = nil
    let rows = Self.rows(options)
    let staged = try Self.staged(options)
    #expect(rows.filter { $0.number < 900_000_000 }.map(\.number) == Self.rows(plain).map(\.number))
    #expect(rows.count == options.rows + staged.rows.count)
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.time <= $1.time })
    #expect(Set(rows.map(\.number)).count == rows.count)
    let first = try #require(staged.first)
    let last = try #require(staged.last)
    #expect(first >= options.firstSecond + 14 * Self.day && first <= last)
    #expect(last < options.endSecond)
    #expect(!staged.rules.isEmpty && !staged.accounts.isEmpty)
  }

  @Test(arguments: Campaign.allCases)
  func theHistoryAloneHasNothingOfTheIntruder(campaign: Campaign) throws {
    var options = try Self.options(campaign)
    options.campaign?.isHistoryOnly = true
    let staged = try Self.staged(options)
    #expect(!staged.rows.isEmpty)
    #expect(!staged.rows.contains(where: Self.isIntruder))
    #expect(!staged.pages.contains { $0.isForeign })
    #expect(staged.verifications.isEmpty && staged.rules.isEmpty)
    #expect(staged.first == nil && staged.last == nil && staged.loginCount == 0)
  }

  @Test(arguments: [.drift, .gainsight, .klue] as [Campaign])
  func severalAccountsOfOneApplicationMeetAForeignNetworkWithinADay(campaign: Campaign) throws {
    let options = try Self.options(campaign)
    let rows = Self.rows(options).filter { $0.application == Vocabulary.stagedApplication }
    let first = try #require(rows.first(where: Self.isIntruder)?.time)
    let foreign = rows.filter { Self.isIntruder($0) && $0.time < first + Self.day }
    #expect(Set(foreign.map(\.account)).count == 4)
    #expect(rows.allSatisfy { $0.subType == .refreshToken && $0.status == .success })
    #expect(rows[0].time <= first - 14 * Self.day)
    #expect(try Self.staged(options).rules == ["PST-API-014"])
    var few = options
    few.campaign?.accounts = 2
    #expect(try Self.staged(few).rules.isEmpty)
  }

  @Test func aCallerConsentsAndRegisters() throws {
    let options = try Self.options(.vishing)
    let organization = Organization(options: options)
    let staged = try Self.staged(options)
    let (person, admin) = (staged.accounts[0], staged.accounts[1])
    #expect(organization.accounts[admin].isPrivileged)
    let consented = staged.rows.filter { $0.application == Vocabulary.stagedApplication }
    let consent = try #require(consented.first)
    #expect(consent.account == person && consent.door == .human)
    #expect(
      consented.dropFirst().contains { $0.door == .api && $0.time <= consent.time + Self.day })
    let call = try #require(staged.rows.first { $0.account == admin && Self.isIntruder($0) })
    #expect(call.door == .human && call.type == .samlServiceProvider)
    let history = staged.rows.filter { $0.account == admin && $0.time < call.time }
    #expect(history.first.map { $0.time <= call.time - 14 * Self.day } == true)
    let registration = try #require(staged.verifications.first)
    #expect(registration.account == admin && registration.activity == "ConnectTotp")
    #expect((call.time...call.time + Self.day).contains(registration.time))
  }

  @Test func theRegistrationIsExported() throws {
    let folder = try TestFolder()
    try folder.write(Self.options(.vishing))
    let rows = folder.rows(of: "VerificationHistory.csv").filter { $0.contains("ConnectTotp") }
    #expect(rows.count == 1)
    #expect(rows.first?.contains("2001:db8:cafe::66") == true)
  }

  @Test func pagesComeWithoutALoginAtTheUserInterface() throws {
    let options = try Self.options(.frontDoor)
    let staged = try Self.staged(options)
    let victim = try #require(staged.accounts.first)
    let visits = Self.rows(options).filter {
      $0.account == victim && $0.door == .human && $0.status == .success
    }
    let pages = staged.pages.filter(\.isForeign)
    #expect(pages.count == 12 && pages.allSatisfy { $0.account == victim })
    #expect(visits.isEmpty)
    // Others look at pages after a login.
    for page in staged.pages where !page.isForeign {
      #expect(
        staged.rows.contains {
          $0.account == page.account && $0.door == .human && $0.time <= page.time
            && page.time - $0.time < 3_600
        })
    }
    let folder = try TestFolder()
    try folder.write(options)
    for (kind, number) in [("URI", 5), ("AuraRequest", 6), ("LightningPageView", 7)] {
      let rows = folder.rows(of: "2026-03-01_\(kind)_0ATHn000000000\(number).csv")
      #expect(rows.count >= 4 && rows.allSatisfy { $0.hasPrefix("\"\(kind)\",") })
    }
  }

  @Test func anApplicationWakesAfterTwoMonthsAndItsTokenLayUnused() throws {
    let options = try Self.options(.staleToken)
    let staged = try Self.staged(options)
    let rows = Self.rows(options)
    let uses = rows.filter { $0.application == Vocabulary.stagedApplication }.map(\.time)
    let wake = try #require(staged.first)
    let before = try #require(uses.last { $0 < wake })
    #expect(wake - before >= 61 * Self.day)
    let days = Set(rows.map { $0.time / Self.day })
    #expect((before / Self.day + 1..<wake / Self.day).allSatisfy(days.contains))
    let stale = staged.tokens.filter { options.endSecond - $0.lastUsed >= 90 * Self.day }
    #expect(stale.map(\.application) == ["Legacy Sync"])
    let folder = try TestFolder()
    try folder.write(options)
    #expect(folder.rows(of: "OauthToken.csv").count == staged.tokens.count)
  }

  @Test func namesNetworksAndTimesCanBeChosen() throws {
    var options = try Self.options(.klue)
    options.campaign?.application = "Quote \"Bot\", Ltd"
    options.campaign?.network = try #require(StagedNetwork("198.51.100.0/24"))
    let start = options.firstSecond + 40 * Self.day
    options.campaign?.start = start
    let folder = try TestFolder()
    try folder.write(options)
    let truth = try #require(
      JSONSerialization.jsonObject(with: Data(folder.inflated("truth.json"))) as? [String: Any])
    let campaign = try #require(truth["campaign"] as? [String: Any])
    #expect(campaign["application"] as? String == "Quote \"Bot\", Ltd")
    #expect(campaign["first"] as? String == "2026-04-10T00:00:00.000Z")
    #expect((campaign["accounts"] as? [String])?.count == 4)
    let foreign = folder.rows(of: "LoginHistory.csv").filter { row in
      row.contains("\"Quote \"\"Bot\"\", Ltd\"") && row.contains("\"198.51.100.")
    }
    #expect(foreign.count == campaign["logins"] as? Int)
    let notice = String(decoding: folder.inflated("indicators.txt"), as: UTF8.self)
    #expect(
      notice.contains("application: Quote \"Bot\", Ltd; from: 2026-04-10; until: 2026-04-13;"))
    for host in 66...69 {
      #expect(notice.contains("198.51.100.\(host); from: 2026-04-10; until: 2026-04-13;"))
    }
    // Nobody else comes from there.
    let others = folder.rows(of: "LoginHistory.csv").filter { row in
      (66...69).contains { row.contains("\"198.51.100.\($0)\"") }
    }
    #expect(others.count == foreign.count)
  }

  @Test func aCampaignBeginsOnItsPublishedDayWhereTheWindowHasIt() throws {
    var options = try Self.options(.klue)
    let late = try #require(try Self.staged(options).first)
    #expect(late > options.firstSecond + 70 * Self.day)
    options.start = try #require(CivilDate("2026-04-01"))
    let published = try #require(try Self.staged(options).first)
    #expect(published / Self.day == CivilDate("2026-06-11")?.daysSinceEpoch)
  }

  @Test func programsOfTheIntruderAreNamedInTheEventLog() throws {
    var options = try Self.options(.klue)
    options.shape = .eventLog2026
    let folder = try TestFolder()
    try folder.write(options)
    let rows = folder.rows(of: "2026-03-01_Login_0ATHn0000000001.csv")
    for agent in ["Python-urllib/3.12", "Python-urllib/3.14"] {
      let named = rows.filter { $0.contains(agent) }
      #expect(!named.isEmpty && named.allSatisfy { $0.contains("\"203.0.113.") })
    }
  }

  @Test(arguments: [
    ("203.0.113.0/24", ["203.0.113.66", "203.0.113.67", "203.0.113.68", "203.0.113.69"]),
    ("192.0.2.200", ["192.0.2.200"]), ("192.0.2.9/29", [9, 10, 11, 12].map { "192.0.2.\($0)" }),
    ("2001:db8:cafe::/48", ["66", "67", "68", "69"].map { "2001:db8:cafe::" + $0 }),
    ("2001:db8::7", ["2001:db8::7"]), ("203.0.113.0/240", nil), ("300.0.0.1", nil), ("", nil),
    ("2001:db8/32", nil), ("x/y", nil),
  ])
  func aNetworkGivesAddressesWithin(text: String, addresses: [String]?) {
    #expect(StagedNetwork(text)?.addresses == addresses)
  }
}
