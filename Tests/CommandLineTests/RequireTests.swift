import TestSupport
import Testing

/// `--require`: a night in which an export did not come is not quiet.
@Suite struct RequireTests {
  private static func scan(
    _ files: [String: String], _ required: String
  ) throws -> Program.Outcome {
    let folder = try TestFolder()
    for (name, text) in files { try folder.write(name, text) }
    return try Program.run(
      "postern",
      ["scan", folder.path, "--now", "2026-09-01", "--require", required, "-o", "brief"])
  }

  private static let logins = Exports.logins([Exports.Login()])
  private static let users =
    "Id,Username,IsActive,UserType\n\(Exports.one),a@example.com,true,Standard\n"

  @Test func whatIsThereAndReachesFarEnoughIsComplete() throws {
    let outcome = try Self.scan(
      [
        "l.csv": Self.logins, "User-2026-08-03.csv": Self.users, "v.csv": Exports.verifications(),
      ], "user, VerificationHistory")
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test func aKindThatDidNotComeIsNamedAndMakesTheRunIncomplete() throws {
    let outcome = try Self.scan(["l.csv": Self.logins], "User,VerificationHistory")
    #expect(outcome.code == 2)
    for kind in ["User", "VerificationHistory"] {
      let reason = "--require \(kind): no input of this kind"
      #expect(outcome.errors.contains(reason) && outcome.text.contains(reason))
    }
  }

  /// The login is of 2026-08-03 10:00.
  @Test(arguments: ["2026-08-02": 2, "2026-08-03": 0] as [String: Int32])
  func aSnapshotFromMoreThanADayBeforeTheLoginsIsTooOld(date: String, code: Int32) throws {
    let outcome = try Self.scan(["l.csv": Self.logins, "User-\(date).csv": Self.users], "User")
    #expect(outcome.code == code, "\(outcome.errors)")
  }

  @Test func verificationsThatEndEarlyAreNotThere() throws {
    let row =
      "0YaHn0000000001KAA,\(Exports.one),2026-08-01T10:00:00.000Z,192.0.2.10,"
      + "TwoFactorAuthentication,Login,Totp,Succeeded"
    let outcome = try Self.scan(
      ["l.csv": Self.logins, "v.csv": Exports.verifications([row], isCovering: false)],
      "VerificationHistory")
    #expect(outcome.code == 2)
    #expect(
      outcome.text.contains("ends 2026-08-01 10:00 UTC, more than a day before the last login"))
  }

  @Test(arguments: ["Usr", "", "User,,Profile", "LoginHistory,Nothing"])
  func whatIsNoKindIsRefusedBeforeAnythingIsRead(text: String) throws {
    let outcome = try Self.scan(["l.csv": Self.logins], text)
    #expect(outcome.code == 64 && outcome.output.isEmpty)
    if text == "Usr" { #expect(outcome.errors.contains("did you mean `User`?")) }
  }
}
