import Accounts
import SalesforceExports

struct APILoginsAskedForCode: Rule {
  static let description = RuleDescription(
    id: "PST-INT-007",
    title: "MFA for API logins on an integration account: its password logins would need a code",
    severity: .low, onePer: "account", needs: [.users, .permissions],
    condition:
      "Multi-Factor Authentication for API Logins is in force on an integration account through any "
      + "path. Column missing: undecided",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "none: the finding is about settings",
    remediation:
      "Take the permission Multi-Factor Authentication for API Logins away from the account (Setup > "
      + "Permission Sets or Profiles > the path named below > System Permissions). API logins of "
      + "systems need no MFA; with the permission a client that logs in with a password is asked "
      + "for a code that it does not have.",
    references: [Reference.guidance, Reference.multiFactorFAQ])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.accountClass == .integration, let permissions = facts.permissions else { return [] }
    let state = permissions.state(of: .twoFactorAPI)
    if state == .denied { return [] }
    var draft = FindingDraft()
    draft.firstSeen = facts.firstLogin
    draft.lastSeen = facts.lastLogin
    draft.counts = ["api_logins": facts.api.succeeded]
    draft.conditions = [
      Condition.permission(
        .twoFactorAPI, state, wouldChange: "taking the permission away on each path"),
      HumanLogins.classCondition(facts),
    ]
    if case .notAvailable(let columns) = state {
      draft.becomeUnknown(columns)
    } else {
      context.limitByPermissions(&draft)
    }
    return [draft]
  }
}
