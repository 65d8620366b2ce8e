import Accounts
import SalesforceExports

struct PrivilegedIntegrationAccount: Rule {
  static let description = RuleDescription(
    id: "PST-INT-008", title: "integration account with privileges beyond those allowed",
    severity: .low, onePer: "account", needs: [.users, .permissions],
    condition:
      "an integration account has one of Modify All Data, View All Data, Manage Users, Customize "
      + "Application or Author Apex in force through any path, or the System Administrator profile, "
      + "and allowed_privileges does not allow it to this account. None found and a column missing: "
      + "undecided",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "none: the finding is about permissions",
    remediation:
      "Give the integration the object and field permissions that it needs through a permission set "
      + "of its own, and take the privileges below away on the paths named (Setup > Permission Sets "
      + "or Profiles > System Permissions). Where one is needed, state it in the configuration's "
      + "allowed_privileges.",
    references: [Reference.guidance], attack: ["T1078.004"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.accountClass == .integration, let permissions = facts.permissions else { return [] }
    let allowed = Set(context.allowedPrivileges(facts).map { $0.lowercased() })
    let judged = TrackedPermission.privileged.filter {
      !allowed.contains($0.foldedName) && !allowed.contains("permissions" + $0.foldedName)
    }
    guard !judged.isEmpty else { return [] }
    var draft = FindingDraft()
    var missing: Set<String> = []
    for permission in judged {
      let state = permissions.state(of: permission)
      switch state {
      case .granted:
        draft.conditions.append(
          Condition.permission(
            permission, state, wouldChange: "losing it, or an entry in allowed_privileges"))
      case .notAvailable(let columns): missing.formUnion(columns)
      case .denied: break
      }
    }
    draft.counts = ["privileges": draft.conditions.count]
    if permissions.hasAdministratorProfile {
      draft.conditions.append(
        Condition(
          "profile", permissions.profileName, threshold: "System Administrator",
          source: "user and profile snapshots", wouldChange: "a profile of its own"))
    }
    if draft.conditions.isEmpty {
      guard !missing.isEmpty else { return [] }
      draft.conditions.append(
        Condition(
          "privileges", "not available", isMet: false, source: "permission snapshots",
          wouldChange: "an export with " + missing.sorted().joined(separator: ", ")))
      draft.becomeUnknown(missing.sorted())
    } else {
      context.limitByPermissions(&draft)
    }
    draft.conditions.append(HumanLogins.classCondition(facts))
    draft.firstSeen = facts.firstLogin
    draft.lastSeen = facts.lastLogin
    return [draft]
  }
}
