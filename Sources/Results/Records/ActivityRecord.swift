package import SalesforceExports

/// What an account did by UTC day and by hour of the week.
///
/// Days are columns: the *n*th number of each belongs to the *n*th day with rows.
package struct ActivityRecord: Sendable, Equatable {
  /// Days since 1970 of the day that `days` count from; `nil` without any.
  package var from: Int64?
  /// Days with rows, ascending, counted from `from`.
  package var days: [Int] = []
  /// Successful human logins by verdict.
  package var humanProven: [Int] = []
  package var humanAbsent: [Int] = []
  package var humanUnknown: [Int] = []
  /// Successful API logins.
  package var api: [Int] = []
  /// Failures of any class.
  package var failed: [Int] = []
  /// Attempts by hour of the week, Monday 00:00 UTC first.
  package var hourOfWeek: [Int] = []

  /// Makes a record without days.
  package init() {}

  /// Days since 1970 of the day at a position.
  package func day(_ position: Int) -> Int64 { (from ?? 0) + Int64(days[position]) }

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.object("daily") { coder in
      coder.counts("api", &api)
      coder.counts("day", &days)
      coder.counts("failed", &failed)
      var date = from.map { CivilDate(day: $0).text }
      coder.string("from", &date)
      coder.counts("human_absent", &humanAbsent)
      coder.counts("human_proven", &humanProven)
      coder.counts("human_unknown", &humanUnknown)
      if let date {
        guard let instant = Instant(resultText: date + "T00:00:00.000Z") else {
          coder.fail("from", "is no date")
          return
        }
        from = instant.day
      }
      let columns = [api, failed, humanAbsent, humanProven, humanUnknown]
      if columns.contains(where: { $0.count != days.count }) || !days.areDays(from: from) {
        coder.fail("daily", "has columns of different length, or days out of order")
      }
    }
    coder.counts("hour_of_week", &hourOfWeek)
    if hourOfWeek.count != 168 { coder.fail("hour_of_week", "has not 168 hours") }
  }
}

extension [Int] {
  /// Whether these are days, ascending, counted from one: all of them within the years 1 to 9999, and none
  /// where there is no day to count from.
  func areDays(from: Int64?) -> Bool {
    guard let from, let last else { return from == nil && isEmpty }
    return Int64(last) <= CivilDate.days.upperBound - from
      && zip(self, dropFirst()).allSatisfy { $0 < $1 }
  }
}

extension Instant {
  /// Reads what ``text`` writes, and nothing else.
  package init?(resultText text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 24 else { return nil }
    self.init(resultBytes: bytes, at: 0)
  }
}
