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

  /// Days that are drawn at most: ten years.
  private static let drawnLimit: Int64 = 3_653

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

  /// First and last day to draw; `nil` without any.
  ///
  /// A row with a date of another millennium must not make a page of a million days: of a longer
  /// time the ten years with most logins are drawn.
  ///
  /// - Complexity: O(*n* log *n*) in the number of days with logins.
  var range: ClosedRange<Int64>? {
    let known = days.keys.sorted()
    guard let first = known.first, let last = known.last else { return nil }
    if last - first < Self.drawnLimit { return first...last }
    var best = (total: -1, range: first...first)
    var (start, total) = (0, 0)
    for day in known {
      total += self[day].total
      while day - known[start] >= Self.drawnLimit {
        total -= self[known[start]].total
        start += 1
      }
      if total > best.total { best = (total, known[start]...day) }
    }
    return best.range
  }

  /// What lies outside the days that are drawn, in words; empty when nothing does.
  var remark: String {
    guard let range else { return "" }
    let outside = days.filter { !range.contains($0.key) }
    if outside.isEmpty { return "" }
    let total = outside.values.reduce(0) { $0 + $1.total }
    return " \(FigureText.count(total, "login")) of \(FigureText.count(outside.count, "day")) "
      + "before or after these ten years are not drawn."
  }

  subscript(day: Int64) -> Day { days[day] ?? Day() }
}
