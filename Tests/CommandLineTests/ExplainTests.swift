import Foundation
import TestSupport
import Testing

/// `postern explain` and `postern rules mapping`.
@Suite struct ExplainTests {
  private let folder: TestFolder
  private let path: String
  private let results: Results

  init() throws {
    folder = try TestFolder()
    path = folder.path("r.jsonl")
    _ = try Program.run(
      "postern",
      ["scan", Program.samples + "/exports", "--now", "2026-09-01", "-o", "jsonl:" + path])
    let data = try Data(contentsOf: URL(filePath: path))
    results = try Results(.init(code: 0, output: data, errors: ""))
  }

  @Test func everyFindingIsExplainedWhole() throws {
    var rules: Set<String> = []
    for finding in results.of("finding") {
      let rule = (finding["rule"] as? Results.Object)?["id"] as? String ?? ""
      guard rules.insert(rule).inserted else { continue }
      let id = try #require(finding["finding_id"] as? String)
      let outcome = try Program.run("postern", ["explain", id, path])
      #expect(outcome.code == 0)
      let words = outcome.text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      func shows(_ text: String) -> Bool {
        text.isEmpty
          || words.contains(text.split { $0 == " " || $0 == "\n" }.joined(separator: " "))
      }
      #expect(shows(rule) && shows(id))
      #expect(shows(finding["remediation"] as? String ?? "?"), "\(rule)")
      #expect(shows(finding["replay"] as? String ?? "?"), "\(rule)")
      for reason in finding["severity_reasons"] as? [String] ?? ["?"] {
        #expect(shows(reason), "\(rule)")
      }
      for limit in finding["data_quality"] as? [String] ?? ["?"] {
        #expect(shows(limit), "\(rule)")
      }
      for condition in finding["conditions"] as? [Results.Object] ?? [] {
        // Some conditions stand as sentences, the others by name and value.
        let name = condition["name"] as? String ?? ""
        let sentences = ["snapshot", "class of the account", "org-wide switch"]
        let isSentence =
          sentences.contains(name) || name.hasPrefix("human logins with basis")
          || condition["value"] as? String == "not told"
        let members =
          ["threshold", "source", "would_change"] + (isSentence ? [] : ["name", "value"])
        for member in members {
          #expect(shows(condition[member] as? String ?? "?"), "\(rule) \(member)")
        }
      }
      for row in finding["evidence"] as? [Results.Object] ?? [] {
        #expect(shows(row["record_id"] as? String ?? "?"))
      }
    }
    #expect(rules.count > 8)
  }

  @Test func aUniqueBeginningIsEnoughAndOthersAreHelped() throws {
    let ids = results.of("finding").compactMap { $0["finding_id"] as? String }
    let id = try #require(ids.first)
    for text in [String(id.prefix(30)), String(id.dropFirst(4).prefix(26)), id.uppercased()] {
      let outcome = try Program.run("postern", ["explain", text, path])
      #expect(outcome.code == 0 && outcome.text.contains(id), "\(text)")
    }
    // A digit with which several ids begin.
    let digits = Dictionary(grouping: ids) { $0.dropFirst(4).prefix(1) }
    let several = try #require(digits.first { $0.value.count > 1 })
    let ambiguous = try Program.run("postern", ["explain", String(several.key), path])
    #expect(ambiguous.code == 64 && ambiguous.errors.contains(several.value[0]))
    let typo = try Program.run("postern", ["explain", id.dropLast() + "x", path])
    #expect(typo.code == 64 && typo.errors.contains("did you mean"))
    for rule in ["PST-API-099", "mfa-0004", "PST-NET-001"] {
      let outcome = try Program.run("postern", ["explain", rule, path])
      #expect(outcome.code == 64 && outcome.errors.contains("no rule \(rule); postern rules"))
    }
    let far = try Program.run("postern", ["explain", "pf1:zzzz", path])
    #expect(far.code == 64 && far.errors.contains("pf1:"))
  }

  @Test(arguments: ["PST-MFA-001", "mfa-004", "PST-DATA-007", "PST-ACC-005"])
  func aRuleIsAnsweredWithItsFindings(rule: String) throws {
    let outcome = try Program.run("postern", ["explain", rule, path])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let name = (rule.hasPrefix("PST-") ? "" : "PST-") + rule.uppercased()
    #expect(outcome.text.hasPrefix(name + ": "))
    let findings = results.findings(String(name.dropFirst(4)))
    for finding in findings {
      let id = try #require(finding["finding_id"] as? String)
      let line = try #require(outcome.text.split(separator: "\n").first { $0.contains(id) })
      let account = finding["account"] as? Results.Object
      let name = account?["username"] as? String ?? "the org"
      #expect(line.contains(name.isEmpty ? account?["key"] as? String ?? "?" : name))
    }
    let state = (results.end["rules"] as? [Results.Object])?.first { $0["id"] as? String == name }
    switch state?["state"] as? String {
    case "none": #expect(outcome.text.contains("ran and found nothing"))
    case "not_run": #expect(outcome.text.contains("did not run; missing"))
    default: #expect(!findings.isEmpty)
    }
  }

  @Test func theMappingIsPrintedFromTheTablesInForce() throws {
    let mapping = try Program.run("postern", ["rules", "mapping"])
    #expect(mapping.code == 0)
    let lines = mapping.text.split(separator: "\n")
    func ends(_ start: String, _ end: String) -> Bool {
      lines.contains { $0.hasPrefix(start) && $0.hasSuffix(end) }
    }
    #expect(ends("Application ", "human") && ends("Partner Product ", "api"))
    #expect(ends("Offline Client ", "unclassified"))
    #expect(ends("OAuth Web Server ", "human, consent") && ends("OAuth Refresh Token ", "api"))
    #expect(ends("Multi-factor required", "pending") && ends("Success", "succeeded"))
    #expect(ends("/services/oauth2/token", "api") && ends("/index.jsp", "human"))
    // What a scan says is what the table says.
    var bases: Set<String> = []
    for finding in results.of("finding") {
      for row in finding["evidence"] as? [Results.Object] ?? [] {
        guard let mfa = row["mfa"] as? String, let basis = row["basis"] as? String else { continue }
        bases.insert(basis)
        #expect(lines.contains { $0.hasPrefix(basis + " ") && $0.contains(" \(mfa) ") }, "\(basis)")
      }
    }
    #expect(bases.count > 3)
  }
}

/// Evidence whose file is gone.
@Suite struct GoneFileTests {
  @Test func explainAccountAndEventsSayThatTheFileOfARowIsGone() throws {
    let folder = try TestFolder()
    let logins = try folder.write("l.csv", Exports.logins([Exports.Login()]))
    let users = try folder.write(
      "u.csv", Exports.users([(Exports.one, "Ada", "Robots", ["ApiUserOnly"])]))
    let (ledger, path) = (folder.path("s.ledger"), folder.path("r.jsonl"))
    let scan = try Program.run(
      "postern",
      ["scan", logins, users, "--ledger", ledger, "-o", "jsonl:" + path, "--now", "2026-09-01"])
    #expect(scan.code == 0, "\(scan.errors)")
    let results = try Results(
      .init(code: 0, output: try Data(contentsOf: URL(filePath: path)), errors: ""))
    let finding = try #require(
      results.of("finding").first { !(($0["evidence"] as? [Any]) ?? []).isEmpty })
    let id = try #require(finding["finding_id"] as? String)
    func texts() throws -> [String] {
      let explained = try Program.run("postern", ["explain", id, path])
      let account = try Program.run("postern", ["account", Exports.one, ledger])
      let events = try Program.run("postern", ["events", ledger])
      #expect(explained.code == 0 && account.code == 0)
      #expect(events.code == 2)
      #expect(events.errors.contains("all login rows lie in ledgers"))
      return [explained.text, account.errors, events.errors].map {
        $0.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      }
    }
    for text in try texts() { #expect(!text.contains("not where")) }
    try FileManager.default.removeItem(atPath: logins)
    for text in try texts() { #expect(text.contains("not where"), "\(text)") }
  }

  @Test func aFileInAnArchiveThatIsThereIsNotGone() throws {
    let folder = try TestFolder()
    let org = folder.path("org")
    let made = try Program.run(
      "postern-synth", [org, "--rows", "1000", "--compression", "zip", "--quiet"])
    #expect(made.code == 0, "\(made.errors)")
    let path = folder.path("r.jsonl")
    _ = try Program.run("postern", ["scan", org, "-o", "jsonl:" + path, "--now", "2026-09-01"])
    let results = try Results(
      .init(code: 0, output: try Data(contentsOf: URL(filePath: path)), errors: ""))
    let finding = try #require(
      results.of("finding").first { !(($0["evidence"] as? [Any]) ?? []).isEmpty })
    let id = try #require(finding["finding_id"] as? String)
    let explained = try Program.run("postern", ["explain", id, path])
    #expect(explained.text.contains(".zip!") && !explained.text.contains("not where"))
  }
}
