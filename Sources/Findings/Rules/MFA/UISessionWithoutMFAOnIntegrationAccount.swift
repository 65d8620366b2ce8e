import Accounts
import SalesforceExports

struct UISessionWithoutMFAOnIntegrationAccount: Rule {
  static let description = RuleDescription(
    id: "PST-MFA-001", version: 2, title: "human login without MFA to an integration account",
    severity: .high, onePer: "account", isEvent: true, needs: AbsentMFA.needs,
    condition: "an integration account has " + AbsentMFA.condition,
    severitySteps: ["+1 privileged account"] + AbsentMFA.severitySteps,
    evidence: AbsentMFA.evidence,
    remediation:
      "Find out who logged in and why. Require MFA before the next person does: Setup > Identity > "
      + "Identity Verification > \u{201C}Require multi-factor authentication (MFA) for all direct "
      + "UI logins\u{201D}, or assign the permission Multi-Factor Authentication for User "
      + "Interface Logins to this account; REST and SOAP calls are not affected by either. Change "
      + "the account's password and security token if the login is not explained.",
    references: [Reference.guidance, Reference.multiFactorFAQ], attack: ["T1078.004"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    AbsentMFA.draft(about: .integrationAccounts, facts, context).map { [$0] } ?? []
  }
}
