import Foundation
import TestSupport
import Testing

/// PST-API-004 to 013.
@Suite struct TrafficRuleTests {
  private typealias Login = Exports.Login

  private func minutes(
    _ count: Int, day: Int, from hour: Int = 10, _ change: (inout Login) -> Void = { _ in }
  ) -> [Login] {
    (0..<count).map { index in
      let clock = String(format: "%02d:%02d:%02d", hour, index / 60 % 60, index % 60)
      return RuleScan.api(RuleScan.time(day: day, clock), change)
    }
  }

  @Test func aTryThatFailedDoesNotMakeAnApplicationKnown() throws {
    func consent(_ clock: String, _ status: String) -> RuleScan.Login {
      RuleScan.Login(
        time: RuleScan.time(day: 16, clock), type: "Remote Access 2.0",
        subType: "OAuth Web Server", status: status, application: "Ticket Portal")
    }
    let start = RuleScan.Login(time: RuleScan.time(day: 1))
    let refresh = RuleScan.Login(
      time: RuleScan.time(day: 16, "11:00:00"), type: "Remote Access 2.0",
      subType: "OAuth Refresh Token", application: "Ticket Portal")
    let found = try RuleScan.run([
      start, consent("09:58:00", "Invalid password"), consent("10:00:00", "Success"), refresh,
    ])
    #expect(found.judged("API-009") == ["high fail high"])
    let before = try RuleScan.run([
      start, consent("10:00:00", "Invalid password"), consent("11:30:00", "Success"), refresh,
    ])
    #expect(before.findings("API-009").isEmpty)
  }

  @Test func theOAuthPasswordFlowIsFoundByApplication() throws {
    func flow(_ application: String, _ status: String = "Success") -> Login {
      RuleScan.api(RuleScan.time(day: 3)) {
        $0.type = "Remote Access 2.0"
        $0.subType = "OAuth Username-Password"
        $0.application = application
        $0.status = status
      }
    }
    let found = try RuleScan.run([flow("ETL"), flow("ETL"), flow("Loader", "Invalid password")])
    #expect(found.discriminators("API-004") == ["application=ETL", "application=Loader"])
    #expect(Set(found.judged("API-004")) == ["low fail high", "info fail high"])
    #expect(
      found.findings("API-004").compactMap { $0["evidence_total"] as? Int }.sorted() == [1, 2])
    let other = try RuleScan.run([RuleScan.api(RuleScan.time(day: 3))])
    #expect(other.judged("API-004").isEmpty)
  }

  @Test func anHourTenTimesTheMedianIsABurst() throws {
    let quiet = (1...4).flatMap { minutes(20, day: $0) }
    let burst = try RuleScan.run(quiet + minutes(200, day: 5))
    #expect(burst.judged("API-005") == ["low fail high"])
    #expect(burst.count("API-005", "busiest_hour") == 200)
    #expect(try RuleScan.run(quiet + minutes(199, day: 5)).judged("API-005").isEmpty)
    let busy = (1...4).flatMap { minutes(21, day: $0) }
    #expect(try RuleScan.run(busy + minutes(200, day: 5)).judged("API-005").isEmpty)
  }

  @Test func aNetworkOrCountrySeenAfterTwoWeeksIsNew() throws {
    func login(_ day: Int, _ address: String, _ country: String = "DE") -> Login {
      RuleScan.api(RuleScan.time(day: day)) {
        $0.address = address
        $0.country = country
      }
    }
    let start = login(1, "192.0.2.10")
    let found = try RuleScan.run([start, login(15, "198.51.100.7"), login(16, "198.51.100.8")])
    #expect(found.judged("API-006") == ["medium fail high"])
    #expect(found.discriminators("API-006") == ["network=198.51.100.0/24"])
    #expect(found.count("API-006", "api_succeeded") == 2)
    #expect(try RuleScan.run([start, login(14, "198.51.100.7")]).judged("API-006").isEmpty)
    #expect(try RuleScan.run([start, login(20, "192.0.2.99")]).judged("API-006").isEmpty)
    let six = try RuleScan.run([start, login(15, "2001:db8:1:2::1"), login(15, "2001:db8:1:3::1")])
    #expect(six.discriminators("API-006") == ["network=2001:db8:1::/48"])
    let abroad = try RuleScan.run([start, login(20, "192.0.2.11", "FR")])
    #expect(abroad.discriminators("API-006") == ["network=192.0.2.0/24"])
    #expect(abroad.words("API-006").contains("FR"))
    let failed = try RuleScan.run([
      start,
      RuleScan.api(RuleScan.time(day: 20)) {
        $0.address = "198.51.100.7"
        $0.status = "Invalid password"
      },
    ])
    #expect(failed.judged("API-006").isEmpty)
  }

  @Test func anApplicationSeenAfterTwoWeeksIsNew() throws {
    func login(_ day: Int, _ application: String, _ status: String = "Success") -> Login {
      RuleScan.api(RuleScan.time(day: day)) {
        $0.application = application
        $0.status = status
      }
    }
    let start = login(1, "ETL")
    let found = try RuleScan.run([
      start, login(15, "Loader"), login(16, "Probe", "Invalid password"),
    ])
    #expect(found.discriminators("API-007") == ["application=Loader", "application=Probe"])
    #expect(Set(found.judged("API-007")) == ["medium fail high", "info fail high"])
    #expect(try RuleScan.run([start, login(14, "Loader")]).judged("API-007").isEmpty)
    let browser = try RuleScan.run([start, Login(time: RuleScan.time(day: 20))])
    #expect(browser.judged("API-007").isEmpty)
  }

  @Test func aFailingClientIsFoundByHourAndByLockout() throws {
    func mixed(_ failures: Int, _ successes: Int) -> [Login] {
      minutes(failures, day: 3) { $0.status = "Invalid password" }
        + minutes(successes, day: 3)
    }
    #expect(try RuleScan.run(mixed(50, 50)).judged("API-008") == ["medium fail high"])
    #expect(try RuleScan.run(mixed(50, 51)).judged("API-008").isEmpty)
    #expect(try RuleScan.run(mixed(49, 0)).judged("API-008").isEmpty)
    let split =
      minutes(49, day: 3) { $0.status = "Invalid password" }
      + minutes(49, day: 3, from: 11) { $0.status = "Invalid password" }
    #expect(try RuleScan.run(split).judged("API-008").isEmpty)
    let locked = try RuleScan.run(minutes(1, day: 3) { $0.status = "Password lockout" })
    #expect(locked.judged("API-008") == ["medium fail high"])
    #expect(locked.count("API-008", "lockouts") == 1)
    let human = try RuleScan.run([Login(status: "Password lockout")])
    #expect(human.judged("API-008").isEmpty)
  }

  @Test func consentToAnApplicationNewToTheOrgIsFound() throws {
    func consent(_ time: String) -> Login {
      Login(
        time: time, type: "Remote Access 2.0", subType: "OAuth Web Server", application: "Tickets")
    }
    func use(_ time: String) -> Login {
      RuleScan.api(time) {
        $0.user = Exports.two
        $0.type = "Remote Access 2.0"
        $0.subType = "OAuth Refresh Token"
        $0.application = "Tickets"
      }
    }
    let start = RuleScan.api(RuleScan.time(day: 1))
    let at = RuleScan.time(day: 15)
    let found = try RuleScan.run([start, consent(at), use(RuleScan.time(day: 16, "09:59:59"))])
    #expect(found.judged("API-009") == ["high fail high"])
    #expect(found.discriminators("API-009") == ["application=Tickets"])
    let late = try RuleScan.run([start, consent(at), use(RuleScan.time(day: 16, "10:01:00"))])
    #expect(late.judged("API-009").isEmpty)
    let young = try RuleScan.run([
      start, consent(RuleScan.time(day: 14)), use(RuleScan.time(day: 14, "11:00:00")),
    ])
    #expect(young.judged("API-009").isEmpty)
    let known = try RuleScan.run([
      start, use(RuleScan.time(day: 2)), consent(at), use(RuleScan.time(day: 15, "11:00:00")),
    ])
    #expect(known.judged("API-009").isEmpty)
    #expect(try RuleScan.run([start, consent(at)]).judged("API-009").isEmpty)
  }

  @Test(arguments: [("TLS 1.1", 1), ("TLS 1.0", 1), ("TLS 1.2", 0), ("TLS 1.3", 0), ("", 0)])
  func oldTLSOfASuccessIsFound(version: String, count: Int) throws {
    let found = try RuleScan.run([RuleScan.api(RuleScan.time(day: 3)) { $0.tls = version }])
    #expect(found.judged("API-010") == [String](repeating: "medium fail high", count: count))
    let failed = try RuleScan.run([
      RuleScan.api(RuleScan.time(day: 3)) {
        $0.tls = version
        $0.status = "Invalid password"
      }
    ])
    #expect(failed.judged("API-010").isEmpty)
  }

  @Test func remoteAccessWithoutASubTypeIsUnknownOnImportantAccounts() throws {
    let login = RuleScan.api(RuleScan.time(day: 3)) { $0.type = "Remote Access 2.0" }
    let robot = try RuleScan.run([login], users: Exports.users([RuleScan.robot]))
    #expect(robot.judged("API-013") == ["info unknown "])
    #expect(robot.words("API-013").contains("blank"))
    let admin = try RuleScan.run([login], users: Exports.users([RuleScan.administrator]))
    #expect(admin.judged("API-013").count == 1)
    let person = try RuleScan.run([login], users: Exports.users([RuleScan.person]))
    #expect(person.judged("API-013").isEmpty)
    let told = try RuleScan.run(
      [
        RuleScan.api(RuleScan.time(day: 3)) {
          $0.type = "Remote Access 2.0"
          $0.subType = "OAuth Refresh Token"
        }
      ], users: Exports.users([RuleScan.robot]))
    #expect(told.judged("API-013").isEmpty)
    let bare =
      "Id,UserId,LoginTime,LoginType,Status\n"
      + "\(Exports.loginID(1)),\(Exports.one),2026-08-03T10:00:00.000Z,Remote Access 2.0,Success\n"
    let missing = try RuleScan.run(
      [], users: Exports.users([RuleScan.robot]), files: ["l.csv": bare])
    #expect(missing.words("API-013").contains("missing column: LoginSubType"))
  }
}
