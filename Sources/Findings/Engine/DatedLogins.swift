import Accounts
import SalesforceExports

/// The logins of an account with some values within some dates, as far as the ledger tells them.
///
/// Rows other than successful API logins are known one by one. Of successful API logins the ledger has
/// the number, the first and the last with each shape and each address, and the account's attempts by
/// minute. Their number within the dates therefore has a least and a greatest value, which are equal
/// where the dates cut nothing in two.
struct DatedLogins {
  /// Rows within the dates that are known one by one, successful API logins left out.
  let logged: [JudgedLogin]
  /// Successful API logins that are known to be within the dates, in the order of time.
  private(set) var known: [AccountLedger.ShapedRow] = []
  /// The first and last of those that begin before the dates and go on within or behind them.
  private(set) var around: [AccountLedger.ShapedRow] = []
  /// Bounds of the number of successful API logins within the dates.
  private(set) var apiAtLeast = 0
  private(set) var apiAtMost = 0

  /// What the ledger has of the successful API logins with one value.
  private struct Use {
    let count: Int
    let first: AccountLedger.ShapedRow
    let last: AccountLedger.ShapedRow
  }

  /// Logins from addresses.
  init(from addresses: [AddressFacts], of facts: AccountFacts, within dates: IndicatorDates) {
    let codes = Set(addresses.map(\.code))
    logged = facts.logins.filter { codes.contains($0.row.address) && dates.contains($0.row.time) }
    let uses = addresses.compactMap { address -> Use? in
      guard let first = address.firstAPISuccess, let last = address.lastAPISuccess
      else { return nil }
      return Use(count: address.apiSuccesses, first: first, last: last)
    }
    let others = Self.uses(of: facts.shapes).flatMap { [$0.first, $0.last] }
    count(uses, others.filter { codes.contains($0.row.address) }, facts, dates)
  }

  /// Logins of shapes.
  init(
    of shapes: [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)],
    of facts: AccountFacts, within dates: IndicatorDates
  ) {
    let codes = Set(shapes.map(\.code))
    logged = facts.logins.filter { codes.contains($0.shape) && dates.contains($0.row.time) }
    let others = facts.addresses.flatMap { [$0.firstAPISuccess, $0.lastAPISuccess] }
      .compactMap { $0 }
    count(Self.uses(of: shapes), others.filter { codes.contains($0.shape) }, facts, dates)
  }

  private static func isAPISuccess(_ shape: LoginShape) -> Bool {
    shape.door == .api && shape.outcome == .succeeded
  }

  /// Bounds of the number of attempts within the dates.
  var atLeast: Int { logged.count + apiAtLeast }
  var atMost: Int { logged.count + apiAtMost }

  private static func uses(
    of shapes: [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)]
  ) -> [Use] {
    shapes.filter { isAPISuccess($0.shape) && $0.use.count > 0 }.map {
      Use(
        count: $0.use.count,
        first: AccountLedger.ShapedRow(row: $0.use.first, shape: $0.code),
        last: AccountLedger.ShapedRow(row: $0.use.last, shape: $0.code))
    }
  }

  /// Bounds the number of successful API logins within the dates.
  ///
  /// - Parameter others: Rows with the same values that another table of the ledger keeps.
  private mutating func count(
    _ uses: [Use], _ others: [AccountLedger.ShapedRow], _ facts: AccountFacts,
    _ dates: IndicatorDates
  ) {
    var total = 0
    for use in uses {
      total += use.count
      let ends = use.count > 1 ? [use.first, use.last] : [use.first]
      let inside = ends.filter { dates.contains($0.row.time) }
      known += inside
      if dates.contains(from: use.first.row.time, to: use.last.row.time) {
        apiAtLeast += use.count
        apiAtMost += use.count
      } else if dates.overlaps(from: use.first.row.time, to: use.last.row.time) {
        apiAtLeast += inside.count
        apiAtMost += use.count - ends.count + inside.count
        around += ends.filter { !dates.contains($0.row.time) }
      }
    }
    known = (known + others.filter { dates.contains($0.row.time) }).withoutRepeats
    known.sort { $0.row.time < $1.row.time }
    apiAtLeast = max(apiAtLeast, known.count)
    if let successes = successesByMinute(of: facts, within: dates) {
      apiAtMost = min(apiAtMost, successes.atMost)
      // What did not come with other values came with these.
      apiAtLeast = max(apiAtLeast, successes.atLeast - (facts.api.succeeded - total))
    }
    apiAtMost = max(apiAtMost, apiAtLeast)
  }

  /// Bounds of the account's successful API logins within the dates, by its minutes; `nil` where the
  /// ledger has not the minutes of all.
  private func successesByMinute(
    of facts: AccountFacts, within dates: IndicatorDates
  ) -> (atLeast: Int, atMost: Int)? {
    let minutes = facts.apiMinutes
    guard minutes.reduce(0, { $0 + $1.count }) == facts.api.attempted else { return nil }
    var atLeast = 0
    var atMost = 0
    func add(_ minute: Int64, _ count: Int) {
      let first = Instant(milliseconds: minute * 60_000)
      let last = Instant(milliseconds: minute * 60_000 + 59_999)
      if dates.contains(from: first, to: last) { atLeast += count }
      if dates.overlaps(from: first, to: last) { atMost += count }
    }
    for (minute, count) in minutes { add(minute, count) }
    for login in facts.logins where login.traits.door == .api { add(login.row.time.minute, -1) }
    return (atLeast, atMost)
  }
}
