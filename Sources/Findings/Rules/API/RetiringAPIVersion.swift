import Accounts
import Platform
import SalesforceExports

struct RetiringAPIVersion: Rule {
  private static let farDays = RuleThreshold(
    "api_version_far_days", 365, "days before a version's retirement from which it is reported")
  private static let nearDays = RuleThreshold(
    "api_version_near_days", 180, "days before a version's retirement that raise the finding")

  static let description = RuleDescription(
    id: "PST-API-003", title: "API version that is retired or to retire",
    severity: .low, onePer: "account, API version", needsColumns: ["ApiVersion"],
    condition:
      "an API login with a version that is retired (high), retires within 180 days (medium) or "
      + "within 365 days (low) of the evaluation time",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "first and last row of each kind of such logins",
    remediation:
      "Raise the version in the client's endpoint or library and test it. Requests of a retired "
      + "version fail (REST 410 GONE, SOAP UNSUPPORTED_API_VERSION).",
    references: [Reference.versionRetirement], thresholds: [farDays, nearDays])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.signs.contains(.apiVersion) else { return [] }
    let uses = facts.uses(with: .apiVersion, in: context.judgement)
    let groups = Dictionary(grouping: uses) { ExactText($0.shape.apiVersion) }
    return groups.sorted { $0.key < $1.key }.compactMap { version, uses in
      guard let number = uses.first?.shape.apiVersionNumber,
        let entry = CalendarEntry.retirement(ofVersion: number)
      else { return nil }
      return draft(version: version.string, entry: entry, uses, context)
    }
  }

  private func draft(
    version: String, entry: String,
    _ uses: [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)],
    _ context: RuleContext
  ) -> FindingDraft? {
    let retirement = context.date(entry)
    let days = context.days(until: retirement)
    let far = context.value(of: Self.farDays)
    let near = context.value(of: Self.nearDays)
    guard context.comes(retirement, within: far) else { return nil }
    var draft = FindingDraft()
    draft.discriminator = version
    if context.hasCome(retirement) {
      draft.base = .high
      draft.baseReason = "version \(version) is retired"
    } else if context.comes(retirement, within: near) {
      draft.base = .medium
      draft.baseReason = "version \(version) retires in \(days.counted("day"))"
    }
    let succeeded = uses.filter { $0.shape.outcome == .succeeded }.reduce(0) { $0 + $1.use.count }
    let attempted = uses.reduce(0) { $0 + $1.use.count }
    draft.counts = ["attempted": attempted, "succeeded": succeeded]
    draft.conditions = [
      Condition(
        "API logins with version \(version)", String(attempted), threshold: "1 or more",
        source: "ApiVersion of the login rows", wouldChange: "a newer version in the client"),
      Condition(
        "retirement of the version", CivilDate(day: retirement.day).text,
        threshold: "within \(Int(far).counted("day")) of the evaluation time",
        source: "calendar \(entry)", wouldChange: "another date in calendars"),
    ]
    draft.cite(uses, "API version \(version)", context)
    return draft
  }
}
