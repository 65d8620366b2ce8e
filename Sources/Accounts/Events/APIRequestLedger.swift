package import SalesforceExports

/// Where one event stands.
package struct EventPlace: Hashable, Sendable {
  /// Time of the event.
  package let time: Instant
  /// Number of the file among the run's inputs.
  package let file: UInt32
  /// Line of the file in which the row begins, 1-based.
  package let line: UInt64

  /// Names a place.
  package init(time: Instant, file: UInt32, line: UInt64) {
    self.time = time
    self.file = file
    self.line = line
  }

  func precedes(_ other: EventPlace) -> Bool {
    if time != other.time { return time < other.time }
    return file != other.file ? file < other.file : line < other.line
  }
}

/// A number of requests with the first and last of them.
package struct APIRequestUse: Sendable, Equatable {
  package private(set) var count = 0
  package private(set) var first: EventPlace
  package private(set) var last: EventPlace

  init(_ place: EventPlace) {
    count = 1
    first = place
    last = place
  }

  mutating func add(_ place: EventPlace) {
    count += 1
    if place.precedes(first) { first = place }
    if last.precedes(place) { last = place }
  }

  mutating func add(_ other: APIRequestUse) {
    count += other.count
    if other.first.precedes(first) { first = other.first }
    if last.precedes(other.last) { last = other.last }
  }
}

/// The API requests of event logs, by account: a commutative monoid as the ledger of logins is, and
/// of a size that depends on accounts, their days and their distinct values alone.
package struct APIRequestLedger: Sendable {
  struct Day: Hashable, Sendable {
    let account: UInt32
    let source: FileKind
    let day: Int64
  }

  private(set) var accounts: [AccountKey] = []
  private var numbers: [AccountKey: UInt32] = [:]
  private(set) var shapes: [APIRequestShape] = []
  private var codes: [APIRequestShape: UInt32] = [:]
  /// By account (upper half) and shape.
  private(set) var uses: [UInt64: APIRequestUse] = [:]
  private(set) var days: [Day: APIRequestUse] = [:]
  /// Requests by event log.
  package private(set) var countBySource: [FileKind: Int] = [:]

  /// Makes an empty ledger.
  package init() {}

  /// Whether no request was recorded.
  package var isEmpty: Bool { uses.isEmpty }

  mutating func account(_ key: AccountKey) -> UInt32 {
    if let number = numbers[key] { return number }
    let number = UInt32(accounts.count)
    accounts.append(key)
    numbers[key] = number
    return number
  }

  mutating func code(of shape: APIRequestShape) -> UInt32 {
    if let code = codes[shape] { return code }
    let code = UInt32(shapes.count)
    shapes.append(shape)
    codes[shape] = code
    return code
  }

  mutating func record(account: UInt32, shape: UInt32, source: FileKind, _ place: EventPlace) {
    countBySource[source, default: 0] += 1
    let key = UInt64(account) << 32 | UInt64(shape)
    if uses[key]?.add(place) == nil { uses[key] = APIRequestUse(place) }
    let day = Day(account: account, source: source, day: place.time.day)
    if days[day]?.add(place) == nil { days[day] = APIRequestUse(place) }
  }

  /// Adds the requests of another part.
  package mutating func merge(_ other: APIRequestLedger) {
    let numbers = other.accounts.map { account($0) }
    let codes = other.shapes.map { code(of: $0) }
    for (key, use) in other.uses {
      let own = UInt64(numbers[Int(key >> 32)]) << 32 | UInt64(codes[Int(key & 0xFFFF_FFFF)])
      if uses[own]?.add(use) == nil { uses[own] = use }
    }
    for (day, use) in other.days {
      let own = Day(account: numbers[Int(day.account)], source: day.source, day: day.day)
      if days[own]?.add(use) == nil { days[own] = use }
    }
    countBySource.merge(other.countBySource, uniquingKeysWith: +)
  }

  /// The event logs from which requests are counted, so that none counts twice: `ApiTotalUsage`
  /// alone where it is given, since it holds all requests of the others; else each log, but jobs and
  /// batches of the Bulk API not beside its requests, nor Metadata operations beside SOAP calls.
  package var countedSources: Set<FileKind> {
    var sources = Set(countBySource.keys)
    if sources.contains(.apiTotalUsage) { return [.apiTotalUsage] }
    if sources.contains(.bulkAPIRequest) { sources.subtract([.bulkAPI, .bulkAPI2]) }
    if sources.contains(.soapAPI) { sources.remove(.metadataAPI) }
    return sources
  }
}
