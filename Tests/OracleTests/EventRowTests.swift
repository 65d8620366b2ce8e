import Foundation
import TestSupport
import Testing

/// The rows that `postern events` shows, against the oracle's.
@Suite(.serialized)
struct EventRowTests {
  private typealias Object = Comparison.Object

  /// What a row says, in one line.
  private static func line(_ values: [String]) -> String { values.joined(separator: " | ") }

  private static func line(_ login: Login) -> String {
    line([
      Moment.text(login.time), login.id, login.account, login.door.rawValue,
      login.outcome.rawValue, login.status, login.type, login.address, login.application,
      login.apiType, login.verdict?.state.rawValue ?? "", login.verdict?.basis ?? "",
    ])
  }

  private static func line(_ row: Object) -> String {
    func text(_ key: String) -> String { row[key] as? String ?? "" }
    return line([
      text("time"), String(text("record_id").prefix(15)),
      (row["account"] as? Object)?["key"] as? String ?? "", text("kind"), text("outcome"),
      text("status"), text("login_type"), text("source_ip"), text("application"),
      text("api_type"), text("mfa"), text("basis"),
    ])
  }

  private static func rows(_ output: Data) throws -> [Object] {
    try output.split(separator: 0x0A).map { line in
      try #require(try JSONSerialization.jsonObject(with: line) as? Object)
    }
  }

  /// Orgs that differ in the form and order of their rows; the others differ in what is judged, which
  /// `SeededOrgTests` compare.
  private static let orgs = SeededOrg.all.filter { org in
    [
      "no verifications", "Setup download", "event log of 2026", "faults", "files that overlap",
      "incidents in the event log", "Setup downloads that overlap",
    ].contains(org.name)
  }

  @Test(arguments: orgs)
  func allRowsAreTheOraclesInOrderOfTimeForAnyNumberOfThreads(_ org: SeededOrg) throws {
    let folder = try Program.synthesise(org.arguments)
    let configuration = try TestFolder()
    try configuration.write("postern.yaml", org.policy.yaml)
    func events(_ arguments: [String]) throws -> Data {
      let policy =
        org.policy.yaml == "" ? [] : ["--config", configuration.path + "/postern.yaml"]
      return try Program.run(
        "postern",
        ["events", folder.path, "--now", org.policy.now] + policy + org.policy.options + arguments
      ).output
    }
    let whole = try events(["--threads", "1", "-o", "jsonl"])
    let rows = try Self.rows(whole)
    let oracle = try Oracle(folder: folder.path, policy: org.policy)
    let mine = Dictionary(grouping: oracle.logins.map(Self.line), by: \.self).mapValues(\.count)
    let printed = Dictionary(grouping: rows.map(Self.line), by: \.self).mapValues(\.count)
    #expect(rows.count == oracle.logins.count && rows.count > 1_000)
    for (line, count) in mine where printed[line] != count { Issue.record("oracle: \(line)") }
    for (line, count) in printed where mine[line] != count { Issue.record("program: \(line)") }
    let keys = rows.map { "\($0["time"] as? String ?? "") \($0["record_id"] as? String ?? "")" }
    #expect(keys == keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    for threads in org.name == Self.orgs.first?.name ? ["2", "3", "8"] : ["3"] {
      #expect(try events(["--threads", threads, "-o", "jsonl"]) == whole, "\(threads) threads")
    }
    // Conditions choose among these lines, and change none of them.
    let lines = whole.split(separator: 0x0A)
    for (number, (arguments, isMet)) in Self.conditions(rows).enumerated() {
      let expected = zip(lines, rows).filter { isMet($0.1) }.map(\.0)
      let threads = number % 2 == 0 ? "1" : "3"
      let shown = try events(arguments + ["--threads", threads, "-o", "jsonl"])
      #expect(shown.split(separator: 0x0A) == expected, "\(arguments), \(threads) threads")
    }
    guard org.name == Self.orgs.first?.name else { return }
    for form in ["table", "csv", "ocsf"] {
      let alone = try events(["--threads", "1", "-o", form])
      #expect(!alone.isEmpty)
      #expect(try events(["--threads", "3", "-o", form]) == alone, "\(form)")
    }
  }

  /// Conditions, each with what it means.
  private static func conditions(_ rows: [Object]) -> [([String], (Object) -> Bool)] {
    func text(_ row: Object, _ key: String) -> String { row[key] as? String ?? "" }
    func key(_ row: Object) -> String { (row["account"] as? Object)?["key"] as? String ?? "" }
    // Somebody who is met often.
    let counts = Dictionary(grouping: rows.map(key), by: \.self).mapValues(\.count)
    let someone = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? ""
    let name = someone.hasPrefix("username:") ? String(someone.dropFirst(9)) : someone
    let (from, until) = (text(rows[rows.count / 3], "time"), text(rows[rows.count / 2], "time"))
    return [
      (["--account", name], { key($0) == someone }),
      (
        ["--account", name, "--since", from, "--kind", "api"],
        { key($0) == someone && text($0, "time") >= from && text($0, "kind") == "api" }
      ),
      (
        ["--since", from, "--until", until],
        { text($0, "time") >= from && text($0, "time") < until }
      ),
      (
        ["--kind", "human", "--mfa", "absent,unknown"],
        {
          ["absent", "unknown"].contains(text($0, "mfa"))
        }
      ),
      (
        ["--status", "succeeded", "--kind", "api"],
        {
          text($0, "outcome") == "succeeded" && text($0, "kind") == "api"
        }
      ),
      (["--ip", "192.0.2.0/24"], { text($0, "source_ip").hasPrefix("192.0.2.") }),
    ]
  }
}
