import Foundation
import TestSupport
import Testing

/// Findings that a baseline had and a scan does not have.
@Suite struct GoneFindingTests {
  private let kept: TestFolder

  init() throws { kept = try TestFolder() }

  /// An org with one login to an integration account, and all exports but those left out.
  private static func org(verification: Bool = true, isProven: Bool = false) throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write(
      "l.csv",
      Exports.logins([
        Exports.Login(time: "2026-08-03T10:00:00.000Z"),
        Exports.Login(user: Exports.two, time: "2026-08-01T10:00:00.000Z"),
        Exports.Login(user: Exports.two, time: "2026-08-20T10:00:00.000Z"),
      ]))
    try folder.write(
      "u.csv",
      Exports.users([
        (Exports.one, "Ada", "Robots", ["ApiUserOnly"]), (Exports.two, "Bob", "People", []),
      ]))
    if verification {
      try folder.write(
        "v.csv",
        Exports.verifications(
          [
            Exports.verification(login: 2, user: Exports.two),
            Exports.verification(login: 3, user: Exports.two),
          ] + (isProven ? [Exports.verification(login: 1)] : [])))
    }
    return folder
  }

  /// Scans an org in a night of September 2026 into a file of that name.
  private func night(
    _ day: Int, _ folder: TestFolder, baseline: Int? = nil, _ more: [String] = []
  ) throws -> Results {
    let outcome = try Program.run(
      "postern",
      ["scan", folder.path, "-o", "jsonl:" + path(day), "--now", "2026-09-0\(day)"]
        + (baseline.map { ["--baseline", path($0)] } ?? []) + more)
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try Results(try Program.run("postern", ["report", path(day), "-o", "jsonl"]))
  }

  private func path(_ day: Int) -> String { kept.path("\(day).jsonl") }

  /// The gone finding of the rule that all of this is about.
  private static func gone(_ results: Results) -> Results.Object? {
    results.of("gone_finding").first {
      ($0["rule"] as? Results.Object)?["id"] as? String == "PST-MFA-001"
    }
  }

  private static func life(_ record: Results.Object?) -> Results.Object {
    record?["lifecycle"] as? Results.Object ?? [:]
  }

  private static func time(_ day: Int) -> String { "2026-09-0\(day)T00:00:00.000Z" }

  @Test func aFindingIsResolvedWhenWhatShowedItIsThereAndDoesNot() throws {
    let first = try night(1, Self.org())
    #expect(!first.findings("MFA-001").isEmpty && first.of("gone_finding").isEmpty)
    let second = try night(
      2, Self.org(isProven: true), baseline: 1,
      ["--fail-on-new", "critical", "--fail-on", "critical"])
    let life = Self.life(Self.gone(second))
    #expect(life["change"] as? String == "resolved")
    #expect(life["first_detected"] as? String == Self.time(1))
    #expect(life["last_detected"] as? String == Self.time(1))
    #expect((life["reasons"] as? [String])?.isEmpty == true)
    // It has its rows, and counts in no total but its own.
    #expect((Self.gone(second)?["evidence"] as? [Any])?.isEmpty == false)
    let end = try #require(second.records.last)
    let counts = end["gone_findings"] as? [String: Int]
    #expect(counts?["resolved"] == second.of("gone_finding").count)
    #expect(counts?["not_evaluated"] == 0)
    #expect((end["findings"] as? Results.Object)?["total"] as? Int == second.of("finding").count)
    try SchemaTests.check(second)
    // Resolved once: the next night does not tell it again.
    let third = try night(3, Self.org(isProven: true), baseline: 2)
    #expect(third.of("gone_finding").isEmpty)
  }

  @Test func whatCouldNotBeLookedForIsHandedOnUntilItIsKnown() throws {
    _ = try night(1, Self.org())
    for day in 2...3 {
      let blind = try night(day, Self.org(verification: false), baseline: day - 1)
      let life = Self.life(Self.gone(blind))
      #expect(life["change"] as? String == "not_evaluated", "night \(day)")
      #expect(
        (life["reasons"] as? [String])?.contains("no VerificationHistory export") == true,
        "night \(day)")
      #expect(life["last_detected"] as? String == Self.time(1))
      try SchemaTests.check(blind)
    }
    // It comes back: not new, and known since the first night.
    let again = try night(4, Self.org(), baseline: 3, ["--fail-on-new", "critical"])
    let life = Self.life(again.findings("MFA-001").first)
    #expect(life["change"] as? String == "persisting")
    #expect(life["first_detected"] as? String == Self.time(1))
    #expect(Self.gone(again) == nil)
    // Or it is resolved, and says when it was seen last.
    let resolved = try night(5, Self.org(isProven: true), baseline: 3)
    #expect(Self.life(Self.gone(resolved))["change"] as? String == "resolved")
    #expect(Self.life(Self.gone(resolved))["last_detected"] as? String == Self.time(1))
    // `diff` says the same of the same two results.
    let diff = try Program.run("postern", ["diff", path(3), path(5), "-o", "jsonl"])
    #expect(diff.text.contains("\"change\":\"resolved\""))
  }

  @Test func allFormsTellWhatIsGoneAndReportTellsItTheSame() throws {
    _ = try night(1, Self.org())
    let folder = try Self.org(isProven: true)
    let (page, text, heartbeat) = (kept.path("p.html"), kept.path("t.txt"), kept.path("h.prom"))
    _ = try night(
      2, folder, baseline: 1,
      ["-o", "html:" + page, "-o", "text:" + text, "-o", "prometheus:" + heartbeat])
    func read(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
    #expect(try read(text).contains("Resolved since the baseline"))
    #expect(try read(text).contains("1 resolved, 0 not evaluated"))
    #expect(try read(page).contains("Gone since the baseline"))
    #expect(try read(heartbeat).contains("postern_finding_changes{change=\"resolved\"} 1"))
    // Compared afterwards, and read back as it was compared.
    let bare = try Program.run(
      "postern", ["scan", folder.path, "-o", "jsonl:" + path(6), "--now", "2026-09-02"])
    #expect(bare.code == 0)
    for form in ["text", "csv", "csv-accounts", "html", "prometheus", "ocsf"] {
      let saved = try Program.run("postern", ["report", path(2), "-o", form])
      let later = try Program.run(
        "postern", ["report", path(6), "--baseline", path(1), "-o", form])
      #expect(saved.code == 0 && !saved.output.isEmpty)
      func plain(_ text: String) -> String {
        text.split(separator: "\n").filter { !$0.contains("rows/s") }.joined(separator: "\n")
          .replacing(#/\d+(\.\d+)? s\b/#, with: "")
      }
      #expect(plain(saved.text) == plain(later.text), "\(form)")
    }
    let closed = try Program.run("postern", ["report", path(2), "-o", "ocsf"])
    #expect(closed.text.contains("\"activity_name\":\"Close\""))
  }

  @Test func whatWasForgottenIsNotResolved() throws {
    let folder = try Self.org()
    let (state, first) = (kept.path("s.ledger"), kept.path("first.jsonl"))
    let whole = try Program.run(
      "postern",
      ["scan", folder.path, "--ledger", state, "-o", "jsonl:" + first, "--now", "2026-09-01"])
    #expect(whole.code == 0, "\(whole.errors)")
    let forgotten = kept.path("forgotten.jsonl")
    let later = try Program.run(
      "postern",
      [
        "scan", state, "--ledger", state, "--forget-before", "2026-08-10", "--baseline", first,
        "-o",
        "jsonl:" + forgotten, "--now", "2026-09-02",
      ])
    #expect(later.code == 0, "\(later.errors)")
    let results = try Results(try Program.run("postern", ["report", forgotten, "-o", "jsonl"]))
    let life = Self.life(Self.gone(results))
    #expect(life["change"] as? String == "not_evaluated")
    // Told once: all of its time is forgotten, so no later night could find it.
    let next = try Program.run(
      "postern",
      ["scan", state, "--baseline", forgotten, "-o", "jsonl", "--now", "2026-09-03"])
    #expect(Self.gone(try Results(next)) == nil)
    // Read back, `diff` knows it too, and `explain` finds what is gone.
    let diff = try Program.run("postern", ["diff", first, forgotten])
    #expect(diff.text.contains("0 resolved"), "\(diff.text)")
    let id = try #require(Self.gone(results)?["finding_id"] as? String)
    let explained = try Program.run("postern", ["explain", id, forgotten])
    #expect(explained.code == 0 && explained.text.contains("not evaluated: "))
  }
}
