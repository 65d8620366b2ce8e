package import Platform
package import SalesforceExports

/// What the whole org did, as far as judging one account asks for it.
package struct OrgHistory: Sendable {
  /// When logins of an application succeeded anywhere in the org.
  package struct ApplicationUse: Sendable, Equatable {
    /// The earliest success through any door.
    package var firstSuccess: Instant
    /// The earliest success through the API, and the next after it of which the time is kept; `nil` when
    /// there was none.
    package var firstAPISuccess: Instant?
    package var secondAPISuccess: Instant?

    /// Notes a success through the API.
    fileprivate mutating func note(_ time: Instant) {
      guard let first = firstAPISuccess else {
        firstAPISuccess = time
        return
      }
      firstAPISuccess = min(first, time)
      let later = max(first, time)
      secondAPISuccess = secondAPISuccess.map { min($0, later) } ?? later
    }
  }

  /// Days since 1970 with at least one row, ascending.
  package let coveredDays: [Int64]
  private let hours: [Int64: HourSpan]
  /// Time of the earliest and latest row.
  package private(set) var first: Instant?
  package private(set) var last: Instant?
  /// Logins of the types by which OAuth comes in that name no application, and all of them.
  package private(set) var oauthLogins = (nameless: 0, all: 0)
  /// Applications by name, those that name none left out.
  package private(set) var applications: [ExactText: ApplicationUse] = [:]

  /// Sums up a ledger.
  ///
  /// - Complexity: O(*n*) in the size of the ledger.
  init(_ ledger: AccountLedger) {
    hours = ledger.activeHours
    coveredDays = Set(hours.keys.map { floorDivide($0, 24) }).sorted()
    var firstSuccess = [Instant?](repeating: nil, count: ledger.shapes.count)
    var counts = [Int](repeating: 0, count: ledger.shapes.count)
    // Up to two of each shape; what lies between is not kept.
    var apiTimes = [ApplicationUse](
      repeating: ApplicationUse(firstSuccess: Instant(milliseconds: 0)), count: ledger.shapes.count)
    ledger.forEachShapeUse { _, code, use in
      let start = use.first.time
      let end = use.last.time
      first = first.map { min($0, start) } ?? start
      last = last.map { max($0, end) } ?? end
      counts[Int(code)] += use.count
      firstSuccess[Int(code)] = firstSuccess[Int(code)].map { min($0, start) } ?? start
      apiTimes[Int(code)].note(start)
      if use.count > 1 { apiTimes[Int(code)].note(end) }
    }
    for (code, time) in firstSuccess.enumerated() {
      let shape = ledger.shapes[code]
      if shape.isOAuth {
        oauthLogins.all += counts[code]
        if shape.application.isEmpty { oauthLogins.nameless += counts[code] }
      }
      guard let time, shape.outcome == .succeeded, shape.namesApplication else { continue }
      let name = shape.applicationName
      var use = applications[name] ?? ApplicationUse(firstSuccess: time)
      use.firstSuccess = min(use.firstSuccess, time)
      if shape.door == .api {
        for time in [apiTimes[code].firstAPISuccess, apiTimes[code].secondAPISuccess] {
          if let time { use.note(time) }
        }
      }
      applications[name] = use
    }
  }

  /// Stretches without rows in which the org is usually busy.
  package func gaps(_ measure: ActivityGaps.Measure) -> [ActivityGaps.Gap] {
    ActivityGaps.gaps(hours: hours, measure)
  }
}
