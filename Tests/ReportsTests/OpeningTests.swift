import Accounts
import Findings
import Foundation
import Reports
import Results
import SalesforceExports
import Testing

/// What every report for people begins with.
@Suite struct OpeningTests {
  /// Results of one account that people entered, and of one that they did not.
  private static func results(
    entered: Int = 1, _ change: (inout RecordedResults) -> Void = { _ in }
  ) throws -> RecordedResults {
    var results = try SyntheticResults(accounts: entered).records()
    for position in results.groups.indices where results.groups[position].subject == .account {
      var account = results.groups[position].account
      account.accountClass = .integration
      account.logins.human.succeeded = 3
      (account.logins.proven, account.logins.absent, account.logins.unknown) = (1, 1, 1)
      var last = LastHumanRecord()
      last.time = Instant(milliseconds: 1_775_000_000_000)
      last.sourceIP = "192.0.2.7"
      last.country = "DE"
      account.logins.lastHuman = last
      results.groups[position].account = account
    }
    change(&results)
    return results
  }

  @Test(arguments: [OutputFormat.text, .brief, .html])
  func enteredAccountsStandFirstWithProofTimeAndPlace(format: OutputFormat) throws {
    let results = try Self.results()
    let text = results.text(format).replacingOccurrences(of: "<wbr>", with: "")
    let name = try #require(results.accounts.first?.shownName)
    let entry = try #require(text.range(of: "People came in to 1 of 1 integration account"))
    #expect(text.contains("3 human logins, MFA: 1 yes, 1 no, 1 can"))
    #expect(text.contains("last 2026-03-31 23:33 UTC from 192.0.2.7, DE"))
    let first = try #require(text.range(of: name, range: entry.upperBound..<text.endIndex))
    let rest = text[first.upperBound...]
    #expect(rest.contains("cannot be told"))
    #expect(rest.contains("indings"))
  }

  @Test(arguments: [OutputFormat.text, .brief, .html])
  func whatIsIncompleteComesBeforeAllElse(format: OutputFormat) throws {
    var synthetic = SyntheticResults(accounts: 1)
    synthetic.incompleteReasons = ["LoginHistory.csv: the archive was cut"]
    let text = try synthetic.records().text(format)
    let reason = try #require(text.range(of: "the archive was cut"))
    let headline = format == .brief ? "Findings:" : "integration account"
    let verdict = try #require(text.range(of: headline))
    #expect(reason.lowerBound < verdict.lowerBound)
  }

  @Test func nobodyIsSaidToHaveStayedOutWhereNobodyKnowsWhatAccountsAreFor() throws {
    let results = try Self.results { results in
      for position in results.groups.indices where results.groups[position].subject == .account {
        results.groups[position].account.accountClass = .unknown
        results.groups[position].account.isInSnapshot = false
      }
    }
    let text = results.text(.text)
    #expect(text.contains("Whether people came in to integration accounts cannot be told"))
    #expect(text.contains("sf data query"))
  }

  @Test(arguments: [OutputFormat.text, .brief, .html])
  func nobodyIsSaidToHaveStayedOutWhereLoginsCouldNotBeClassed(format: OutputFormat) throws {
    func text(unclassified: Int, openSubTypes: Int = 0) throws -> String {
      try Self.results { results in
        for position in results.groups.indices
        where results.groups[position].subject == .account {
          var account = results.groups[position].account
          account.isInSnapshot = true
          account.logins.human = OutcomeCounts()
          (account.logins.proven, account.logins.absent, account.logins.unknown) = (0, 0, 0)
          account.logins.unclassified = OutcomeCounts()
          account.logins.unclassified.succeeded = unclassified
          account.logins.apiSubTypeUnknown = openSubTypes
          results.groups[position].account = account
        }
      }.text(format)
    }
    let known = try text(unclassified: 0)
    #expect(known.contains("No human login to any of 1 integration account"))
    #expect(!known.contains("as far as logins could be classed"))
    let untold = try text(unclassified: 7)
    #expect(!untold.contains("No human login to any"))
    #expect(
      untold.contains("Whether people came in to 1 integration account cannot be told: 7 logins"))
    #expect(
      try text(unclassified: 0, openSubTypes: 3).contains("as far as logins could be classed"))
  }

  @Test(arguments: [1, 7, 30, 400])
  func aBriefHasAtMostFortyLines(accounts: Int) throws {
    let results = try Self.results(entered: accounts) { results in
      results.run.baselineTime = Instant(milliseconds: 1_775_000_000_000)
      results.end.gone = [.resolved: 2]
      results.end.incompleteReasons = (1...30).map { "file-\($0).csv: cut" }
      for position in results.groups.indices {
        results.groups[position].account.logins.byBasis = NamedCounts(
          Dictionary(uniqueKeysWithValues: VerdictBasis.allCases.map { ($0.rawValue, 1) }))
        for number in results.groups[position].findings.indices {
          var lifecycle = FindingLifecycle()
          lifecycle.change = number == 0 ? .new : .recurred
          lifecycle.newRows = 4
          results.groups[position].findings[number].lifecycle = lifecycle
        }
      }
    }
    let lines = results.text(.brief).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 41, "the last line ends the text")
    #expect(lines.contains { $0.contains("and 26 more") })
    #expect(lines.contains("**Who came in**") && lines.contains("**What cannot be told**"))
    #expect(lines.contains { $0.hasPrefix("**New since") })
    if accounts > 7 { #expect(lines.contains("- and \(accounts - 7) more")) }
  }

  @Test func foreignTextMakesNoMarkdown() throws {
    var synthetic = SyntheticResults(accounts: 2)
    synthetic.foreignText = "[x](https://evil.example) <b>*loud*</b> `c`\n# heading"
    let text = try synthetic.records().text(.brief)
    #expect(!text.contains("](") && !text.contains("<b>") && !text.contains("https://evil"))
    #expect(!text.split(separator: "\n").dropFirst().contains { $0.hasPrefix("# ") })
  }
}
