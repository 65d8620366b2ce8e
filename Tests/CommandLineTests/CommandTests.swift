import Foundation
import TestSupport
import Testing

/// The program as a user meets it.
@Suite struct CommandTests {
  private static let exports = Program.samples + "/exports"

  @Test func theExpectedResultsOfTheSamplesAreStillRight() throws {
    let results = try Program.scan([Self.exports])
    let expected = try Results(
      .init(
        code: 0,
        output: Data(contentsOf: URL(filePath: Program.samples + "/expected/results.jsonl")),
        errors: ""))
    #expect(results.comparable == expected.comparable)
  }

  @Test(arguments: ["1", "2", "5"])
  func resultsDoNotDependOnThreads(threads: String) throws {
    let one = try Program.scan([Self.exports, "--threads", "1"])
    let many = try Program.scan([Self.exports, "--threads", threads])
    #expect(one.lines.dropFirst().dropLast() == many.lines.dropFirst().dropLast())
    let ownOfARun = ["elapsed_seconds", "threads", "records_sha256"]
    for (name, value) in one.end where !ownOfARun.contains(name) {
      #expect(many.end[name] as? NSObject == value as? NSObject, "\(name)")
    }
  }

  @Test(arguments: [
    ["--dialect", "bulk", "--delimiter", "pipe", "--line-end", "cr"],
    ["--dialect", "rest", "--quote", "minimal", "--line-end", "crlf", "--compression", "zip"],
    ["--delimiter", "tab", "--bom", "--compression", "gzip-members"],
    ["--delimiter", "backquote", "--order", "shuffled", "--overlap", "50", "--files", "3"],
  ])
  func resultsDoNotDependOnTheDialect(options: [String]) throws {
    let base = ["--seed", "5", "--rows", "1500", "--users", "40", "--days", "30", "--quiet"]
    let plain = try TestFolder()
    let other = try TestFolder()
    #expect(try Program.run("postern-synth", [plain.path] + base).code == 0)
    #expect(try Program.run("postern-synth", [other.path] + base + options).code == 0)
    let one = try Program.scan([plain.path])
    let two = try Program.scan([other.path, "--threads", "3"])
    #expect(one.comparable.count > 40)
    #expect(one.comparable == two.comparable, "\(options)")
  }

  @Test(arguments: [11, 23, 47])
  func figuresEqualTheGeneratorsTruth(seed: Int) throws {
    let folder = try TestFolder()
    let made = try Program.run(
      "postern-synth",
      [
        folder.path, "--seed", "\(seed)", "--rows", "6000", "--users", "80", "--days", "60",
        "--verification", "holes", "--quiet",
      ])
    #expect(made.code == 0, "\(made.errors)")
    let results = try Program.scan([folder.path])
    let data = try Data(contentsOf: URL(filePath: folder.path("truth.json")))
    let truth = try #require(try JSONSerialization.jsonObject(with: data) as? Results.Object)
    let scope = Set(try #require(truth["finding_scope"] as? [String]))
    var accounts: [String: Results.Object] = [:]
    for record in results.accounts {
      let account = record["account"] as? Results.Object ?? [:]
      accounts[account["id"] as? String ?? ""] = record
    }
    var found: [String: Set<String>] = [:]
    for finding in results.of("finding") {
      guard let account = finding["account"] as? Results.Object, let id = account["id"] as? String,
        let rule = (finding["rule"] as? Results.Object)?["id"] as? String, scope.contains(rule)
      else { continue }
      found[id, default: []].insert(rule)
    }
    var compared = 0
    for expected in try #require(truth["accounts"] as? [Results.Object]) {
      let id = try #require(expected["id"] as? String)
      guard let record = accounts[id], let logins = record["logins"] as? Results.Object else {
        #expect(expected["total"] as? Int == 0, "seed \(seed): \(id)")
        continue
      }
      compared += 1
      let account = record["account"] as? Results.Object ?? [:]
      #expect(account["class"] as? String == expected["class"] as? String, "seed \(seed): \(id)")
      for door in ["human", "api", "unclassified"] {
        let wanted = expected[door] as? Results.Object ?? [:]
        let given = logins[door] as? Results.Object ?? [:]
        for outcome in ["succeeded", "failed", "pending"] {
          #expect(given[outcome] as? Int == wanted[outcome] as? Int, "seed \(seed): \(id) \(door)")
        }
      }
      let bases = (expected["human"] as? Results.Object)?["by_basis"] as? [String: Int]
      #expect(
        (logins["human"] as? Results.Object)?["by_basis"] as? [String: Int] == bases,
        "seed \(seed): \(id)")
      #expect(
        found[id, default: []] == Set(expected["findings"] as? [String] ?? []),
        "seed \(seed): \(id)")
    }
    #expect(compared > 50)
  }

  @Test func failOnCountsFindingsOfStatusFail() throws {
    let folder = try TestFolder()
    let path = try folder.write(
      "l.csv", Exports.logins([Exports.Login(status: "Failed: API-only user")]))
    #expect(try Program.scan([path, "--fail-on", "medium"]).code == 1)
    #expect(try Program.scan([path, "--fail-on", "high"]).code == 0)
    let results = try Program.scan([path, "--fail-on", "medium"])
    #expect(results.end["findings_over_threshold"] as? Int == 1)
  }

  @Test func filesAppearWholeAndLinksAreFollowed() throws {
    let folder = try TestFolder()
    let target = try folder.write("old.jsonl", "old")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link.jsonl"), withDestinationPath: target)
    let outcome = try Program.run(
      "postern",
      [
        "scan", Self.exports, "-o", "jsonl:" + folder.path("link.jsonl"), "-o",
        "text:" + folder.path("report.txt"), "-o", "jsonl:/dev/null",
      ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["link.jsonl", "old.jsonl", "report.txt"])
    #expect(try String(contentsOfFile: target, encoding: .utf8).hasSuffix("}\n"))
    let bad = try Program.run(
      "postern", ["scan", Self.exports, "-o", "jsonl:/nonexistent/x.jsonl"])
    #expect(bad.code == 74)
  }

  @Test(arguments: [
    ["scan"], ["scan", "x", "-o", "pdf"], ["scan", "x", "--since", "yesterday"],
    ["scan", "x", "--fail-on", "bad"], ["scan", "x", "--threads", "0"],
    ["scan", "x", "--config", "/nonexistent.yaml"], ["rules", "NO-SUCH"],
    ["scan", "x", "--time-zone", "Mars/Olympus"], ["scan", "x", "--max-rejects", "many"],
  ])
  func usageErrorsAreExit64(arguments: [String]) throws {
    let outcome = try Program.run("postern", arguments)
    #expect(outcome.code == 64)
    #expect(!outcome.errors.isEmpty && outcome.output.isEmpty)
  }

  @Test func aBadConfigurationNamesFileLineAndExpectation() throws {
    let folder = try TestFolder()
    let path = try folder.write(
      "c.yaml", "org: {type: production}\ntrusted_netwoks: []\ntrusted_networks: [192.0.2.7/24]\n")
    let outcome = try Program.run("postern", ["scan", Self.exports, "--config", path])
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("c.yaml:2"))
    #expect(outcome.errors.contains("trusted_networks"))
    #expect(outcome.errors.contains("192.0.2.0/24"))
  }

  @Test func theReportIsSafeForATerminal() throws {
    let folder = try TestFolder()
    let evil = "\u{1B}[31mred\u{202E}"
    try folder.write("l.csv", Exports.logins([Exports.Login(status: "Failed: API-only user")]))
    try folder.write(
      "u.csv", "Id,Username,Name,IsActive\n\(Exports.one),\(evil)@example.com,\(evil),true\n")
    let outcome = try Program.run("postern", ["scan", folder.path, "--color", "never"])
    #expect(!outcome.text.contains("\u{1B}") && !outcome.text.contains("\u{202E}"))
    #expect(outcome.text.contains("\\u{1B}"))
  }

  @Test func theReplayCommandShowsTheRows() throws {
    let results = try Program.scan([Self.exports])
    let finding = try #require(
      results.findings("MFA-003").first ?? results.findings("MFA-002").first)
    let output = try Program.shell(try #require(finding["replay"] as? String))
    #expect(output.code == 0, "\(output.errors)")
    let rows = try #require(finding["evidence"] as? [[String: Any]])
    #expect(!rows.isEmpty)
    // Behind a blank line the table says what its words mean.
    let table = output.text.split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { !$0.isEmpty }
    #expect(table.count == rows.count + 1)
    for row in rows { #expect(output.text.contains(row["record_id"] as? String ?? "?")) }
  }

  @Test func helpVersionRulesAndInspectionAreThere() throws {
    let help = try Program.run("postern", ["scan", "--help"])
    #expect(help.code == 0 && help.text.contains("EXAMPLES"))
    #expect(try Program.run("postern", ["--version"]).text == "0.1.0\n")
    let rules = try Program.run("postern", ["rules"])
    for id in ["PST-MFA-001", "PST-INT-005", "PST-API-003", "PST-ACC-002", "PST-DATA-006"] {
      #expect(rules.text.contains(id))
      let page = try Program.run("postern", ["rules", id])
      #expect(page.code == 0 && page.text.contains("Remediation"))
    }
    let inspection = try Program.run("postern", ["inspect", Self.exports])
    #expect(inspection.code == 0 && inspection.text.contains("VerificationHistory"))
  }
}
