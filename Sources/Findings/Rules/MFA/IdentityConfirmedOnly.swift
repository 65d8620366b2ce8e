import Accounts
import SalesforceExports

struct IdentityConfirmedOnly: Rule {
  static let description = RuleDescription(
    id: "PST-MFA-005", version: 2,
    title: "identity confirmed by e-mail or SMS only, which is not MFA",
    severity: .medium, onePer: "account", isEvent: true, needs: [.verifications],
    condition:
      "an integration account, or a privileged internal account, has at least one successful human "
      + "login that was confirmed by e-mail or text message only",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the logins that only an e-mail, a text message or a device activation confirmed",
    remediation:
      "Register an MFA method for everyone who uses the account. E-mail and SMS codes confirm a "
      + "new device; they do not satisfy the MFA requirement.",
    references: [Reference.guidance, Reference.multiFactorFAQ], attack: ["T1078.004"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.verdicts[.identityOnly] > 0, AbsentMFA.concerns(facts) else { return [] }
    let logins = facts.logins.filter { $0.verdict?.basis == .identityOnly }
    guard facts.accountClass == .integration || context.wasPrivileged(facts, at: logins) else {
      return []
    }
    var draft = FindingDraft()
    draft.cite(logins, "identity confirmed only")
    guard context.describes else { return [draft] }
    draft.counts = HumanLogins.counts(facts)
    draft.conditions = [
      Condition(
        "human logins confirmed by e-mail or SMS only", String(logins.count),
        threshold: "1 or more", source: "VerificationHistory",
        wouldChange: "an MFA verification with the Id of each login"),
      HumanLogins.classCondition(facts),
    ]
    return [draft]
  }
}
