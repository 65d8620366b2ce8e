import Accounts
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

  @Test func figuresAreSpelt() {
    func spelt(_ name: String) -> String { FigureName.spelt(name, hasVerifications: true) }
    #expect(spelt("mfa_absent") == "MFA: no")
    #expect(spelt("mfa_unknown") == "MFA: cannot be told")
    #expect(
      spelt("basis_sf_no_verification") == "Salesforce recorded no verification for this login")
    #expect(spelt("human_logins_it_would_refuse") == "human logins it would refuse")
    #expect(spelt("api_succeeded") == "API succeeded" && spelt("sso_days") == "SSO days")
  }
}
