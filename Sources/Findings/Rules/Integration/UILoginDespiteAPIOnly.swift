import Accounts
import SalesforceExports

struct UILoginDespiteAPIOnly: Rule {
  static let description = RuleDescription(
    id: "PST-INT-003", version: 2,
    title: "user interface login succeeded on an account that is API-only",
    severity: .high, onePer: "account", isEvent: true, needs: [.users, .permissions],
    condition:
      "a human login succeeded although the snapshot in force says Api Only User. Logins not before "
      + "the snapshot's date: fail (undated, or of type SAML Idp Initiated SSO alone, which a "
      + "SAML bearer flow looks like: low confidence); only earlier ones: info, the permission was set "
      + "after them; only consents by OAuth, and logins that registered a method, which are let in: "
      + "info",
    severitySteps: [
      "+1 privileged account", "+1 used from an indicator",
      "−1 every source inside trusted_networks",
    ],
    evidence: "the successful human logins, each labelled as before or after the snapshot",
    remediation:
      "Check Setup Audit Trail for changes of the profile, permission sets and assignments around "
      + "the logins: the permission was taken away for a time, or the snapshot is stale. Set Api "
      + "Only User again and change the password.",
    references: [Reference.guidance], attack: ["T1078.004", "T1098"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard let user = facts.id, facts.human.succeeded > 0 else { return [] }
    if facts.hasConstantPermissions, facts.permissions?.isGranted(.apiUserOnly) != true {
      return []
    }
    var timeline = PermissionTimeline(user: user, in: context.judgement)
    var after: [JudgedLogin] = []
    var before: [JudgedLogin] = []
    var isUndated = false
    for login in facts.logins where login.verdict != nil {
      guard let grant = timeline.grant(of: .apiUserOnly, at: login.row.time) else { continue }
      if let date = grant.date, login.row.time < date {
        before.append(login)
      } else {
        after.append(login)
        isUndated = isUndated || grant.date == nil
      }
    }
    guard !after.isEmpty || !before.isEmpty else { return [] }
    var draft = FindingDraft()
    draft.counts = ["logins_since_snapshot": after.count, "logins_before_snapshot": before.count]
    // An API-only user may consent in a browser, and come in to register a method
    // (docs/salesforce.md#permissions-and-licences).
    let entered = after.filter { login in
      !login.traits.marks.contains(.interactiveConsent) && login.verdict?.registeredMethod != true
    }
    if after.isEmpty {
      draft.status = .info
      draft.dataQuality.append("the permission was set after the last such login")
    } else if entered.isEmpty {
      draft.status = .info
      draft.dataQuality.append(
        "these logins only consented by OAuth or registered a method, which an API-only user may")
    } else if entered.allSatisfy({ context.shape($0.shape).type == Self.bearerType }) {
      draft.confidence = .low
      draft.dataQuality.append("\(Self.bearerType): a SAML bearer flow looks the same")
    } else if isUndated {
      draft.confidence = .low
      draft.dataQuality.append("the snapshot is undated: the permission may have been set later")
    }
    if context.wasPrivileged(facts, at: after + before) {
      draft.steps.append((1, "privileged account"))
    }
    draft.conditions = [
      Condition(
        "Api Only User",
        facts.permissions.map { paths($0.state(of: .apiUserOnly)) } ?? "in force at the login",
        source: "permission snapshots",
        wouldChange: "a snapshot from before the logins without the permission"),
      Condition(
        "successful human logins since the snapshot", String(after.count),
        threshold: "1 or more for fail", isMet: !after.isEmpty, source: "login rows"),
    ]
    draft.cite(after, "while API-only by the snapshot")
    draft.cite(before, "before the snapshot")
    context.limitByPermissions(&draft)
    return [draft]
  }

  private static let bearerType = "SAML Idp Initiated SSO"

  private func paths(_ state: PermissionState) -> String {
    if case .granted(let paths) = state { paths.joined(separator: ", ") } else { "in force then" }
  }
}
