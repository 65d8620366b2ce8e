import Foundation
import TestSupport
import Testing

/// What is gone because data went missing is never called resolved, and what got better wakes nobody.
@Suite struct ResolvedTests {
  private let kept: TestFolder

  init() throws { kept = try TestFolder() }

  /// An org whose integration account people entered on three days, with a file of logins a day.
  ///
  /// - Parameters:
  ///   - days: Days of August of which there are logins.
  ///   - hasUser: Whether the `User` export has the line of the account.
  private static func org(
    days: [Int] = [3, 9, 15], lateRows: Int = 0, hasUser: Bool = true,
    privileges: Set<String> = ["ApiUserOnly"], namesLogins: Bool = true
  ) throws -> TestFolder {
    let folder = try TestFolder()
    // Somebody is there every day, so that no day without the account is a gap of the logins.
    for day in 1...20 {
      var rows = [
        Exports.Login(id: Exports.loginID(100 + day), user: Exports.two, time: time(day, 8))
      ]
      if days.contains(day) {
        rows.append(Exports.Login(id: Exports.loginID(day), time: time(day, 10)))
      }
      if day == 9 {
        rows += (0..<lateRows).map {
          Exports.Login(id: Exports.loginID(300 + $0), time: time(day, 11 + $0))
        }
      }
      try folder.write("l-\(day).csv", Exports.logins(rows))
    }
    try folder.write(
      "u.csv",
      Exports.users(
        (hasUser ? [(Exports.one, "Ada", "Robots", privileges)] : [])
          + [(Exports.two, "Bob", "People", [])]))
    try folder.write(
      "v.csv",
      Exports.verifications(
        (1...20).map {
          let row = Exports.verification(login: 100 + $0, user: Exports.two, time: time($0, 8))
          return namesLogins ? row : String(row.dropFirst(18))
        }))
    return folder
  }

  private static func time(_ day: Int, _ hour: Int) -> String {
    String(format: "2026-08-%02dT%02d:00:00.000Z", day, hour)
  }

  private func path(_ night: Int) -> String { kept.path("\(night).jsonl") }

  /// Scans an org; the exit code, and what is gone by rule.
  @discardableResult
  private func night(
    _ night: Int, _ folder: TestFolder, baseline: Int? = nil, _ more: [String] = []
  ) throws -> (code: Int32, gone: [String: Results.Object], results: Results) {
    let outcome = try Program.run(
      "postern",
      ["scan", folder.path, "-o", "jsonl:" + path(night), "--now", "2026-09-01"]
        + (baseline.map { ["--baseline", path($0)] } ?? []) + more)
    let results = try Results(try Program.run("postern", ["report", path(night), "-o", "jsonl"]))
    try SchemaTests.check(results)
    var gone: [String: Results.Object] = [:]
    for record in results.of("gone_finding") {
      let rule = (record["rule"] as? Results.Object)?["id"] as? String ?? ""
      gone[String(rule.dropFirst(4))] = record["lifecycle"] as? Results.Object
    }
    return (outcome.code, gone, results)
  }

  private static func change(_ gone: [String: Results.Object], _ rule: String) -> String? {
    gone[rule]?["change"] as? String
  }

  private static func reasons(_ gone: [String: Results.Object], _ rule: String) -> String {
    (gone[rule]?["reasons"] as? [String] ?? []).joined(separator: "; ")
  }

  /// What `diff` says became of a finding of a rule, and why.
  private func diff(_ old: Int, _ new: Int, _ rule: String) throws -> (String?, String) {
    let outcome = try Program.run("postern", ["diff", path(old), path(new), "-o", "jsonl"])
    for record in try Results(outcome).records
    where (record["rule"] as? Results.Object)?["id"] as? String == "PST-" + rule {
      return (
        record["change"] as? String,
        (record["reasons"] as? [String] ?? []).joined(separator: "; ")
      )
    }
    return (nil, "")
  }

  @Test func aFileInTheMiddleThatIsMissingResolvesNothing() throws {
    try night(1, Self.org())
    let without = try Self.org()
    try FileManager.default.removeItem(atPath: without.path("l-9.csv"))
    // One night after the other lacks it: what was not evaluated is not resolved by the next.
    for number in 2...3 {
      let night = try night(number, without, baseline: number - 1, ["--fail-on-new", "low"])
      let finding = night.results.findings("MFA-001").first
      let life = finding?["lifecycle"] as? Results.Object
      #expect(life?["change"] as? String != "resolved")
    }
    // All rows of the finding lie in the file.
    let single = try Self.org(days: [9])
    try night(4, single)
    try FileManager.default.removeItem(atPath: single.path("l-9.csv"))
    // The account has another login, so it is known, with a row on either side.
    try single.write(
      "more.csv",
      Exports.logins([
        Exports.Login(
          id: Exports.loginID(400), time: Self.time(1, 9), type: "Other Apex API", subType: ""),
        Exports.Login(
          id: Exports.loginID(401), time: Self.time(19, 9), type: "Other Apex API", subType: ""),
      ]))
    for number in 5...6 {
      let gone = try night(number, single, baseline: number - 1).gone
      #expect(Self.change(gone, "MFA-001") == "not_evaluated", "night \(number)")
      #expect(Self.reasons(gone, "MFA-001").contains("2026-08-09"), "night \(number)")
      let (change, reasons) = try diff(number - 1, number, "MFA-001")
      if number == 5 {
        #expect(change == "not_evaluated" && reasons.contains("0 of the 1 login of"), "\(reasons)")
      }
    }
    // It comes back as it was.
    let back = try night(7, Self.org(days: [9]), baseline: 6).results.findings("MFA-001").first
    #expect((back?["lifecycle"] as? Results.Object)?["change"] as? String == "persisting")
  }

  @Test func rowsThatCameLateDoNotStandForRowsThatWereLost() throws {
    let first = try Self.org(days: [3, 15])
    try night(1, first)
    // One row of the account was lost, another came: only their Ids tell them apart.
    let second = try Self.org(days: [15], lateRows: 1)
    try second.write(
      "v2.csv",
      Exports.verifications(
        [15, 300].map {
          Exports.verification(login: $0, time: Self.time($0 == 15 ? 15 : 9, $0 == 15 ? 10 : 11))
        }))
    let gone = try night(2, second, baseline: 1).gone
    #expect(Self.change(gone, "MFA-001") == "not_evaluated")
    #expect(Self.reasons(gone, "MFA-001").contains("2026-08-03"))
    let (change, reasons) = try diff(1, 2, "MFA-001")
    #expect(change == "not_evaluated" && reasons.contains("on 2026-08-03"), "\(reasons)")
  }

  @Test func aLineThatTheUserExportLacksResolvesNothing() throws {
    let first = try night(1, Self.org(days: []))
    let rules = Set(
      first.results.of("finding").filter { !($0["account"] is NSNull) }
        .compactMap { ($0["rule"] as? Results.Object)?["id"] as? String })
    #expect(!rules.isEmpty)
    let second = try night(2, Self.org(days: [], hasUser: false), baseline: 1)
    let settings = second.gone.filter { rules.contains("PST-" + $0.key) }
    #expect(!settings.isEmpty)
    for (rule, life) in settings {
      #expect(life["change"] as? String == "not_evaluated", "\(rule)")
    }
  }

  @Test func aColumnThatWentMissingResolvesNothing() throws {
    let privileges: Set = ["ApiUserOnly", "ModifyAllData"]
    let whole = try Self.org(days: [], privileges: privileges)
    let first = try night(1, whole)
    #expect(!first.results.findings("INT-006").isEmpty || !first.results.of("finding").isEmpty)
    // The export is taken again without the columns of permissions.
    let lines = try String(contentsOfFile: whole.path("u.csv"), encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let columns = lines[0].indices.filter { !lines[0][$0].contains("Permissions") }
    #expect(columns.count < lines[0].count)
    try whole.write(
      "u.csv",
      lines.map { line in columns.map { String(line[$0]) }.joined(separator: ",") + "\n" }.joined())
    let second = try night(2, whole, baseline: 1)
    for (rule, life) in second.gone where !rule.hasPrefix("DATA") {
      #expect(life["change"] as? String == "not_evaluated", "\(rule)")
    }
  }

  @Test func aSuppressionThatExpiredIsNews() throws {
    let folder = try Self.org()
    func config(_ expires: String) throws -> [String] {
      [
        "--config",
        try kept.write(
          "\(expires).yaml",
          "suppressions:\n  - {rule: PST-*, account: '*', owner: a, reason: b, expires: \(expires)}\n"
            .replacing("PST-*", with: "PST-MFA-001")),
      ]
    }
    try night(1, folder, config("2026-09-30"))
    let still = try night(
      2, folder, baseline: 1, config("2026-09-30") + ["--fail-on-new", "low"])
    #expect(still.code == 0)
    let later = try night(
      3, folder, baseline: 2, config("2026-08-31") + ["--fail-on-new", "low"])
    #expect(later.code == 1)
    let life = later.results.findings("MFA-001").first?["lifecycle"] as? Results.Object
    #expect(life?["change"] as? String == "new")
    // Told once.
    let next = try night(
      4, folder, baseline: 3, config("2026-08-31") + ["--fail-on-new", "low"])
    #expect(next.code == 0)
  }

  @Test func whatGotBetterWakesNobodyAndWhatGotWorseDoes() throws {
    let folder = try Self.org()
    let trusted = [
      "--config", try kept.write("c.yaml", "trusted_networks: [192.0.2.0/24]\n"),
    ]
    try night(1, folder)
    let better = try night(2, folder, baseline: 1, trusted + ["--fail-on-new", "low"])
    func life(_ results: Results) -> Results.Object? {
      results.findings("MFA-001").first?["lifecycle"] as? Results.Object
    }
    #expect(life(better.results)?["change"] as? String == "changed")
    #expect(life(better.results)?["worse"] as? Bool == false)
    #expect(better.code == 0)
    let worse = try night(3, folder, baseline: 2, ["--fail-on-new", "low"])
    #expect(life(worse.results)?["worse"] as? Bool == true)
    // What wakes somebody stands where he looks first.
    func news(_ night: Int) throws -> String {
      let text = try Program.run("postern", ["report", path(night)]).text
      let lines = text.split(separator: "\n").drop { !$0.hasPrefix("New since") }
      return lines.prefix { !$0.hasPrefix("Findings") }.joined(separator: "\n")
    }
    #expect(try news(2).contains("no open finding is new, recurred or worse"))
    #expect(try news(3).contains("MFA-001"))
    #expect(worse.code == 1)
    // `diff` counts alike.
    func exit(_ old: Int, _ new: Int) throws -> Int32 {
      try Program.run("postern", ["diff", path(old), path(new), "--fail-on", "low"]).code
    }
    #expect(try exit(1, 2) == 0)
    #expect(try exit(2, 3) == 1)
  }

  /// The export of verifications reaches as far as before, and proves nothing any more.
  @Test func whatNobodyCanTellAnyMoreIsNotResolved() throws {
    try night(1, try Self.org())
    let untold = try night(2, try Self.org(namesLogins: false), baseline: 1)
    #expect(Self.change(untold.gone, "MFA-001") == "not_evaluated")
    #expect(Self.reasons(untold.gone, "MFA-001").contains("whether MFA was used"))
    // A night later it is told again, and found again.
    let again = try night(3, try Self.org(), baseline: 2)
    #expect(again.gone["MFA-001"] == nil)
    // What waits is told from one night to the next.
    let still = try night(4, try Self.org(namesLogins: false), baseline: 2)
    #expect(Self.change(still.gone, "MFA-001") == "not_evaluated")
    #expect(Self.reasons(still.gone, "MFA-001").contains("whether MFA was used"))
  }
}
