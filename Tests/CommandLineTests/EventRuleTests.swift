import Foundation
import TestSupport
import Testing

/// Rules and figures that rest on event logs beside logins.
@Suite struct EventRuleTests {
  private let robot = (
    id: Exports.one, name: "Connector", profile: "Robots", permissions: Set(["ApiUserOnly"])
  )
  private let admin = (
    id: Exports.two, name: "Root", profile: "System Administrator",
    permissions: Set(["ModifyAllData"])
  )

  private func scan(_ files: [String: String], _ arguments: [String] = []) throws -> Results {
    let folder = try TestFolder()
    for (name, text) in files { try folder.write(name, text) }
    return try Program.scan([folder.path] + arguments)
  }

  private func state(_ results: Results, _ rule: String) -> String? {
    (results.end["rules"] as? [Results.Object])?.first { $0["id"] as? String == "PST-" + rule }?[
      "state"] as? String
  }

  private func requests(_ results: Results, of id: String) throws -> Results.Object? {
    let account = results.accounts.first {
      ($0["account"] as? Results.Object)?["id"] as? String == id
    }
    return try #require(account)["api_requests"] as? Results.Object
  }

  // MARK: LoginAs

  @Test func anAdministratorInsideAnIntegrationAccountIsFound() throws {
    let results = try scan([
      "l.csv": Exports.logins([.init(user: Exports.three)]),
      "u.csv": Exports.users([robot, admin]),
      "as.csv": Exports.loginAs([
        (Exports.one, Exports.two, "2026-08-03T10:00:00.000Z"),
        (Exports.one, Exports.three, "2026-08-04T10:00:00.000Z"),
        (Exports.two, Exports.three, "2026-08-05T10:00:00.000Z"),
      ]),
    ])
    let found = results.findings("INT-012").sorted {
      ($0["discriminator"] as? String ?? "") < ($1["discriminator"] as? String ?? "")
    }
    #expect(found.map { $0["discriminator"] as? String } == [Exports.two, Exports.three])
    #expect(found.allSatisfy { $0["severity"] as? String == "medium" })
    let evidence = (found.first?["evidence"] as? [Results.Object])?.first
    #expect(evidence?["line"] as? Int == 2)
    #expect((evidence?["file"] as? String)?.hasSuffix("as.csv") == true)
    #expect(evidence?["source_ip"] as? String == "192.0.2.77")
    #expect(evidence?["label"] as? String == "logged in as this account: root@example.com")
  }

  @Test func theEventAndItsLogTellOfTheSameSession() throws {
    let results = try scan([
      "l.csv": Exports.logins([.init()]), "u.csv": Exports.users([robot, admin]),
      "as.csv": Exports.loginAs([(Exports.one, Exports.two, "2026-08-04T09:00:00.000Z")]),
      "copy.csv": Exports.loginAs([(Exports.one, Exports.two, "2026-08-04T09:00:00.000Z")]),
      "event.csv": Exports.loginAsEvents([(Exports.one, "ROOT@example.com")]),
    ])
    let found = results.findings("INT-012")
    #expect(found.count == 1)
    #expect(
      found.first?["counts"] as? [String: Int]
        == ["login_as": 1, "login_as_event_log": 1, "login_as_events": 1])
  }

  @Test func rowsOfLoginAsWithoutAnIdentifierAllCount() throws {
    let row = "LoginAs,20260803100000.000,\(Exports.one),\(Exports.two)\n"
    let results = try scan([
      "l.csv": Exports.logins([.init()]), "u.csv": Exports.users([robot, admin]),
      "as.csv": "EVENT_TYPE,TIMESTAMP,USER_ID,DELEGATED_USER_ID\n" + row + row,
    ])
    #expect(results.count("INT-012", "login_as") == 2)
  }

  @Test func loginAsToAPersonIsNoFindingAndWithoutTheLogNothingIsClaimed() throws {
    let person = try scan([
      "l.csv": Exports.logins([.init()]), "u.csv": Exports.users([robot, admin]),
      "as.csv": Exports.loginAs([(Exports.two, Exports.three, "2026-08-03T10:00:00.000Z")]),
    ])
    #expect(person.findings("INT-012").isEmpty && state(person, "INT-012") == "none")
    let without = try scan([
      "l.csv": Exports.logins([.init()]), "u.csv": Exports.users([robot]),
    ])
    #expect(state(without, "INT-012") == "not_run" && state(without, "API-012") == "not_run")
  }

  // MARK: Requests

  @Test func requestsAreCountedByWhatTheySay() throws {
    let results = try scan([
      "l.csv": Exports.logins([.init()]),
      "r.csv": Exports.requests([
        .init(), .init(time: "2026-08-04T10:00:00.000Z", status: "404"),
        .init(
          family: "SOAP", version: "", resource: "query", client: "Loader", limited: "false",
          app: ""),
        .init(version: "", resource: "/v58.0/sobjects/Account", limited: ""),
        .init(user: Exports.two, version: "9998.0", resource: ""),
      ]),
    ])
    let requests = try #require(try requests(results, of: Exports.one))
    #expect(requests["total"] as? Int == 4)
    #expect(requests["by_family"] as? [String: Int] == ["REST": 3, "SOAP": 1])
    #expect(requests["by_version"] as? [String: Int] == ["60.0": 2, "58.0": 1, "": 1])
    #expect(requests["by_application"] as? [String: Int] == ["Pump": 3, "Loader": 1])
    #expect(requests["by_status"] as? [String: Int] == ["2xx": 3, "4xx": 1])
    #expect(
      requests["counts_against_limit"] as? [String: Int] == ["yes": 2, "no": 1, "unknown": 1])
    #expect(requests["by_source"] as? [String: Int] == ["ApiTotalUsage": 4])
    let daily = Results.days(requests["daily"])
    #expect(daily.map(\.date) == ["2026-08-03", "2026-08-04"])
    #expect(daily.map { $0.counts["requests"] } == [3, 1])
    // An account that only the log knows has a record, and no login.
    #expect(try requestsTotal(results, of: Exports.two) == 1)
    #expect(results.rows["read"] == 1)
    let other = results.accounts.first {
      ($0["account"] as? Results.Object)?["id"] as? String == Exports.two
    }
    #expect((other?["logins"] as? Results.Object)?["total"] as? Int == 0)
    #expect(results.findings("ACC-002").count <= 1)
  }

  private func requestsTotal(_ results: Results, of id: String) throws -> Int? {
    try requests(results, of: id)?["total"] as? Int
  }

  @Test func withoutSuchLogsRecordsSayNothingAboutRequests() throws {
    let results = try scan(["l.csv": Exports.logins([.init()])])
    #expect(try requests(results, of: Exports.one) == nil)
  }

  @Test func noRequestCountsTwice() throws {
    let rest =
      "EVENT_TYPE,TIMESTAMP,USER_ID,URI,METHOD,MEDIA_TYPE,STATUS_CODE,CLIENT_NAME\n"
      + "RestApi,20260803100000.000,\(Exports.one),/services/data/v59.0/query,GET,json,200,Pump\n"
    let alone = try scan(["l.csv": Exports.logins([.init()]), "rest.csv": rest])
    #expect(try requests(alone, of: Exports.one)?["by_version"] as? [String: Int] == ["59.0": 1])
    let both = try scan([
      "l.csv": Exports.logins([.init()]), "rest.csv": rest, "r.csv": Exports.requests([.init()]),
    ])
    let found = try #require(try requests(both, of: Exports.one))
    #expect(found["total"] as? Int == 1)
    #expect(found["by_source"] as? [String: Int] == ["ApiTotalUsage": 1, "RestApi": 1])
    #expect(both.errors.contains("counted from ApiTotalUsage alone"))
  }

  @Test(arguments: [
    (
      "API,20260803100000.000,005Hn0000000001,,E,57.0,Pump,query,", "SOAP",
      "EVENT_TYPE,TIMESTAMP,USER_ID,URI,API_TYPE,API_VERSION,CLIENT_NAME,METHOD_NAME,EXCEPTION_MESSAGE",
      "57.0", ""
    ),
    (
      "API,20260803100000.000,005Hn0000000001,,E,57.0,Pump,query,bad", "SOAP",
      "EVENT_TYPE,TIMESTAMP,USER_ID,URI,API_TYPE,API_VERSION,CLIENT_NAME,METHOD_NAME,EXCEPTION_MESSAGE",
      "57.0", "failed"
    ),
    (
      "BulkApi,20260803100000.000,005Hn0000000001,/services/async/41.0/job,1,2,true", "Bulk",
      "EVENT_TYPE,TIMESTAMP,USER_ID,URI,JOB_ID,BATCH_ID,SUCCESS", "41.0", "succeeded"
    ),
    (
      "BulkApi2,20260803100000.000,005Hn0000000001,,1,JobComplete,9", "Bulk",
      "EVENT_TYPE,TIMESTAMP,USER_ID,URI,JOB_ID,JOB_STATUS,RECORDS_PROCESSED", "", "JobComplete"
    ),
    (
      "BulkApiRequest,20260803100000.000,005Hn0000000001,/x,1,55.0,201,Pump", "Bulk",
      "EVENT_TYPE,TIMESTAMP,USER_ID,REQUEST_PATH,JOB_ID,API_VERSION,STATUS_CODE,CLIENT_NAME",
      "55.0",
      "2xx"
    ),
    (
      "MetadataApiOperation,20260803100000.000,005Hn0000000001,c,DEPLOY,56.0", "Metadata",
      "EVENT_TYPE,TIMESTAMP,USER_ID,CLIENT_ID,OPERATION,API_VERSION", "56.0", ""
    ),
  ])
  func eachLogIsReadInItsOwnColumns(
    row: String, family: String, header: String, version: String, status: String
  ) throws {
    let results = try scan([
      "l.csv": Exports.logins([.init()]), "log.csv": header + "\n" + row + "\n",
    ])
    let found = try #require(try requests(results, of: Exports.one))
    #expect(found["by_family"] as? [String: Int] == [family: 1])
    #expect(found["by_version"] as? [String: Int] == [version: 1])
    #expect(found["by_status"] as? [String: Int] == [status: 1])
  }

  @Test func aRetiredVersionIsFound() throws {
    let results = try scan([
      "l.csv": Exports.logins([.init()]),
      "r.csv": Exports.requests([
        .init(version: "29.0"), .init(version: "30.0"), .init(version: "31.0"), .init(),
      ]),
    ])
    let found = results.findings("API-012")
    #expect(found.map { $0["discriminator"] as? String } == ["retired_version"])
    #expect(found.first?["severity"] as? String == "low")
    #expect(found.first?["counts"] as? [String: Int] == ["requests": 2])
    #expect(found.first?["evidence_total"] as? Int == 2)
  }

  @Test func aDayFarOverTheUsualIsFound() throws {
    func days(_ counts: [Int]) -> [Exports.Request] {
      counts.enumerated().flatMap { day, count in
        (0..<count).map { index in
          Exports.Request(time: "2026-08-1\(day)T10:\(10 + index % 50):00.000Z")
        }
      }
    }
    func found(_ counts: [Int]) throws -> [Results.Object] {
      try scan(["l.csv": Exports.logins([.init()]), "r.csv": Exports.requests(days(counts))])
        .findings("API-012")
    }
    let busy = try found([100, 100, 1_000])
    #expect(busy.map { $0["discriminator"] as? String } == ["busy_day"])
    #expect((busy.first?["counts"] as? [String: Int])?["busiest_day"] == 1_000)
    #expect(try found([100, 101, 1_000]).isEmpty)
    #expect(try found([99, 99, 999]).isEmpty)
    #expect(try found([1_000]).isEmpty)
  }

  @Test func requestsAreJudgedByWhereTheyThemselvesCameFrom() throws {
    let settings = try TestFolder()
    func judged(
      _ requests: [Exports.Request], _ config: String, _ arguments: [String] = []
    ) throws -> [String] {
      let path = try settings.write("c.yaml", config)
      return try scan(
        ["l.csv": Exports.logins([.init()]), "r.csv": Exports.requests(requests)],
        ["--config", path] + arguments
      ).judged("API-012")
    }
    let old = Exports.Request(version: "29.0")
    #expect(try judged([old], "indicators: [192.0.2.60]\n") == ["medium fail high"])
    #expect(try judged([old], "indicators: [{application: pump}]\n") == ["medium fail high"])
    // Where the account logs in from, and what other requests come from, is another matter.
    #expect(try judged([old], "indicators: [192.0.2.10]\n") == ["low fail high"])
    let other = Exports.Request(app: "Other", address: "192.0.2.61")
    let config = "indicators: [192.0.2.61, {application: other}]\n"
    #expect(try judged([old, other], config) == ["low fail high"])
    let both = "indicators: [192.0.2.60]\ntrusted_networks: [192.0.2.32/27]\n"
    #expect(try judged([old], both) == ["low fail high"])
    let foreign = Exports.Request(version: "29.0", address: "2001:DB8:0::1")
    #expect(try judged([old, foreign], both) == ["medium fail high"])
    let results = try scan([
      "l.csv": Exports.logins([.init()]), "r.csv": Exports.requests([foreign]),
    ])
    #expect(results.evidence("API-012").first?["source_ip"] as? String == "2001:db8::1")
  }

  @Test func theDayOfABusyDaysRequestsDecidesOnTheirSources() throws {
    let settings = try TestFolder()
    let path = try settings.write("c.yaml", "indicators: [192.0.2.61]\n")
    func judged(_ usual: String, _ busy: String) throws -> [String] {
      let requests = [1, 1, 1_000].enumerated().flatMap { day, count in
        (0..<count).map { _ in
          Exports.Request(
            time: "2026-08-1\(day)T10:00:00.000Z", address: day == 2 ? busy : usual)
        }
      }
      return try scan(
        ["l.csv": Exports.logins([.init()]), "r.csv": Exports.requests(requests)],
        ["--config", path, "--threads", "2"]
      ).judged("API-012")
    }
    #expect(try judged("192.0.2.60", "192.0.2.61") == ["medium fail high"])
    #expect(try judged("192.0.2.61", "192.0.2.60") == ["low fail high"])
  }

  @Test func aVersionIsRetiredFromItsDayOn() throws {
    func found(_ now: String) throws -> Int {
      let folder = try TestFolder()
      try folder.write("l.csv", Exports.logins([.init()]))
      try folder.write("r.csv", Exports.requests([.init(version: "31.0")]))
      return try Results(
        Program.run("postern", ["scan", folder.path, "--now", now, "-o", "jsonl"])
      ).findings("API-012").count
    }
    #expect(try found("2028-05-31T23:59:59.999Z") == 0)
    #expect(try found("2028-06-01T00:00:00.000Z") == 1)
  }

  @Test func theWindowHoldsForRequestsAndBadRowsAreCounted() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([.init()]))
    try folder.write(
      "r.csv",
      Exports.requests([
        .init(), .init(time: "2026-07-01T00:00:00.000Z"), .init(user: "nobody"), .init(time: "x"),
      ]) + "RestApi,20260803100000.000,,,,,,,,,,\n")
    let results = try Program.scan([folder.path, "--since", "2026-08-01"])
    let input = (results.run["inputs"] as? [Results.Object])?.last ?? [:]
    #expect(input["kind"] as? String == "EventLogFile:ApiTotalUsage")
    #expect(input["read"] as? Int == 5)
    #expect(input["filtered"] as? Int == 1)
    #expect(input["rejected"] as? Int == 3)
    #expect(results.code == 2)
    #expect(try requestsTotal(results, of: Exports.one) == 1)
  }

  @Test func orderAndSplitOfRequestFilesDoNotMatter() throws {
    let rows = (0..<40).map { index in
      Exports.Request(
        user: index % 3 == 0 ? Exports.one : Exports.two,
        time: "2026-08-0\(1 + index % 9)T10:00:00.000Z", version: index % 5 == 0 ? "29.0" : "60.0",
        status: index % 4 == 0 ? "500" : "200")
    }
    let logins = Exports.logins([.init()])
    let one = try scan(["l.csv": logins, "r.csv": Exports.requests(rows)], ["--threads", "1"])
    let many = try scan(
      [
        "l.csv": logins, "a.csv": Exports.requests(Array(rows[30...].reversed())),
        "z.csv": Exports.requests(Array(rows[..<10])),
        "c.csv": Exports.requests(Array(rows[10..<30])),
      ], ["--threads", "3"])
    #expect(one.comparable == many.comparable && !one.findings("API-012").isEmpty)
  }

  @Test func theTextReportNamesTheRequests() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([.init()]))
    try folder.write("r.csv", Exports.requests([.init(), .init(family: "SOAP", limited: "0")]))
    let text = try Program.run("postern", ["scan", folder.path, "--now", "2026-09-01"]).text
    #expect(text.contains("API requests: 2 by 1 account (REST 1, SOAP 1), 1 counted against"))
  }

  /// What every form says about the requests of the samples' accounts.
  private func forms() throws -> (results: Results, csv: CSVText, page: String) {
    let folder = try TestFolder()
    let events = Program.samples + "/events"
    let outcome = try Program.run(
      "postern",
      ["scan", events, "--now", "2026-09-01", "-o", "jsonl", "-o", "html:" + folder.path("r.html")]
        + ["-o", "csv-accounts:" + folder.path("a.csv")])
    let table = try String(contentsOfFile: folder.path("a.csv"), encoding: .utf8)
    return (
      try Results(outcome), try #require(CSVText(table)),
      try String(contentsOfFile: folder.path("r.html"), encoding: .utf8)
    )
  }

  @Test func theTableOfAccountsHoldsTheirRequests() throws {
    let (results, csv, _) = try forms()
    #expect(csv.header.drop { $0 != "snapshot_changes" }.dropFirst().first == "api_requests")
    var accountsWithRequests = 0
    for (row, record) in zip(csv.rows, results.accounts) {
      guard let requests = record["api_requests"] as? Results.Object else {
        #expect(csv.header.allSatisfy { !$0.hasPrefix("api_requests") || row[$0] == "" })
        continue
      }
      accountsWithRequests += 1
      #expect(row["api_requests"] == (requests["total"] as? Int).map(String.init))
      for (column, member) in [
        ("by_family", "by_family"), ("by_version", "by_version"),
        ("by_application", "by_application"),
        ("by_status", "by_status"), ("against_limit", "counts_against_limit"),
        ("by_source", "by_source"),
      ] {
        let counts = (requests[member] as? [String: Int] ?? [:]).sorted {
          $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
        #expect(!counts.isEmpty)
        #expect(
          row["api_requests_" + column]
            == counts.map { "\($0.key)=\($0.value)" }.joined(separator: "; "))
      }
      let daily = Results.days(requests["daily"])
      let most = daily.compactMap { $0.counts["requests"] }.max() ?? 0
      #expect(row["api_requests_days"] == String(daily.count))
      #expect(row["api_requests_on_peak_day"] == String(most))
      let peak = daily.first { $0.counts["requests"] == most }
      #expect(row["api_requests_peak_day"] == peak?.date)
    }
    #expect(accountsWithRequests == 22 && accountsWithRequests < csv.rows.count)
  }

  @Test func theHTMLPanelHoldsTheRequestsOfItsAccount() throws {
    let (results, _, page) = try forms()
    let panels = page.components(separatedBy: "<details class=panel>").dropFirst()
    #expect(panels.count > 5)
    var told = 0
    for panel in panels {
      let record = try #require(
        results.accounts.first { record in
          let key = (record["account"] as? Results.Object)?["key"] as? String ?? "?"
          return panel.contains("<span class=mono>\(key)</span>")
        })
      let requests = record["api_requests"] as? Results.Object
      #expect(panel.contains("<h4>API requests</h4>") == (requests != nil))
      guard let requests else { continue }
      told += 1
      let days = Results.days(requests["daily"]).count
      let share = (requests["counts_against_limit"] as? [String: Int])?["yes"] ?? 0
      #expect(
        panel.contains(
          "<small>\(requests["total"] as? Int ?? 0) requests on \(days) day\(days == 1 ? "" : "s")")
      )
      #expect(panel.contains("; \(share) count against the limit"))
      for member in ["by_family", "by_version", "by_status"] {
        for (value, count) in requests[member] as? [String: Int] ?? [:] {
          #expect(panel.contains("<tr><td>\(value)<td>\(count)"), "\(member) \(value)")
        }
      }
    }
    #expect(told > 3)
  }

  @Test func theDossierTellsOfRequests() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([.init()]))
    try folder.write(
      "r.csv",
      Exports.requests([
        .init(), .init(time: "2026-08-09T10:00:00.000Z", status: "404"),
        .init(time: "2026-08-09T11:00:00.000Z", family: "SOAP", version: "", limited: "", app: ""),
        .init(user: Exports.two),
      ]))
    let text = try Program.run("postern", ["account", Exports.one, folder.path]).text
    for part in [
      "API requests  3 on 2 days, 2 counted against the limit, of 1 it cannot be told",
      "family: REST 2, SOAP 1", "version: 60.0 3", "status: 2xx 2, 4xx 1",
      "busiest day 2026-08-09 with 2", "rows by event log: ApiTotalUsage 3",
      "requests, at most 2 a day", "Requesting clients",
    ] { #expect(text.contains(part), "\(part)\n\(text)") }
    let pump = text.split(separator: "\n").first { $0.hasPrefix("  Pump") }
    #expect(pump?.hasSuffix("2  2026-08-03  2026-08-09") == true)
    let without = try Program.run("postern", ["account", Exports.one, folder.path("l.csv")]).text
    #expect(!without.contains("equests"))
  }

  // MARK: Maintenance

  @Test func theEventLogsCodeOfAPasswordLoginIsNoPasswordReset() throws {
    let row =
      "Login,20260803100000.000,r1,A,uiup,LOGIN_NO_ERROR,192.0.2.10,2026-08-03T10:00:00.000Z,"
      + "\(Exports.one)\n"
    let results = try scan([
      "l.csv":
        "EVENT_TYPE,TIMESTAMP,REQUEST_ID,LOGIN_TYPE,LOGIN_SUB_TYPE,LOGIN_STATUS,SOURCE_IP,"
        + "TIMESTAMP_DERIVED,USER_ID_DERIVED\n" + row,
      "u.csv": Exports.users([robot]),
    ])
    let maintenance = results.human(0)["maintenance"] as? [String: Int]
    #expect(maintenance == ["first_setup": 0, "password_reset": 0, "other": 1])
  }

  @Test func aSessionThatTwoExportsNameDifferentlyCountsOnce() throws {
    let head = "EventIdentifier,EventDate,UserId,Username,DelegatedUsername\n"
    let time = "2026-08-04T09:00:00.000Z"
    let results = try scan([
      "l.csv": Exports.logins([.init()]), "u.csv": Exports.users([robot, admin]),
      "one.csv": head + "event-1,\(time),\(Exports.one),,root@example.com\n",
      "two.csv": head + "event-1,\(time),,Connector@example.com,root@example.com\n",
    ])
    #expect(results.count("INT-012", "login_as") == 1)
  }

  @Test func humanLoginsOfIntegrationAccountsAreLabelled() throws {
    let users =
      "Id,Username,Name,IsActive,UserType,Profile.Name,CreatedDate,LastPasswordChangeDate,"
      + "Profile.PermissionsApiUserOnly\n"
      + "\(Exports.one),bot@example.com,Bot,true,Standard,Robots,2026-08-01T00:00:00.000Z,"
      + "2026-08-20T12:00:00.000Z,true\n"
      + "\(Exports.two),ada@example.com,Ada,true,Standard,People,2026-08-01T00:00:00.000Z,,false\n"
    let results = try scan([
      "u.csv": users,
      "v.csv": Exports.verifications([Exports.verification(login: 6, user: Exports.two)]),
      "l.csv": Exports.logins([
        .init(time: "2026-08-08T00:00:00.000Z"), .init(time: "2026-08-08T00:00:00.001Z"),
        .init(time: "2026-08-20T13:00:00.000Z"), .init(time: "2026-08-20T13:00:00.001Z"),
        .init(time: "2026-08-25T00:00:00.000Z", subType: "UI Password Reset"),
        .init(user: Exports.two, time: "2026-08-02T00:00:00.000Z"),
      ]),
    ])
    let labels = ["first_setup": 1, "password_reset": 2, "other": 2]
    #expect(results.human(0)["maintenance"] as? [String: Int] == labels)
    #expect(
      results.human(1)["maintenance"] as? [String: Int]
        == ["first_setup": 0, "password_reset": 0, "other": 0])
    let finding = try #require(results.findings("MFA-001").first)
    let counts = finding["counts"] as? [String: Int] ?? [:]
    for (label, count) in labels { #expect(counts["maintenance_" + label] == count) }
    let evidence = finding["evidence"] as? [Results.Object] ?? []
    #expect(
      (evidence.first?["label"] as? String)?.hasSuffix("maintenance: first_setup") == true)
  }

  // MARK: Inputs

  @Test func otherEventLogsAreIgnoredWithTheirName() throws {
    let results = try scan([
      "l.csv": Exports.logins([.init()]),
      "report.csv":
        "EVENT_TYPE,TIMESTAMP,REQUEST_ID,USER_ID\nReport,20260803100000.000,r,\(Exports.one)\n",
      "apex.csv":
        "EVENT_TYPE,TIMESTAMP,USER_ID,URI,METHOD,MEDIA_TYPE,STATUS_CODE\n"
        + "ApexRestApi,20260803100000.000,\(Exports.one),/x,GET,json,200\n",
      "api-event.csv":
        "EventIdentifier,EventDate,LoginHistoryId,LoginKey,SessionLevel,PolicyOutcome,Query\n",
    ])
    let ignored = results.run["ignored"] as? [Results.Object] ?? []
    let reasons = ignored.map { $0["reason"] as? String ?? "" }
    #expect(results.code == 0)
    try #require(reasons.count == 3, "\(reasons)")
    #expect(reasons[0].contains("ApexRestApi"))
    #expect(reasons[1].contains("a real-time event other than LoginEvent"))
    #expect(reasons[2].contains("Report"))
  }

  @Test func inspectNamesTheKindsAndWhatTheyLack() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([.init()]))
    try folder.write("r.csv", Exports.requests([.init()]))
    try folder.write("e.csv", "EventDate,LoginHistoryId,SessionLevel\n2026-08-03T10:00:00Z,,LOW\n")
    let text = try Program.run("postern", ["inspect", folder.path]).text
    #expect(text.contains("kind             EventLogFile:ApiTotalUsage"))
    #expect(text.contains("kind             LoginEvent"))
    #expect(text.contains("columns missing  LoginKey, LoginType, PolicyOutcome"))
    let results = try Program.scan([folder.path])
    let kinds = results.findings("DATA-002").map { $0["discriminator"] as? String ?? "" }
    #expect(kinds.contains("LoginEvent") && !kinds.contains("EventLogFile:ApiTotalUsage"))
  }
}
