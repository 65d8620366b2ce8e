import Accounts
import SalesforceExports

/// PST-MFA-005.
struct IdentityConfirmedOnly: Rule {
  let description = RuleDescription(
    id: "PST-MFA-005", title: "identity confirmed by e-mail or SMS only, which is not MFA",
    severity: .medium, onePer: "account", needs: [.verifications],
    condition:
      "an integration account, or a privileged internal account, has at least one successful human "
      + "login with the basis sf_identity_only",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the logins that only an e-mail, a text message or a device activation confirmed",
    remediation:
      "Register an MFA method for everyone who uses the account. E-mail and SMS codes confirm a "
      + "new device; they do not satisfy the MFA requirement.",
    references: [Reference.guidance, Reference.multiFactorFAQ], attack: ["T1078.004"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard AbsentMFA.ruleID(for: facts, context) != nil,
      facts.accountClass == .integration || facts.isPrivileged
    else { return [] }
    let logins = facts.logins.filter { $0.verdict?.basis == .identityOnly }
    guard let first = logins.first, let last = logins.last else { return [] }
    var draft = FindingDraft()
    draft.firstSeen = first.row.time
    draft.lastSeen = last.row.time
    draft.counts = HumanLogins.counts(facts)
    draft.conditions = [
      Condition(
        "human logins confirmed by e-mail or SMS only", String(logins.count),
        threshold: "1 or more", source: "VerificationHistory",
        wouldChange: "an MFA verification with the Id of each login"),
      HumanLogins.classCondition(facts),
    ]
    draft.evidence = logins.map { context.evidence($0, "identity confirmed only") }
    draft.evidenceTotal = logins.count
    return [draft]
  }
}
