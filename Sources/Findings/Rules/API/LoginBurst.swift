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
    guard Double(facts.api.attempted) >= least, Double(facts.mostAPIAttemptsInHour) >= least else {
      return []
    }
    let factor = context.value(of: Self.factor)
    let hours = facts.apiHours
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
        "API attempts in one hour", "\(busiest.count) from \(busiest.start.text)",
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
          from: hour.start, until: Instant(milliseconds: hour.start.milliseconds + 3_600_000)))
    }
    draft.evidence = context.evidence(uses, "API login")
    draft.evidenceTotal = bursts.reduce(0) { $0 + $1.count }
    draft.firstSeen = first.start
    draft.lastSeen = last.start
    return [draft]
  }
}

extension AccountFacts {
  /// API attempts in the UTC hour with most of them.
  ///
  /// - Complexity: O(*m*) in the minutes with API attempts.
  fileprivate var mostAPIAttemptsInHour: Int {
    var most = 0
    var inHour = 0
    var hourEnd = Int64.min
    for (minute, count) in apiMinutes {
      // Minutes ascend, so a division is needed once an hour.
      if minute >= hourEnd {
        most = max(most, inHour)
        inHour = 0
        hourEnd = (floorDivide(minute, 60) + 1) * 60
      }
      inHour += count
    }
    return max(most, inHour)
  }

  /// API attempts by UTC hour, ascending, hours without any left out.
  ///
  /// - Complexity: O(*m*) in the minutes with API attempts.
  var apiHours: [(start: Instant, count: Int)] {
    var hours: [(start: Instant, count: Int)] = []
    var hour = Int64.min
    for (minute, count) in apiMinutes {
      let next = floorDivide(minute, 60)
      if next != hour {
        hour = next
        hours.append((Instant(milliseconds: hour * 3_600_000), 0))
      }
      hours[hours.count - 1].count += count
    }
    return hours
  }
}
