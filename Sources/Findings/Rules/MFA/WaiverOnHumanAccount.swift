import Accounts
import SalesforceExports

struct WaiverOnHumanAccount: Rule {
  static let description = RuleDescription(
    id: "PST-MFA-007", version: 2, title: "MFA waiver permission on an account that humans use",
    severity: .high, onePer: "account", needs: [.permissions],
    condition:
      "Waive Multi-Factor Authentication for Exempt Users is in force, through any path, on an "
      + "internal account with at least one successful human login; info where all of them are after "
      + "the end of the roll-out of MFA, since when the permission exempts nobody. Column missing: "
      + "undecided. Accounts of ui_automation_accounts, for which the permission is meant, are left out",
    severitySteps: [
      "+1 privileged account", "+1 used from an indicator",
      "−1 every source inside trusted_networks",
    ],
    evidence: "the successful human logins, with the verdict of each",
    remediation:
      "Take the permission Waive Multi-Factor Authentication for Exempt Users away: Setup > "
      + "Permission Sets (or Profiles) > the path named below > System Permissions. Where the "
      + "account belongs to user-interface test automation or RPA, name it in the configuration's "
      + "ui_automation_accounts.",
    references: [Reference.multiFactorFAQ, Reference.employeeUsers], attack: ["T1556.006"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.human.succeeded > 0, let permissions = facts.permissions,
      AbsentMFA.concerns(facts)
    else { return [] }
    let state = permissions.state(of: .bypassMFAForUILogins)
    if state == .denied { return [] }
    var draft = FindingDraft()
    let logins = facts.humanSuccesses
    draft.conditions = [
      Condition.permission(
        .bypassMFAForUILogins, state, wouldChange: "taking the permission away on each path"),
      Condition(
        "successful human logins", String(logins.count), threshold: "1 or more",
        source: "login rows"),
    ]
    draft.counts = HumanLogins.counts(facts)
    if case .notAvailable(let columns) = state {
      draft.becomeUnknown(columns)
    } else {
      context.limitByPermissions(&draft)
    }
    let end = context.waiverEnd(isPrivileged: facts.isPrivileged)
    draft.conditions.append(
      Condition(
        "end of the roll-out of MFA", end == .never ? "never" : CivilDate(day: end.day).text,
        threshold: "a login before it", isMet: logins.contains { $0.row.time < end },
        source: "calendars", wouldChange: "another date in calendars, or org.type"))
    if draft.status == nil, !logins.contains(where: { $0.row.time < end }) { draft.status = .info }
    if facts.isPrivileged { draft.steps.append((1, "privileged account")) }
    draft.cite(logins) { "human login, MFA \($0.verdict?.state.rawValue ?? "")" }
    return [draft]
  }
}
