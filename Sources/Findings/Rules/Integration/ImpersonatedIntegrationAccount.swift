import Accounts
import SalesforceExports

struct ImpersonatedIntegrationAccount: Rule {
  static let description = RuleDescription(
    id: "PST-INT-012", title: "an administrator logged in as an integration account",
    severity: .medium, onePer: "account, administrator", isEvent: true, needs: [.impersonations],
    condition:
      "a row of the event log LoginAs, or a LoginAsEvent, names an integration account as the user "
      + "and somebody else as the delegated user",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the rows, each with the administrator",
    remediation:
      "Ask the administrator what was done and why: inside the account they had its permissions, "
      + "and records show its name. Log in with an account of one's own instead; whoever may log in "
      + "as any user is set under Setup > Login Access Policies.",
    references: [Reference.guidance], attack: ["T1078.004"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard !facts.impersonations.isEmpty, facts.accountClass == .integration else { return [] }
    let byAdmin = Dictionary(grouping: facts.impersonations, by: \.admin)
    return byAdmin.sorted { $0.key < $1.key }.map { admin, sessions in
      draft(admin, sessions, facts, context)
    }
  }

  private func draft(
    _ admin: AccountKey, _ sessions: [Impersonation], _ facts: AccountFacts, _ context: RuleContext
  ) -> FindingDraft {
    var draft = FindingDraft()
    draft.discriminator = admin.text
    draft.firstSeen = sessions.first?.time
    draft.lastSeen = sessions.last?.time
    let logged = sessions.filter { $0.kind == .eventLogLoginAs }.count
    let events = sessions.count - logged
    // The event log and the events tell of the same sessions.
    draft.counts = [
      "login_as": max(logged, events), "login_as_event_log": logged, "login_as_events": events,
    ]
    let name = adminName(admin, sessions, context)
    draft.conditions = [
      Condition(
        "sessions of \(name) inside the account", String(max(logged, events)),
        threshold: "1 or more",
        source: "DELEGATED_* of the event log LoginAs, DelegatedUsername of LoginAsEvent",
        wouldChange: "an administrator who uses an account of their own"),
      HumanLogins.classCondition(facts),
    ]
    draft.evidence = sessions.map { session in
      var shape = LoginShape()
      shape.application = session.application
      return context.evidence(
        EventPlace(time: session.time, file: session.file, line: session.line), shape,
        address: session.address, "logged in as this account: \(name)")
    }
    draft.evidenceTotal = sessions.count
    return draft
  }

  /// The administrator's username, else the id.
  private func adminName(
    _ admin: AccountKey, _ sessions: [Impersonation], _ context: RuleContext
  ) -> String {
    if case .id(let id) = admin, let user = context.judgement.snapshots.user(id),
      !user.username.isEmpty
    {
      return user.username
    }
    return sessions.map(\.adminName).filter { !$0.isEmpty }.min() ?? admin.text
  }
}
