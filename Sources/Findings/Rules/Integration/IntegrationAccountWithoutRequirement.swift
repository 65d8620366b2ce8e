import Accounts
import SalesforceExports

struct IntegrationAccountWithoutRequirement: Rule {
  static let description = RuleDescription(
    id: "PST-INT-005", title: "integration account that no MFA requirement covers",
    severity: .medium, onePer: "account; org where the switch is not stated",
    needs: [.users, .permissions],
    condition:
      "the org-wide switch is off (mfa.required_for_direct_ui_logins: false) and the integration "
      + "account does not have Multi-Factor Authentication for User Interface Logins through "
      + "profile, permission set or group; API-only accounts included. Switch not stated: one "
      + "finding for the org, undecided",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "none: the finding is about settings",
    remediation: Self.advice,
    references: [Reference.guidance, Reference.multiFactorFAQ])

  private static let advice =
    "Switch on Setup > Identity > Identity Verification > \u{201C}Require multi-factor "
    + "authentication (MFA) for all direct UI logins\u{201D}. It is on by default in production, "
    + "recommended, and safe for integrations: REST and SOAP calls are untouched by the switch and "
    + "by the permission. Where the switch must stay off, assign the permission Multi-Factor "
    + "Authentication for User Interface Logins to the account."

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.accountClass == .integration, context.requiresMultiFactor == false,
      let permissions = facts.permissions
    else { return [] }
    var draft = FindingDraft()
    draft.firstSeen = facts.firstLogin
    draft.lastSeen = facts.lastLogin
    draft.conditions = [
      Condition(
        "org-wide switch", "off", source: "mfa.required_for_direct_ui_logins",
        wouldChange: "the switch on")
    ]
    let state = permissions.state(of: .forceTwoFactor)
    if state.isGranted { return [] }
    draft.conditions.append(
      Condition.permission(
        .forceTwoFactor, state,
        wouldChange: "the permission through the profile, a permission set or a group"))
    if case .notAvailable(let columns) = state {
      draft.becomeUnknown(columns)
    } else {
      context.limitByPermissions(&draft)
    }
    draft.conditions.append(HumanLogins.classCondition(facts))
    return [draft]
  }

  func findings(for run: RunFacts, in context: RuleContext) -> [FindingDraft] {
    guard context.requiresMultiFactor == nil else { return [] }
    let integration = run.accounts.filter { $0.accountClass == .integration }
    let open = integration.filter { $0.multiFactorPermission?.isGranted != true }
    guard !open.isEmpty else { return [] }
    var draft = FindingDraft()
    draft.status = .unknown
    draft.firstSeen = open.compactMap(\.firstLogin).min()
    draft.lastSeen = open.compactMap(\.lastLogin).max()
    draft.counts = [
      "integration_accounts": integration.count, "without_permission": open.count,
    ]
    draft.conditions = [
      Condition(
        "org-wide switch", "not told", isMet: false, source: "mfa.required_for_direct_ui_logins",
        wouldChange: "stating the switch in the configuration"),
      Condition(
        "integration accounts without the permission", String(open.count), threshold: "1 or more",
        source: "permission snapshots"),
    ]
    draft.remediation =
      "State the switch in the configuration (mfa: {required_for_direct_ui_logins: "
      + "true|false}). " + Self.advice
    return [draft]
  }
}
