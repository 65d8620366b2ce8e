import SalesforceExports

/// UTC days on which API logins of each application succeeded, by the application's code.
///
/// A bit a day, in one word for each 64 days in which it was used.
struct ApplicationDays {
  private struct Days {
    /// When the day of the row noted last begins, in milliseconds since 1970.
    var openStart = Int64.min
    /// Days since 1970, 64 in a word, by the number of the word.
    var words: [Int64: UInt64] = [:]
  }

  private var applications: [Days] = []

  /// Notes a successful API login.
  ///
  /// - Parameter application: Code of its application; 0 and 1, which name none, are left out.
  @inline(__always)
  mutating func note(_ application: UInt32, _ time: Instant) {
    if application < 2 { return }
    if Int(application) < applications.count,
      UInt64(bitPattern: time.milliseconds &- applications[Int(application)].openStart)
        < UInt64(Instant.dayMilliseconds)
    {
      return
    }
    begin(application, time.day)
  }

  @inline(never)
  private mutating func begin(_ application: UInt32, _ day: Int64) {
    insert(day, of: application)
    applications[Int(application)].openStart = day * Instant.dayMilliseconds
  }

  /// Adds a day of an application.
  mutating func insert(_ day: Int64, of application: UInt32) {
    while applications.count <= Int(application) { applications.append(Days()) }
    applications[Int(application)].words[day >> 6, default: 0] |= 1 << UInt64(day & 63)
  }

  /// Days of all applications.
  var all: Set<Int64> {
    var words: [Int64: UInt64] = [:]
    for application in applications { words.merge(application.words) { $0 | $1 } }
    return Set(
      words.flatMap { number, word in
        (0..<64).filter { word >> UInt64($0) & 1 == 1 }.map { number << 6 + Int64($0) }
      })
  }

  /// Days of an application, ascending.
  func days(of application: Int) -> [Int64] {
    guard application < applications.count else { return [] }
    return applications[application].words.sorted { $0.key < $1.key }.flatMap { number, word in
      (0..<64).filter { word >> UInt64($0) & 1 == 1 }.map { number << 6 + Int64($0) }
    }
  }

  /// Adds the days of others.
  ///
  /// - Parameter codes: What their codes are here; `nil` where they are the same.
  mutating func formUnion(_ other: ApplicationDays, codes: [UInt32]? = nil) {
    for application in other.applications.indices {
      let code = codes.map { $0[application] } ?? UInt32(application)
      for day in other.days(of: application) { insert(day, of: code) }
    }
  }
}
