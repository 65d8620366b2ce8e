import Accounts
import SalesforceExports

struct IntegrationAccountNotAPIOnly: Rule {
  static let description = RuleDescription(
    id: "PST-INT-004", title: "integration account without Api Only User",
    severity: .medium, onePer: "account", needs: [.users, .permissions],
    condition: "an integration account does not have Api Only User in force through any path",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the human logins that the permission would have refused",
    remediation:
      "Move the account to a profile of its own with Api Only User, or assign a permission set with "
      + "it. It is best practice for dedicated integration profiles, and changes nothing about the "
      + "MFA duty of whoever logs in while it is off.",
    references: [Reference.guidance], attack: ["T1078.004"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.accountClass == .integration, let permissions = facts.permissions else { return [] }
    let state = permissions.state(of: .apiUserOnly)
    if state.isGranted { return [] }
    var draft = FindingDraft()
    let refusable = facts.human.succeeded > 0 ? facts.logins.filter { $0.verdict != nil } : []
    draft.counts = ["human_logins_it_would_refuse": refusable.count]
    draft.conditions = [
      Condition.permission(
        .apiUserOnly, state,
        wouldChange: "the permission through the profile, a permission set or a group")
    ]
    if case .notAvailable(let columns) = state {
      draft.becomeUnknown(columns)
    } else {
      context.limitByPermissions(&draft)
    }
    draft.conditions.append(
      Condition(
        "human logins of the window that it would have refused", String(refusable.count),
        isMet: !refusable.isEmpty, source: "login rows"))
    draft.conditions.append(HumanLogins.classCondition(facts))
    draft.cite(refusable, "would have been refused")
    draft.firstSeen = facts.firstLogin
    draft.lastSeen = facts.lastLogin
    return [draft]
  }
}
