package import SalesforceExports

/// Everything that the judgement needs to know of a history, by account: a commutative monoid.
///
/// `AccountLedger()` is empty, ``record(account:shape:row:standing:proof:)`` adds a row and
/// ``merge(_:)`` another ledger; rows may come in any order and over any split, the ledger is the
/// same. So workers need no locks, files no order, and yesterday's ledger can be merged with
/// tonight's. Nothing in it depends on a row before: windows of time are counts by minute, first
/// sights are minima, sets are exact.
// Unchecked: one worker writes a ledger, and hands it over before others read it; nobody writes
// while somebody reads. Reading changes nothing.
@safe
package final class AccountLedger: @unchecked Sendable {
  /// How often an account had logins of one shape, and between which rows.
  package struct ShapeUse: Sendable {
    /// Number of rows; 0 when only copies were seen here.
    package var count = 0
    /// The earliest row.
    package var first: RowReference
    /// The latest row.
    package var last: RowReference
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
  struct ShapeKind: OptionSet {
    let rawValue: UInt8
    /// An attempt through the API: counted by minute.
    static let api = ShapeKind(rawValue: 1)
    /// It is seen row by row: everything but a successful API login.
    static let logged = ShapeKind(rawValue: 2)
    /// Verifications may name it: a person's success, or a step on the way to one.
    static let verifiable = ShapeKind(rawValue: 4)
  }

  private(set) var index = AccountIndex()
  private(set) var kinds: [ShapeKind] = []
  private var shapeCodes: [LoginShape: UInt32] = [:]
  private var addressCodes: [String: UInt32] = ["": 0]
  /// Counts of minutes that a slot's counts cannot hold (before 2000 or after 2063).
  private var outlyingMinutes: [UInt32: [Int64: Int]] = [:]
  /// Hours with rows, but for the open one.
  private var closedHours: [Int64: HourSpan] = [:]
  /// The hour of the row noted last; in memory of its own, since each row looks at it.
  private let openHour: UnsafeMutablePointer<OpenHour>
  let rawAddresses = RawAddressTable()
  /// Memory of the slots' lists.
  let memory = ListMemory()
  /// Memory of lists that grew in a merge on further threads.
  private var mergeMemories: [ListMemory] = []

  /// The distinct shapes by code.
  package private(set) var shapes: [LoginShape] = []
  /// The distinct addresses by code; code 0 is "none".
  package private(set) var addresses: [String] = [""]
  /// Rows that the judgement sees one by one: everything but successful API logins.
  let log = LoginLog()
  /// Up to two distinct logins that a verification names; two are as good as many.
  package private(set) var joinedLogins: Set<SalesforceID> = []

  /// Whether two were seen, after which no more need to be looked for.
  private(set) var hasJoinedLogins = false

  /// Makes an empty ledger.
  package init() {
    unsafe openHour = .allocate(capacity: 1)
    unsafe openHour.initialize(to: OpenHour())
  }

  deinit {
    unsafe openHour.deallocate()
    index.free()
  }

  /// Number of accounts.
  package var accountCount: Int { index.count }

  /// What identifies the account with a number.
  package func key(of account: Int) -> AccountKey { index.key(of: account) }

  /// Number of an account; added on first sight.
  package func account(_ key: AccountKey) -> UInt32 { UInt32(index.number(of: key)) }

  /// Number of the account with an id; added on first sight.
  @inline(__always)
  func number(of id: SalesforceID, hash: UInt64) -> Int { index.number(of: id, hash: hash) }

  @inline(__always)
  func slot(_ number: Int) -> UnsafeMutablePointer<AccountSlot> { unsafe index.slots + number }

  /// Code of a shape; added on first sight.
  package func code(of shape: LoginShape) -> UInt32 {
    if let code = shapeCodes[shape] { return code }
    let code = UInt32(shapes.count)
    shapes.append(shape)
    var kind: ShapeKind = []
    if shape.door == .api { kind.insert(.api) }
    if shape.door != .api || shape.outcome != .succeeded { kind.insert(.logged) }
    // A demand for a further factor counts through whatever door it was made (RULES.md §2).
    if shape.outcome == .pending || shape.door == .human && shape.outcome == .succeeded {
      kind.insert(.verifiable)
    }
    kinds.append(kind)
    shapeCodes[shape] = code
    return code
  }

  /// Code of a canonical address, 0 for the empty one; added on first sight.
  package func code(ofAddress address: String) -> UInt32 {
    if let code = addressCodes[address] { return code }
    let code = UInt32(addresses.count)
    addresses.append(address)
    addressCodes[address] = code
    return code
  }

  /// Code of the address that a raw field stands for, whose canonical text `decode()` gives on first
  /// sight.
  func addressCode(of raw: RawAddress, orDecode decode: () -> String) -> UInt32 {
    rawAddresses.code(of: raw) { code(ofAddress: decode()) }
  }

  /// Notes that a verification names this login.
  package func noteJoined(_ login: SalesforceID) {
    if joinedLogins.count < 2 { joinedLogins.insert(login) }
    hasJoinedLogins = joinedLogins.count >= 2
  }

  // MARK: Rows

  /// Adds one row.
  ///
  /// - Parameters:
  ///   - account: Number of the account in this ledger.
  ///   - shape: Code of the row's shape in this ledger.
  ///   - row: The row.
  ///   - standing: A copy only gives the counted row an earlier place; a neighbour is only logged.
  ///   - proof: What verifications that name the login prove.
  /// - Complexity: O(1) amortised.
  package func record(
    account: UInt32, shape: UInt32, row: RowReference,
    standing: LoggedLogin.Standing = .counted, proof: VerificationProof = []
  ) {
    let slot = unsafe slot(Int(account))
    let shapePosition =
      unsafe slot.pointee.shapes.position(of: shape)
      ?? slot.pointee.shapes.append(
        ShapeEntry(
          code: shape, kind: kinds[Int(shape)], raw: ShapeDictionary.noRaw, fingerprint: 0,
          first: row, last: row), memory)
    var addressPosition = -1
    if row.address != 0 {
      addressPosition =
        unsafe slot.pointee.addresses.position(of: row.address)
        ?? slot.pointee.addresses.append(
          AddressEntry(code: row.address, raw: .blank, row: row), memory)
    }
    unsafe enter(
      account: account, slot, shapePosition: shapePosition, addressPosition: addressPosition,
      row: row, standing: standing, proof: proof)
  }

  /// Adds one row whose entries were found.
  @inline(__always)
  func enter(
    account: UInt32, _ slot: UnsafeMutablePointer<AccountSlot>, shapePosition: Int,
    addressPosition: Int, row: RowReference, standing: LoggedLogin.Standing,
    proof: VerificationProof
  ) {
    let use = unsafe slot.pointee.shapes.entry(shapePosition)
    let shape = unsafe use.pointee.code
    let kind = unsafe use.pointee.kind
    if kind.contains(.logged) {
      unsafe log.append(
        LoggedLogin(account: account, shape: shape, row: row, standing: standing, proof: proof),
        toBucket: Int(slot.pointee.logBucket))
    }
    guard standing != .neighbour else { return }
    unsafe widen(use, with: row)
    let isCounted = standing == .counted
    if isCounted {
      unsafe use.pointee.count += 1
      noteHour(of: row.time)
    }
    if addressPosition >= 0 {
      let use = unsafe slot.pointee.addresses.entry(addressPosition)
      if isCounted {
        if unsafe row.time < use.pointee.firstTime || use.pointee.count == 0 {
          unsafe use.pointee.firstTime = row.time
        }
        if unsafe row.time > use.pointee.lastTime || use.pointee.count == 0 {
          unsafe use.pointee.lastTime = row.time
        }
        unsafe use.pointee.count += 1
      }
      if !kind.contains(.logged) {
        if isCounted { unsafe use.pointee.apiSuccesses += 1 }
        unsafe widenAPI(use, first: row, shape, last: row, shape)
      }
    }
    if isCounted, kind.contains(.api) {
      let minute = row.time.minute
      if minute >= MinuteCounts.base, minute < MinuteCounts.end {
        unsafe slot.pointee.minutes.add(minute: minute, memory)
      } else {
        outlyingMinutes[account, default: [:]][minute, default: 0] += 1
      }
    }
  }

  @inline(__always)
  private func noteHour(of time: Instant) {
    if unsafe !openHour.pointee.note(time) { beginHour(of: time) }
  }

  @inline(never)
  private func beginHour(of time: Instant) {
    if let (hour, span) = unsafe openHour.pointee.closed { mergeHour(span, of: hour) }
    unsafe openHour.pointee = OpenHour(time)
  }

  /// Lets a use reach to `row`.
  @inline(__always)
  private func widen(_ use: UnsafeMutablePointer<ShapeEntry>, with row: RowReference) {
    // Rows in order of time only move the end.
    if unsafe row.time > use.pointee.last.time {
      unsafe use.pointee.last = row
    } else if unsafe row.isAfter(use.pointee.last, addressOrder: precedes) {
      unsafe use.pointee.last = row
    }
    if unsafe row.time <= use.pointee.first.time,
      unsafe row.isBefore(use.pointee.first, addressOrder: precedes)
    {
      unsafe use.pointee.first = row
    }
  }

  /// Lets the API successes of an address reach to two rows.
  @inline(__always)
  private func widenAPI(
    _ use: UnsafeMutablePointer<AddressEntry>, first: RowReference, _ firstShape: UInt32,
    last: RowReference, _ lastShape: UInt32
  ) {
    guard unsafe use.pointee.hasAPI else {
      unsafe use.pointee.firstAPI = first
      unsafe use.pointee.firstAPIShape = firstShape
      unsafe use.pointee.lastAPI = last
      unsafe use.pointee.lastAPIShape = lastShape
      return
    }
    if unsafe last.time > use.pointee.lastAPI.time
      || isAfter(last, lastShape, use.pointee.lastAPI, use.pointee.lastAPIShape)
    {
      unsafe use.pointee.lastAPI = last
      unsafe use.pointee.lastAPIShape = lastShape
    }
    if unsafe first.time <= use.pointee.firstAPI.time,
      unsafe isBefore(first, firstShape, use.pointee.firstAPI, use.pointee.firstAPIShape)
    {
      unsafe use.pointee.firstAPI = first
      unsafe use.pointee.firstAPIShape = firstShape
    }
  }

  /// Content decides, then the shape, then the place.
  private func isBefore(
    _ row: RowReference, _ shape: UInt32, _ other: RowReference, _ otherShape: UInt32
  ) -> Bool {
    if row.time != other.time { return row.time < other.time }
    if row.id != other.id { return row.id < other.id }
    if shape != otherShape { return shapes[Int(shape)] < shapes[Int(otherShape)] }
    return row.isPlacedBefore(other)
  }

  private func isAfter(
    _ row: RowReference, _ shape: UInt32, _ other: RowReference, _ otherShape: UInt32
  ) -> Bool {
    if row.time != other.time { return other.time < row.time }
    if row.id != other.id { return other.id < row.id }
    if shape != otherShape { return shapes[Int(otherShape)] < shapes[Int(shape)] }
    return row.isPlacedBefore(other)
  }

  private func precedes(_ one: UInt32, _ other: UInt32) -> Bool {
    addresses[Int(one)].utf8.lexicographicallyPrecedes(addresses[Int(other)].utf8)
  }

  // MARK: Reading

  /// Uses of shapes by an account, in no order; those of copies alone have a count of 0.
  package func shapeUses(of account: Int) -> [(code: UInt32, use: ShapeUse)] {
    let list = unsafe index.slots[account].shapes
    return (0..<Int(list.count)).map { position in
      let entry = unsafe list.entry(position).pointee
      return (entry.code, ShapeUse(count: entry.count, first: entry.first, last: entry.last))
    }
  }

  /// Whether an account has rows that count.
  package func hasRows(_ account: Int) -> Bool {
    let list = unsafe index.slots[account].shapes
    return (0..<Int(list.count)).contains { unsafe list.entry($0).pointee.count > 0 }
  }

  /// Bucket of the log that holds an account's rows.
  func logBucket(of account: Int) -> Int { unsafe Int(index.slots[account].logBucket) }

  /// Gives each use of a shape by an account, those of copies alone left out, in no order.
  package func forEachShapeUse(_ body: (_ account: Int, _ code: UInt32, ShapeUse) -> Void) {
    for account in 0..<index.count {
      let list = unsafe index.slots[account].shapes
      for position in 0..<Int(list.count) {
        let entry = unsafe list.entry(position)
        guard unsafe entry.pointee.count > 0 else { continue }
        unsafe body(
          account, entry.pointee.code,
          ShapeUse(
            count: entry.pointee.count, first: entry.pointee.first, last: entry.pointee.last))
      }
    }
  }

  /// Uses of addresses by an account, in no order; those of copies alone are left out.
  package func addressUses(of account: Int) -> [AddressUse] {
    let list = unsafe index.slots[account].addresses
    return (0..<Int(list.count)).compactMap { position in
      let entry = unsafe list.entry(position)
      return unsafe entry.pointee.count > 0 ? AddressUse(entry.pointee) : nil
    }
  }

  /// Entries of addresses of an account, in no order.
  func addressEntries(of account: Int) -> [AddressEntry] {
    let list = unsafe index.slots[account].addresses
    return (0..<Int(list.count)).map { unsafe list.entry($0).pointee }
  }

  /// How often an account came from one address, and between which times.
  package struct AddressUse: Hashable, Sendable {
    /// Code of the address.
    package var code: UInt32
    /// Number of rows.
    package var count: Int
    /// Time of the earliest row.
    package var first: Instant
    /// Time of the latest row.
    package var last: Instant
    /// Number of successful API logins among them.
    package var apiSuccesses: Int
    /// The earliest and the latest of these; `nil` when there are none.
    package var firstAPISuccess: ShapedRow?
    package var lastAPISuccess: ShapedRow?

    init(_ entry: AddressEntry) {
      code = entry.code
      count = entry.count
      first = entry.firstTime
      last = entry.lastTime
      apiSuccesses = entry.apiSuccesses
      // A copy whose export says something else of the login is no success of this address.
      guard entry.hasAPI, entry.apiSuccesses > 0 else { return }
      firstAPISuccess = ShapedRow(row: entry.firstAPI, shape: entry.firstAPIShape)
      lastAPISuccess = ShapedRow(row: entry.lastAPI, shape: entry.lastAPIShape)
    }
  }

  /// API attempts of an account by minute since 1970, ascending.
  package func apiMinutes(of account: Int) -> [(minute: Int64, count: Int)] {
    var result: [(minute: Int64, count: Int)] = []
    unsafe index.slots[account].minutes.appendCounts(to: &result)
    if let outlying = outlyingMinutes[UInt32(account)] {
      result.append(contentsOf: outlying.map { ($0.key, $0.value) })
      result.sort { $0.minute < $1.minute }
    }
    return result
  }

  /// UTC hours since 1970 with rows, each with the first and last minute of them.
  package var activeHours: [Int64: HourSpan] {
    var hours = closedHours
    if let (hour, span) = unsafe openHour.pointee.closed {
      hours[hour, default: span].formUnion(span)
    }
    return hours
  }

  // MARK: Merging

  /// Adds everything that `other` holds, which may be read afterwards but no longer written.
  ///
  /// - Parameters:
  ///   - other: The other ledger.
  ///   - relocation: What another run's rows are in this one; `nil` for a part of the same run.
  ///   - threads: How many threads share the work.
  /// - Complexity: O(*n*) in the accounts, shapes, addresses and minutes of `other`; logged rows are
  ///   not touched.
  package func merge(
    _ other: AccountLedger, _ relocation: LedgerRelocation? = nil, threads: Int = 1
  ) {
    let accounts = (0..<other.index.count).map { account(other.index.key(of: $0)) }
    let shapes = other.shapes.map { code(of: $0) }
    let addresses = other.addresses.map { code(ofAddress: $0) }
    let codes = MergedCodes(
      accounts: accounts, shapes: shapes, addresses: addresses, relocation: relocation)
    let workerCount = min(threads, 1 + other.index.count / Self.mergedAloneCount)
    while mergeMemories.count < workerCount - 1 { mergeMemories.append(ListMemory()) }
    // Lists with memory of their own belong to one memory, and are grown by nobody else.
    let large =
      workerCount == 1
      ? [] : (0..<other.index.count).filter { !fitsSharedMemory($0, other, codes) }
    // No two of the other's accounts are one here, so each thread changes slots of its own.
    WorkerThreads.run(workerCount) { [self] worker in
      let memory = worker == 0 ? memory : mergeMemories[worker - 1]
      let count = other.index.count
      for number in count * worker / workerCount..<count * (worker + 1) / workerCount
      where workerCount == 1 || fitsSharedMemory(number, other, codes) {
        mergeAccount(number, of: other, codes, memory)
      }
    }
    for number in large { mergeAccount(number, of: other, codes, memory) }
    for (number, minutes) in other.outlyingMinutes {
      outlyingMinutes[accounts[Int(number)], default: [:]].merge(minutes, uniquingKeysWith: +)
    }
    for (hour, span) in other.activeHours { mergeHour(span, of: hour) }
    log.add(
      other.log,
      LoginLog.Translation(
        accounts: accounts, shapes: shapes, addresses: addresses, relocation: relocation,
        kinds: relocation == nil ? [] : other.kinds))
    for login in other.joinedLogins { noteJoined(login) }
  }

  /// What the numbers of another ledger are in this one.
  private struct MergedCodes: Sendable {
    let accounts: [UInt32]
    let shapes: [UInt32]
    let addresses: [UInt32]
    let relocation: LedgerRelocation?

    func translated(_ row: RowReference) -> RowReference {
      var row = row
      row.address = addresses[Int(row.address)]
      relocation?.move(&row)
      return row
    }
  }

  /// Accounts for which no further thread is begun.
  private static let mergedAloneCount = 512

  /// Whether an account's lists stay in shared memory when those of another ledger come to them.
  private func fitsSharedMemory(
    _ number: Int, _ other: AccountLedger, _ codes: MergedCodes
  ) -> Bool {
    let (slot, theirs) = unsafe (slot(Int(codes.accounts[number])), other.slot(number))
    return unsafe slot.pointee.shapes.isShared(with: theirs.pointee.shapes.count)
      && slot.pointee.addresses.isShared(with: theirs.pointee.addresses.count)
  }

  private func mergeAccount(
    _ number: Int, of other: AccountLedger, _ codes: MergedCodes, _ memory: ListMemory
  ) {
    let (slot, theirs) = unsafe (slot(Int(codes.accounts[number])), other.slot(number))
    for position in 0..<Int(unsafe theirs.pointee.shapes.count) {
      let use = unsafe theirs.pointee.shapes.entry(position).pointee
      unsafe mergeShape(
        slot, code: codes.shapes[Int(use.code)], count: use.count,
        first: codes.translated(use.first), last: codes.translated(use.last), memory)
    }
    for position in 0..<Int(unsafe theirs.pointee.addresses.count) {
      var use = unsafe AddressEntry(
        theirs.pointee.addresses.entry(position).pointee, code: codes.addresses)
      use.firstAPI = codes.translated(use.firstAPI)
      use.lastAPI = codes.translated(use.lastAPI)
      if use.hasAPI {
        use.firstAPIShape = codes.shapes[Int(use.firstAPIShape)]
        use.lastAPIShape = codes.shapes[Int(use.lastAPIShape)]
      }
      unsafe mergeAddress(slot, use, memory)
    }
    unsafe slot.pointee.minutes.merge(theirs.pointee.minutes, memory)
  }

  func mergeShape(
    _ slot: UnsafeMutablePointer<AccountSlot>, code: UInt32, count: Int, first: RowReference,
    last: RowReference, _ memory: ListMemory
  ) {
    // Seen outside the window alone: nothing but the log knows of it.
    if first.time.milliseconds == .max { return }
    let position =
      unsafe slot.pointee.shapes.position(of: code)
      ?? slot.pointee.shapes.append(
        ShapeEntry(
          code: code, kind: kinds[Int(code)], raw: ShapeDictionary.noRaw, fingerprint: 0,
          first: first, last: last), memory)
    let use = unsafe slot.pointee.shapes.entry(position)
    unsafe use.pointee.count += count
    unsafe widen(use, with: first)
    unsafe widen(use, with: last)
  }

  func mergeAddress(
    _ slot: UnsafeMutablePointer<AccountSlot>, _ other: AddressEntry, _ memory: ListMemory
  ) {
    guard let position = unsafe slot.pointee.addresses.position(of: other.code) else {
      _ = unsafe slot.pointee.addresses.append(other, memory)
      return
    }
    let use = unsafe slot.pointee.addresses.entry(position)
    if other.count > 0 {
      if unsafe use.pointee.count == 0 {
        unsafe use.pointee.firstTime = other.firstTime
        unsafe use.pointee.lastTime = other.lastTime
      }
      unsafe use.pointee.firstTime = min(use.pointee.firstTime, other.firstTime)
      unsafe use.pointee.lastTime = max(use.pointee.lastTime, other.lastTime)
    }
    unsafe use.pointee.count += other.count
    unsafe use.pointee.apiSuccesses += other.apiSuccesses
    if other.hasAPI {
      unsafe widenAPI(
        use, first: other.firstAPI, other.firstAPIShape, last: other.lastAPI, other.lastAPIShape)
    }
  }

  func mergeMinutes(account: Int, _ minute: Int64, count: Int) {
    if minute >= MinuteCounts.base, minute < MinuteCounts.end {
      unsafe index.slots[account].minutes.add(minute: minute, count: count, memory)
    } else {
      outlyingMinutes[UInt32(account), default: [:]][minute, default: 0] += count
    }
  }

  func mergeHour(_ span: HourSpan, of hour: Int64) {
    closedHours[hour, default: span].formUnion(span)
  }
}
