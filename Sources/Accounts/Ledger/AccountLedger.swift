package import SalesforceExports

/// Everything that the judgement needs to know of a history, by account: a commutative monoid.
///
/// `AccountLedger()` is empty, ``record(account:shape:row:standing:)`` adds a row and
/// ``merge(_:)`` another ledger; rows may come in any order and over any split, the ledger is the
/// same. So workers need no locks, files no order, and yesterday's ledger can be merged with
/// tonight's. Nothing in it depends on a row before: windows of time are counts by minute, first
/// sights are minima, sets are exact.
package struct AccountLedger: Sendable {
  /// How often an account had logins of one shape, and between which rows.
  package struct ShapeUse: Sendable {
    /// Number of rows; 0 when only copies were seen here.
    package var count = 0
    /// The earliest row.
    package var first: RowReference
    /// The latest row.
    package var last: RowReference
  }

  /// How often an account came from one address, and between which times.
  package struct AddressUse: Hashable, Sendable {
    /// Number of rows.
    package var count = 0
    /// Time of the earliest row.
    package var first: Instant
    /// Time of the latest row.
    package var last: Instant
    /// Number of successful API logins among them.
    package var apiSuccesses = 0
    /// The earliest and the latest of these.
    package var firstAPISuccess: ShapedRow?
    package var lastAPISuccess: ShapedRow?
  }

  /// A row with the code of its shape.
  package struct ShapedRow: Hashable, Sendable {
    /// The row.
    package var row: RowReference
    /// Code of its shape in the ledger.
    package var shape: UInt32

    /// Makes a row.
    package init(row: RowReference, shape: UInt32) {
      self.row = row
      self.shape = shape
    }
  }

  /// What the fold has to know of a shape.
  private enum ShapeKind: UInt8 {
    case apiSuccess
    case apiAttempt
    case other
  }

  private var index = AccountIndex()
  private var kinds: [ShapeKind] = []
  private var shapeCodes: [LoginShape: UInt32] = [:]
  private var addressCodes: [String: UInt32] = ["": 0]

  /// The distinct shapes by code.
  package private(set) var shapes: [LoginShape] = []
  /// The distinct addresses by code; code 0 is "none".
  package private(set) var addresses: [String] = [""]
  /// Shape uses by (account, shape code).
  package private(set) var shapeUses = PairTable<ShapeUse>()
  /// Address uses by (account, address code).
  package private(set) var addressUses = PairTable<AddressUse>()
  /// Attempts through the API by minute, by account number.
  package private(set) var apiMinutes: [MinuteCounts] = []
  /// Rows that the judgement sees one by one: everything but successful API logins.
  package private(set) var log = LoginLog()
  /// Up to two distinct logins that a verification names; two are as good as many.
  package private(set) var joinedLogins: Set<SalesforceID> = []

  /// Makes an empty ledger.
  package init() {}

  /// Accounts by number.
  package var accounts: [AccountKey] { index.keys }

  /// Number of the account with this id; added on first sight.
  @inline(__always)
  package mutating func account(_ id: SalesforceID) -> UInt32 { index.number(of: id) }

  /// Number of an account; added on first sight.
  package mutating func account(_ key: AccountKey) -> UInt32 { index.number(of: key) }

  /// Code of a shape; added on first sight.
  package mutating func code(of shape: LoginShape) -> UInt32 {
    if let code = shapeCodes[shape] { return code }
    let code = UInt32(shapes.count)
    shapes.append(shape)
    kinds.append(
      shape.door != .api ? .other : shape.outcome == .succeeded ? .apiSuccess : .apiAttempt)
    shapeCodes[shape] = code
    return code
  }

  /// Code of a canonical address, 0 for the empty one; added on first sight.
  package mutating func code(ofAddress address: String) -> UInt32 {
    if let code = addressCodes[address] { return code }
    let code = UInt32(addresses.count)
    addresses.append(address)
    addressCodes[address] = code
    return code
  }

  /// Adds one row.
  ///
  /// - Parameters:
  ///   - account: Number of the account in this ledger.
  ///   - shape: Code of the row's shape in this ledger.
  ///   - row: The row.
  ///   - standing: A copy only gives the counted row an earlier place; a neighbour is only logged.
  /// - Complexity: O(1) amortised.
  @inline(__always)
  package mutating func record(
    account: UInt32, shape: UInt32, row: RowReference,
    standing: LoggedLogin.Standing = .counted
  ) {
    let kind = kinds[Int(shape)]
    if kind != .apiSuccess {
      log.append(LoggedLogin(account: account, shape: shape, row: row, standing: standing))
    }
    guard standing != .neighbour else { return }
    let counted = standing == .counted ? 1 : 0
    let use = shapeUses.index(of: account, shape) { ShapeUse(first: row, last: row) }
    shapeUses.values[use].count += counted
    widen(use, with: row)
    guard counted == 1 else { return }
    if row.address != 0 {
      let use = addressUses.index(of: account, row.address) {
        AddressUse(first: row.time, last: row.time)
      }
      addressUses.values[use].count += 1
      if row.time < addressUses.values[use].first { addressUses.values[use].first = row.time }
      if row.time > addressUses.values[use].last { addressUses.values[use].last = row.time }
      if kind == .apiSuccess {
        let shaped = ShapedRow(row: row, shape: shape)
        addressUses.values[use].apiSuccesses += 1
        widenAPI(use, first: shaped, last: shaped)
      }
    }
    if kind != .other {
      makeRoom(for: account)
      apiMinutes[Int(account)].add(minute: row.time.minute)
    }
  }

  /// Notes that a verification names this login.
  package mutating func noteJoined(_ login: SalesforceID) {
    if joinedLogins.count < 2 { joinedLogins.insert(login) }
  }

  /// Adds everything that `other` holds.
  ///
  /// - Complexity: O(*n*) in the size of `other`.
  package mutating func merge(_ other: AccountLedger) {
    let accounts = other.accounts.map { index.number(of: $0) }
    let shapes = other.shapes.map { code(of: $0) }
    let addresses = other.addresses.map { code(ofAddress: $0) }
    func translated(_ row: RowReference) -> RowReference {
      var row = row
      row.address = addresses[Int(row.address)]
      return row
    }
    func translated(_ shaped: ShapedRow) -> ShapedRow {
      ShapedRow(row: translated(shaped.row), shape: shapes[Int(shaped.shape)])
    }
    for entry in 0..<other.shapeUses.count {
      var use = other.shapeUses.values[entry]
      use.first = translated(use.first)
      use.last = translated(use.last)
      let mine = shapeUses.index(
        of: accounts[Int(other.shapeUses.first(entry))],
        shapes[Int(other.shapeUses.second(entry))]
      ) { ShapeUse(first: use.first, last: use.last) }
      shapeUses.values[mine].count += use.count
      widen(mine, with: use.first)
      widen(mine, with: use.last)
    }
    for entry in 0..<other.addressUses.count {
      let use = other.addressUses.values[entry]
      let mine = addressUses.index(
        of: accounts[Int(other.addressUses.first(entry))],
        addresses[Int(other.addressUses.second(entry))]
      ) { AddressUse(first: use.first, last: use.last) }
      addressUses.values[mine].count += use.count
      addressUses.values[mine].first = min(addressUses.values[mine].first, use.first)
      addressUses.values[mine].last = max(addressUses.values[mine].last, use.last)
      addressUses.values[mine].apiSuccesses += use.apiSuccesses
      if let first = use.firstAPISuccess, let last = use.lastAPISuccess {
        widenAPI(mine, first: translated(first), last: translated(last))
      }
    }
    for (number, minutes) in other.apiMinutes.enumerated() where !minutes.isEmpty {
      let account = accounts[number]
      makeRoom(for: account)
      apiMinutes[Int(account)].merge(minutes)
    }
    for bucket in 0..<LoginLog.bucketCount {
      for login in other.log.rows(inBucket: bucket) {
        log.append(
          LoggedLogin(
            account: accounts[Int(login.account)], shape: shapes[Int(login.shape)],
            row: translated(login.row), standing: login.standing))
      }
    }
    for login in other.joinedLogins { noteJoined(login) }
  }

  // MARK: Reading back

  mutating func restoreShapeUse(
    account: Int, shape: Int, count: Int, first: RowReference, last: RowReference
  ) {
    let use = shapeUses.index(of: UInt32(account), UInt32(shape)) {
      ShapeUse(first: first, last: last)
    }
    shapeUses.values[use].count += count
  }

  mutating func restoreAddressUse(
    account: Int, address: UInt32, _ restored: AddressUse
  ) {
    let use = addressUses.index(of: UInt32(account), address) { restored }
    addressUses.values[use] = restored
  }

  mutating func restoreMinute(account: Int, minute: Int64, count: Int) {
    makeRoom(for: UInt32(account))
    // A damaged count must not ask for more entries than memory has.
    apiMinutes[account].add(minute: minute, count: min(count, 1 << 24))
  }

  mutating func restoreLogged(_ login: LoggedLogin) { log.append(login) }

  private mutating func makeRoom(for account: UInt32) {
    while apiMinutes.count <= Int(account) { apiMinutes.append(MinuteCounts()) }
  }

  /// Lets a use reach to `row`.
  @inline(__always)
  private mutating func widen(_ use: Int, with row: RowReference) {
    // Rows in order of time only move the end.
    let first = shapeUses.values[use].first
    if row.time <= first.time, isBefore(row, first) { shapeUses.values[use].first = row }
    let last = shapeUses.values[use].last
    guard row.time >= last.time else { return }
    if row.time > last.time || isAfterByContent(row, last) {
      shapeUses.values[use].last = row
    } else if row.id == last.id, row.address == last.address, row.isPlacedBefore(last) {
      shapeUses.values[use].last = row
    }
  }

  /// Lets the API successes of an address reach to two rows.
  private mutating func widenAPI(_ use: Int, first: ShapedRow, last: ShapedRow) {
    if let known = addressUses.values[use].firstAPISuccess {
      if precedes(first, known) { addressUses.values[use].firstAPISuccess = first }
    } else {
      addressUses.values[use].firstAPISuccess = first
    }
    if let known = addressUses.values[use].lastAPISuccess {
      if precedes(known, last) { addressUses.values[use].lastAPISuccess = last }
    } else {
      addressUses.values[use].lastAPISuccess = last
    }
  }

  private func precedes(_ one: ShapedRow, _ other: ShapedRow) -> Bool {
    if one.row.time != other.row.time { return one.row.time < other.row.time }
    if one.row.id != other.row.id { return one.row.id < other.row.id }
    if one.shape != other.shape { return shapes[Int(one.shape)] < shapes[Int(other.shape)] }
    return one.row.isPlacedBefore(other.row)
  }

  private func isBefore(_ row: RowReference, _ other: RowReference) -> Bool {
    row.isBefore(other) { precedes($0, $1) }
  }

  private func isAfterByContent(_ row: RowReference, _ other: RowReference) -> Bool {
    if row.time != other.time { return other.time < row.time }
    if row.id != other.id { return other.id < row.id }
    return row.address != other.address && precedes(other.address, row.address)
  }

  private func precedes(_ one: UInt32, _ other: UInt32) -> Bool {
    addresses[Int(one)].utf8.lexicographicallyPrecedes(addresses[Int(other)].utf8)
  }
}
