import Accounts
import Platform
import SalesforceExports

struct PasswordFlowInUse: Rule {
  static let description = RuleDescription(
    id: "PST-API-004", title: "OAuth username-password flow in use",
    severity: .low, onePer: "account, application", needsColumns: ["LoginSubType"],
    condition: "a login with the sub-type OAuth Username-Password",
    severitySteps: [
      "−2 attempts only, none succeeded", "+1 used from an indicator",
      "−1 every source inside trusted_networks",
    ],
    evidence: "first and last row of each kind of such logins",
    remediation:
      "Move the client to the client-credentials or JWT bearer flow of an External Client App, then "
      + "block the flow: Setup > OAuth and OpenID Connect Settings > Allow OAuth Username-Password "
      + "Flows off. The flow sends the password with each login and is blocked by default in newer "
      + "orgs.",
    references: [Reference.loginHistory, Reference.guidance], attack: ["T1078.004"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.signs.contains(.passwordFlow) else { return [] }
    let uses = facts.uses(with: .passwordFlow, in: context.judgement)
    let groups = Dictionary(grouping: uses) { ExactText($0.shape.applicationName) }
    return groups.sorted { $0.key < $1.key }.map { application, uses in
      var draft = FindingDraft()
      draft.discriminator = "application=\(application)"
      let outcomes = uses.outcomes
      if outcomes.succeeded == 0 { draft.steps.append((-2, "attempts only, none succeeded")) }
      draft.counts = ["attempted": outcomes.attempted, "succeeded": outcomes.succeeded]
      draft.conditions = [
        Condition(
          "logins by username and password", String(outcomes.attempted), threshold: "1 or more",
          source: "LoginSubType of the login rows", wouldChange: "another OAuth flow")
      ]
      draft.cite(uses, "OAuth username-password flow", context)
      return draft
    }
  }
}

extension [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] {
  /// Attempts by outcome.
  var outcomes: OutcomeCounts {
    var counts = OutcomeCounts()
    for entry in self { counts.add(entry.shape.outcome, entry.use.count) }
    return counts
  }
}
