import Foundation
import TestSupport
import Testing

/// What people read has words where results have codes.
@Suite struct PlainWordsTests {
  /// Codes of verdicts and their bases, and wordings of which there is a better one.
  private static func codes(in text: String) -> Set<String> {
    let pattern =
      #/\b(sf_[a-z_]+|idp_[a-z_]+|no_source|not_covered|join_unproven|inside_session|oauth_consent|mfa_[a-z]+|login_event|session_level|break_glass|absent|unproven)\b|\b(can't|can’t|not) (be )?told\b/#
    return Set(text.matches(of: pattern).map { String($0.output.0) })
  }

  private static func check(_ text: String, _ name: String) {
    let found = codes(in: text)
    #expect(found.isEmpty, "\(name): \(found)")
    #expect(text.utf8.count > 100, "\(name)")
  }

  @Test(arguments: ["exports", "events", "incident"])
  func reportsOfTheSamplesHaveNoCodes(org: String) throws {
    let (folder, exports) = (try TestFolder(), Program.samples + "/" + org)
    let forms = ["text", "brief", "html", "jsonl"]
    let scan = try Program.run(
      "postern",
      ["scan", exports, "--now", "2026-09-01"]
        + forms.flatMap { ["-o", "\($0):\(folder.path($0))"] })
    #expect(scan.code == 0, "\(scan.errors)")
    func content(_ form: String) throws -> String {
      try String(contentsOfFile: folder.path(form), encoding: .utf8)
    }
    Self.check(try content("text"), "text")
    Self.check(try content("brief"), "brief")
    Self.check(Self.shown(try content("html")), "html")
    let data = try Data(contentsOf: URL(filePath: folder.path("jsonl")))
    let results = try Results(.init(code: 0, output: data, errors: ""))
    var rules: Set<String> = []
    for finding in results.of("finding") {
      let rule = (finding["rule"] as? Results.Object)?["id"] as? String ?? ""
      let id = try #require(finding["finding_id"] as? String)
      guard rules.insert(rule + (finding["status"] as? String ?? "")).inserted else { continue }
      let explained = try Program.run("postern", ["explain", id, folder.path("jsonl")])
      Self.check(explained.text, "explain \(rule)")
    }
    for verb in [
      ["account", "005Hn00000007nzIAA"], ["pivot", "user", "005Hn00000007nzIAA"],
      ["pivot", "application", "Browser"], ["apps"], ["events", "--kind", "human"],
      ["events", "--by", "mfa,basis,class,kind"],
    ] {
      let arguments =
        verb[0] == "events" ? [verb[0], exports] + verb.dropFirst() : verb + [exports]
      Self.check(try Program.run("postern", arguments).text, verb.joined(separator: " "))
    }
    for verb in [["account"], ["pivot", "user"]] {
      let page = try Program.run("postern", verb + ["005Hn00000007nzIAA", exports, "-o", "html"])
      Self.check(Self.shown(page.text), "\(verb) html")
    }
  }

  @Test func theListOfRulesHasNoCodes() throws {
    Self.check(
      try Program.run("postern", ["rules"]).text.components(separatedBy: "\nThresholds")[0],
      "rules")
  }

  /// The text of a page but for how logins are judged, which lists the codes with their meaning.
  private static func shown(_ page: String) -> String {
    var text = page
    for part in [#/<style>[\s\S]*?</style>/#, #/<script[\s\S]*?</script>/#] {
      text = text.replacing(part, with: "")
    }
    text = text.replacing(#/<section id=method[\s\S]*?</section>/#, with: "")
    return text.replacing(#/<[^>]*>/#, with: " ")
  }

  @Test func theTableOfRowsTellsWhatItsWordsMean() throws {
    let text = try Program.run(
      "postern", ["events", Program.samples + "/exports", "--mfa", "yes,no,unknown"]
    ).text
    let parts = text.components(separatedBy: "\n\nWith MFA?\n")
    try #require(parts.count == 2)
    let lines = parts[0].split(separator: "\n").map(String.init)
    let head = try #require(lines.first)
    let start = try #require(head.range(of: "MFA ")).lowerBound
    let end = try #require(head.range(of: "ADDRESS")).lowerBound
    let (from, to) = (
      head.distance(from: head.startIndex, to: start), head.distance(from: head.startIndex, to: end)
    )
    let legend = parts[1].split(separator: "\n").map { $0.split(separator: "  ")[0] }
    #expect(legend.count > 8)
    var used: Set<Substring> = []
    for line in lines.dropFirst() {
      let cell = line.dropFirst(from).prefix(to - from).split(separator: ",")[0]
      let word = cell.split(separator: "  ")[0]
      used.insert(word)
      // The last column is a place that --at takes, whole.
      #expect(line.wholeMatch(of: /.* \S+LoginHistory-0[12]\.csv\.gz:\d+/) != nil, "\(line)")
    }
    #expect(used.count > 8)
    #expect(used == Set(legend.map { Substring($0.trimmingCharacters(in: .whitespaces)) }))
  }

  @Test func wordsOfTablesAreTakenAsValues() throws {
    func rows(_ arguments: [String]) throws -> String {
      try Program.run(
        "postern", ["events", Program.samples + "/exports", "-o", "jsonl"] + arguments
      ).text
    }
    for (word, code) in [
      (["--mfa", "yes"], ["--mfa", "proven"]), (["--mfa", "no"], ["--mfa", "absent"]),
      (["--class", "person"], ["--class", "human"]), (["--kind", "browser"], ["--kind", "human"]),
    ] {
      let shown = try rows(word)
      let expected = try rows(code)
      #expect(!shown.isEmpty && shown == expected, "\(word)")
    }
  }
}
