import Foundation
import TestSupport
import Testing

/// What a scan and a hunt say of indicators with dates, against rows that the test drew itself.
@Suite struct DatedIndicatorTruthTests {
  private typealias Login = Exports.Login
  private typealias Object = Results.Object

  private static let applications = ["ETL", "Sly", "Other"]
  private static let addresses = ["192.0.2.10", "203.0.113.7", "203.0.113.8"]
  private static let users = [Exports.one, Exports.two]

  private struct Entry {
    let text: String
    let from: String
    let until: String

    var line: String { "\(text); from: \(from); until: \(until)\n" }

    func matches(_ row: Login) -> Bool {
      (text == row.address || text == "application: " + row.application)
        && row.time >= from && row.time < until
    }

    /// As results write it.
    var shown: String { text.hasPrefix("application") ? text : text + "/32" }
  }

  private static func row(_ random: inout SeededGenerator) -> Login {
    // Few minutes, so that rows of several kinds share them.
    let second = [0, 30, 59].randomElement(using: &random) ?? 0
    let minute = Int.random(in: 0..<3, using: &random)
    let day = Int.random(in: 1...9, using: &random)
    let clock = String(format: "10:%02d:%02d", minute, second)
    var row = RuleScan.api(RuleScan.time(day: day, clock))
    row.user = users.randomElement(using: &random) ?? ""
    row.application = applications.randomElement(using: &random) ?? ""
    row.address = addresses.randomElement(using: &random) ?? ""
    if Int.random(in: 0..<6, using: &random) == 0 { row.status = "Invalid password" }
    if Int.random(in: 0..<8, using: &random) == 0 { row.type = "Application" }
    return row
  }

  private static func entry(_ text: String, _ random: inout SeededGenerator) -> Entry {
    let first = Int.random(in: 0...8, using: &random)
    let last = Int.random(in: (first + 1)...10, using: &random)
    // Now and then within the minutes that have rows, so that a minute lies on both sides.
    func edge(_ day: Int) -> String {
      let clock = ["00:00:00", "10:01:00", "10:01:30"].randomElement(using: &random) ?? ""
      return RuleScan.time(day: day, clock)
    }
    return Entry(text: text, from: edge(first), until: edge(last))
  }

  @Test(arguments: 1...12)
  func noLoginIsAccusedOrMissed(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let count = Int.random(in: 4...40, using: &random)
    let rows = (0..<count).map { _ in Self.row(&random) }
    let texts = ["application: Sly", "application: Other", "203.0.113.7", "203.0.113.8"]
    let entries = texts.map { Self.entry($0, &random) }
    let folder = try TestFolder()
    try folder.write("a/l.csv", Exports.logins(rows))
    let list = try folder.write("list.txt", entries.map(\.line).joined())
    let config = try folder.write("c.yaml", "indicators: [{file: list.txt}]\n")
    let scanned = try Program.scan([folder.path("a"), "--config", config])
    let hunted = try Results(
      try Program.run(
        "postern", ["hunt", folder.path("a"), "--indicators", list, "-o", "jsonl"]))
    for (entry, hunt) in zip(entries, hunted.of("indicator")) {
      let truth = rows.filter(entry.matches)
      #expect(hunt["rows"] as? Int == truth.count, "\(entry)")
      #expect(hunt["succeeded"] as? Int == truth.count { $0.status == "Success" }, "\(entry)")
      #expect((hunt["state"] as? String == "matched") == !truth.isEmpty, "\(entry)")
      for user in Self.users {
        let mine = truth.filter { $0.user == user }.count
        let finding = scanned.findings("API-011", of: user).first {
          $0["discriminator"] as? String == "indicator=\(entry.shown)"
        }
        let counts = finding?["counts"] as? [String: Int] ?? [:]
        let least = counts["attempted"] ?? 0
        let most = counts["attempted_at_most"] ?? least
        #expect(least <= mine && mine <= most, "\(entry) of \(user): \(mine), found \(counts)")
        #expect((finding?["status"] as? String == "fail") == (least > 0))
        // Every row that is shown as a match is one.
        for row in finding?["evidence"] as? [Object] ?? []
        where finding?["status"] as? String == "fail" {
          let time = row["time"] as? String ?? ""
          #expect(time >= entry.from && time < entry.until, "\(entry): \(time)")
        }
      }
    }
    for finding in scanned.of("finding") {
      for reason in finding["severity_reasons"] as? [String] ?? []
      where reason.hasPrefix("+1: used from indicator ") {
        let named = entries.filter { reason.hasSuffix(" " + $0.shown) }
        #expect(named.contains { entry in rows.contains(where: entry.matches) }, "\(reason)")
      }
    }
  }
}
