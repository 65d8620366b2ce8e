import Foundation
import TestSupport
import Testing

/// What nobody reads of findings is not written, and changes nothing about them.
@Suite struct UnreadReasonTests {
  /// A summary alone leaves conditions, figures and reasons out; beside JSON Lines they are made.
  @Test func aSummarySaysTheSameWithAndWithoutReasons() throws {
    let folder = try TestFolder()
    let org = folder.path("org")
    #expect(
      try Program.run(
        "postern-synth",
        [org, "--seed", "19", "--rows", "6000", "--users", "150", "--days", "120", "--quiet"]
      ).code == 0)
    let config = try folder.write(
      "c.yaml",
      """
      trusted_networks: [192.0.2.0/24, 203.0.113.0/26]
      indicators:
        - 203.0.113.85
        - {application: "Quote*", from: 2026-03-11, until: 2026-06-14, source: "notice"}

      """)
    let base = ["scan", org, "--config", config, "--now", "2026-09-01"]
    func counts(_ more: [String]) throws -> [String] {
      let path = folder.path("\(more.count).prom")
      #expect(try Program.run("postern", base + ["-o", "prometheus:\(path)"] + more).code == 0)
      let lines = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        .split(separator: "\n").map(String.init)
      return lines.filter { !$0.contains("seconds") && !$0.contains("bytes") }
    }
    let alone = try counts([])
    let beside = try counts(["-o", "jsonl:" + folder.path("r.jsonl")])
    #expect(alone == beside)
    try #require(alone.contains { $0.contains("severity=\"medium\"") })
    let records = try String(contentsOf: URL(filePath: folder.path("r.jsonl")), encoding: .utf8)
    // Both steps that are worked out from sources, which a summary needs as well, are among them.
    #expect(records.contains("every source is inside trusted_networks"))
    #expect(records.contains("used from indicator"))
  }
}
