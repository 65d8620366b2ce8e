import Accounts
import SalesforceExports

/// PST-MFA-004.
struct UndecidableMFA: Rule {
  let description = RuleDescription(
    id: "PST-MFA-004", title: "human logins whose MFA can't be told",
    status: .unknown, severity: .info, onePer: "account",
    condition:
      "an internal account has at least one successful human login with the MFA verdict unknown",
    evidence: "the logins, with the basis of each verdict",
    remediation: "Give the input that would tell; each basis names it.",
    references: [Reference.multiFactorFAQ])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard AbsentMFA.ruleID(for: facts, context) != nil else { return [] }
    let unknown = facts.logins.filter { $0.verdict?.state == .unknown }
    guard let first = unknown.first, let last = unknown.last else { return [] }
    var draft = FindingDraft()
    draft.firstSeen = first.row.time
    draft.lastSeen = last.row.time
    draft.counts = HumanLogins.counts(facts)
    let bases = Set(unknown.compactMap { $0.verdict?.basis }).sorted { $0.rawValue < $1.rawValue }
    draft.conditions = bases.map { basis in
      Condition(
        "human logins with basis \(basis.rawValue)", String(facts.verdicts[basis] ?? 0),
        threshold: "1 or more", source: "login rows and VerificationHistory",
        wouldChange: basis.remedy)
    }
    draft.evidence = unknown.map { login in
      context.evidence(login, login.verdict.map { "MFA unknown: \($0.basis.rawValue)" } ?? "")
    }
    draft.evidenceTotal = unknown.count
    draft.remediation = bases.map(\.remedy).filter { !$0.isEmpty }.joined(separator: " ")
    return [draft]
  }
}
