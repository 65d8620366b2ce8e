import Accounts
import SalesforceExports

struct LoginRate: Rule {
  private static let limit = RuleThreshold(
    "login_rate_limit", 3_600, "login requests per user and hour that Salesforce allows")
  private static let share = RuleThreshold(
    "login_rate_near_percent", 80, "percent of the limit from which a rate is near it")

  static let description = RuleDescription(
    id: "PST-API-001", title: "API logins near or over the hourly login rate limit",
    severity: .medium, onePer: "account",
    condition:
      "API attempts in 60 consecutive UTC minutes reach 80 % of 3,600 (medium) or exceed 3,600 (high), or "
      + "the status \u{201C}Login rate exceeded\u{201D} was seen (high; counts are then \u{201C}at "
      + "least\u{201D}, since not every blocked attempt leaves a row)",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the blocked attempts, and the first and last row of each kind of API login",
    remediation:
      "Let the client keep its session or use a refresh token instead of logging in for each call. "
      + "While the limit is in force the integration is down.",
    references: [Reference.loginRate], attack: ["T1499"], thresholds: [limit, share])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    let limit = context.value(of: Self.limit)
    let near = limit * context.value(of: Self.share) / 100
    let isBlocked = facts.statuses.contains(.rateExceeded)
    guard Double(facts.api.attempted) >= near || isBlocked else { return [] }
    let busiest = facts.busiestSixtyMinutes
    let logins = busiest?.logins ?? 0
    let blocked = isBlocked ? facts.logins.filter { $0.traits.status == .rateExceeded } : []
    guard Double(logins) >= near || !blocked.isEmpty else { return [] }
    var draft = FindingDraft()
    let isOver = Double(logins) > limit || !blocked.isEmpty
    if isOver {
      draft.base = .high
      draft.baseReason =
        blocked.isEmpty ? "over the limit" : "Salesforce refused logins for their rate"
    }
    draft.counts = ["busiest_60_minutes": logins, "rate_exceeded": blocked.count]
    if !blocked.isEmpty {
      draft.dataQuality.append("at least: not every attempt over the limit leaves a row")
    }
    draft.conditions = [
      Condition(
        "API logins in 60 consecutive minutes",
        busiest.map { "\($0.logins) from \($0.start.text)" } ?? "0",
        threshold: "\(Int(near.rounded(.up))) near, more than \(Int(limit)) over",
        isMet: Double(logins) >= near, source: "API attempts by UTC minute",
        wouldChange: "fewer logins, by keeping sessions"),
      Condition(
        "attempts with Login rate exceeded", String(blocked.count), threshold: "1 or more",
        isMet: !blocked.isEmpty, source: "Status of the login rows"),
    ]
    draft.firstSeen = busiest?.start
    draft.lastSeen = busiest?.start
    draft.cite(blocked, "rate exceeded")
    draft.shapes = Set(facts.shapes.lazy.filter { $0.shape.door == .api }.map(\.code))
    draft.evidence = context.evidence(
      facts.shapes.filter { $0.shape.door == .api && $0.shape.outcome == .succeeded },
      "API login")
    draft.evidenceTotal = facts.api.attempted
    return [draft]
  }
}
