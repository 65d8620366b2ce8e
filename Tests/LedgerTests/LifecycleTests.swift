import Foundation
import TestSupport
import Testing

/// Findings with a life: `--baseline` and `--fail-on-new`.
@Suite struct LifecycleTests {
  private static func lifecycles(_ ended: Program.Outcome) throws -> [String: [String: String]] {
    var result: [String: [String: String]] = [:]
    for line in ended.records where line.hasPrefix("{\"schema\":\"postern.finding/") {
      let record = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      result[try #require(record["finding_id"] as? String)] =
        try #require(record["lifecycle"] as? [String: Any]).compactMapValues { $0 as? String }
    }
    return result
  }

  @Test func aFindingKnowsWhetherItIsNewAndSinceWhenItIsKnown() throws {
    let folder = try Program.synthesise([
      "--seed", "31", "--rows", "1500", "--files", "3", "--snapshots", "1",
    ])
    let files = try folder.files()
    let logins = files.filter { $0.contains("LoginHistory") }
    let others = files.filter { !$0.contains("LoginHistory") }
    func night(_ now: String, _ inputs: [String], _ options: [String]) throws -> Program.Outcome {
      let ended = try Program.run(
        "postern", ["scan"] + inputs + ["--now", now, "-o", "jsonl"] + options)
      try ended.output.write(to: URL(filePath: folder.path("\(now).jsonl")))
      return ended
    }
    let first = try night("2026-09-01", others + logins.prefix(1), [])
    #expect(!first.records.contains { $0.contains("\"lifecycle\"") })
    let second = try night(
      "2026-09-02", others + logins, ["--baseline", folder.path("2026-09-01.jsonl")])
    let lives = try Self.lifecycles(second)
    #expect(Set(lives.values.compactMap { $0["change"] }).isSuperset(of: ["new", "persisting"]))
    for life in lives.values {
      #expect(life["last_detected"] == "2026-09-02T00:00:00.000Z")
      #expect(
        life["first_detected"]
          == (life["change"] == "new" ? "2026-09-02T00:00:00.000Z" : "2026-09-01T00:00:00.000Z"))
    }
    let base = ["--baseline", folder.path("2026-09-02.jsonl"), "--fail-on-new", "info"]
    let third = try night("2026-09-03", others + logins, base)
    #expect(third.code == 0, "\(third.errors)")
    #expect(try third.record("postern.end/2")["new_findings_over_threshold"] as? Int == 0)
    // First sights are handed on.
    for (id, life) in try Self.lifecycles(third) {
      #expect(life["first_detected"] == lives[id]?["first_detected"])
    }
    let worse = try Program.run(
      "postern",
      ["scan"] + others + logins
        + [
          "--now", "2026-09-03", "-o", "jsonl", "--baseline", folder.path("2026-09-01.jsonl"),
          "--fail-on-new", "info",
        ])
    #expect(worse.code == 1)
  }

  @Test func newNeedsABaseline() throws {
    let folder = try TestFolder()
    let refused = try Program.run("postern", ["scan", folder.path, "--fail-on-new", "low"])
    #expect(refused.code == 64)
    #expect(refused.errors.contains("needs --baseline"))
  }
}
