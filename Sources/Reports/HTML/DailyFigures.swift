import Results
import SalesforceExports

/// Logins of the whole org by UTC day, summed from the accounts.
struct DailyFigures: Sendable {
  /// Logins of one day.
  struct Day: Sendable {
    var proven = 0
    var absent = 0
    var unknown = 0
    var api = 0
    var failed = 0

    var total: Int { proven + absent + unknown + api + failed }

    fileprivate mutating func add(_ other: Day) {
      proven += other.proven
      absent += other.absent
      unknown += other.unknown
      api += other.api
      failed += other.failed
    }
  }

  /// Days that are drawn at most: ten years.
  private static let drawnLimit: Int64 = 3_653
  /// Days of a page: two to this power.
  private static let pageBits: Int64 = 7
  private static let pageLength: Int64 = 1 << pageBits

  /// Days beside each other lie in one page: an account has hundreds of them, and most pages are the
  /// same for all accounts.
  private var pages: [[Day]] = []
  private var positions: [Int64: Int] = [:]

  /// Adds the days of an account.
  mutating func add(_ activity: ActivityRecord) {
    var page = Int64.min
    var position = 0
    for index in activity.days.indices {
      let day = activity.day(index)
      if day >> Self.pageBits != page {
        page = day >> Self.pageBits
        position = self.position(ofPage: page)
      }
      pages[position][Self.place(day)].add(
        Day(
          proven: activity.humanProven[index], absent: activity.humanAbsent[index],
          unknown: activity.humanUnknown[index], api: activity.api[index],
          failed: activity.failed[index]))
    }
  }

  /// Adds other figures.
  mutating func add(_ other: DailyFigures) {
    for (page, from) in other.positions {
      let position = position(ofPage: page)
      for index in pages[position].indices { pages[position][index].add(other.pages[from][index]) }
    }
  }

  /// Place of a day in its page.
  private static func place(_ day: Int64) -> Int { Int(day & (pageLength - 1)) }

  private mutating func position(ofPage page: Int64) -> Int {
    if let position = positions[page] { return position }
    positions[page] = pages.count
    pages.append([Day](repeating: Day(), count: Int(Self.pageLength)))
    return pages.count - 1
  }

  /// Days with logins, ascending.
  private var known: [Int64] {
    positions.sorted { $0.key < $1.key }.flatMap { page, position in
      pages[position].indices.lazy.filter { pages[position][$0].total > 0 }.map {
        page * Self.pageLength + Int64($0)
      }
    }
  }

  /// First and last day to draw; `nil` without any.
  ///
  /// A row with a date of another millennium must not make a page of a million days: of a longer
  /// time the ten years with most logins are drawn.
  ///
  /// - Complexity: O(*n* log *n*) in the number of days with logins.
  var range: ClosedRange<Int64>? {
    let known = known
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
    let outside = known.filter { !range.contains($0) }
    if outside.isEmpty { return "" }
    let total = outside.reduce(0) { $0 + self[$1].total }
    return " \(FigureText.count(total, "login")) of \(FigureText.count(outside.count, "day")) "
      + "before or after these ten years are not drawn."
  }

  subscript(day: Int64) -> Day {
    positions[day >> Self.pageBits].map { pages[$0][Self.place(day)] } ?? Day()
  }
}
