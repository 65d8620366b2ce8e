import SalesforceExports

/// What of a ledger stays when detail before a time, and people, are forgotten.
///
/// Rows that are seen one by one stay exactly as if the history began at that time (those of the day
/// before as neighbours), and so do all figures that rest on them alone. Successful API logins are
/// counts by kind and by address: one that was last used before goes whole, one that is still in use
/// keeps its count and its first row. API attempts by minute and hours with rows go. Of people nothing
/// stays. Tables keep the values that something left names.
struct ForgottenDetail {
  let time: Instant?
  private let ledger: AccountLedger
  private let people: Set<UInt32>
  /// What the logged rows that stay come to, by account and shape, and by account and address.
  private var shapeUses: [UInt64: AccountLedger.ShapeUse] = [:]
  private var addressUses: [UInt64: (count: Int, first: Instant, last: Instant)] = [:]
  /// Accounts, shapes and addresses of which something stays, by their numbers.
  private(set) var usesAccount: [Bool]
  private(set) var usesShape: [Bool]
  private(set) var usesAddress: [Bool]

  /// Looks at all accounts and logged rows.
  ///
  /// - Complexity: O(*n*) in the ledger.
  init(_ ledger: AccountLedger, _ forgotten: Forgotten) {
    time = forgotten.before
    self.ledger = ledger
    people =
      forgotten.people.isEmpty
      ? []
      : Set(
        ledger.accountNumbers.filter { forgotten.people.contains(ledger.key(of: $0)) }
          .map { UInt32($0) })
    usesAccount = Array(repeating: false, count: ledger.accountBound)
    usesShape = Array(repeating: false, count: ledger.shapes.count)
    usesAddress = Array(repeating: false, count: ledger.addresses.count)
    // No address has code 0 in every ledger.
    usesAddress[0] = true
    for account in ledger.accountNumbers {
      if let time { sumRows(of: account, from: time) }
      ledger.forEachLoggedRow(ofAccount: account) { login in
        guard let login = row(login) else { return }
        usesAccount[Int(login.account)] = true
        usesShape[Int(login.shape)] = true
        usesAddress[Int(login.row.address)] = true
      }
    }
    for account in ledger.accountNumbers { noteUses(of: account) }
  }

  private mutating func noteUses(of account: Int) {
    for (code, use) in keptShapes(of: account) {
      usesAccount[account] = true
      usesShape[Int(code)] = true
      usesAddress[Int(use.first.address)] = true
      usesAddress[Int(use.last.address)] = true
    }
    for entry in keptAddresses(of: account) {
      usesAccount[account] = true
      usesAddress[Int(entry.address)] = true
      guard entry.hasAPI else { continue }
      for row in [entry.firstAPI, entry.lastAPI] { usesAddress[Int(row.address)] = true }
      for shape in [entry.firstAPIShape, entry.lastAPIShape] { usesShape[Int(shape)] = true }
    }
    if !keptMinutes(of: account).isEmpty { usesAccount[account] = true }
  }

  /// Sums the logged rows of an account that stay.
  private mutating func sumRows(of account: Int, from time: Instant) {
    var copies: [SalesforceID: RowReference] = [:]
    ledger.forEachLoggedRow(ofAccount: account) { login in
      guard login.disposition == .copy, login.row.time >= time else { return }
      if copies[login.row.id].map({ login.row.isPlacedBefore($0) }) ?? true {
        copies[login.row.id] = login.row
      }
    }
    ledger.forEachLoggedRow(ofAccount: account) { login in
      guard login.disposition == .counted, login.row.time >= time,
        !people.contains(login.account)
      else { return }
      var row = login.row
      if row.id != .none, let copy = copies[row.id], copy.isPlacedBefore(row) {
        row.place = copy.place
      }
      note(login, row)
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

  /// Uses of shapes by an account that stay, in no order.
  func keptShapes(of account: Int) -> [(code: UInt32, use: AccountLedger.ShapeUse)] {
    if people.contains(UInt32(account)) { return [] }
    let uses = ledger.writtenShapeUses(of: account)
    guard let time else { return uses }
    return uses.compactMap { code, use in
      if ledger.kinds[Int(code)].contains(.logged) {
        return shapeUses[Self.key(UInt32(account), code)].map { (code, $0) }
      }
      return use.last.time >= time ? (code, use) : nil
    }
  }

  /// Uses of addresses by an account that stay, in no order.
  func keptAddresses(of account: Int) -> [AddressEntry] {
    if people.contains(UInt32(account)) { return [] }
    let entries = ledger.writtenAddressEntries(of: account)
    guard let time else { return entries }
    return entries.compactMap { entry in
      if entry.hasAPI { return entry.lastAPI.time >= time ? entry : nil }
      guard let logged = addressUses[Self.key(UInt32(account), entry.address)] else { return nil }
      var entry = entry
      entry.count = logged.count
      entry.firstTime = logged.first
      entry.lastTime = logged.last
      return entry
    }
  }

  /// API attempts of an account by minute that stay, ascending.
  func keptMinutes(of account: Int) -> [(minute: Int64, count: Int)] {
    if people.contains(UInt32(account)) { return [] }
    let minutes = ledger.apiMinutes(of: account)
    guard let time else { return minutes }
    return minutes.filter { time.milliseconds <= $0.minute * 60_000 }
  }

  /// A logged row as far as it stays.
  func row(_ login: LoggedLogin) -> LoggedLogin? {
    if people.contains(login.account) { return nil }
    guard let time, login.row.time < time else { return login }
    guard login.row.time.milliseconds >= time.milliseconds - Instant.dayMilliseconds,
      login.disposition != .copy
    else { return nil }
    var login = login
    login.disposition = .neighbour
    return login
  }
}
