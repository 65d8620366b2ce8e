import Accounts
import SalesforceExports

struct UISessionWithoutMFAOnPrivilegedAccount: Rule {
  static let description = RuleDescription(
    id: "PST-MFA-002", version: 2, title: "human login without MFA to a privileged account",
    severity: .high, onePer: "account", isEvent: true, needs: AbsentMFA.needs + [.permissions],
    condition: "a privileged account that is no integration account has " + AbsentMFA.condition,
    severitySteps: AbsentMFA.severitySteps, evidence: AbsentMFA.evidence,
    remediation:
      "Let the person register a phishing-resistant method (security key or built-in "
      + "authenticator) and require MFA: Setup > Identity > Identity Verification > \u{201C}Require "
      + "multi-factor authentication (MFA) for all direct UI logins\u{201D}. Review what the "
      + "account did in the sessions listed.",
    references: [Reference.multiFactorFAQ, Reference.privilegedUsers], attack: ["T1078.004"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard var draft = AbsentMFA.draft(about: .privilegedAccounts, facts, context) else { return [] }
    context.limitByPermissions(&draft)
    return [draft]
  }
}
