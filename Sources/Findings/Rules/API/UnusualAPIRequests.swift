import Accounts
import Platform
import SalesforceExports

struct UnusualAPIRequests: Rule {
  private static let factor = RuleThreshold(
    "request_burst_factor", 10, "times the median active day from which a day's requests stand out")
  private static let minimum = RuleThreshold(
    "request_burst_minimum", 1_000, "API requests that a day must have to stand out")

  static let description = RuleDescription(
    id: "PST-API-012", title: "API requests of a retired version, or far more than usual on a day",
    severity: .low, onePer: "account, kind", needs: [.apiRequests],
    condition:
      "API event logs hold a request of an API version that is retired at the evaluation time "
      + "(retired_version), or a UTC day with at least 1,000 requests and at least 10 times the "
      + "account's median day with requests (busy_day)",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "first and last request of each kind, or of each such day",
    remediation:
      "Retired version: raise it in the client's endpoint or library; such requests fail (REST 410 "
      + "GONE, SOAP UNSUPPORTED_API_VERSION). Busy day: find out from the application what was read "
      + "or written, since a copy of the org's data looks like this.",
    references: [Reference.versionRetirement], attack: ["T1530"], thresholds: [factor, minimum])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard let requests = facts.requests else { return [] }
    return [retired(requests, context), busy(requests, context)].compactMap { $0 }
  }

  private func retired(_ requests: APIRequestFacts, _ context: RuleContext) -> FindingDraft? {
    let uses = requests.uses.filter { entry in
      guard let number = entry.shape.versionNumber,
        let entry = CalendarEntry.retirement(ofVersion: number)
      else { return false }
      return context.hasCome(context.date(entry))
    }
    guard let first = uses.map(\.use.first.time).min(), let last = uses.map(\.use.last.time).max()
    else { return nil }
    var draft = FindingDraft()
    draft.discriminator = "retired_version"
    draft.firstSeen = first
    draft.lastSeen = last
    var total = 0
    var byVersion: [ExactText: Int] = [:]
    draft.origins = Self.origins(requests) { origin in
      uses.contains { $0.shape == origin.shape }
    }
    for entry in uses {
      total += entry.use.count
      byVersion[entry.shape.version, default: 0] += entry.use.count
      let label = "API request, version \(entry.shape.version)"
      draft.evidence.append(
        contentsOf: Self.evidence(entry.use, of: requests, Self.shape(entry.shape), context, label))
    }
    draft.counts = ["requests": total]
    draft.conditions = byVersion.sorted { $0.key < $1.key }.map { version, count in
      let entry = Int(version.string.prefix { $0 != "." }).flatMap {
        CalendarEntry.retirement(ofVersion: $0)
      }
      let day = entry.map { CivilDate(day: context.date($0).day).text } ?? ""
      return Condition(
        "requests of API version \(version), retired on \(day)", String(count),
        threshold: "1 or more", source: "API event logs; calendar \(entry ?? "")",
        wouldChange: "a newer version in the client, or another date in calendars")
    }
    draft.evidenceTotal = total
    return draft
  }

  private func busy(_ requests: APIRequestFacts, _ context: RuleContext) -> FindingDraft? {
    let counts = requests.days.map(\.use.count).sorted()
    guard let highest = counts.last else { return nil }
    let minimum = context.value(of: Self.minimum)
    let factor = context.value(of: Self.factor)
    let middle = counts.count / 2
    let median =
      counts.count % 2 == 1
      ? Double(counts[middle]) : Double(counts[middle - 1] + counts[middle]) / 2
    let limit = max(minimum, factor * median)
    guard Double(highest) >= limit else { return nil }
    let days = requests.days.filter { Double($0.use.count) >= limit }
    var draft = FindingDraft()
    draft.discriminator = "busy_day"
    draft.firstSeen = days.first?.use.first.time
    draft.lastSeen = days.last?.use.last.time
    draft.counts = [
      "busiest_day": highest, "busy_days": days.count, "active_days": counts.count,
      "requests": days.reduce(0) { $0 + $1.use.count },
    ]
    let busiest = days.first { $0.use.count == highest }
    let shown = median == median.rounded() ? String(Int(median)) : String(median)
    draft.conditions = [
      Condition(
        "API requests on one UTC day",
        "\(highest) on \(busiest.map { CivilDate(day: $0.day).text } ?? "")",
        threshold: "\(Int(limit.rounded(.up))) or more", source: "API event logs",
        wouldChange: "fewer requests, or a usual day with more"),
      Condition(
        "median of the days with requests", "\(shown) on \(counts.count.counted("day"))",
        threshold: "\(Int(factor).counted("time")) this", source: "API event logs"),
    ]
    let busyDays = Set(days.map(\.day))
    draft.origins = Self.origins(requests) { busyDays.contains($0.day) }
    for day in days {
      draft.evidence.append(
        contentsOf: Self.evidence(
          day.use, of: requests, LoginShape(), context,
          "\(day.use.count.counted("API request")) on \(CivilDate(day: day.day).text)"))
    }
    draft.evidenceTotal = days.reduce(0) { $0 + $1.use.count }
    return draft
  }

  /// Client addresses and applications of some requests: the logins of the account may come from
  /// elsewhere.
  private static func origins(
    _ requests: APIRequestFacts, where isIncluded: (APIRequestFacts.Origin) -> Bool
  ) -> (addresses: Set<ExactText>, applications: Set<ExactText>) {
    let origins = requests.origins.filter(isIncluded)
    return (Set(origins.map(\.address)), Set(origins.map(\.shape.application)))
  }

  private static func evidence(
    _ use: APIRequestUse, of requests: APIRequestFacts, _ shape: LoginShape,
    _ context: RuleContext, _ label: String
  ) -> [EvidenceRow] {
    let addresses = requests.addresses(of: use)
    let first = context.evidence(use.first, shape, address: addresses.first, label)
    guard use.first != use.last else { return [first] }
    return [first, context.evidence(use.last, shape, address: addresses.last, label)]
  }

  private static func shape(_ request: APIRequestShape) -> LoginShape {
    var shape = LoginShape()
    shape.application = request.application
    shape.apiVersion = request.version
    shape.status = request.status
    return shape
  }
}
