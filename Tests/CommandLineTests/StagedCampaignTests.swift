import Foundation
import TestSupport
import Testing

/// Campaigns that the generator stages, and the rules that must find them.
@Suite struct StagedCampaignTests {
  private typealias Object = Results.Object

  private static let campaigns = [
    "drift", "gainsight", "klue", "vishing", "front-door", "stale-token",
  ]
  /// Rules of which everyday logins of the generator give no finding.
  private static let quietRules: Set<String> = [
    "PST-API-009", "PST-API-014", "PST-API-015", "PST-API-016", "PST-INT-013", "PST-ACC-008",
  ]

  private struct Staged {
    let truth: Object
    let results: Results

    init(_ arguments: [String]) throws {
      let folder = try TestFolder()
      let made = try Program.run(
        "postern-synth",
        [
          folder.path("o"), "--rows", "2500", "--users", "50", "--days", "110", "--quiet",
        ] + arguments)
      #expect(made.code == 0, "\(made.errors)")
      let data = try Data(contentsOf: URL(filePath: folder.path("o/truth.json")))
      let truth = try #require(try JSONSerialization.jsonObject(with: data) as? Object)
      self.truth = try #require(truth["campaign"] as? Object)
      results = try Program.scan([folder.path("o")])
    }

    /// Findings of a rule about the campaign's application, or about one of its accounts.
    func findings(_ rule: String) -> [Object] {
      let accounts = truth["accounts"] as? [String] ?? []
      let application = truth["application"] as? String ?? ""
      return results.of("finding").filter { finding in
        guard (finding["rule"] as? Object)?["id"] as? String == rule else { return false }
        guard let account = finding["account"] as? Object else {
          return (finding["discriminator"] as? String ?? "").contains(application)
        }
        return accounts.contains(account["id"] as? String ?? "")
      }
    }

    /// Rules that the program has.
    var known: Set<String> {
      Set((results.end["rules"] as? [Object] ?? []).compactMap { $0["id"] as? String })
    }
  }

  @Test(arguments: campaigns)
  func everyRuleOfTheTruthFindsTheCampaign(campaign: String) throws {
    let staged = try Staged(["--incident", campaign])
    let rules = try #require(staged.truth["rules"] as? [String])
    #expect(!rules.isEmpty)
    for rule in rules where staged.known.contains(rule) {
      #expect(!staged.findings(rule).isEmpty, "\(campaign): \(rule) says nothing")
    }
  }

  @Test(arguments: campaigns)
  func theHistoryAloneGivesNoFinding(campaign: String) throws {
    let staged = try Staged(["--incident", campaign, "--history-only"])
    for rule in Self.quietRules {
      #expect(staged.findings(rule).isEmpty, "\(campaign): \(rule)")
    }
  }

  @Test func otherNamesNetworksAndTimesAreFoundAsWell() throws {
    let staged = try Staged([
      "--incident", "vishing", "--application", "Quiet Clerk", "--network", "2001:db8:feed::/48",
      "--incident-start", "2026-04-20T22:30",
    ])
    #expect(staged.truth["first"] as? String == "2026-04-20T22:30:00.000Z")
    let finding = try #require(staged.findings("PST-API-009").first)
    #expect((finding["discriminator"] as? String)?.contains("Quiet Clerk") == true)
  }
}
