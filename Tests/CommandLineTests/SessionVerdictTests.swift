import Foundation
import TestSupport
import Testing

/// The lines of the table of verdicts that rest on events of a login's session.
@Suite struct SessionVerdictTests {
  private func bases(
    _ files: [String: String], logins: [Exports.Login] = [.init()], arguments: [String] = []
  ) throws -> [String: Int] {
    let folder = try TestFolder()
    if !logins.isEmpty { try folder.write("l.csv", Exports.logins(logins)) }
    for (name, text) in files { try folder.write(name, text) }
    return try Program.scan([folder.path] + arguments).bases()
  }

  @Test(arguments: ["TwoFASucceeded", "TwoFAAutomatedSuccess"])
  func aLoginPolicysSuccessProves(outcome: String) throws {
    let events = Exports.loginEvents([.init(outcome: outcome)])
    #expect(try bases(["e.csv": events]) == ["login_event": 1])
  }

  @Test(arguments: ["NoAction", "TwoFADenied", "TwoFAInitiated", "TwoFANoAction", "Block", ""])
  func otherOutcomesDecideNothing(outcome: String) throws {
    let events = Exports.loginEvents([.init(outcome: outcome)])
    #expect(try bases(["e.csv": events]) == ["no_source": 1])
  }

  @Test func theLevelOfTheSessionProvesWeakly() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([.init()]))
    try folder.write("e.csv", Exports.loginEvents([.init(level: "HIGH_ASSURANCE")]))
    let user = (
      id: Exports.one, name: "Connector", profile: "Robots", permissions: Set(["ApiUserOnly"])
    )
    try folder.write("u.csv", Exports.users([user]))
    let results = try Program.scan([folder.path])
    #expect(results.bases() == ["session_level": 1])
    #expect(results.findings("INT-001").first?["confidence"] as? String == "low")
  }

  @Test func thePolicyStandsBeforeTheLevelAndAVerificationBeforeBoth() throws {
    let both = Exports.loginEvents([.init(outcome: "TwoFASucceeded", level: "HIGH_ASSURANCE")])
    #expect(try bases(["e.csv": both]) == ["login_event": 1])
    let verified = Exports.verifications([Exports.verification(login: 1)])
    #expect(try bases(["e.csv": both, "v.csv": verified]) == ["sf_verification": 1])
  }

  @Test func aProofStandsBeforeWhatTheTypeAndTheProviderSay() throws {
    let level = Exports.loginEvents([.init(type: "Lightning Login", level: "HIGH_ASSURANCE")])
    #expect(
      try bases(["e.csv": level], logins: [.init(type: "Lightning Login")])
        == ["session_level": 1])
    let single = Exports.Login(type: "SAML Sfdc Initiated SSO", methods: "pwd")
    #expect(
      try bases(
        ["e.csv": Exports.loginEvents([.init(type: single.type, level: "HIGH_ASSURANCE")])],
        logins: [single]) == ["session_level": 1])
  }

  @Test func anEventWithoutSubTypeMayBeAPersons() throws {
    let consent = Exports.Login(type: "Remote Access 2.0", subType: "OAuth Web Server")
    let events = Exports.loginEvents([.init(type: consent.type, outcome: "TwoFASucceeded")])
    #expect(try bases(["e.csv": events], logins: [consent]) == ["login_event": 1])
  }

  @Test func anEventOfAnotherLoginDecidesNothing() throws {
    let events = Exports.loginEvents([
      .init(login: Exports.loginID(2), key: "AAAAAAAAAAAAAAA2", outcome: "TwoFASucceeded")
    ])
    #expect(try bases(["e.csv": events]) == ["no_source": 1])
  }

  @Test(arguments: [
    "10", "HIGH_ASSURANCE", "HIGH_ASSURANCE(db=10,api=HIGH_ASSURANCE)",
  ])
  func theLogoutOfAnEventLogLoginProves(level: String) throws {
    let found = try bases(
      [
        "in.csv": Exports.eventLogLogins([.init(), .init(key: "AAAAAAAAAAAAAAA2")]),
        "out.csv": Exports.logouts([.init(level: level)]),
      ], logins: [])
    #expect(found == ["session_level": 1, "no_source": 1])
  }

  @Test(arguments: [("1", "U"), ("STANDARD(db=1,api=STANDARD)", "U"), ("10", "A"), ("10", "S")])
  func otherLevelsAndSessionsProveNothing(level: String, session: String) throws {
    let found = try bases(
      [
        "in.csv": Exports.eventLogLogins([.init()]),
        "out.csv": Exports.logouts([.init(level: level, session: session)]),
      ], logins: [])
    #expect(found == ["no_source": 1])
  }

  @Test func aLogoutReachesAHistoryThroughAnEventWithIdAndKey() throws {
    let out = Exports.logouts([.init()])
    #expect(
      try bases(["e.csv": Exports.loginEvents([.init()]), "out.csv": out])
        == ["session_level": 1])
    #expect(try bases(["out.csv": out]) == ["no_source": 1])
    let apart = Exports.loginEvents([.init(key: "AAAAAAAAAAAAAAA9")])
    #expect(try bases(["e.csv": apart, "out.csv": out]) == ["no_source": 1])
  }

  @Test func anEventProvesAnEventLogLoginByItsKey() throws {
    let found = try bases(
      [
        "in.csv": Exports.eventLogLogins([.init()]),
        "e.csv": Exports.loginEvents([.init(login: "", outcome: "TwoFASucceeded")]),
      ], logins: [])
    #expect(found == ["login_event": 1])
  }

  @Test func failedLoginsHaveNoVerdict() throws {
    let found = try bases(
      [
        "in.csv": Exports.eventLogLogins([.init(status: "LOGIN_ERROR_INVALID_PASSWORD")]),
        "out.csv": Exports.logouts([.init()]),
      ], logins: [])
    #expect(found.isEmpty)
  }

  @Test func badRowsOfEventsAreCountedAndMakeTheRunIncomplete() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([.init()]))
    try folder.write(
      "e.csv",
      Exports.loginEvents([
        .init(outcome: "TwoFASucceeded"), .init(time: "never"), .init(login: "x"),
      ])
        + "cut\n")
    try folder.write(
      "out.csv", Exports.logouts([.init()]) + "Login,20260803110000.000,r,u,U,10,k,\n")
    let results = try Program.scan([folder.path])
    #expect(results.code == 2)
    #expect(results.bases() == ["login_event": 1])
    let inputs = results.run["inputs"] as? [Results.Object] ?? []
    let counts = inputs.map { "\($0["kind"] ?? "") \($0["read"] ?? 0) \($0["rejected"] ?? 0)" }
    #expect(
      counts == ["LoginEvent 4 3", "LoginHistory 1 0", "EventLogFile:Logout 2 1"])
    #expect(try Program.scan([folder.path, "--max-rejects", "4"]).code == 0)
    #expect(try Program.scan([folder.path, "--max-rejects", "3"]).code == 2)
  }

  @Test func theOrderOfRowsAndFilesDoesNotMatter() throws {
    let logins: [Exports.LoggedLogin] = (1...9).map {
      .init(key: "AAAAAAAAAAAAAAA\($0)", time: "2026-08-03T10:0\($0):00.000Z")
    }
    let outs: [Exports.Logout] = (3...6).map { .init(key: "AAAAAAAAAAAAAAA\($0)") }
    func scan(_ files: [String: String]) throws -> [String] {
      let folder = try TestFolder()
      for (name, text) in files { try folder.write(name, text) }
      return try Program.scan([folder.path]).comparable
    }
    let plain = try scan([
      "in.csv": Exports.eventLogLogins(logins), "out.csv": Exports.logouts(outs),
    ])
    let shuffled = try scan([
      "a-out.csv": Exports.logouts(outs.reversed()),
      "b-in.csv": Exports.eventLogLogins(Array(logins[4...].reversed())),
      "c-in.csv": Exports.eventLogLogins(Array(logins[..<4])),
    ])
    #expect(plain == shuffled && !plain.isEmpty)
  }
}
