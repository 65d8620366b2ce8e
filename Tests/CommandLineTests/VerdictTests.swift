import Foundation
import Testing

/// RULES.md §2, line by line.
@Suite struct VerdictTests {
  private func bases(_ logins: [Exports.Login], _ verifications: String?) throws -> [String: Int] {
    let folder = try Folder()
    // A login of a second user with a verification of its own proves that the join works.
    let other = Exports.Login(id: Exports.loginID(900), user: Exports.two)
    try folder.write("l.csv", Exports.logins(logins + [other]))
    if let verifications { try folder.write("v.csv", verifications) }
    return try Program.scan([folder.root]).bases()
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
      Exports.verifications([proof, Exports.verification(login: 1, policy: "HighAssurance")]))
    #expect(found == ["sf_no_verification": 1])
  }

  @Test func theRequiredRowBeforeCarriesTheProof() throws {
    let required = Exports.Login(status: "Multi-factor required")
    let success = Exports.Login(time: "2026-08-03T10:09:59.000Z")
    let later = Exports.Login(time: "2026-08-03T10:09:59.500Z")
    let found = try bases(
      [required, success, later],
      Exports.verifications([proof, Exports.verification(login: 1)]))
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
    let found = try bases(
      [required, success], Exports.verifications([proof, Exports.verification(login: 1)]))
    #expect(found == ["sf_no_verification": 1])
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
    ("pwd;corp_factor", "idp_silent"),
  ])
  func theIdentityProvidersWordIsGraded(methods: String, basis: String) throws {
    let login = Exports.Login(type: "SAML Sfdc Initiated SSO", methods: methods)
    #expect(try bases([login], nil) == [basis: 1])
  }

  @Test(arguments: [
    ("Lightning Login", "", "login_type"), ("Certificate-based login", "", "login_type"),
    ("AppExchange", "", "inside_session"), ("Employee Login to Community", "", "no_source"),
    ("Remote Access 2.0", "OAuth Web Server", "oauth_consent"),
  ])
  func theTypeDecidesWhereNothingElseDoes(type: String, subType: String, basis: String) throws {
    #expect(try bases([Exports.Login(type: type, subType: subType)], nil) == [basis: 1])
  }
}
