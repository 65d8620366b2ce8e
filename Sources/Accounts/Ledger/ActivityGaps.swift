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
  /// - Complexity: O((*h* + *g*) log *h*) in the hours that have rows and the stretches.
  package static func find(in ledger: AccountLedger) -> [Gap] { gaps(hours: ledger.activeHours) }

  /// Finds the gaps between hours with rows.
  static func gaps(hours: [Int64: HourSpan], _ measure: Measure = Measure()) -> [Gap] {
    let sorted = hours.sorted { $0.key < $1.key }
    let lulls = Lulls(sorted)
    guard lulls.dayCount >= measure.days else { return [] }
    let least = Int64(max(measure.hours, 1)) * 60
    // Minutes since 1970: the first without rows, and the one that has some again.
    let stretches = zip(sorted, sorted.dropFirst()).map { one, other in
      (
        from: one.key * 60 + Int64(one.value.last) + 1,
        until: other.key * 60 + Int64(other.value.first)
      )
    }.filter { $0.until - $0.from >= least }
    let quietDays = lulls.counts(
      holding: stretches.map { stretch in
        let start = stretch.from - floorDivide(stretch.from, 1_440) * 1_440
        // Longer than a day it holds every time of day.
        return (start, start + min(stretch.until - stretch.from, 1_440))
      })
    return zip(stretches, quietDays).compactMap { stretch, quiet in
      let busyDays = lulls.dayCount - quiet
      guard 100 * Double(busyDays) >= measure.percent * Double(lulls.dayCount) else { return nil }
      return Gap(
        from: Instant(milliseconds: stretch.from * 60_000),
        until: Instant(milliseconds: stretch.until * 60_000))
    }
  }

  /// Times of day between two minutes of one day that have rows, taken round midnight.
  ///
  /// A day without rows at a time of day has a lull that holds it, and only one.
  private struct Lulls {
    private(set) var dayCount = 0
    /// The minutes of the day before and behind each, which have rows: from −1,440 to 2,880.
    private var ends: [(before: Int64, behind: Int64)] = []

    /// Takes hours in order.
    init(_ hours: [(key: Int64, value: HourSpan)]) {
      var day = Int64.min
      var first: Int64 = 0
      var last: Int64 = 0
      func close() -> [(before: Int64, behind: Int64)] {
        day == .min ? [] : [(last, first + 1_440), (last - 1_440, first)]
      }
      for (hour, span) in hours {
        let own = floorDivide(hour, 24)
        let base = (hour - own * 24) * 60
        let minutes = (base + Int64(span.first), base + Int64(span.last))
        if own == day {
          ends.append((last, minutes.0))
        } else {
          ends += close()
          dayCount += 1
          day = own
          first = minutes.0
        }
        ends.append(minutes)
        last = minutes.1
      }
      ends += close()
    }

    /// Of each window of minutes how many days have no rows in it.
    ///
    /// - Parameter windows: The first minute of the day, and the end, which is at most a day behind it.
    /// - Complexity: O((*n* + *m*) log *n*) in lulls and windows.
    func counts(holding windows: [(start: Int64, end: Int64)]) -> [Int] {
      let byBeginning = ends.sorted { $0.before < $1.before }
      var result = [Int](repeating: 0, count: windows.count)
      // How many lulls, of those that begin before a window, end at a minute: sums of a Fenwick tree.
      var sums = [Int](repeating: 0, count: 4 * 1_440 + 1)
      var next = 0
      for position in windows.indices.sorted(by: { windows[$0].start < windows[$1].start }) {
        while next < byBeginning.count, byBeginning[next].before < windows[position].start {
          var place = Int(byBeginning[next].behind) + 1_441
          while place < sums.count {
            sums[place] += 1
            place += place & -place
          }
          next += 1
        }
        // All of them but those that end within the window.
        var ended = 0
        var place = Int(windows[position].end) + 1_440
        while place > 0 {
          ended += sums[place]
          place -= place & -place
        }
        result[position] = next - ended
      }
      return result
    }
  }
}
