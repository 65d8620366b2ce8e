import Accounts
import Platform
import SalesforceExports

struct SOAPLoginInUse: Rule {
  static let nearDays = RuleThreshold(
    "soap_login_near_days", 180, "days before the retirement of SOAP login() that raise the finding"
  )

  static let description = RuleDescription(
    id: "PST-API-002", title: "SOAP login() in use",
    severity: .low, onePer: "account, application, API version",
    condition:
      "a system login with ApiType SOAP Partner or SOAP Enterprise below API version 65, or a "
      + "sub-type SOAP API Login; medium within 180 days of the retirement of SOAP login(), high "
      + "after it",
    severitySteps: [
      "−2 attempts only, none succeeded", "+1 used from an indicator",
      "−1 every source inside trusted_networks",
    ],
    evidence: "first and last row of each kind of such logins",
    remediation:
      "Move the client to OAuth (client credentials or JWT bearer) through an External Client App. "
      + "SOAP login() sends the password with each login and is to be retired.",
    references: [Reference.soapLogin], thresholds: [nearDays])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.signs.contains(.soapLogin) else { return [] }
    let uses = facts.uses(with: .soapLogin, in: context.judgement)
    let groups = Dictionary(grouping: uses) {
      [ExactText($0.shape.applicationName), ExactText($0.shape.apiVersion)]
    }
    return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, uses in
      draft(application: key[0].string, version: key[1].string, uses, context)
    }
  }

  private func draft(
    application: String, version: String,
    _ uses: [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)],
    _ context: RuleContext
  ) -> FindingDraft {
    var draft = FindingDraft()
    draft.discriminator = "application=\(application)&api_version=\(version)"
    let retirement = context.date("soap_login_retirement")
    let days = context.days(until: retirement)
    let near = context.value(of: Self.nearDays)
    if context.hasCome(retirement) {
      draft.base = .high
      draft.baseReason = "SOAP login() is retired"
    } else if context.comes(retirement, within: near) {
      draft.base = .medium
      draft.baseReason = "SOAP login() is retired in \(days.counted("day"))"
    }
    let succeeded = uses.filter { $0.shape.outcome == .succeeded }.reduce(0) { $0 + $1.use.count }
    let attempted = uses.reduce(0) { $0 + $1.use.count }
    if succeeded == 0 { draft.steps.append((-2, "attempts only, none succeeded")) }
    draft.counts = ["attempted": attempted, "succeeded": succeeded]
    draft.conditions = [
      Condition(
        "SOAP logins", String(attempted), threshold: "1 or more",
        source: "LoginType, ApiType and ApiVersion of the login rows",
        wouldChange: "another way to log in"),
      Condition(
        "retirement of SOAP login()", CivilDate(day: retirement.day).text,
        threshold: "medium within \(Int(near).counted("day")), high after",
        isMet: context.comes(retirement, within: near),
        source: "calendar soap_login_retirement", wouldChange: "another date in calendars"),
    ]
    draft.cite(uses, "SOAP login()", context)
    return draft
  }
}
