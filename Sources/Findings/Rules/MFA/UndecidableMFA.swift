import Accounts
import SalesforceExports

struct UndecidableMFA: Rule {
  static let description = RuleDescription(
    id: "PST-MFA-004", version: 2, title: "human logins whose MFA cannot be told",
    status: .unknown, severity: .info, onePer: "account",
    condition:
      "an internal account has at least one successful human login whose MFA cannot be told",
    evidence: "the logins, with the basis of each verdict",
    remediation: "Give the input that would tell; each basis names it.",
    references: [Reference.multiFactorFAQ])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.verdicts[.unknown] > 0, AbsentMFA.concerns(facts) else { return [] }
    let unknown = facts.logins(.unknown)
    var draft = FindingDraft()
    draft.cite(unknown) { login in
      login.verdict.map { "MFA unknown: \($0.basis.rawValue)" } ?? ""
    }
    guard context.describes else { return [draft] }
    draft.counts = HumanLogins.counts(facts)
    let bases = Set(unknown.compactMap { $0.verdict?.basis }).sorted { $0.rawValue < $1.rawValue }
    draft.conditions = bases.map { basis in
      Condition(
        "human logins with basis \(basis.rawValue)", String(facts.verdicts[basis]),
        threshold: "1 or more", source: "login rows and VerificationHistory",
        wouldChange: basis.remedy)
    }
    draft.remediation = bases.map(\.remedy).filter { !$0.isEmpty }.joined(separator: " ")
    return [draft]
  }
}
