import SalesforceExports

/// How many logins of an account results count on each UTC day: those that succeeded and were classed,
/// and those that failed.
///
/// A login is immutable, so of one account two runs over the same rows count the same on each day,
/// whatever they make of the rows.
package struct LoginDays: Sendable, Equatable {
  /// Days since 1970 of the day that `days` count from; `nil` without any.
  private var from: Int64?
  /// Days with logins, ascending, counted from `from`.
  private var days: [Int] = []
  private var counts: [Int] = []

  /// Makes a record without days.
  package init() {}

  /// Takes the days from what an account did.
  package init(_ activity: ActivityRecord) {
    self.init(activity) { position in
      activity.humanProven[position] + activity.humanAbsent[position]
        + activity.humanUnknown[position] + activity.api[position] + activity.failed[position]
    }
  }

  /// Takes the days on which people got in and it is told whether they used MFA.
  init(told activity: ActivityRecord) {
    self.init(activity) { activity.humanProven[$0] + activity.humanAbsent[$0] }
  }

  private init(_ activity: ActivityRecord, _ count: (_ position: Int) -> Int) {
    for (position, day) in activity.days.enumerated() {
      let count = count(position)
      guard count > 0, let start = activity.from else { continue }
      from = from ?? start
      days.append(day)
      counts.append(count)
    }
    rebase()
  }

  /// The days of a range alone.
  func within(_ range: ClosedRange<Int64>) -> LoginDays {
    var result = LoginDays()
    guard let from else { return result }
    for (day, count) in zip(days, counts) where range.contains(from + Int64(day)) {
      result.days.append(day)
      result.counts.append(count)
    }
    result.from = result.days.isEmpty ? nil : from
    result.rebase()
    return result
  }

  /// The first day on which these are fewer than others, with both counts; `nil` when on none.
  func firstLack(of others: LoginDays) -> (day: CivilDate, count: Int, other: Int)? {
    guard let start = others.from else { return nil }
    var own: [Int64: Int] = [:]
    if let from { for (day, count) in zip(days, counts) { own[from + Int64(day)] = count } }
    for (day, other) in zip(others.days, others.counts) {
      let day = start + Int64(day)
      let count = own[day] ?? 0
      if count < other { return (CivilDate(day: day), count, other) }
    }
    return nil
  }

  /// Lets the days count from the first of them.
  private mutating func rebase() {
    guard let from, let first = days.first, first != 0 else { return }
    self.from = from + Int64(first)
    for position in days.indices { days[position] -= first }
  }

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.counts("count", &counts)
    coder.counts("day", &days)
    var date = from.map { CivilDate(day: $0).text }
    coder.string("from", &date)
    if let date {
      guard let instant = Instant(resultText: date + "T00:00:00.000Z") else {
        coder.fail("from", "is no date")
        return
      }
      from = instant.day
    }
    if counts.count != days.count || !days.areDays(from: from) {
      coder.fail("from", "has columns of different length, or days out of order")
    }
  }
}
