package import Platform
package import SalesforceExports

/// The API requests of one account.
package struct APIRequestFacts: Sendable {
  /// Requests by what their rows say, in the order of shapes; those that count alone.
  package private(set) var uses: [(shape: APIRequestShape, use: APIRequestUse)] = []
  /// Requests by UTC day since 1970, ascending; those that count alone.
  package private(set) var days: [(day: Int64, use: APIRequestUse)] = []
  /// Rows by event log, those that do not count included.
  package private(set) var bySource: [FileKind: Int] = [:]

  /// Distinct shapes, days and client addresses of requests that count, where they are kept.
  package private(set) var origins: [Origin] = []
  private var addresses: [String] = []

  /// From where requests of one shape came on one UTC day.
  package struct Origin: Sendable {
    package let shape: APIRequestShape
    package let day: Int64
    /// Canonical address; empty where the log has none.
    package let address: String
  }

  /// The addresses of a use's first and last request.
  package func addresses(of use: APIRequestUse) -> (first: String, last: String) {
    (addresses[Int(use.firstAddress)], addresses[Int(use.lastAddress)])
  }

  /// All requests that count.
  package var total: Int { uses.reduce(0) { $0 + $1.use.count } }

  /// Requests by a value of their shape.
  package func counts(by value: (APIRequestShape) -> String) -> [ExactText: Int] {
    var result: [ExactText: Int] = [:]
    for entry in uses { result[value(entry.shape), default: 0] += entry.use.count }
    return result
  }

  /// Values of their shapes with their first and last request, the most frequent first, blank ones
  /// left out.
  package func uses(of value: (APIRequestShape) -> String) -> [ValueUse] {
    var found: [ExactText: APIRequestUse] = [:]
    for entry in uses {
      let text = value(entry.shape)
      if text.isEmpty { continue }
      if found[text]?.add(entry.use) == nil { found[text] = entry.use }
    }
    return found.map { text, use in
      ValueUse(value: text.string, count: use.count, first: use.first.time, last: use.last.time)
    }.sorted { one, other in
      if one.count != other.count { return one.count > other.count }
      return one.first != other.first
        ? one.first < other.first : one.value.utf8.lexicographicallyPrecedes(other.value.utf8)
    }
  }
}

/// The requests of a ledger, brought together by account.
package struct APIRequestIndex: Sendable {
  private var facts: [AccountKey: APIRequestFacts] = [:]
  /// Distinct client addresses and applications of all accounts.
  package private(set) var addresses: [String] = []
  package private(set) var applications: Set<ExactText> = []

  /// Holds nothing.
  package init() {}

  /// Brings a ledger's requests together; names become ids where a user snapshot knows them.
  ///
  /// - Complexity: O(*n* log *n*) in the accounts' distinct values and days.
  package init(_ ledger: APIRequestLedger, _ snapshots: Snapshots) {
    let counted = ledger.countedSources
    let keys = ledger.accounts.map { snapshots.resolved($0) }
    var uses: [AccountKey: [APIRequestShape: APIRequestUse]] = [:]
    for (key, use) in ledger.uses {
      let account = keys[Int(key >> 32)]
      let shape = ledger.shapes[Int(key & 0xFFFF_FFFF)]
      facts[account, default: APIRequestFacts()].note(shape.source, use.count)
      guard counted.contains(shape.source) else { continue }
      if uses[account, default: [:]][shape]?.add(use) == nil { uses[account]?[shape] = use }
    }
    var days: [AccountKey: [Int64: APIRequestUse]] = [:]
    for (day, use) in ledger.days where counted.contains(day.source) {
      let account = keys[Int(day.account)]
      if days[account, default: [:]][day.day]?.add(use) == nil { days[account]?[day.day] = use }
    }
    for account in facts.keys {
      facts[account]?.settle(uses[account] ?? [:], days[account] ?? [:], ledger.addresses)
    }
    for origin in ledger.origins {
      let shape = ledger.shapes[Int(origin.shape)]
      guard counted.contains(shape.source) else { continue }
      facts[keys[Int(origin.account)]]?.note(
        APIRequestFacts.Origin(
          shape: shape, day: Int64(origin.day), address: ledger.addresses[Int(origin.address)]))
    }
    addresses = ledger.addresses
    applications = Set(ledger.shapes.map(\.application))
  }

  /// Accounts with requests.
  var accounts: [AccountKey] { Array(facts.keys) }

  /// The requests of an account; `nil` when there are none.
  func requests(of account: AccountKey) -> APIRequestFacts? { facts[account] }
}

extension APIRequestFacts {
  fileprivate mutating func note(_ source: FileKind, _ count: Int) {
    bySource[source, default: 0] += count
  }

  fileprivate mutating func note(_ origin: Origin) { origins.append(origin) }

  fileprivate mutating func settle(
    _ uses: [APIRequestShape: APIRequestUse], _ days: [Int64: APIRequestUse],
    _ addresses: [String]
  ) {
    self.addresses = addresses
    self.uses = uses.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    self.days = days.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
