import Accounts
import SalesforceExports

struct ConsentToNewApplication: Rule {
  private static let days = RuleThreshold(
    "consent_history_days", 14, "days of the org's history after which an application is new")
  private static let hours = RuleThreshold(
    "consent_api_hours", 24, "hours after a consent in which API logins of the application follow")

  static let description = RuleDescription(
    id: "PST-API-009", version: 2,
    title: "consent to an application new to the org, and API logins of it at once",
    severity: .high, onePer: "account, application", isEvent: true,
    needsColumns: ["Application", "LoginSubType"],
    condition:
      "an interactive OAuth login (consent) of any account to an application succeeds, no login of "
      + "the application had succeeded in the org in at least 14 days of history before, and an API "
      + "login of the application succeeds in the org within 24 hours",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the consent, and the first and last API logins of the application on the account",
    remediation:
      "Ask the person who consented who told them to: attackers talk people through authorising "
      + "renamed data-loading apps. Unless it is explained, block the application and revoke its "
      + "tokens (Setup > Connected Apps OAuth Usage > Block), and look at what it read.",
    references: [Reference.vishing], attack: ["T1528", "T1566.004", "T1550.001"],
    thresholds: [days, hours])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.human.succeeded > 0, facts.signs.contains(.application),
      let start = context.judgement.wholeHistory.first
    else { return [] }
    let border = start.minute + Int64(context.value(of: Self.days) * 1_440)
    let consents = facts.shapes.filter {
      $0.use.count > 0 && $0.shape.marks.contains(.interactiveConsent)
        && $0.shape.outcome == .succeeded && $0.shape.namesApplication
        && $0.use.first.time.minute >= border
    }
    guard !consents.isEmpty else { return [] }
    let window = Int64(context.value(of: Self.hours) * 60)
    let groups = Dictionary(grouping: consents) { $0.shape.applicationName }
    return groups.sorted { $0.key < $1.key }.compactMap { application, consents in
      guard let use = context.judgement.wholeHistory.applications[application],
        let consent = consents.map(\.use.first.time).min(),
        consent.minute == use.firstSuccess.minute, let api = use.firstAPISuccess,
        api.minute - consent.minute < window
      else { return nil }
      return draft(application, consents, consent, api, facts, context)
    }
  }

  private func draft(
    _ application: String,
    _ consents: [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)],
    _ consent: Instant, _ api: Instant, _ facts: AccountFacts, _ context: RuleContext
  ) -> FindingDraft {
    var draft = FindingDraft()
    draft.discriminator = "application=\(application)"
    let own = facts.shapes.filter {
      $0.use.count > 0 && $0.shape.applicationName == application && $0.shape.door == .api
        && $0.shape.outcome == .succeeded
    }
    draft.counts = [
      "consents": consents.outcomes.succeeded, "api_logins_of_account": own.outcomes.succeeded,
    ]
    draft.conditions = [
      Condition(
        "first success of the application in the org", consent.text,
        threshold: "after \(Int(context.value(of: Self.days))) days of history or more",
        source: "Application and LoginSubType of the login rows",
        wouldChange: "an earlier login of the application"),
      Condition(
        "first API login of the application after it", api.text,
        threshold: "within \(Int(context.value(of: Self.hours))) hours", source: "login rows"),
    ]
    draft.cite(consents, "consent", context)
    draft.cite(own, "API login of the application", context)
    return draft
  }
}
