import Accounts
import Crypto
import Findings
import Foundation
import Reports
import Results
import SalesforceExports
import Testing

/// The page: whole, closed to the outside, and deaf to what exports say.
@Suite struct HTMLReportTests {
  private func samplePage() throws -> String { try SampleResults.records().text(.html) }

  /// Tags in their order, with the names of their attributes and without any value or text.
  private static func skeleton(_ page: String) -> [String] {
    // Where a name may break depends on its signs.
    page.replacingOccurrences(of: "<wbr>", with: "").matches(of: /<[a-zA-Z!\/][^>]*>/).map {
      match in
      let tag = String(match.output)
      let name = tag.prefix { $0 != " " && $0 != ">" }
      let names = tag.matches(of: /\s([a-zA-Z-]+)(=("[^"]*"|[^\s">]*))?/).map {
        String($0.output.1)
      }
      return ([String(name)] + names).joined(separator: " ")
    }
  }

  // MARK: Structure

  @Test func theSectionsStandInTheReadersOrder() throws {
    let page = try samplePage()
    let ids = page.matches(of: /<section id=([a-z]+)/).map { String($0.output.1) }
    #expect(
      ids == [
        "verdict", "figures", "mfa", "accounts", "panels", "rules", "api", "applications",
        "calendar", "coverage", "suppressions", "quality", "inputs", "method", "words",
      ])
    // None of them is empty.
    for section in page.split(separator: "<section ").dropFirst() {
      #expect(section.utf8.count > 120)
    }
  }

  @Test func everyAccountHasARowAndEveryInputItsDigest() throws {
    let results = try SampleResults.records()
    let page = results.text(.html)
    let table = try #require(page.firstMatch(of: /<tbody class=all>(?s:.*?)<\/table>/)).output
    #expect(table.matches(of: /<tr[ >]/).count == results.accounts.count)
    for account in results.accounts { #expect(table.contains(account.key)) }
    let text = page.replacingOccurrences(of: "<wbr>", with: "")
    for input in results.run.inputs {
      #expect(text.contains(input.sha256) && text.contains(input.name))
    }
  }

  @Test func aPanelIsThereForEachAccountAboveInfoWithItsEvidenceAndReplay() throws {
    let results = try SampleResults.records()
    let page = results.text(.html)
    var accounts: Set<String> = []
    for finding in results.findings {
      guard finding.severity > .info, let account = finding.account else { continue }
      accounts.insert(account.key)
      let replay = SafeText.html(SafeText.terminal(finding.replay))
      let isShown = page.contains("<pre>\(replay)</pre>")
      #expect(isShown || replay.isEmpty, "\(finding.id)")
    }
    #expect(page.matches(of: /<details class=panel>/).count == accounts.count)
    #expect(!accounts.isEmpty)
    let isCounted = page.contains(" of 20 shown")
    #expect(isCounted)
  }

  @Test func rulesWithoutAHitAndRulesThatCouldNotRunAreTold() throws {
    var results = SyntheticResults()
    results.notRun = ["PST-ACC-002"]
    let page = try results.records().text(.html)
    #expect(page.contains("ran, no hit"))
    #expect(page.contains("could not run</b>: needs User"))
  }

  @Test func everyBasisOfAVerdictIsExplained() throws {
    let page = try samplePage()
    for basis in VerdictBasis.allCases {
      let row = page.components(separatedBy: "<code>\(basis.rawValue)</code><td>")
      #expect(row.count == 2, "\(basis)")
      let isTold = ["yes", "no", "cannot be told"].contains { row.last?.hasPrefix($0) == true }
      #expect(isTold, "\(basis)")
    }
  }

  @Test func figuresStandBeforeTheDigestsOfFiles() throws {
    let page = try samplePage()
    let figures = try #require(page.range(of: "<section id=figures"))
    let digest = try #require(page.range(of: "class=\"hash"))
    #expect(figures.lowerBound < digest.lowerBound)
  }

  @Test func aPanelSaysWhatToDo() throws {
    let results = try SampleResults.records()
    let page = results.text(.html)
    let finding = try #require(results.findings.first { $0.ruleID == "PST-MFA-001" })
    let panels = page.components(separatedBy: "<details class=panel>").dropFirst()
    let panel = try #require(
      panels.first { $0.contains("id=f-\(finding.id.dropFirst(4))") })
    #expect(panel.contains("<h4>What to do</h4><ol class=do><li>"))
    #expect(panel.contains(SafeText.html(finding.remediation)))
  }

  @Test func privilegesAreSpeltAndCodesAreSentences() throws {
    let page = try samplePage()
    let judged = try #require(page.components(separatedBy: "<section id=method").first)
    #expect(judged.contains("Modify All Data"))
    #expect(!judged.contains("ModifyAllData"))
    #expect(judged.contains("Salesforce recorded no successful verification for this login"))
    let shown = judged.replacing(/<dt>Fires on<dd>[^<]*/, with: "")
    for basis in VerdictBasis.allCases {
      #expect(!shown.contains(basis.rawValue), "\(basis.rawValue)")
    }
  }

  @Test func noSeverityWithoutFindingsHasItsColour() throws {
    let page = try SyntheticResults().records().text(.html)
    #expect(page.contains("<li class=none><b>0</b>critical"))
    #expect(!page.contains("<b>0</b><span class=\"tag critical"))
  }

  @Test func theSearchKnowsPersonsApplicationsAndAddresses() throws {
    let results = try SampleResults.records()
    let page = results.text(.html)
    let rows = page.components(separatedBy: "<tr")
    let account = try #require(
      results.accounts.first { !$0.values.addresses.uses.isEmpty && !$0.name.isEmpty })
    let row = try #require(rows.first { $0.contains("<i>\(account.key)</i>") })
    let terms = try #require(row.firstMatch(of: /\sdata-f="([^"]*)"/)).output.1
    #expect(terms.contains(account.name))
    for use in account.values.applications.uses where use.value != "N/A" {
      #expect(terms.contains(SafeText.html(use.value)))
    }
    for use in account.values.addresses.uses {
      // Later addresses of a network are their last number.
      let last = use.value.split(separator: ".").last.map(String.init) ?? ""
      #expect(terms.contains(use.value) || terms.contains("+" + last), "\(use.value)")
    }
  }

  @Test func everyAccountHasAPlaceThatALinkCanName() throws {
    let results = try SampleResults.records()
    let page = results.text(.html)
    for account in results.accounts { #expect(page.contains("id=a-\(account.key)")) }
  }

  @Test func eachWordOfThePageIsExplainedOnce() throws {
    let page = try samplePage()
    for term in Glossary.terms {
      #expect(page.components(separatedBy: "<dt>\(term.name)<dd>").count == 2, "\(term.name)")
    }
    #expect(Set(Glossary.terms.map(\.name)).count == Glossary.terms.count)
  }

  @Test func theGuideOfWordsIsThatOfThePage() throws {
    let path = SampleResults.root.appending(path: "docs/words.md")
    let rows = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").filter {
      $0.hasPrefix("| **")
    }
    #expect(rows.map(String.init) == Glossary.terms.map { "| **\($0.name)** | \($0.meaning) |" })
  }

  @Test func anIncompleteRunSaysSoBesideTheVerdict() throws {
    let complete = try samplePage()
    #expect(complete.contains("✓ Complete") && !complete.contains("▲ Incomplete"))
    var results = SyntheticResults()
    results.incompleteReasons = ["LoginHistory.csv.gz: cut at byte 12", "User.csv: missing"]
    let page = try results.records().text(.html)
    #expect(page.contains("▲ Incomplete") && !page.contains("✓ Complete"))
    for reason in results.incompleteReasons { #expect(page.contains("<li>\(reason)")) }
  }

  @Test func suppressedFindingsAreShownWithOwnerReasonAndEnd() throws {
    var results = SyntheticResults()
    results.suppression = AppliedSuppression(
      owner: "Ada", reason: "accepted until the move",
      expires: try #require(Instant(resultText: "2026-09-20T00:00:00.000Z")))
    let page = try results.records().text(.html)
    #expect(page.contains("accepted until the move") && page.contains("<td>Ada"))
    #expect(page.contains("in 19 days"))
    #expect(page.contains("No open finding above info."))
    // The accounts keep their panels.
    #expect(page.matches(of: /<details class=panel>/).count == results.accounts)
  }

  @Test func aFindingThatRecurredSaysHowManyRowsAreNew() throws {
    var results = try SyntheticResults().records()
    var lifecycle = FindingLifecycle()
    lifecycle.change = .recurred
    lifecycle.newRows = 7
    results.groups[0].findings[0].lifecycle = lifecycle
    results.run.baselineTime = results.run.evaluationTime
    let page = results.text(.html)
    #expect(page.contains("recurred, 7 new rows</span>"))
    #expect(page.contains("0 are new, 1 recurred, 0 changed"))
    #expect(page.contains("<section id=gone "))
  }

  /// Which worker has an account, and when, is a matter of chance.
  @Test(arguments: [1, 2, 3, 8])
  func theSameResultsGiveTheSameBytesHoweverTheyAreDealtOut(workers: Int) throws {
    var results = SyntheticResults()
    results.accounts = 700
    for results in [try SampleResults.records(), try results.records()] {
      let expected = results.bytes(.html)
      var seed: UInt64 = 20_261_128
      for _ in 0..<3 {
        var shuffled = results
        for position in shuffled.groups.indices.dropFirst() {
          seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          shuffled.groups.swapAt(position, Int(seed >> 33) % (position + 1))
        }
        let workersOfGroups = shuffled.groups.map { _ in
          seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return Int(seed >> 33) % workers
        }
        let bytes = shuffled.bytes(.html, workers: workers) { workersOfGroups[$0] }
        #expect(bytes == expected, "seed \(seed)")
      }
    }
  }

  @Test func aLinkLeadsToAPlaceThatStaysAndIsThereOnce() throws {
    for page in [
      try samplePage(), try SyntheticResults(foreignText: "a b<é").records().text(.html),
    ] {
      let ids = page.matches(of: /\sid="?([^\s">]+)/).map { String($0.output.1) }
      #expect(Set(ids).count == ids.count)
      for link in page.matches(of: /href="?#([^\s">]+)/) {
        #expect(ids.contains(String(link.output.1)), "\(link.output.1)")
      }
    }
    let results = try SampleResults.records()
    let page = results.text(.html)
    for finding in results.findings {
      #expect(page.contains("id=f-\(finding.id.dropFirst(4))"), "\(finding.id)")
    }
  }

  // MARK: Closed to the outside

  @Test func thePolicyNamesTheDigestsOfTheOneStyleAndTheOneScript() throws {
    let page = try samplePage()
    let policy = try #require(
      page.firstMatch(of: /http-equiv="Content-Security-Policy" content="([^"]*)"/)
    ).output.1
    for name in ["style", "script"] {
      let parts = page.components(separatedBy: "<\(name)>")
      #expect(parts.count == 2)
      let text = try #require(parts[1].components(separatedBy: "</\(name)>").first)
      let digest = Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
      #expect(policy.contains("\(name)-src 'sha256-\(digest)'"))
    }
    #expect(policy.hasPrefix("default-src 'none';"))
    #expect(policy.contains("base-uri 'none'; form-action 'none'"))
    // Before anything that it could rule on.
    let head = try #require(page.components(separatedBy: "<meta http-equiv").first)
    #expect(head.utf8.count < 120)
  }

  @Test func nothingInThePageLoadsAnything() throws {
    let page = try samplePage()
    for pattern in ["src=", "<link", "<img", "<iframe", "<object", "<embed", "<base", "@import"] {
      #expect(!page.contains(pattern), "\(pattern)")
    }
    for match in page.matches(of: /url\([^)]*\)/) { #expect(match.output.hasPrefix("url(#")) }
    #expect(page.matches(of: #/ style=/#).isEmpty)
    #expect(page.matches(of: #/ on[a-z]+=/#).isEmpty)
    for match in page.matches(of: /<a [^>]*href="?https?:[^>]*>/) {
      #expect(match.output.contains("rel=noreferrer"))
    }
  }

  // MARK: Foreign text

  static let hostileTexts = [
    "\"><script>alert(1)</script>", "' onmouseover=alert(1) x='", "</td></table><h1>",
    "</script><script>alert(1)</script>", "</style><style>*{display:none}", "<!--", "]]>",
    "javascript:alert(1)", "a\u{0}b", "a\u{202E}gpj.exe\u{2066}", "\"\u{301} onclick=alert(1) ",
    "&lt;b&gt;&amp;#60;", "${alert(1)}`", "{{name}}", "=HYPERLINK(\"https://example.com\")",
    String(repeating: "<A&\"'", count: 2_048), "株式会社 👩‍👩‍👧 مرحبا", "\u{1B}[2J\n\r\t",
  ]

  /// The tags of a page with plain text, which takes a second to make.
  private static let plainSkeleton = Result {
    skeleton(try SyntheticResults(foreignText: "plain").records().text(.html))
  }

  @Test(arguments: hostileTexts)
  func foreignTextChangesNoTag(_ text: String) throws {
    let page = try SyntheticResults(foreignText: text).records().text(.html)
    #expect(try Self.skeleton(page) == Self.plainSkeleton.get())
    let allowed: Set<Unicode.Scalar> = ["\n"]
    for scalar in page.unicodeScalars where !allowed.contains(scalar) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        Issue.record("U+\(String(scalar.value, radix: 16)) stands in the page")
        return
      default: break
      }
    }
  }

  @Test func longNamesAreShortenedAndSayByHowMuch() throws {
    var results = SyntheticResults()
    results.foreignText = String(repeating: "é", count: 10_240)
    let page = try results.records().text(.html)
    #expect(page.contains("… [+10000]"))
    // Commands are whole or of no use; nothing else repeats the name.
    #expect(page.utf8.count < 3_000_000)
  }

  @Test func escapedTextKeepsWhatPeopleRead() {
    #expect(SafeText.html("株式会社 é & \"co\"") == "株式会社 é &amp; &quot;co&quot;")
    #expect(SafeText.html("a\u{202E}b\u{0}") == "a\\u{202E}b\\u{0}")
    #expect(SafeText.html("\"\u{301}") == "&quot;\u{301}")
    #expect(SafeText.html("abc", limit: 2) == "ab… [+1]")
    #expect(SafeText.html("abc", limit: 3) == "abc")
  }

  // MARK: Size

  @Test func tenThousandAccountsStayBelowFiveMegabytes() throws {
    var results = SyntheticResults()
    results.accounts = 10_000
    let page = try results.records().bytes(.html)
    #expect(page.count <= 5_000_000, "\(page.count) bytes")
    let text = String(decoding: page, as: UTF8.self)
    #expect(text.components(separatedBy: "<details class=panel>").count - 1 == 500)
    #expect(text.components(separatedBy: "<a href=#a-005Hn").count > 500)
    #expect(text.components(separatedBy: "<i>005Hn").count - 1 == 10_000)
    #expect(text.contains("9,500 more by <code>postern account ID"))
  }
}
