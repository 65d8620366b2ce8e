import SalesforceExports

/// Which accounts are judged together: those whose logged rows lie in one bucket of the log.
struct BucketPlan: Sendable {
  /// Accounts that are judged by one worker in one go.
  struct Unit: Sendable {
    /// Buckets to be read.
    var buckets: [Int] = []
    /// Places of the accounts in the order of keys.
    var places: [Int] = []
  }

  let units: [Unit]
  /// Unit of each account of the ledger, and its position there; `.max` for accounts without rows.
  private(set) var homes: [(unit: UInt32, position: UInt32)]

  /// Accounts without a number that are judged in one go.
  private static let numberlessCount = 256

  /// Groups accounts by bucket; an account known by several keys is a unit by itself, and accounts
  /// without rows are cut into units of their own.
  init(accounts: [(key: AccountKey, numbers: [UInt32])], ledger: AccountLedger) {
    var byBucket = [Unit](repeating: Unit(), count: LoginLog.bucketCount)
    for bucket in byBucket.indices { byBucket[bucket].buckets = [bucket] }
    var several: [Unit] = []
    var numberless: [Unit] = []
    for (place, account) in accounts.enumerated() {
      if account.numbers.isEmpty {
        if (numberless.last?.places.count ?? .max) >= Self.numberlessCount {
          numberless.append(Unit())
        }
        numberless[numberless.count - 1].places.append(place)
      } else if account.numbers.count > 1 {
        let buckets = Set(account.numbers.map { ledger.logBucket(of: Int($0)) })
        several.append(Unit(buckets: buckets.sorted(), places: [place]))
      } else {
        byBucket[ledger.logBucket(of: Int(account.numbers[0]))].places.append(place)
      }
    }
    // Buckets with most rows first, so that no worker is left alone with one at the end.
    let sizes = byBucket.indices.map { ledger.log.count(inBucket: $0) }
    let ordered = byBucket.indices.filter { !byBucket[$0].places.isEmpty }
      .sorted { sizes[$0] != sizes[$1] ? sizes[$0] > sizes[$1] : $0 < $1 }
    units = several + ordered.map { byBucket[$0] } + numberless
    homes = [(unit: UInt32, position: UInt32)](
      repeating: (.max, .max), count: ledger.accountBound)
    for (unit, content) in units.enumerated() {
      for (position, place) in content.places.enumerated() {
        for number in accounts[place].numbers {
          homes[Int(number)] = (UInt32(unit), UInt32(position))
        }
      }
    }
  }
}

/// The logged rows of one unit, grouped by account.
struct BucketRows {
  private var rows: [[LoggedLogin]] = []

  /// Reads the rows of a unit.
  ///
  /// - Complexity: O(*n*) in the rows of its buckets.
  mutating func load(_ number: Int, of plan: BucketPlan, _ ledger: AccountLedger) {
    let unit = plan.units[number]
    for position in rows.indices { rows[position].removeAll(keepingCapacity: true) }
    while rows.count < unit.places.count { rows.append([]) }
    let homes = plan.homes
    for bucket in unit.buckets {
      ledger.log.forEachRow(inBucket: bucket) { login in
        // The bucket may hold rows of accounts that are judged elsewhere.
        let home = homes[Int(login.account)]
        if home.unit == UInt32(number) { rows[Int(home.position)].append(login) }
      }
    }
  }

  /// The rows of the account at a position of the unit.
  func rows(of position: Int) -> [LoggedLogin] { rows[position] }
}
