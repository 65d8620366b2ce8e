import Accounts
import SalesforceExports

/// PST-ACC-001.
struct AttemptsOnInactiveAccount: Rule {
  private static let many = RuleThreshold(
    "inactive_attempts_many", 10, "attempts on an inactive account that raise the finding")

  let description = RuleDescription(
    id: "PST-ACC-001", title: "attempts on an inactive or frozen account",
    severity: .low, onePer: "account",
    condition:
      "attempts with the status \u{201C}User is inactive\u{201D} or \u{201C}User is frozen\u{201D}, "
      + "or failed attempts while the snapshot in force says so; medium from 10 attempts",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the attempts",
    remediation:
      "Find the client or person that still uses the account: an integration that nobody switched "
      + "off, or somebody who tries the credentials of a person who left.",
    references: [Reference.loginHistory], attack: ["T1078"], thresholds: [many])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    let users = context.judgement.snapshots.users
    let isTold = facts.statuses.contains(.userInactive) || facts.statuses.contains(.userFrozen)
    let wasOff = facts.id.map { id in
      users.tables.contains { table in
        table.rows[id].map { $0.isActive == false || $0.isFrozen == true } ?? false
      }
    }
    guard isTold || wasOff == true else { return [] }
    let attempts = facts.logins.filter { login in
      if login.traits.status == .userInactive || login.traits.status == .userFrozen { return true }
      guard login.traits.outcome == .failed, let id = facts.id,
        let table = users.inForce(at: login.row.time), let user = table.rows[id],
        user.isActive == false || user.isFrozen == true
      else { return false }
      return table.date.map { login.row.time >= $0 } ?? true
    }
    guard !attempts.isEmpty else { return [] }
    var draft = FindingDraft()
    let many = context.value(of: Self.many)
    if Double(attempts.count) >= many {
      draft.base = .medium
      draft.baseReason = "\(Int(many)) attempts or more"
    }
    draft.counts = ["attempts": attempts.count]
    draft.conditions = [
      Condition(
        "attempts on the inactive or frozen account", String(attempts.count),
        threshold: "1 or more; medium from \(Int(many))",
        source: "Status of the login rows and the user snapshot in force")
    ]
    draft.cite(attempts, "account inactive or frozen")
    return [draft]
  }
}
