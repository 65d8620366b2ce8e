import Accounts
import SalesforceExports

struct UISessionWithoutMFA: Rule {
  static let description = RuleDescription(
    id: "PST-MFA-003", version: 2, title: "human login without MFA",
    severity: .medium, onePer: "account", isEvent: true, needs: AbsentMFA.needs,
    condition:
      "any other human account, a break-glass account or one in no snapshot has "
      + AbsentMFA.condition,
    severitySteps: AbsentMFA.severitySteps, evidence: AbsentMFA.evidence,
    remediation:
      "Require MFA for all direct UI logins: Setup > Identity > Identity Verification. Where the "
      + "account is used by test automation or RPA, name it in the configuration's "
      + "ui_automation_accounts.",
    references: [Reference.multiFactorFAQ], attack: ["T1078.004"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    AbsentMFA.draft(about: .otherAccounts, facts, context).map { [$0] } ?? []
  }
}
