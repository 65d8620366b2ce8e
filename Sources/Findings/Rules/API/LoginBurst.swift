import Accounts
import SalesforceExports

struct LoginBurst: Rule {
  private static let factor = RuleThreshold(
    "burst_factor", 10, "times its median active hour that make an hour a burst")
  private static let logins = RuleThreshold(
    "burst_logins", 200, "API logins in an hour from which it can be a burst")

  static let description = RuleDescription(
    id: "PST-API-005", title: "burst of API logins", severity: .low, onePer: "account",
    condition:
      "a UTC hour has at least 200 API attempts and at least 10 times the median of the account's "
      + "hours with API attempts",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "first and last row of each kind of API login of the account",
    remediation:
      "Ask the integration's owner what ran in that hour. A loop that logs in for each record, a "
      + "migration, or somebody else with the credential look alike here; compare the sources and "
      + "applications of the hour with those before.",
    references: [Reference.loginRate, Reference.loginHistory], attack: ["T1078.004", "T1119"],
    thresholds: [factor, logins])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    let least = context.value(of: Self.logins)
    guard Double(facts.api.attempted) >= least else { return [] }
    let hours = facts.apiHours
    guard hours.contains(where: { Double($0.count) >= least }) else { return [] }
    let factor = context.value(of: Self.factor)
    let sorted = hours.map(\.count).sorted()
    // Twice the median, so that the middle of two counts stays whole.
    let twiceMedian = sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]
    let bursts = hours.filter {
      Double($0.count) >= least && 2 * Double($0.count) >= factor * Double(twiceMedian)
    }
    guard let first = bursts.first, let last = bursts.last else { return [] }
    let busiest = bursts.reduce(first) { $1.count > $0.count ? $1 : $0 }
    var draft = FindingDraft()
    draft.counts = ["busiest_hour": busiest.count, "bursts": bursts.count]
    draft.conditions = [
      Condition(
        "API attempts in one hour", "\(busiest.count) from \(Self.start(of: busiest.hour).text)",
        threshold: "\(Int(least)) or more", source: "API attempts by UTC hour",
        wouldChange: "fewer logins, by keeping sessions"),
      Condition(
        "median of the account's active hours",
        twiceMedian % 2 == 0 ? String(twiceMedian / 2) : "\(twiceMedian / 2).5",
        threshold: "at most 1/\(Int(factor)) of the hour", source: "API attempts by UTC hour"),
    ]
    let uses = facts.shapes.filter { $0.shape.door == .api }
    draft.shapes = Set(uses.map(\.code))
    draft.extents = bursts.map { hour in
      RowExtent(
        shapes: draft.shapes,
        dates: IndicatorDates(
          from: Self.start(of: hour.hour), until: Self.start(of: hour.hour + 1)))
    }
    draft.evidence = context.evidence(uses, "API login")
    draft.evidenceTotal = bursts.reduce(0) { $0 + $1.count }
    draft.firstSeen = Self.start(of: first.hour)
    draft.lastSeen = Self.start(of: last.hour)
    return [draft]
  }

  private static func start(of hour: Int64) -> Instant {
    Instant(milliseconds: hour * 3_600_000)
  }
}
