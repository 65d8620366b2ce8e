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
  /// Days on which API logins of somebody are known: all on which one succeeded, and of the attempts the first and
  /// the last of each kind.
  private let apiDays: APILoginDays
  private let hours: [Int64: HourSpan]
  /// Time of the earliest and latest row.
  package private(set) var first: Instant?
  package private(set) var last: Instant?
  /// Logins of the types by which OAuth comes in that name no application, and all of them.
  package private(set) var oauthLogins = (nameless: 0, all: 0)
  /// Applications by name, those that name none left out.
  package private(set) var applications: [ExactText: ApplicationUse] = [:]
  /// What all accounts' rows of each shape come to, by code; `nil` for shapes of copies alone.
  let shapeSums: [ShapeSum?]

  /// All accounts' rows of one shape.
  struct ShapeSum: Sendable {
    private(set) var count: Int
    private(set) var first: Instant
    private(set) var last: Instant

    fileprivate mutating func add(_ count: Int, _ first: Instant, _ last: Instant) {
      self.count += count
      self.first = min(self.first, first)
      self.last = max(self.last, last)
    }
  }

  /// Sums up a ledger.
  ///
  /// - Complexity: O(*n*) in the size of the ledger.
  init(_ ledger: AccountLedger) {
    hours = ledger.activeHours
    coveredDays = Set(hours.keys.map { floorDivide($0, 24) }).sorted()
    var sums = [ShapeSum?](repeating: nil, count: ledger.shapes.count)
    // Up to two of each shape; what lies between is not kept.
    var apiTimes = [ApplicationUse](
      repeating: ApplicationUse(firstSuccess: Instant(milliseconds: 0)), count: ledger.shapes.count)
    ledger.forEachShapeSpan { code, count, start, end in
      if sums[Int(code)]?.add(count, start, end) == nil {
        sums[Int(code)] = ShapeSum(count: count, first: start, last: end)
      }
      apiTimes[Int(code)].note(start)
      if count > 1 { apiTimes[Int(code)].note(end) }
    }
    for sum in sums {
      guard let sum else { continue }
      first = first.map { min($0, sum.first) } ?? sum.first
      last = last.map { max($0, sum.last) } ?? sum.last
    }
    shapeSums = sums
    var attempts: [Int64] = []
    for (code, sum) in sums.enumerated() {
      guard let sum, ledger.shapes[code].door == .api else { continue }
      attempts += [sum.first.day, sum.last.day]
    }
    apiDays = APILoginDays(attempts: attempts, ledger)
    for (code, sum) in sums.enumerated() {
      guard let sum else { continue }
      let shape = ledger.shapes[code]
      if shape.isOAuth {
        oauthLogins.all += sum.count
        if shape.application.isEmpty { oauthLogins.nameless += sum.count }
      }
      guard shape.outcome == .succeeded, shape.namesApplication else { continue }
      let name = shape.applicationName
      var use = applications[name] ?? ApplicationUse(firstSuccess: sum.first)
      use.firstSuccess = min(use.firstSuccess, sum.first)
      if shape.door == .api {
        for time in [apiTimes[code].firstAPISuccess, apiTimes[code].secondAPISuccess] {
          if let time { use.note(time) }
        }
      }
      applications[name] = use
    }
  }

  /// Whether API logins of somebody are known in a stretch of days, ends included.
  ///
  /// - Complexity: O(log *n*), and the first time O(*n*) in all addresses of all accounts.
  package func hasAPILogins(_ days: ClosedRange<Int64>) -> Bool {
    let known = apiDays.days
    var (low, high) = (0, known.count)
    while low < high {
      let middle = (low + high) / 2
      if known[middle] < days.lowerBound { low = middle + 1 } else { high = middle }
    }
    return low < known.count && known[low] <= days.upperBound
  }

  /// Works out what the ledger alone tells, so that the ledger may go.
  func settle() { _ = apiDays.days }

  /// Stretches without rows in which the org is usually busy.
  package func gaps(_ measure: ActivityGaps.Measure) -> [ActivityGaps.Gap] {
    ActivityGaps.gaps(hours: hours, measure)
  }
}
