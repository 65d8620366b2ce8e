package import Accounts
import SalesforceExports

/// API attempts of an account by several columns.
package struct TrafficRecord: Sendable, Equatable {
  package var byAPIType = NamedCounts()
  package var byAPIVersion = NamedCounts()
  package var byApplication = NamedCounts()
  package var byLoginType = NamedCounts()
  package var byTLS = NamedCounts()
  package var peakHour = Peak()
  package var peakMinute = Peak()

  /// Makes a blank record.
  package init() {}

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.counts("by_api_type", &byAPIType)
    coder.counts("by_api_version", &byAPIVersion)
    coder.counts("by_application", &byApplication)
    coder.counts("by_login_type", &byLoginType)
    coder.counts("by_tls", &byTLS)
    coder.object("peak_hour") { Self.code(&peakHour, &$0) }
    coder.object("peak_minute") { Self.code(&peakMinute, &$0) }
  }

  private static func code<Coder: RecordCoder & ~Copyable>(
    _ peak: inout Peak, _ coder: inout Coder
  ) {
    coder.count("logins", &peak.logins)
    coder.instant("start", &peak.start)
  }
}

/// API requests of an account.
package struct RequestsRecord: Sendable, Equatable {
  package var byApplication = NamedCounts()
  package var byFamily = NamedCounts()
  /// Rows by event log, those that do not count beside another log included.
  package var bySource = NamedCounts()
  package var byStatus = NamedCounts()
  package var byVersion = NamedCounts()
  package var countsAgainstLimit = NamedCounts()
  /// Days since 1970 of the first day with requests; `nil` without any.
  package var from: Int64?
  /// Days with requests, ascending, counted from `from`.
  package var days: [Int] = []
  /// Requests of each of these days.
  package var requests: [Int] = []
  package var total = 0

  /// Makes a record without requests.
  package init() {}

  /// The day with most requests, the earliest on ties; `nil` when none counts.
  package var peakDay: (day: Int64, requests: Int)? {
    guard let from, let most = requests.max(), most > 0,
      let position = requests.firstIndex(of: most)
    else { return nil }
    return (from + Int64(days[position]), most)
  }

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.counts("by_application", &byApplication)
    coder.counts("by_family", &byFamily)
    coder.counts("by_source", &bySource)
    coder.counts("by_status", &byStatus)
    coder.counts("by_version", &byVersion)
    coder.counts("counts_against_limit", &countsAgainstLimit)
    coder.object("daily") { coder in
      coder.counts("day", &days)
      var date = from.map { CivilDate(day: $0).text }
      coder.string("from", &date)
      coder.counts("requests", &requests)
      from = date.flatMap { Instant(resultText: $0 + "T00:00:00.000Z")?.day }
      if date != nil, from == nil { coder.fail("from", "is no date") }
      if days.count != requests.count || !days.areDays(from: from) {
        coder.fail("daily", "has columns of different length, or days out of order")
      }
    }
    coder.count("total", &total)
  }
}
