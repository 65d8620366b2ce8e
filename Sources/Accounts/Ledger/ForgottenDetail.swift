import SalesforceExports

/// What of a ledger stays when detail before a time is dropped.
///
/// Rows that are seen one by one stay exactly as if the history began at that time (those of the day
/// before as neighbours), and so do all figures that rest on them alone. Successful API logins are
/// counts by kind and by address: one that was last used before goes whole, one that is still in use
/// keeps its count and its first time. API attempts by minute and hours with rows go.
struct ForgottenDetail {
  let time: Instant
  private let ledger: AccountLedger
  /// What the logged rows that stay come to, by account and shape, and by account and address.
  private var shapeUses: [UInt64: AccountLedger.ShapeUse] = [:]
  private var addressUses: [UInt64: (count: Int, first: Instant, last: Instant)] = [:]

  /// Looks at all logged rows.
  ///
  /// - Complexity: O(*n*) in the logged rows.
  init(_ ledger: AccountLedger, before time: Instant) {
    self.time = time
    self.ledger = ledger
    for bucket in 0..<LoginLog.ledgerBucketCount {
      var copies: [SalesforceID: RowReference] = [:]
      ledger.log.forEachRow(inBucket: bucket) { login in
        guard login.disposition == .copy, login.row.time >= time else { return }
        if copies[login.row.id].map({ login.row.isPlacedBefore($0) }) ?? true {
          copies[login.row.id] = login.row
        }
      }
      ledger.log.forEachRow(inBucket: bucket) { login in
        guard login.disposition == .counted, login.row.time >= time else { return }
        var row = login.row
        if row.id != .none, let copy = copies[row.id], copy.isPlacedBefore(row) {
          row.place = copy.place
        }
        note(login, row)
      }
    }
  }

  private static func key(_ account: UInt32, _ code: UInt32) -> UInt64 {
    UInt64(account) << 32 | UInt64(code)
  }

  private mutating func note(_ login: LoggedLogin, _ row: RowReference) {
    func precedes(_ one: UInt32, _ other: UInt32) -> Bool {
      ledger.addresses[Int(one)].utf8.lexicographicallyPrecedes(ledger.addresses[Int(other)].utf8)
    }
    let key = Self.key(login.account, login.shape)
    if var use = shapeUses[key] {
      use.count += 1
      if row.isBefore(use.first, addressOrder: precedes) { use.first = row }
      if row.isAfter(use.last, addressOrder: precedes) { use.last = row }
      shapeUses[key] = use
    } else {
      shapeUses[key] = AccountLedger.ShapeUse(count: 1, first: row, last: row)
    }
    guard row.address != 0 else { return }
    let place = Self.key(login.account, row.address)
    let known = addressUses[place]
    addressUses[place] = (
      (known?.count ?? 0) + 1, min(known?.first ?? row.time, row.time),
      max(known?.last ?? row.time, row.time)
    )
  }

  /// Uses of shapes by an account that stay.
  func shapeUses(
    of account: Int, among uses: [(code: UInt32, use: AccountLedger.ShapeUse)]
  ) -> [(code: UInt32, use: AccountLedger.ShapeUse)] {
    uses.compactMap { code, use in
      if ledger.kinds[Int(code)].contains(.logged) {
        return shapeUses[Self.key(UInt32(account), code)].map { (code, $0) }
      }
      return use.last.time >= time ? (code, use) : nil
    }
  }

  /// An address of an account as far as it stays.
  func address(_ entry: AddressEntry, of account: Int) -> AddressEntry? {
    var entry = entry
    if entry.hasAPI { return entry.lastAPI.time >= time ? entry : nil }
    guard let logged = addressUses[Self.key(UInt32(account), entry.address)] else { return nil }
    entry.count = logged.count
    entry.firstTime = logged.first
    entry.lastTime = logged.last
    return entry
  }

  /// A logged row as far as it stays.
  func row(_ login: LoggedLogin) -> LoggedLogin? {
    if login.row.time >= time { return login }
    guard login.row.time.milliseconds >= time.milliseconds - Instant.dayMilliseconds,
      login.disposition != .copy
    else { return nil }
    var login = login
    login.disposition = .neighbour
    return login
  }
}
