import Foundation
import TestSupport
import Testing

/// `postern diff` as a user meets it.
@Suite struct DiffTests {
  private let kept: TestFolder

  init() throws { kept = try TestFolder() }

  /// Scans a folder to a results file of its own.
  private func results(_ folder: TestFolder, _ more: [String] = []) throws -> String {
    let path = kept.path(UUID().uuidString + ".jsonl")
    let outcome = try Program.run(
      "postern",
      ["scan", folder.path, "-o", "jsonl:" + path, "--now", "2026-09-01"] + more)
    #expect([0, 2].contains(outcome.code), "\(outcome.errors)")
    return path
  }

  private static func diff(_ old: String, _ new: String, _ more: [String] = []) throws
    -> (code: Int32, changes: [String: Results.Object], end: Results.Object)
  {
    let outcome = try Program.run("postern", ["diff", old, new, "-o", "jsonl"] + more)
    let results = try Results(outcome)
    var changes: [String: Results.Object] = [:]
    for record in results.records where record["schema"] as? String == "postern.diff/2" {
      let rule = (record["rule"] as? Results.Object)?["id"] as? String ?? ""
      changes[String(rule.dropFirst(4))] = record
    }
    #expect(results.records.last?["schema"] as? String == "postern.diff_end/2")
    return (outcome.code, changes, results.records.last ?? [:])
  }

  /// An org with one login without MFA to an integration account, and all exports.
  private static func org(
    verification: Bool = true, isProven: Bool = false, apiOnly: Bool = true,
    extra: [Exports.Login] = []
  ) throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write(
      "l.csv",
      Exports.logins(
        [
          Exports.Login(time: "2026-08-03T10:00:00.000Z"),
          Exports.Login(user: Exports.two, time: "2026-08-01T10:00:00.000Z"),
          Exports.Login(user: Exports.two, time: "2026-08-20T10:00:00.000Z"),
        ] + extra))
    try folder.write(
      "u.csv",
      Exports.users([
        (Exports.one, "Ada", "Robots", apiOnly ? ["ApiUserOnly"] : []),
        (Exports.two, "Bob", "People", []), (Exports.three, "Cyd", "People", []),
      ]))
    if verification {
      try folder.write(
        "v.csv",
        Exports.verifications(
          [Exports.verification(login: 2, user: Exports.two), Exports.verification(login: 3)]
            + (isProven ? [Exports.verification(login: 1)] : [])))
    }
    return folder
  }

  private static func change(_ changes: [String: Results.Object], _ rule: String) -> String? {
    changes[rule]?["change"] as? String
  }

  private static func reasons(_ changes: [String: Results.Object], _ rule: String) -> String {
    (changes[rule]?["reasons"] as? [String] ?? []).joined(separator: "; ")
  }

  @Test func theSameResultsPersist() throws {
    let folder = try Self.org()
    let path = try results(folder)
    let diff = try Self.diff(path, path, ["--fail-on", "low"])
    #expect(diff.code == 0 && !diff.changes.isEmpty)
    #expect(diff.changes.values.allSatisfy { $0["change"] as? String == "persisting" })
  }

  @Test func aFindingIsNewAndResolvedWhenAllWasThere() throws {
    let without = try results(try Self.org(isProven: true))
    let with = try results(try Self.org())
    let forth = try Self.diff(without, with, ["--fail-on", "high"])
    #expect(Self.change(forth.changes, "MFA-001") == "new")
    #expect(forth.code == 1)
    #expect(forth.end["findings_over_threshold"] as? Int == 1)
    let back = try Self.diff(with, without, ["--fail-on", "high"])
    #expect(Self.change(back.changes, "MFA-001") == "resolved")
    #expect(back.code == 0)
  }

  @Test func withoutTheExportThatShowedItNothingIsResolved() throws {
    let with = try results(try Self.org())
    let without = try results(try Self.org(verification: false))
    let diff = try Self.diff(with, without)
    #expect(Self.change(diff.changes, "MFA-001") == "not_evaluated")
    #expect(Self.reasons(diff.changes, "MFA-001").contains("VerificationHistory"))
  }

  @Test func withoutTheSnapshotOfUsersNothingAboutAccountsIsResolved() throws {
    let old = try Self.org()
    let oldResults = try results(old)
    try FileManager.default.removeItem(atPath: old.path("u.csv"))
    let newResults = try results(old)
    let diff = try Self.diff(oldResults, newResults)
    #expect(Self.change(diff.changes, "MFA-001") == "not_evaluated")
    #expect(Self.reasons(diff.changes, "MFA-001").contains("User"))
  }

  @Test func aWindowThatDoesNotReachItResolvesNothing() throws {
    let folder = try Self.org()
    let old = try results(folder)
    let new = try results(folder, ["--since", "2026-08-10"])
    let diff = try Self.diff(old, new)
    #expect(Self.change(diff.changes, "MFA-001") == "not_evaluated")
    #expect(Self.reasons(diff.changes, "MFA-001").contains("window begins after it"))
    let until = try results(folder, ["--until", "2026-08-02"])
    let back = try Self.diff(old, until)
    #expect(Self.reasons(back.changes, "MFA-001").contains("window ends before it"))
  }

  @Test func rowsOfTheAccountThatAreMissingResolveNothing() throws {
    let old = try results(try Self.org())
    let folder = try Self.org()
    // The window is the same, yet the account's own rows are not there.
    try folder.write(
      "l.csv",
      Exports.logins([
        Exports.Login(user: Exports.two, time: "2026-08-01T10:00:00.000Z"),
        Exports.Login(user: Exports.two, time: "2026-08-20T10:00:00.000Z"),
      ]))
    let diff = try Self.diff(old, try results(folder))
    #expect(Self.change(diff.changes, "MFA-001") == "not_evaluated")
    #expect(Self.reasons(diff.changes, "MFA-001").contains("no rows of the account"))
  }

  @Test func anIncompleteRunResolvesNothingAndIsExit2() throws {
    let old = try results(try Self.org())
    let folder = try Self.org(isProven: true)
    try folder.write("broken.csv", "UserId,LoginTime,Status\ncut\n")
    let diff = try Self.diff(old, try results(folder), ["--fail-on", "info"])
    #expect(diff.code == 2)
    #expect(Self.change(diff.changes, "MFA-001") == "not_evaluated")
    #expect(Self.reasons(diff.changes, "MFA-001").contains("incomplete"))
  }

  @Test func anotherSeverityIsAChange() throws {
    let folder = try Self.org()
    let old = try results(folder)
    let config = try folder.write("c.yaml", "trusted_networks: [192.0.2.0/24]\n")
    let new = try results(folder, ["--config", config])
    let diff = try Self.diff(old, new)
    #expect(Self.change(diff.changes, "MFA-001") == "changed")
    #expect(Self.reasons(diff.changes, "MFA-001").contains("severity"))
    #expect((diff.end["cautions"] as? [String] ?? []).contains { $0.contains("configuration") })
  }

  @Test func suppressedFindingsDoNotFail() throws {
    let without = try results(try Self.org(isProven: true))
    let folder = try Self.org()
    let config = try folder.write(
      "c.yaml",
      "suppressions:\n  - {rule: PST-MFA-001, account: '*', owner: a, reason: b, expires: 2027-01-01}\n"
    )
    let with = try results(folder, ["--config", config])
    let diff = try Self.diff(without, with, ["--fail-on", "high"])
    #expect(diff.code == 0)
    let new = diff.changes["MFA-001"]?["new"] as? Results.Object
    #expect(new?["suppressed"] as? Bool == true)
  }

  @Test func theTextListsWhatChangedAndWhy() throws {
    let with = try results(try Self.org())
    let without = try results(try Self.org(verification: false))
    let outcome = try Program.run("postern", ["diff", with, without])
    #expect(outcome.code == 0)
    #expect(outcome.text.contains("Not evaluated"))
    #expect(outcome.text.contains("did not run: needs VerificationHistory"))
    #expect(!outcome.text.contains("\u{1B}"))
  }

  @Test func everyLineFitsItsSchema() throws {
    let with = try results(try Self.org())
    let without = try results(try Self.org(verification: false))
    for (old, new) in [(with, without), (without, with), (with, with)] {
      let outcome = try Program.run("postern", ["diff", old, new, "-o", "jsonl"])
      try SchemaTests.check(try Results(outcome))
    }
  }

  @Test func badResultsAreExit66() throws {
    let folder = try TestFolder()
    let good = try results(try Self.org())
    let bad = try folder.write("bad.jsonl", "{}\n")
    for pair in [[good, bad], [bad, good], [good, folder.path("missing.jsonl")]] {
      let outcome = try Program.run("postern", ["diff"] + pair)
      #expect(outcome.code == 66)
      #expect(outcome.output.isEmpty && !outcome.errors.isEmpty)
    }
    #expect(try Program.run("postern", ["diff", "-", "-"]).code == 64)
    #expect(try Program.run("postern", ["diff", good, good, "--fail-on", "bad"]).code == 64)
  }
}
