import Accounts
import SalesforceExports

struct HumanUseOfIntegrationAccount: Rule {
  static let description = RuleDescription(
    id: "PST-INT-001", version: 2, title: "human use of an integration account, with MFA",
    severity: .low, onePer: "account", isEvent: true,
    condition: "an integration account has at least one successful human login with proven MFA",
    severitySteps: [
      "+1 privileged account", "+1 used from an indicator",
      "−1 every source inside trusted_networks",
    ],
    evidence: "the logins with proven MFA, with the grade of the method",
    remediation:
      "Allowed, and should be rare: check that each login belongs to a known maintenance task. Give "
      + "people accounts of their own for everything else.",
    references: [Reference.guidance], attack: ["T1078.004"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.accountClass == .integration, facts.verdicts[.proven] > 0 else {
      return []
    }
    let logins = facts.logins.filter { $0.verdict?.state == .proven }
    var draft = FindingDraft()
    draft.confidence = logins.compactMap { $0.verdict?.confidence }.max() ?? .medium
    draft.counts = HumanLogins.counts(facts)
    draft.conditions = [
      Condition(
        "human logins with MFA", String(logins.count), threshold: "1 or more",
        source: "login rows and VerificationHistory"),
      HumanLogins.classCondition(facts),
    ]
    if context.wasPrivileged(facts, at: logins) { draft.steps.append((1, "privileged account")) }
    draft.cite(logins) { [maintenance = facts.maintenance] login in
      let grade = login.verdict?.grade.name ?? ""
      let label = grade.isEmpty ? "MFA proven" : "MFA proven: \(grade)"
      return HumanLogins.label(label, login, maintenance)
    }
    return [draft]
  }
}
