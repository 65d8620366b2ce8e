import SalesforceExports

/// Logins of the whole org by UTC day, summed from the accounts.
struct DailyFigures {
  /// Logins of one day.
  struct Day {
    var proven = 0
    var absent = 0
    var unknown = 0
    var api = 0
    var failed = 0

    var total: Int { proven + absent + unknown + api + failed }
  }

  private var days: [Int64: Day] = [:]

  /// Adds the days of an account.
  mutating func add(_ account: AccountRecord) {
    for record in account.daily {
      guard let start = Instant(resultText: record.date + "T00:00:00.000Z") else { continue }
      var day = days[start.day] ?? Day()
      day.proven += record.humanProven
      day.absent += record.humanAbsent
      day.unknown += record.humanUnknown
      day.api += record.api
      day.failed += record.failed
      days[start.day] = day
    }
  }

  /// First and last day; `nil` without any.
  var range: ClosedRange<Int64>? {
    guard let first = days.keys.min(), let last = days.keys.max() else { return nil }
    return first...last
  }

  subscript(day: Int64) -> Day { days[day] ?? Day() }
}
