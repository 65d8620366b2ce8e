import Foundation
import TestSupport
import Testing

/// All rows of a finding, by its replay command and by `events --finding`.
@Suite struct FindingRowsTests {
  private typealias Object = Results.Object

  /// A folder with an org in which many rules find something, and its results.
  private static func org(_ folder: TestFolder) throws -> (path: String, results: Results) {
    let made = try Program.run(
      "postern-synth",
      [
        folder.path("org"), "--seed", "61", "--rows", "5000", "--users", "40", "--days", "60",
        "--overlap", "60", "--files", "2", "--quiet",
      ])
    #expect(made.code == 0, "\(made.errors)")
    let config = try folder.write(
      "c.yaml",
      "break_glass_accounts: ['user.1*@*']\nindicators: ['192.0.2.0/24', {application: 'Parcel*'}]\n"
    )
    let path = folder.path("r.jsonl")
    let scan = try Program.run(
      "postern",
      [
        "scan", folder.path("org"), "--config", config, "--now", "2026-09-01", "-o",
        "jsonl:" + path,
      ])
    #expect(scan.code == 0, "\(scan.errors)")
    let data = try Data(contentsOf: URL(filePath: path))
    return (path, try Results(.init(code: 0, output: data, errors: "")))
  }

  @Test func theReplayOfALargeFindingShowsAllItsRows() throws {
    let folder = try TestFolder()
    let (path, results) = try Self.org(folder)
    var rules: Set<String> = []
    for finding in results.of("finding") {
      let evidence = finding["evidence"] as? [Object] ?? []
      let total = try #require(finding["evidence_total"] as? Int)
      let replay = try #require(finding["replay"] as? String)
      let rule = (finding["rule"] as? Object)?["id"] as? String ?? ""
      guard total > evidence.count, rules.insert(rule).inserted else { continue }
      #expect(replay.contains(" --finding pf1:"), "\(rule) \(replay)")
      let shown = try Results(try Program.shell(replay + " -q -o jsonl"))
      #expect(shown.code == 0 && shown.records.count == total, "\(rule): \(shown.errors)")
      let ids = Set(shown.records.compactMap { $0["record_id"] as? String })
      for row in evidence { #expect(ids.contains(row["record_id"] as? String ?? "?"), "\(rule)") }
      // The results alone are enough to find it, and say as what time it was judged.
      let id = try #require(finding["finding_id"] as? String)
      let looked = try Results(
        try Program.run(
          "postern",
          [
            "events", folder.path("org"), "--config", folder.path("c.yaml"), "--finding",
            String(id.prefix(30)), "--results", path, "-o", "jsonl",
          ]))
      #expect(looked.lines == shown.lines, "\(rule): \(looked.errors)")
    }
    #expect(rules.count >= 8, "\(rules.sorted())")
    #expect(rules.contains("PST-API-006") || rules.contains("PST-API-011"))
  }

  @Test func aWindowedFindingIsShownWithinItsWindow() throws {
    let folder = try TestFolder()
    let rows = (1...58).map { number in
      Exports.Login(
        id: Exports.loginID(number),
        time:
          "2026-08-\(number % 2 == 0 ? "03" : "04")T10:\(number < 10 ? "0" : "")\(number):00.000Z",
        type: "Other Apex API", tls: "TLS 1.0")
    }
    try folder.write("l.csv", Exports.logins(rows))
    let path = folder.path("r.jsonl")
    let results = try Program.scan([folder.path("l.csv"), "--until", "2026-08-04"])
    let finding = try #require(results.findings("API-010").first)
    #expect(finding["evidence_total"] as? Int == 29)
    let replay = try #require(finding["replay"] as? String)
    #expect(try Results(try Program.shell(replay + " -q -o jsonl")).records.count == 29)
    try results.lines.joined(separator: "\n").appending("\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let id = try #require(finding["finding_id"] as? String)
    let arguments = ["events", folder.path("l.csv"), "--finding", id, "--results", path]
    let all = try Results(try Program.run("postern", arguments + ["-o", "jsonl"]))
    #expect(all.records.count == 29, "\(all.errors)")
    let some = try Results(
      try Program.run("postern", arguments + ["--since", "2026-08-03T10:30:00Z", "-o", "jsonl"]))
    #expect((1..<29).contains(some.records.count))
    let counted = try Results(
      try Program.run("postern", arguments + ["--by", "tls", "-o", "jsonl"]))
    #expect(counted.records.map { $0["rows"] as? Int } == [29])
  }

  @Test func aFindingThatIsNotGivenIsSaidSo() throws {
    let folder = try TestFolder()
    let (path, results) = try Self.org(folder)
    let finding = try #require(
      results.of("finding").first { finding in
        (finding["discriminator"] as? String ?? "").hasPrefix("indicator=")
          && !(finding["evidence"] as? [Object] ?? []).isEmpty
      })
    let id = try #require(finding["finding_id"] as? String)
    // Without the configuration nothing is an indicator.
    let shown = try Results(
      try Program.run(
        "postern",
        ["events", folder.path("org"), "--finding", id, "--results", path, "-o", "jsonl"]))
    #expect(shown.code == 2)
    #expect(shown.errors.contains("do not give this finding") && shown.errors.contains("--config"))
    #expect(shown.records.count == (finding["evidence"] as? [Object])?.count)
    let exports = folder.path("org")
    for arguments in [["--finding", "pf1:12"], ["--results", path], ["--finding", "x"]] {
      let outcome = try Program.run("postern", ["events", exports] + arguments)
      #expect(outcome.code == 64, "\(arguments)")
    }
  }
}
