import Platform
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
  /// Codes of the addresses that these two came from.
  private(set) var firstAddress: UInt32
  private(set) var lastAddress: UInt32

  init(
    count: Int, first: EventPlace, last: EventPlace, firstAddress: UInt32, lastAddress: UInt32
  ) {
    self.count = count
    self.first = first
    self.last = last
    self.firstAddress = firstAddress
    self.lastAddress = lastAddress
  }

  init(_ place: EventPlace, address: UInt32) {
    count = 1
    first = place
    last = place
    firstAddress = address
    lastAddress = address
  }

  /// The same with other codes of addresses.
  init(_ other: APIRequestUse, addresses: [UInt32]) {
    self = other
    firstAddress = addresses[Int(other.firstAddress)]
    lastAddress = addresses[Int(other.lastAddress)]
  }

  mutating func add(_ place: EventPlace, address: UInt32) {
    count += 1
    if place.precedes(first) {
      first = place
      firstAddress = address
    }
    if last.precedes(place) {
      last = place
      lastAddress = address
    }
  }

  mutating func add(_ other: APIRequestUse) {
    count += other.count
    if other.first.precedes(first) {
      first = other.first
      firstAddress = other.firstAddress
    }
    if last.precedes(other.last) {
      last = other.last
      lastAddress = other.lastAddress
    }
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

  /// From where an account made requests of one shape on one day.
  struct Origin: Hashable, Sendable {
    let account: UInt32
    let shape: UInt32
    let address: UInt32
    let day: Int32
  }

  private(set) var accounts: [AccountKey] = []
  private var numbers: [AccountKey: UInt32] = [:]
  private(set) var shapes: [APIRequestShape] = []
  private var codes: [APIRequestShape: UInt32] = [:]
  /// By account (upper half) and shape.
  // What is not private here is for ledger files.
  var uses: [UInt64: APIRequestUse] = [:]
  var days: [Day: APIRequestUse] = [:]
  /// Client addresses, canonical where they are addresses; the first is blank.
  private(set) var addresses: [String] = [""]
  private var addressCodes: [ExactText: UInt32] = ["": 0]
  /// Origins of all requests, where they are kept.
  var origins: Set<Origin> = []
  private let keepsOrigins: Bool
  /// Requests by event log.
  package internal(set) var countBySource: [FileKind: Int] = [:]

  /// Makes an empty ledger.
  ///
  /// - Parameter keepsOrigins: Whether something is compared with the addresses of requests; if not,
  ///   the first and last address of each use are enough.
  package init(keepsOrigins: Bool = false) { self.keepsOrigins = keepsOrigins }

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

  mutating func code(ofAddress address: String) -> UInt32 {
    if let code = addressCodes[address] { return code }
    let code = UInt32(addresses.count)
    addresses.append(address)
    addressCodes[address] = code
    return code
  }

  mutating func record(
    account: UInt32, shape: UInt32, source: FileKind, address: UInt32, _ place: EventPlace
  ) {
    countBySource[source, default: 0] += 1
    let key = UInt64(account) << 32 | UInt64(shape)
    if uses[key]?.add(place, address: address) == nil {
      uses[key] = APIRequestUse(place, address: address)
    }
    let day = Day(account: account, source: source, day: place.time.day)
    if days[day]?.add(place, address: address) == nil {
      days[day] = APIRequestUse(place, address: address)
    }
    guard keepsOrigins else { return }
    origins.insert(
      Origin(account: account, shape: shape, address: address, day: Int32(clamping: day.day)))
  }

  /// Adds the requests of another part.
  package mutating func merge(_ other: APIRequestLedger) {
    let numbers = other.accounts.map { account($0) }
    let codes = other.shapes.map { code(of: $0) }
    let addresses = other.addresses.map { code(ofAddress: $0) }
    for origin in other.origins {
      origins.insert(
        Origin(
          account: numbers[Int(origin.account)], shape: codes[Int(origin.shape)],
          address: addresses[Int(origin.address)], day: origin.day))
    }
    for (key, use) in other.uses {
      let use = APIRequestUse(use, addresses: addresses)
      let own = UInt64(numbers[Int(key >> 32)]) << 32 | UInt64(codes[Int(key & 0xFFFF_FFFF)])
      if uses[own]?.add(use) == nil { uses[own] = use }
    }
    for (day, use) in other.days {
      let use = APIRequestUse(use, addresses: addresses)
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
