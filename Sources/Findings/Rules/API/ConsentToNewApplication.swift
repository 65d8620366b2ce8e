package import Accounts
import Platform
package import SalesforceExports

package struct ConsentToNewApplication: Rule {
  private static let days = RuleThreshold(
    "consent_history_days", 14, "days of the org's history after which an application is new")
  private static let hours = RuleThreshold(
    "consent_api_hours", 24, "hours after a consent in which API logins of the application follow")

  package static let description = RuleDescription(
    id: "PST-API-009", version: 2,
    title: "consent to an application new to the org, and API logins of it at once",
    severity: .high, onePer: "account, application", isEvent: true,
    needsColumns: ["Application", "LoginSubType"],
    condition:
      "an interactive OAuth login (consent) of any account to an application succeeds, no login of "
      + "the application had succeeded in the org in at least 14 days of history before, and an API "
      + "login of the application succeeds in the org within 24 hours. An API login of a human account "
      + "whose sub-type is blank or unknown counts as a consent too, where it is the application\u{2019}s "
      + "first: a device flow leaves no other row",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the consent, and the first and last API logins of the application on the account",
    remediation:
      "Ask the person who consented who told them to: attackers talk people through authorising "
      + "renamed data-loading apps. Unless it is explained, block the application and revoke its "
      + "tokens (" + SetupPath.blockingApplication + "), and look at what it read.",
    references: [Reference.vishing], attack: ["T1528", "T1566.004", "T1550.001"],
    thresholds: [days, hours])

  private typealias Use = (code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)

  /// Whether an application whose first row has this time is new to the org.
  package static func isNew(_ first: Instant, _ context: RuleContext) -> Bool {
    guard let start = context.judgement.wholeHistory.first else { return false }
    return first.minute
      >= context.history(from: start, telling: ["Application"]).minute
      + Int64(context.value(of: days) * 1_440)
  }

  package func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.human.succeeded > 0 || facts.openSubTypes > 0, facts.signs.contains(.application)
    else { return [] }
    // A use holds two rows and is copied only where it may be a consent.
    let consents = facts.shapes.indices.filter { position in
      let traits = context.judgement.traits(ofShape: facts.shapes[position].code)
      let first = facts.shapes[position].use.first.time
      return facts.shapes[position].use.count > 0 && traits.outcome == .succeeded
        && traits.signs.contains(.application)
        && (traits.marks.contains(.interactiveConsent)
          || isDeviceFlow(traits, first, facts, context))
        && Self.isNew(first, context)
    }.map { facts.shapes[$0] }
    guard !consents.isEmpty else { return [] }
    let groups = Dictionary(grouping: consents) { ExactText($0.shape.applicationName) }
    return groups.sorted { $0.key < $1.key }
      .compactMap { application, consents in
        guard let use = context.judgement.wholeHistory.applications[application],
          let consent = consents.map(\.use.first.time).min(),
          consent.minute == use.firstSuccess.minute,
          let api = apiLogin(of: use, after: consent, consents, facts, context)
        else { return nil }
        return draft(application.string, consents, consent, api, facts, context)
      }
  }

  /// Whether a shape may be the consent of a device flow, whose label is not known
  /// (docs/salesforce.md#login-types-and-sub-types).
  private func isDeviceFlow(
    _ shape: ShapeTraits, _ first: Instant, _ facts: AccountFacts, _ context: RuleContext
  ) -> Bool {
    // Rows of a file without the column have no sub-type, whatever they are.
    facts.accountClass == .human && shape.door == .api && shape.marks.contains(.openSubType)
      && first >= context.history(from: first, telling: ["LoginSubType"])
  }

  /// When the application logged in by API within the hours, and whether that is sure.
  private func apiLogin(
    of use: OrgHistory.ApplicationUse, after consent: Instant, _ consents: [Use],
    _ facts: AccountFacts, _ context: RuleContext
  ) -> (time: Instant, isSure: Bool)? {
    let window = Int64(context.value(of: Self.hours) * 60)
    let first = consents.first { $0.use.first.time == consent }
    // The consent of a device flow is itself an API login: another one must follow.
    let isDeviceFlow = first?.shape.door == .api
    if let api = isDeviceFlow ? use.secondAPISuccess : use.firstAPISuccess,
      api.minute - consent.minute < window
    {
      return (api, true)
    }
    guard isDeviceFlow, first?.use.count ?? 0 > 2 else { return nil }
    // Of equal rows the ledger keeps the first and the last; minutes are kept for all applications.
    let minute = facts.apiMinutes.first {
      $0.minute > consent.minute && $0.minute - consent.minute < window
    }
    return minute.map { (Instant(milliseconds: $0.minute * 60_000), false) }
  }

  private func draft(
    _ application: String, _ consents: [Use],
    _ consent: Instant, _ api: (time: Instant, isSure: Bool), _ facts: AccountFacts,
    _ context: RuleContext
  ) -> FindingDraft {
    var draft = FindingDraft()
    if !api.isSure {
      draft.confidence = .medium
      draft.dataQuality.append(
        "the login that follows is counted by minute over all applications of the account")
    }
    draft.discriminator = "application=\(application)"
    let own = facts.shapes.filter {
      $0.use.count > 0 && $0.shape.applicationName.hasBytes(of: application)
        && $0.shape.door == .api
        && $0.shape.outcome == .succeeded
    }
    draft.counts = [
      "consents": consents.outcomes.succeeded, "api_logins_of_account": own.outcomes.succeeded,
    ]
    draft.conditions = [
      Condition(
        "first success of the application in the org", consent.text,
        threshold: "after \(Int(context.value(of: Self.days)).counted("day")) of history or more",
        source: "Application and LoginSubType of the login rows",
        wouldChange: "an earlier login of the application"),
      Condition(
        "first API login of the application after it", api.time.text,
        threshold: "within \(Int(context.value(of: Self.hours)).counted("hour"))",
        source: "login rows"),
    ]
    draft.cite(consents, "consent", context)
    draft.cite(own, "API login of the application", context)
    return draft
  }
}
