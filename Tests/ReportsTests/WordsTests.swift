import Accounts
import Results
import Testing

@testable import Reports

/// Words that stand for codes where people read.
@Suite struct WordsTests {
  @Test(arguments: [true, false])
  func theNarrowestColumnTellsReasonsOfOneAnswerApart(hasVerifications: Bool) {
    for state in VerdictState.allCases {
      // Seven columns hold the answer, what fits of the reason and an ellipsis.
      let room = 6 - (state == .unknown ? "?: " : state.answer + ": ").count
      let words = VerdictBasis.allCases.filter { $0.state == state }
        .map { $0.brief(hasVerifications: hasVerifications) }
      #expect(Set(words.map { $0.prefix(room) }).count == words.count, "\(words)")
      #expect(words.allSatisfy { $0.count <= 20 && !$0.contains("_") })
    }
  }

  @Test(arguments: [
    (
      "PST-API-002", "application=Feeds & Co&api_version=31.0",
      "application Feeds & Co, API version 31.0"
    ),
    ("PST-API-014", "application=A=B&network=10.0.0.0/8", "application A=B, network 10.0.0.0/8"),
    ("PST-API-009", "indicator=application: Load*", "indicator application: Load*"),
    ("PST-API-010", "tls=TLS 1.0", "TLS 1.0"), ("PST-API-003", "31.0", "API version 31.0"),
    ("PST-API-012", "busy_day", "far more requests than on its other days"),
    ("PST-INT-012", "005Hn00000007pEIAQ", "administrator 005Hn00000007pEIAQ"),
    (
      "PST-INT-014", "permission=ApproveUninstalledConnectedApps",
      "Approve Uninstalled Connected Apps"
    ),
    ("PST-DATA-004", "column=LoginType&value=Quantum", "LoginType: Quantum"),
    ("PST-DATA-003", "file=l.csv&reason=invalid_time", "l.csv: invalid time"),
    ("PST-DATA-002", "User", "User"), ("PST-INT-001", "", ""),
  ])
  func whatAFindingIsAboutIsSpelt(rule: String, discriminator: String, words: String) {
    var finding = FindingRecord()
    finding.ruleID = rule
    finding.discriminator = discriminator
    #expect(finding.shownSubject == words)
  }

  @Test func figuresAreSpelt() {
    func spelt(_ name: String) -> String { FigureName.spelt(name, hasVerifications: true) }
    #expect(spelt("mfa_absent") == "MFA: no")
    #expect(spelt("mfa_unknown") == "MFA: cannot be told")
    #expect(
      spelt("basis_sf_no_verification")
        == "Salesforce recorded no successful verification for this login")
    #expect(spelt("human_logins_it_would_refuse") == "human logins it would refuse")
    #expect(spelt("api_succeeded") == "API succeeded" && spelt("sso_days") == "SSO days")
  }
}
