package import SalesforceExports

/// Stretches of time in which an org that is usually busy has no rows at all.
package enum ActivityGaps {
  /// A stretch without rows; of logins whole UTC hours.
  package struct Gap: Sendable, Equatable {
    /// Start of the first empty hour.
    package let from: Instant
    /// End of the last empty hour.
    package let until: Instant

    /// Makes a stretch.
    package init(from: Instant, until: Instant) {
      self.from = from
      self.until = until
    }
  }

  /// When a stretch without rows is a gap.
  package struct Measure: Sendable, Equatable {
    /// Shortest stretch in hours.
    package var hours = 6
    /// Days with rows that an org must have to be judged.
    package var days = 7
    /// Percent of these days that must have rows in the hours of the stretch.
    package var percent = 50.0

    /// The measure of the rules' page.
    package init() {}
  }

  /// Finds stretches of at least six hours without rows, though at least half of the days with rows
  /// (seven or more) have rows in those hours of the day.
  ///
  /// - Complexity: O(*h* log *h*) in the hours that have rows.
  package static func find(in ledger: AccountLedger) -> [Gap] { gaps(hours: hours(in: ledger)) }

  /// UTC hours since 1970 with at least one row.
  static func hours(in ledger: AccountLedger) -> Set<Int64> {
    var hours: Set<Int64> = []
    for (day, bits) in ledger.activeHours {
      for hour in 0..<24 where bits & 1 << UInt32(hour) != 0 {
        hours.insert(day * 24 + Int64(hour))
      }
    }
    return hours
  }

  /// Finds the gaps between hours with rows.
  static func gaps(hours: Set<Int64>, _ measure: Measure = Measure()) -> [Gap] {
    var hoursByDay: [Int64: UInt32] = [:]
    for hour in hours {
      let day = floorDivide(hour, 24)
      hoursByDay[day, default: 0] |= 1 << UInt32(hour - day * 24)
    }
    guard hoursByDay.count >= measure.days else { return [] }
    let sorted = hours.sorted()
    var result: [Gap] = []
    for (one, other) in zip(sorted, sorted.dropFirst()) where other - one > Int64(measure.hours) {
      var mask: UInt32 = 0
      for hour in (one + 1)..<min(other, one + 25) {
        mask |= 1 << UInt32(hour - floorDivide(hour, 24) * 24)
      }
      let busyDays = hoursByDay.values.count { $0 & mask != 0 }
      guard 100 * Double(busyDays) >= measure.percent * Double(hoursByDay.count) else { continue }
      result.append(
        Gap(
          from: Instant(milliseconds: (one + 1) * 3_600_000),
          until: Instant(milliseconds: other * 3_600_000)))
    }
    return result
  }
}
