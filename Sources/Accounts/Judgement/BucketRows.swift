import Platform
import SalesforceExports
import Synchronization

/// Which accounts are judged together: neighbours in the order of keys, so that what is made of them
/// can be written as it comes.
struct BucketPlan: Sendable {
  /// Places, in the order of keys, of the accounts that a worker judges in one go.
  let units: [Range<Int>]
  /// Unit of each account of the ledger, and its position there; `.max` for accounts that are not
  /// judged.
  private(set) var homes: [(unit: UInt32, position: UInt32)]
  /// Buckets of the ledger's log that hold rows of these accounts.
  fileprivate let buckets: [Int]

  /// Accounts that are judged in one go.
  private static let unitCount = 32

  /// Cuts accounts into units.
  init(accounts: [(key: AccountKey, numbers: [UInt32])], ledger: AccountLedger) {
    units = stride(from: 0, to: accounts.count, by: Self.unitCount).map {
      $0..<min($0 + Self.unitCount, accounts.count)
    }
    homes = [(unit: UInt32, position: UInt32)](
      repeating: (.max, .max), count: ledger.accountBound)
    var isNeeded = [Bool](repeating: false, count: LoginLog.ledgerBucketCount)
    for (place, account) in accounts.enumerated() {
      for number in account.numbers {
        homes[Int(number)] = (
          UInt32(place / Self.unitCount), UInt32(place % Self.unitCount)
        )
        isNeeded[ledger.logBucket(of: Int(number))] = true
      }
    }
    buckets = isNeeded.indices.filter { isNeeded[$0] }
  }
}

/// The logged rows of a plan, a unit behind the other.
///
/// The ledger's log has its rows in buckets by the hash of the account, since keys come in any order.
/// Here all workers pack them again by unit, so each is unpacked twice and moved once.
struct OrderedRows: Sendable {
  private let plan: BucketPlan
  /// What each worker packed: a bucket a unit.
  private let logs: [LoginLog]

  /// Packs the rows of a plan's accounts by unit.
  ///
  /// - Complexity: O(*n*) in the rows of the buckets concerned.
  init(_ plan: BucketPlan, _ ledger: AccountLedger, threads: Int) {
    self.plan = plan
    let next = Atomic<Int>(0)
    let logs = Locked<[LoginLog]>([])
    WorkerThreads.run(max(1, min(threads, plan.buckets.count))) { _ in
      let log = LoginLog(bucketCount: plan.units.count)
      while true {
        let position = next.add(1, ordering: .relaxed).oldValue
        guard position < plan.buckets.count else { break }
        ledger.log.forEachRow(inBucket: plan.buckets[position]) { login in
          // The bucket may hold rows of accounts that are not judged.
          let unit = plan.homes[Int(login.account)].unit
          if unit != .max { log.append(login, toBucket: Int(unit)) }
        }
      }
      logs.withLock { $0.append(log) }
    }
    self.logs = logs.withLock { $0 }
  }

  /// Unpacks a unit into rows by position of the account in it, in no order.
  fileprivate func forEachRow(ofUnit unit: Int, _ body: (LoggedLogin, _ position: Int) -> Void) {
    for log in logs {
      log.forEachRow(inBucket: unit) { login in
        body(login, Int(plan.homes[Int(login.account)].position))
      }
    }
  }
}

/// The logged rows of one unit, grouped by account.
struct BucketRows {
  private var rows: [[LoggedLogin]] = []

  /// Reads the rows of a unit.
  ///
  /// - Complexity: O(*n*) in its rows.
  mutating func load(_ unit: Int, of plan: BucketPlan, _ ordered: OrderedRows) {
    for position in rows.indices { rows[position].removeAll(keepingCapacity: true) }
    while rows.count < plan.units[unit].count { rows.append([]) }
    ordered.forEachRow(ofUnit: unit) { login, position in rows[position].append(login) }
  }

  /// Brings the rows of the account at a position into the order that their content decides.
  mutating func order(_ position: Int, _ ledger: AccountLedger) {
    LoginSequence.order(&rows[position], ledger: ledger)
  }

  /// The rows of the account at a position of the unit.
  func rows(of position: Int) -> [LoggedLogin] { rows[position] }
}
