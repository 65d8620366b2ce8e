import Foundation
import TestSupport
import Testing

/// The table of verdicts (`postern rules mapping`), line by line.
@Suite struct VerdictTests {
  private func bases(_ logins: [Exports.Login], _ verifications: String?) throws -> [String: Int] {
    let folder = try TestFolder()
    // A login of a second user with a verification of its own proves that the join works.
    let other = Exports.Login(id: Exports.loginID(900), user: Exports.two)
    try folder.write("l.csv", Exports.logins(logins + [other]))
    if let verifications { try folder.write("v.csv", verifications) }
    return try Program.scan([folder.path]).bases()
  }

  private let proof = Exports.verification(login: 900, user: Exports.two)

  @Test func aVerificationOfTheLoginProves() throws {
    let found = try bases(
      [.init()], Exports.verifications([proof, Exports.verification(login: 1)]))
    #expect(found == ["sf_verification": 1])
  }

  @Test(arguments: ["Email", "Sms"])
  func aWeakMethodOnlyConfirmsIdentity(method: String) throws {
    let found = try bases(
      [.init()], Exports.verifications([proof, Exports.verification(login: 1, method: method)]))
    #expect(found == ["sf_identity_only": 1])
  }

  @Test func aFailedVerificationDecidesNothing() throws {
    let found = try bases(
      [.init()],
      Exports.verifications([proof, Exports.verification(login: 1, status: "FailedInvalidCode")]))
    #expect(found == ["sf_no_verification": 1])
  }

  @Test func aStepUpInsideTheSessionProvesNothing() throws {
    let found = try bases(
      [.init()],
      Exports.verifications([
        proof, Exports.verification(login: 1, policy: "HighAssurance", activity: "ConnectedApp"),
      ]))
    #expect(found == ["sf_no_verification": 1])
  }

  @Test func theRequiredRowBeforeCarriesTheProof() throws {
    let required = Exports.Login(status: "Multi-factor required")
    let success = Exports.Login(time: "2026-08-03T10:09:59.000Z")
    let later = Exports.Login(time: "2026-08-03T10:09:59.500Z")
    let found = try bases(
      [required, success, later],
      Exports.verifications([proof, Exports.verification(login: 1)]))
    // The second success follows the first, so nothing was demanded of it.
    #expect(found == ["sf_verification_nearby": 1, "sf_no_verification": 1])
  }

  @Test(arguments: [
    ("192.0.2.11", "Chrome 126", "2026-08-03T10:05:00.000Z"),
    ("192.0.2.10", "Safari 17", "2026-08-03T10:05:00.000Z"),
    ("192.0.2.10", "Chrome 126", "2026-08-03T10:10:00.001Z"),
  ])
  func anotherPlaceOrTimeIsNotNearby(address: String, browser: String, time: String) throws {
    let required = Exports.Login(status: "Multi-factor required")
    let success = Exports.Login(time: time, address: address, browser: browser)
    // It is no proof of this login; but Salesforce had just demanded MFA of the user.
    let found = try bases(
      [required, success], Exports.verifications([proof, Exports.verification(login: 1)]))
    #expect(found == ["mfa_demanded": 1])
  }

  private func basis(
    _ verification: String, _ login: Exports.Login = .init()
  ) throws -> [String: Int] {
    try bases([login], Exports.verifications([proof, verification]))
  }

  @Test(arguments: [
    "Multi-factor authentication required", "Two-factor authentication required",
    "Session security level required at login",
  ])
  func whatSetupWritesIsTheSamePolicy(label: String) throws {
    #expect(
      try basis(
        Exports.verification(
          login: 1, policy: label, status: "User challenged; waiting for response >> Succeeded"))
        == ["sf_verification": 1])
  }

  @Test(arguments: [
    Exports.verification(login: 1, policy: "Foreign"), Exports.verification(login: 1, policy: ""),
    Exports.verification(login: 1, activity: "Foreign"),
    Exports.verification(login: 1, activity: ""), Exports.verification(login: 1, status: "Foreign"),
    Exports.verification(login: 1, status: ""), Exports.verification(login: 1, method: ""),
    Exports.verification(login: 1, policy: "HighAssurance"),
    Exports.verification(login: 1, policy: "PageAccess", activity: "ConnectTotp"),
  ])
  func whatCannotBeReadAccusesNobody(verification: String) throws {
    #expect(try basis(verification) == ["sf_unread": 1])
  }

  @Test func aDeviceActivatedByASecondFactorProves() throws {
    let strong = Exports.verification(login: 1, policy: "DeviceActivation")
    #expect(try basis(strong) == ["sf_second_factor": 1])
    let weak = Exports.verification(login: 1, policy: "Device activation", method: "Email")
    #expect(try basis(weak) == ["sf_identity_only": 1])
    let login = Exports.Login(type: "SAML Sfdc Initiated SSO", methods: "pwd")
    #expect(try basis(weak, login) == ["idp_silent": 1])
  }

  @Test func blanksAroundTheLoginIdDoNotMatter() throws {
    #expect(try basis(" " + Exports.verification(login: 1)) == ["sf_verification": 1])
  }

  @Test func aVerificationThatNamesNoLoginIsADoubt() throws {
    let row = Exports.verification(login: 1).dropFirst(18)
    #expect(try basis("#REF!" + row) == ["mfa_demanded": 1])
    #expect(try basis(String(row)) == ["mfa_demanded": 1])
    let late = Exports.Login(time: "2026-08-03T10:15:00.001Z")
    #expect(try basis(String(row), late) == ["sf_no_verification": 1])
  }

  @Test func aDemandWithoutVerificationIsADoubtFromAnywhere() throws {
    let required = Exports.Login(status: "Multi-factor required")
    let success = Exports.Login(
      time: "2026-08-03T10:11:00.000Z", address: "198.51.100.9", browser: "Safari 17")
    #expect(
      try bases([required, success], Exports.verifications([proof])) == ["mfa_demanded": 1])
    #expect(try bases([required, success], nil) == ["mfa_demanded": 1])
  }

  /// The row that it names was filtered out of the login export.
  @Test func aVerificationOfARowThatIsMissingIsADoubt() throws {
    let stray = Exports.verification(login: 7)
    #expect(try basis(stray) == ["mfa_demanded": 1])
    #expect(
      try basis(stray, .init(time: "2026-08-03T10:15:00.000Z")) == ["mfa_demanded": 1])
    #expect(
      try basis(stray, .init(time: "2026-08-03T10:15:00.001Z")) == ["sf_no_verification": 1])
    // What is no MFA is no doubt.
    #expect(
      try basis(Exports.verification(login: 7, method: "Email")) == ["sf_no_verification": 1])
    // It is that of the first login that followed.
    let found = try bases(
      [.init(time: "2026-08-03T10:00:01.000Z"), .init(time: "2026-08-03T10:00:02.000Z")],
      Exports.verifications([proof, stray]))
    #expect(found == ["mfa_demanded": 1, "sf_no_verification": 1])
  }

  /// Which rows would settle it, is said.
  @Test func missingLoginRowsAreAskedFor() throws {
    func errors(_ logins: [Exports.Login]) throws -> String {
      let folder = try TestFolder()
      let other = Exports.Login(id: Exports.loginID(900), user: Exports.two)
      try folder.write("l.csv", Exports.logins(logins + [other]))
      try folder.write("v.csv", Exports.verifications([proof, Exports.verification(login: 1)]))
      return try Program.scan([folder.path]).errors
    }
    let success = Exports.Login(id: Exports.loginID(2), time: "2026-08-03T10:00:02.000Z")
    let words = "1 verification that may be MFA names logins that the exports do not have"
    #expect(try errors([success]).contains(words))
    let required = Exports.Login(id: Exports.loginID(1), status: "Multi-factor required")
    #expect(try !errors([required, success]).contains("may be MFA"))
  }

  /// Enrolling a method takes longer than a proof may lie behind its demand.
  @Test func aVerificationLongAfterItsDemandIsADoubt() throws {
    let required = Exports.Login(time: "2026-08-03T09:39:00.000Z", status: "Multi-factor required")
    let success = Exports.Login(time: "2026-08-03T10:00:02.000Z")
    let found = try bases(
      [required, success], Exports.verifications([proof, Exports.verification(login: 1)]))
    #expect(found == ["mfa_demanded": 1])
  }

  @Test(arguments: ["Failed: Computer activation required", "Computer activation pending"])
  func aVerificationOfAChallengedRowIsADoubt(status: String) throws {
    let challenged = Exports.Login(status: status)
    let success = Exports.Login(time: "2026-08-03T10:00:30.000Z")
    let found = try bases(
      [challenged, success],
      Exports.verifications([proof, Exports.verification(login: 1, policy: "DeviceActivation")]))
    #expect(found == ["mfa_demanded": 1])
    let weak = try bases(
      [challenged, success],
      Exports.verifications([
        proof, Exports.verification(login: 1, policy: "DeviceActivation", method: "Email"),
      ]))
    #expect(weak == ["sf_no_verification": 1])
  }

  /// Whatever the identity provider says, Salesforce had asked as well.
  @Test func aDemandOfASingleSignOnIsADoubt() throws {
    func login(_ time: String, _ status: String = "Success", browser: String = "Chrome 126")
      -> Exports.Login
    {
      Exports.Login(
        time: time, type: "SAML Sfdc Initiated SSO", status: status, browser: browser,
        methods: "pwd")
    }
    let required = login("2026-08-03T10:00:00.000Z", "Multi-factor required")
    let success = login("2026-08-03T10:00:15.000Z")
    #expect(try bases([required, success], nil) == ["mfa_demanded": 1])
    #expect(try bases([success], nil) == ["idp_amr_single": 1])
    let elsewhere = login("2026-08-03T10:00:15.000Z", browser: "Safari 17")
    #expect(try bases([required, elsewhere], nil) == ["idp_amr_single": 1])
    // Which of two Ids of one second is larger says nothing.
    var before = login("2026-08-03T10:00:15.000Z", "Multi-factor required")
    before.id = Exports.loginID(800)
    #expect(try bases([before, success], nil) == ["mfa_demanded": 1])
    let second = login("2026-08-03T10:00:20.000Z")
    #expect(
      try bases([required, success, second], nil) == ["mfa_demanded": 1, "idp_amr_single": 1])
  }

  /// A verification of an API login is that one's, and of a row that nobody can class a doubt.
  @Test func whoseVerificationItIsDependsOnTheRowThatItNames() throws {
    let verified = Exports.verifications([proof, Exports.verification(login: 1)])
    let api = Exports.Login(type: "Remote Access 2.0", application: "ETL")
    let success = Exports.Login(time: "2026-08-03T10:01:00.000Z")
    #expect(try bases([api, success], verified) == ["sf_no_verification": 1])
    let failed = Exports.Login(
      type: "Another Type", status: "Failed: Computer activation required")
    #expect(try bases([failed, success], verified) == ["mfa_demanded": 1])
    let wrong = Exports.Login(status: "Invalid password")
    #expect(try bases([wrong, success], verified) == ["sf_no_verification": 1])
  }

  @Test func oneVerificationProvesOneLogin() throws {
    let required = Exports.Login(status: "Multi-factor required")
    let found = try bases(
      [required, .init(), .init()],
      Exports.verifications([proof, Exports.verification(login: 1)]))
    #expect(found == ["sf_verification_nearby": 1, "mfa_demanded": 1])
  }

  @Test func whatOneRowLacksDoesNotKeepAProofFromIt() throws {
    let required = Exports.Login(status: "Multi-factor required", address: "")
    let success = Exports.Login(time: "2026-08-03T10:05:00.000Z")
    let shop = Exports.Login(time: "2026-08-03T10:01:00.000Z", type: "AppExchange")
    let found = try bases(
      [required, shop, success], Exports.verifications([proof, Exports.verification(login: 1)]))
    #expect(found == ["sf_verification_nearby": 1, "inside_session": 1])
  }

  @Test func aVerificationOfAnotherUserProvesNothingAndIsListed() throws {
    let folder = try TestFolder()
    let other = Exports.Login(id: Exports.loginID(900), user: Exports.two)
    try folder.write("l.csv", Exports.logins([.init(), other]))
    try folder.write(
      "v.csv",
      Exports.verifications([proof, Exports.verification(login: 1, user: Exports.three)]))
    let results = try Program.scan([folder.path])
    #expect(results.bases() == ["sf_no_verification": 1])
    #expect(results.discriminators("DATA-004").contains { $0.contains("another user") })
  }

  @Test func aRowWithoutIdCannotBeAccused() throws {
    let folder = try TestFolder()
    let other = Exports.Login(id: Exports.loginID(900), user: Exports.two)
    let text = Exports.logins([.init(), other])
    try folder.write("l.csv", text.replacing(Exports.loginID(1), with: ""))
    try folder.write("v.csv", Exports.verifications([proof]))
    #expect(try Program.scan([folder.path]).bases() == ["join_unproven": 1])
  }

  @Test(arguments: [4, 7, 0])
  func anExportWithoutItsColumnIsNotGiven(column: Int) throws {
    let folder = try TestFolder()
    let other = Exports.Login(id: Exports.loginID(900), user: Exports.two)
    try folder.write("l.csv", Exports.logins([.init(), other]))
    let rows = Exports.verifications([proof]).split(separator: "\n").map { row in
      var fields = row.split(separator: ",", omittingEmptySubsequences: false)
      fields.remove(at: column)
      return fields.joined(separator: ",")
    }
    try folder.write("v.csv", rows.joined(separator: "\n") + "\n")
    let results = try Program.scan([folder.path])
    #expect(results.bases() == ["no_source": 1])
    let reasons = results.end["incomplete_reasons"] as? [String] ?? []
    let name = [0: "LoginHistoryId", 4: "Policy", 7: "Status"][column] ?? ""
    #expect(reasons.contains { $0.contains("without \(name)") })
  }

  /// Logins of four people on each of some days of August, and a verification of one of them but for the fifth.
  private static func daysWithAHole(
    _ days: ClosedRange<Int>, at clock: String
  ) -> (logins: [Exports.Login], proofs: [String]) {
    var logins: [Exports.Login] = []
    var proofs: [String] = []
    let users = [Exports.one, Exports.two, Exports.three, "005Hn0000000004IAA"]
    for day in days {
      let time = "2026-08-0\(day)T\(clock).000Z"
      for user in users { logins.append(.init(user: user, time: time)) }
      guard day != 5 else { continue }
      proofs.append(Exports.verification(login: logins.count, user: users[3], time: time))
    }
    return (logins, proofs)
  }

  @Test func aDayWithoutAnyVerificationIsAHole() throws {
    let (logins, proofs) = Self.daysWithAHole(1...9, at: "11:00:00")
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins(logins))
    try folder.write(
      "v.csv",
      Exports.verifications(
        proofs + [Exports.verification(login: 7_777, user: Exports.three)], isCovering: false
      ).replacing("2026-08-03T10:00", with: "2026-08-03T10:01"))
    #expect(
      try Program.scan([folder.path]).bases() == ["sf_no_verification": 8, "not_covered": 1])
  }

  @Test func aHoleIsOneAlsoInAnHourThatIsForgottenInPart() throws {
    // The first day has its only rows in the hour of which the beginning is forgotten, and no verification.
    let (logins, proofs) = Self.daysWithAHole(5...9, at: "11:40:00")
    let before = Exports.verification(
      login: 7_777, user: Exports.three, time: "2026-08-04T10:00:00.000Z")
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins(logins))
    try folder.write("v.csv", Exports.verifications([before] + proofs, isCovering: false))
    let ledger = try TestFolder()
    let expected = ["sf_no_verification": 4, "not_covered": 1]
    #expect(try Program.scan([folder.path]).bases() == expected)
    let state = ledger.path + "/state"
    #expect(
      try Program.scan(
        [folder.path, "--ledger", state, "--forget-before", "2026-08-05T11:30:00Z"]
      ).bases() == expected)
    #expect(try Program.scan([state]).bases() == expected)
  }

  @Test(arguments: [[], ["--since", "2026-08-03", "--until", "2026-08-04"]])
  func anExportOfSomeUsersAccusesNoOther(window: [String]) throws {
    // Nine people log in; the export has rows of two of them, one of whom came on the first day.
    var logins: [Exports.Login] = []
    for number in 1...9 {
      logins.append(
        .init(
          user: "005Hn000000000\(number)IAA",
          time: "2026-08-0\(number < 3 ? 3 : 5)T10:00:00.000Z"))
    }
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins(logins))
    try folder.write(
      "v.csv",
      Exports.verifications(
        [2, 3].flatMap { number in
          ["01", "30"].map {
            Exports.verification(
              login: number, user: "005Hn000000000\(number)IAA",
              time: "2026-08-\($0)T10:00:00.000Z")
          }
            + [
              Exports.verification(
                login: 7_000 + number, user: "005Hn000000000\(number)IAA",
                time: "2026-08-04T10:00:00.000Z")
            ]
        }, isCovering: false))
    #expect(try Program.scan([folder.path] + window).bases() == ["join_unproven": 1])
  }

  @Test func whatAnExportCoversIsNoMatterOfTheWindow() throws {
    // The login that proves the join lies outside.
    let folder = try TestFolder()
    let other = Exports.Login(
      id: Exports.loginID(900), user: Exports.two, time: "2026-08-06T10:00:00.000Z")
    try folder.write("l.csv", Exports.logins([.init(), other]))
    try folder.write("v.csv", Exports.verifications([proof]))
    let window = ["--since", "2026-08-03", "--until", "2026-08-04"]
    #expect(try Program.scan([folder.path] + window).bases() == ["sf_no_verification": 1])
  }

  @Test func anExportOfExactlyALimitCoversNothing() throws {
    let fill = (0..<(2_000 - 32)).map { _ in
      ",\(Exports.three),2026-08-20T00:00:00.000Z,192.0.2.99,HighAssurance,Apex,Totp,Denied"
    }
    #expect(try bases([.init()], Exports.verifications([proof] + fill)) == ["not_covered": 1])
    #expect(
      try bases([.init()], Exports.verifications([proof] + fill.dropLast()))
        == ["sf_no_verification": 1])
  }

  @Test func withoutAnExportNothingIsClaimed() throws {
    #expect(try bases([.init()], nil) == ["no_source": 1])
    // An export without a row is an export whose join nothing proves.
    let empty = Exports.verifications([], isCovering: false)
    #expect(try bases([.init()], empty) == ["join_unproven": 1])
  }

  @Test func withoutAJoinNothingIsClaimed() throws {
    #expect(try bases([.init()], Exports.verifications()) == ["join_unproven": 1])
  }

  @Test func outsideTheExportNothingIsClaimed() throws {
    let found = try bases(
      [.init(time: "2026-09-15T10:00:00.000Z")], Exports.verifications([proof]))
    #expect(found == ["not_covered": 1])
  }

  @Test(arguments: [
    ("pwd fido2", "idp_amr"), ("pwd", "idp_amr_single"), ("", "idp_silent"),
    ("pwd;corp_factor", "idp_silent"), ("mfa:false", "idp_silent"),
    ("urn:oasis:names:tc:SAML:2.0:ac:classes:mfa:unspecified", "idp_silent"),
  ])
  func theIdentityProvidersWordIsGraded(methods: String, basis: String) throws {
    let login = Exports.Login(type: "SAML Sfdc Initiated SSO", methods: methods)
    #expect(try bases([login], nil) == [basis: 1])
  }

  @Test(arguments: [
    ("Lightning Login", "", "login_type"), ("Certificate-based login", "", "login_type"),
    ("AppExchange", "", "inside_session"), ("Employee Login to Community", "", "no_source"),
    ("Remote Access 2.0", "OAuth Web Server", "oauth_consent"),
    ("Remote Access 2.0", "UI Username-Password", "no_source"),
    ("Remote Access Client", "UiPasswordReset", "no_source"),
  ])
  func theTypeDecidesWhereNothingElseDoes(type: String, subType: String, basis: String) throws {
    #expect(try bases([Exports.Login(type: type, subType: subType)], nil) == [basis: 1])
  }
}
