import Accounts
import Findings
import Testing

/// PST-INT-013: pages of the user interface that no login explains.
struct PageRuleTests {
  private static let robot = """
    Id,Username,Name,IsActive,UserType,Profile.Name,Profile.PermissionsApiUserOnly
    005Hn0000000001IAA,etl@example.com,ETL,true,Standard,Robots,true
    """

  /// API logins of twenty days, and one login by a person on the second.
  private static let logins: String = {
    var rows = LoginRows()
    rows.add(days: 1...20) { row in
      (row.type, row.subType) = ("Remote Access 2.0", "OAuth Client Credentials")
      row.application = "Warehouse Connector"
    }
    rows.add { row in
      row.day = 2
      row.time = "12:00:00"
    }
    return rows.text
  }()

  private static func pages(_ times: String..., event: String = "URI") -> String {
    "EVENT_TYPE,TIMESTAMP,REQUEST_ID,ORGANIZATION_ID,USER_ID,RUN_TIME,CPU_TIME,URI,SESSION_KEY,"
      + "LOGIN_KEY,TIMESTAMP_DERIVED,USER_ID_DERIVED,CLIENT_IP\n"
      + times.map { time in
        "\(event),,r,00D000000000001,005Hn0000000001,1,1,/home/home.jsp,,,\(time),"
          + "005Hn0000000001IAA,198.51.100.7\n"
      }.joined()
  }

  private static func found(
    _ pages: String, users: String = robot, impersonations: String? = nil
  ) throws -> [Finding] {
    try JudgedExports(
      logins: logins, users: users, pages: pages, impersonations: impersonations
    ).findings().filter { $0.rule.id == "PST-INT-013" }
  }

  @Test(arguments: ["URI", "AuraRequest", "LightningPageView"])
  func pagesWithoutALoginBeforeThemAreFound(event: String) throws {
    let found = try Self.found(
      Self.pages(
        "2026-06-10T11:05:00.000Z", "2026-06-10T11:50:00.000Z", "2026-06-10T12:01:00.000Z",
        event: event))
    #expect(found.map(\.severity) == [.high] && found.map(\.status) == [.fail])
    #expect(found.map(\.counts) == [["hours": 2, "rows": 3, "hours_untold": 0]])
    #expect(found[0].evidence.map(\.address) == ["198.51.100.7", "198.51.100.7"])
    // The first row of each hour; the header is no line here.
    #expect(found[0].evidence.map(\.row.line) == [1, 3])
    // Without the log of administrators inside other accounts it is less sure.
    #expect(found.map(\.confidence) == [.medium])
  }

  @Test func pagesAfterALoginAreNotFound() throws {
    #expect(
      try Self.found(
        Self.pages("2026-06-02T12:00:30.000Z", "2026-06-03T11:59:00.000Z")
      ).isEmpty)
    #expect(try Self.found(Self.pages("2026-06-03T12:01:00.000Z")).count == 1)
  }

  /// The login may have come between the last row and the page.
  @Test func pagesBehindTheLastLoginAreUndecided() throws {
    let found = try Self.found(Self.pages("2026-06-20T23:50:00.000Z"))
    #expect(found.map(\.status) == [.unknown])
  }

  @Test func pagesOfPeopleAreNotFound() throws {
    let person = Self.robot.replacing("Robots,true", with: "Sales,false")
    #expect(try Self.found(Self.pages("2026-06-10T11:05:00.000Z"), users: person).isEmpty)
  }

  @Test func anAdministratorLoggedInAsTheAccountExplainsThem() throws {
    let header =
      "EVENT_TYPE,TIMESTAMP_DERIVED,REQUEST_ID,USER_ID_DERIVED,DELEGATED_USER_ID_DERIVED\n"
    let session = "LoginAs,2026-06-10T11:00:00.000Z,a,005Hn0000000001IAA,005Hn0000000009IAA\n"
    let pages = Self.pages("2026-06-10T11:05:00.000Z")
    #expect(try Self.found(pages, impersonations: header + session).isEmpty)
    let earlier = session.replacing("2026-06-10", with: "2026-06-05")
    let found = try Self.found(pages, impersonations: header + earlier)
    #expect(found.map(\.confidence) == [.high])
  }

  @Test func pagesThatTheLoginsDoNotReachAreNoAccusation() throws {
    for time in ["2026-06-01T11:00:00.000Z", "2026-06-25T11:00:00.000Z"] {
      let found = try Self.found(Self.pages(time))
      #expect(found.map(\.status) == [.unknown] && found.map(\.severity) == [.info])
    }
  }
}
