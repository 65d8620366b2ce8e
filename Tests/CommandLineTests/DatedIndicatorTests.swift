import Foundation
import TestSupport
import Testing

/// Indicators that hold for some days alone: 5 to 14 August 2026 in most of these tests.
@Suite struct DatedIndicatorTests {
  private typealias Login = Exports.Login

  private static let dates = "from: 2026-08-05, until: 2026-08-15, source: the vendor"
  private static let address = "indicators: [{address: 203.0.113.7, \(dates)}]\n"
  private static let application = "indicators: [{application: Sly*, \(dates)}]\n"

  private func login(
    _ day: Int, _ application: String = "ETL", _ address: String = "192.0.2.10",
    status: String = "Success", at clock: String = "10:00:00"
  ) -> Login {
    RuleScan.api(RuleScan.time(day: day, clock)) {
      $0.application = application
      $0.address = address
      $0.status = status
    }
  }

  private func judged(_ rows: [Login], _ config: String) throws -> [String] {
    try RuleScan.run(rows, config: config).judged("API-011")
  }

  @Test(arguments: [
    (4, "23:59:59", false), (5, "00:00:00", true), (14, "23:59:59", true), (15, "00:00:00", false),
  ])
  func theEndIsExclusive(day: Int, clock: String, matches: Bool) throws {
    let expected = matches ? ["high fail high"] : []
    #expect(
      try judged([login(day, "ETL", "203.0.113.7", at: clock)], Self.address) == expected)
    #expect(try judged([login(day, "Sly", at: clock)], Self.application) == expected)
  }

  @Test func aFailedAttemptIsJudgedByItsOwnTime() throws {
    let inside = login(6, "Sly", "203.0.113.7", status: "Invalid password")
    let outside = login(16, "Sly", "203.0.113.7", status: "Invalid password")
    for config in [Self.address, Self.application] {
      #expect(try judged([inside, outside], config) == ["low fail high"])
      #expect(try judged([outside], config).isEmpty)
      let found = try RuleScan.run([inside, outside], config: config)
      #expect(found.count("API-011", "attempted") == 1)
      #expect(found.evidence("API-011").compactMap { $0["time"] as? String } == [inside.time])
    }
  }

  @Test func loginsOnBothSidesOfTheDatesAreNoMatchWhereTheMinutesShowIt() throws {
    let rows = [1, 2, 3, 20, 21].map { login($0, "Sly", "203.0.113.7") }
    #expect(try judged(rows, Self.address).isEmpty)
    #expect(try judged(rows, Self.application).isEmpty)
    // Another client's failures within the dates are no successes of this one.
    let failures = [7, 8].map { login($0, "ETL", status: "Invalid password") }
    #expect(try judged(rows + failures, Self.application).isEmpty)
  }

  @Test func anAccountsOnlyClientIsKnownByItsMinutes() throws {
    let rows = (1...20).map { login($0, "Sly", "203.0.113.7") }
    for config in [Self.address, Self.application] {
      let found = try RuleScan.run(rows, config: config)
      #expect(found.judged("API-011") == ["high fail high"])
      #expect(found.count("API-011", "attempted") == 10)
      #expect(found.count("API-011", "attempted_at_most") == nil)
    }
  }

  @Test func whatCannotBeToldIsNoAccusation() throws {
    // Whether the third login of the three was on the 10th or the 20th the ledger does not say.
    let usual = (1...28).map { login($0) }
    func rows(_ day: Int) -> [Login] {
      usual + [2, day, 25].map { login($0, "Sly", "203.0.113.7", at: "11:00:00") }
    }
    for day in [10, 20] {
      for config in [Self.address, Self.application] {
        let found = try RuleScan.run(rows(day), config: config)
        #expect(found.judged("API-011") == ["info unknown "])
        #expect(found.count("API-011", "attempted_at_most") == 1)
        let finding = try #require(found.findings("API-011").first)
        let title = (finding["rule"] as? Results.Object)?["title"] as? String
        #expect(title?.hasPrefix("cannot be told: ") == true)
        #expect((finding["remediation"] as? String)?.contains("postern hunt") == true)
        #expect(found.words("API-011").contains("from 2026-08-05 until 2026-08-15"))
        #expect(found.words("API-011").contains("the vendor"))
      }
    }
  }

  @Test func anEndWithinTheDatesIsCertainAndTheRestIsBounded() throws {
    let usual = (1...28).map { login($0) }
    let rows = usual + [2, 4, 6, 12].map { login($0, "Sly", "203.0.113.7", at: "11:00:00") }
    for config in [Self.address, Self.application] {
      let found = try RuleScan.run(rows, config: config)
      #expect(found.judged("API-011") == ["high fail high"])
      #expect(found.count("API-011", "attempted") == 1)
      #expect(found.count("API-011", "attempted_at_most") == 3)
      #expect(found.words("API-011").contains("between 1 and 3 logins"))
    }
  }

  @Test func twoEntriesForOneThingHoldInBothTheirDates() throws {
    let config = """
      indicators:
        - {application: Sly, until: 2026-08-02}
        - {application: Sly, from: 2026-08-20}
      """
    #expect(try judged([login(1, "Sly")], config) == ["high fail high"])
    #expect(try judged([login(21, "Sly")], config) == ["high fail high"])
    #expect(try judged([login(10, "Sly")], config).isEmpty)
    let always = config + "\n  - application: Sly\n"
    let found = try RuleScan.run([login(10, "Sly")], config: always)
    #expect(found.discriminators("API-011") == ["indicator=application: Sly"])
  }

  @Test func theDatesOfAnIndicatorBoundWhatItRaises() throws {
    let flow = (1...5).map { day in
      RuleScan.api(RuleScan.time(day: day)) {
        $0.type = "Remote Access 2.0"
        $0.subType = "OAuth Username-Password"
      }
    }
    func judged(_ dates: String) throws -> [String] {
      try RuleScan.run(
        flow, config: "indicators: [{address: 192.0.2.10, \(dates)}]\n"
      ).judged("API-004")
    }
    #expect(try judged("from: 2026-08-01") == ["medium fail high"])
    #expect(try judged("until: 2026-08-02") == ["medium fail high"])
    #expect(try judged("from: 2026-08-06") == ["low fail high"])
    #expect(try judged("until: 2026-08-01") == ["low fail high"])
    // The rows of the 2nd to the 4th are not known one by one.
    #expect(try judged("from: 2026-08-02, until: 2026-08-05") == ["low fail high"])
  }
}
