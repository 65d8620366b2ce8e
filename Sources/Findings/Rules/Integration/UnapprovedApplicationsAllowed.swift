import Accounts
import SalesforceExports

struct UnapprovedApplicationsAllowed: Rule {
  static let description = RuleDescription(
    id: "PST-INT-014", title: "integration account may use applications that nobody approved",
    severity: .low, onePer: "account, permission",
    needs: [.users, .permissions, .clientPermissions],
    condition:
      "Approve Uninstalled Connected Apps, or Use Any API Client, is in force on an integration "
      + "account through any path. Column missing from some of the files of permissions only: undecided",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "none: the finding is about permissions",
    remediation:
      "Install the application that the integration uses (Setup > Connected Apps OAuth Usage > "
      + "Install), or make an External Client App for it (Setup > External Client App Manager), allow "
      + "it to the account, and take the permission away on the paths named (Setup > Permission Sets "
      + "or Profiles > System Permissions). With it, whoever holds the credential brings an "
      + "application of their own.",
    references: [Reference.unapprovedApplications, Reference.guidance],
    attack: ["T1078.004", "T1550.001"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.accountClass == .integration, let permissions = facts.permissions else { return [] }
    return TrackedPermission.unapprovedApplications.compactMap { permission in
      let state = permissions.state(of: permission)
      // Some orgs do not have the permission, and then no export has its column.
      guard state != .denied, context.judgement.snapshots.hasColumn(of: permission) else {
        return nil
      }
      var draft = FindingDraft()
      draft.discriminator = "permission=\(permission.rawValue)"
      draft.firstSeen = facts.firstLogin
      draft.lastSeen = facts.lastLogin
      draft.conditions = [
        Condition.permission(
          permission, state, wouldChange: "taking the permission away on each path"),
        HumanLogins.classCondition(facts),
      ]
      if case .notAvailable(let columns) = state {
        draft.becomeUnknown(columns)
      } else {
        context.limitByPermissions(&draft)
      }
      return draft
    }
  }
}
