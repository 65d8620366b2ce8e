import Accounts
import SalesforceExports

struct PhishableMFAOnEnforcementSet: Rule {
  static let description = RuleDescription(
    id: "PST-MFA-006", version: 2,
    title: "privileged user logged in with MFA that is not phishing-resistant",
    severity: .medium, onePer: "account", needs: [.verifications, .permissions],
    condition:
      "an account of the enforcement set (Modify All Data, View All Data, Customize Application or "
      + "Author Apex in force at the login, or the System Administrator profile) has a successful "
      + "human login whose MFA is proven with a method that is not phishing-resistant, after the end "
      + "of the roll-out for the org's type; developer and scratch orgs: never. Logins whose "
      + "method no input tells are counted and decide nothing",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the logins, with the grade of the method",
    remediation:
      "Let the person register a security key or a built-in authenticator (Touch ID, Windows Hello): "
      + "My Settings > Advanced User Details > Security Key, Built-In Authenticator. Allow both in "
      + "Setup > Identity > Identity Verification, and disconnect the phishable method afterwards "
      + "(Setup > Users > the user > Disconnect).",
    references: [
      Reference.privilegedUsers, Reference.employeeUsers, Reference.multiFactorFAQ,
      Reference.guidance,
    ], attack: ["T1078.004", "T1111"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.verdicts[.proven] > 0, AbsentMFA.concerns(facts) else { return [] }
    let type = context.organizationType ?? .production
    let start = context.date(type.enforcementCalendar)
    guard let last = facts.lastLogin, last >= start else { return [] }
    var permissions = context.timeline(of: facts)
    if permissions.isConstant, facts.permissions?.isInEnforcementSet != true { return [] }
    var phishable: [JudgedLogin] = []
    var ungraded: [JudgedLogin] = []
    for login in facts.logins where login.row.time >= start {
      guard let verdict = login.verdict, verdict.state == .proven,
        verdict.grade != .phishingResistant,
        permissions.at(login.row.time)?.isInEnforcementSet == true
      else { continue }
      if verdict.grade == .unknown { ungraded.append(login) } else { phishable.append(login) }
    }
    guard !phishable.isEmpty else { return [] }
    var draft = FindingDraft()
    draft.confidence = phishable.compactMap { $0.verdict?.confidence }.max() ?? .medium
    draft.counts = [
      "not_phishing_resistant": phishable.count, "method_unknown": ungraded.count,
    ]
    draft.conditions = [
      Condition(
        "logins with MFA that is not phishing-resistant", String(phishable.count),
        threshold: "1 or more",
        source: "VerificationHistory, or AuthMethodReference of the identity provider",
        wouldChange: "a security key or a built-in authenticator at each login"),
      Condition(
        "logins with MFA of a method that is not told", String(ungraded.count),
        isMet: !ungraded.isEmpty, source: "login rows",
        wouldChange: "a VerificationHistory export that holds them"),
      Condition(
        "end of the roll-out", CivilDate(day: start.day).text,
        threshold: "logins from then on",
        source: "calendar \(type.enforcementCalendar)"
          + (context.organizationType == nil ? "; org.type is not stated: production" : ""),
        wouldChange: "another date in calendars, or org.type"),
      Condition(
        "enforcement set", paths(facts), source: "profile, permission sets and groups",
        wouldChange: "losing these permissions"),
    ]
    draft.cite(phishable) { "MFA proven: \($0.verdict?.grade.name ?? "")" }
    context.limitByPermissions(&draft)
    return [draft]
  }

  private func paths(_ facts: AccountFacts) -> String {
    guard let permissions = facts.permissions else { return "in force at the login" }
    var texts = permissions.grants.filter {
      $0.permission != .manageUsers && TrackedPermission.privileged.contains($0.permission)
    }.map { "\($0.permission.label) through \($0.via)" }
    if permissions.hasAdministratorProfile { texts.insert("System Administrator profile", at: 0) }
    return texts.isEmpty
      ? "in force at the login, not in the newest snapshot"
      : texts.joined(separator: "; ")
  }
}
