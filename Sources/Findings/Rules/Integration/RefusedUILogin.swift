import Accounts
import SalesforceExports

struct RefusedUILogin: Rule {
  static let description = RuleDescription(
    id: "PST-INT-002", title: "user interface login refused on an API-only account",
    severity: .medium, onePer: "account", isEvent: true,
    condition:
      "at least one row that is no API login has the status \u{201C}Failed: API-only user\u{201D}",
    severitySteps: [
      "+1 privileged account", "+1 used from an indicator",
      "−1 every source inside trusted_networks",
    ],
    evidence: "the refused attempts",
    remediation:
      "Somebody tried this account's password in a browser, and the password was right as far as "
      + "the refusal tells. Find out who; change the password and security token if it is not "
      + "explained.",
    references: [Reference.guidance], attack: ["T1078.004"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.statuses.contains(.refusedAsAPIOnly) else { return [] }
    let refused = facts.logins.filter {
      $0.traits.status == .refusedAsAPIOnly && $0.traits.door != .api
    }
    guard !refused.isEmpty else { return [] }
    var draft = FindingDraft()
    draft.counts = ["refused": refused.count]
    draft.conditions = [
      Condition(
        "attempts refused as API-only user", String(refused.count), threshold: "1 or more",
        source: "Status of the login rows")
    ]
    if context.wasPrivileged(facts, at: refused) { draft.steps.append((1, "privileged account")) }
    draft.cite(refused, "refused: API-only user")
    return [draft]
  }
}
