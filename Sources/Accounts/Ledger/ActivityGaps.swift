package import SalesforceExports

/// Stretches of time in which an org that is usually busy has no rows at all.
package enum ActivityGaps {
  /// A stretch without rows; of logins whole UTC minutes.
  package struct Gap: Sendable, Equatable {
    /// Start of the first minute without rows.
    package let from: Instant
    /// Start of the minute that has rows again.
    package let until: Instant

    /// Makes a stretch.
    package init(from: Instant, until: Instant) {
      self.from = from
      self.until = until
    }
  }

  /// When a stretch without rows is a gap.
  package struct Measure: Sendable, Equatable {
    /// Shortest stretch in hours, one or more.
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
  /// - Complexity: O(*h* log *h* + *g* · *h*) in the hours that have rows and the stretches.
  package static func find(in ledger: AccountLedger) -> [Gap] { gaps(hours: ledger.activeHours) }

  /// Finds the gaps between hours with rows.
  static func gaps(hours: [Int64: HourSpan], _ measure: Measure = Measure()) -> [Gap] {
    let dayCount = Set(hours.keys.lazy.map { floorDivide($0, 24) }).count
    guard dayCount >= measure.days else { return [] }
    let least = Int64(max(measure.hours, 1)) * 60
    let sorted = hours.sorted { $0.key < $1.key }
    var result: [Gap] = []
    for (one, other) in zip(sorted, sorted.dropFirst()) {
      // Minutes since 1970: the first without rows, and the one that has some again.
      let from = one.key * 60 + Int64(one.value.last) + 1
      let until = other.key * 60 + Int64(other.value.first)
      guard until - from >= least else { continue }
      let busyDays = days(in: sorted, withRowsFrom: from, to: until)
      guard 100 * Double(busyDays) >= measure.percent * Double(dayCount) else { continue }
      result.append(
        Gap(
          from: Instant(milliseconds: from * 60_000), until: Instant(milliseconds: until * 60_000)))
    }
    return result
  }

  /// Days that have rows at the time of day of a stretch.
  ///
  /// The stretch takes an hour or more, so it never lies between two rows of one hour.
  private static func days(
    in hours: [(key: Int64, value: HourSpan)], withRowsFrom from: Int64, to until: Int64
  ) -> Int {
    var count = 0
    var latest = Int64.min
    let start = from - floorDivide(from, 1_440) * 1_440
    // Longer than a day it holds every time of day.
    let end = min(until - from, 1_440) + start
    for (hour, span) in hours {
      let day = floorDivide(hour, 24)
      if day == latest { continue }
      let base = (hour - day * 24) * 60
      func isInside(_ minute: UInt8) -> Bool {
        let minute = base + Int64(minute)
        return (start..<end).contains(minute) || (start..<end).contains(minute + 1_440)
      }
      // Of an hour the stretch holds its beginning, its end or all: with any minute one of these.
      if isInside(span.first) || isInside(span.last) {
        count += 1
        latest = day
      }
    }
    return count
  }
}
