import Platform
package import SalesforceExports

/// Everything that the judgement needs to know of a history, by account: a commutative monoid.
///
/// `AccountLedger()` is empty, ``record(account:shape:row:disposition:proof:)`` adds a row and
/// ``merge(_:_:threads:)`` another ledger; rows may come in any order and over any split, the ledger is
/// the same. So workers may enter rows as they come, files have no order, and yesterday's ledger can be
/// merged with tonight's. Nothing in it depends on a row before: windows of time are counts by minute,
/// first sights are minima, sets are exact.
///
/// Accounts lie in ``AccountPartition``s by their key, the same in every ledger. The lower bits of an
/// account's number are its partition, so numbers do not depend on other partitions, and have gaps.
// Unchecked: while rows are folded, several workers write one ledger: a partition under its lock, codes
// under theirs. Everything else is done by one thread at a time, or is reading, which changes nothing,
// when nobody writes.
@safe
package final class AccountLedger: @unchecked Sendable {
  /// Number of partitions: as few as give one that fits the core's own cache for a large org.
  static let partitionCount = 1 << partitionBits
  private static let partitionBits = 6

  private(set) var kinds: [ShapeKind] = []
  private var numberedShapes = NumberedValues<LoginShape>()
  private var numberedAddresses = NumberedValues<String>()
  /// Codes of applications without their versions; 1 stands for none.
  private var applicationCodes: [ExactText: UInt32] = ["": 1]
  private var usernames: [String] = []
  private var usernameCodes: [ExactText: UInt32] = [:]
  /// Held when codes are given out, or compared by what they stand for, while rows are folded.
  private let codesLock = Locked(())
  var hours = ActiveHours()
  var applicationDays = ApplicationDays()
  let partitions: [AccountPartition]

  /// The distinct shapes by code.
  package var shapes: [LoginShape] { numberedShapes.values }
  /// The distinct addresses by code; code 0 is "none".
  package var addresses: [String] { numberedAddresses.values }
  /// The distinct applications of successful API logins by code, without their versions; codes 0 and 1 are
  /// "none".
  package private(set) var applications = ["", ""]
  /// Up to two distinct logins that a verification names; two are as good as many.
  package private(set) var joinedLogins: Set<SalesforceID> = []
  /// Whether some verification that names a login may be of another user, as far as rows were folded.
  package private(set) var namesOthers = false

  /// Makes an empty ledger.
  package init() {
    _ = numberedAddresses.add("", NumberedValues<String>.hash(of: ""))
    let source = ChunkArena()
    partitions = (0..<Self.partitionCount).map { _ in AccountPartition(source) }
  }

  // MARK: Accounts

  /// The partition of the users whose logged rows are written in a bucket of a ledger file.
  @inline(__always)
  static func partition(ofBucket bucket: Int) -> Int { bucket & (partitionCount - 1) }

  /// The partition with a number.
  func partition(_ number: Int) -> AccountPartition { partitions[number] }

  static func home(_ account: Int) -> (partition: Int, place: Int) {
    (account & (partitionCount - 1), account >> partitionBits)
  }

  /// Number of the account at a place of a partition.
  @inline(__always)
  static func number(partition: Int, place: Int) -> Int { place << partitionBits | partition }

  /// Number of accounts.
  package var accountCount: Int { partitions.reduce(0) { $0 + $1.index.count } }

  /// All numbers of accounts are below.
  package var accountBound: Int {
    (partitions.map(\.index.count).max() ?? 0) << Self.partitionBits
  }

  /// Numbers of all accounts, in no order.
  package var accountNumbers: [Int] {
    partitions.indices.flatMap { partition in
      (0..<partitions[partition].index.count).map { Self.number(partition: partition, place: $0) }
    }
  }

  /// What identifies the account with a number.
  package func key(of account: Int) -> AccountKey {
    let user = unsafe slot(account).pointee.user
    if let number = user.usernameNumber { return .username(usernames[number]) }
    return .id(SalesforceID(high: user.high, low: user.low))
  }

  /// What identifies a user, also while rows are folded.
  func key(of user: LedgerUser) -> AccountKey {
    guard let number = user.usernameNumber else {
      return .id(SalesforceID(high: user.high, low: user.low))
    }
    return codesLock.withLock { _ in .username(usernames[number]) }
  }

  /// The shape with a code, also while rows are folded.
  func shape(_ code: UInt32) -> LoginShape { codesLock.withLock { _ in shapes[Int(code)] } }

  /// The address with a code, also while rows are folded.
  func address(_ code: UInt32) -> String { codesLock.withLock { _ in addresses[Int(code)] } }

  /// Number of an account; added on first sight.
  package func account(_ key: AccountKey) -> UInt32 {
    let user: LedgerUser =
      switch key {
      case .id(let id): LedgerUser(id)
      case .username(let name): self.user(named: name)
      }
    let partition = Self.partition(ofBucket: user.logBucket)
    let place = partitions[partition].index.number(of: user)
    return UInt32(Self.number(partition: partition, place: place))
  }

  /// The user who is known by a lower-cased username alone.
  func user(named name: String) -> LedgerUser {
    codesLock.withLock { _ in
      if let code = usernameCodes[name] { return LedgerUser(username: code, name) }
      let code = UInt32(usernames.count)
      usernames.append(name)
      usernameCodes[name] = code
      return LedgerUser(username: code, name)
    }
  }

  @inline(__always)
  func slot(_ account: Int) -> UnsafeMutablePointer<AccountSlot> {
    let (partition, place) = Self.home(account)
    return unsafe partitions[partition].index.slots + place
  }

  // MARK: Codes

  /// Code of a shape; added on first sight.
  package func code(of shape: LoginShape) -> UInt32 { coded(shape).code }

  /// Code of a shape, and what the fold has to know of it.
  func coded(_ shape: LoginShape) -> (code: UInt32, kind: ShapeKind) {
    let hash = shape.contentHash
    return codesLock.withLock { _ in
      let code = numberedShapes.number(hash) { $0 == shape } ?? add(shape, hash)
      return (code, kinds[Int(code)])
    }
  }

  private func add(_ shape: LoginShape, _ hash: UInt32) -> UInt32 {
    let code = numberedShapes.add(shape, hash)
    var kind: ShapeKind = []
    if shape.door == .api { kind.insert(.api) }
    if shape.door != .api || shape.outcome != .succeeded { kind.insert(.logged) }
    if shape.door == .api, shape.outcome == .succeeded {
      kind = ShapeKind(kind, application: applicationCode(of: shape))
    }
    // A demand for a further factor counts through whatever door it was made (docs/judgement.md).
    if shape.outcome == .pending || shape.door == .human && shape.outcome == .succeeded {
      kind.insert(.verifiable)
    }
    kinds.append(kind)
    return code
  }

  /// Code of the application that a shape names; added on first sight.
  private func applicationCode(of shape: LoginShape) -> UInt32 {
    code(ofApplication: shape.namesApplication ? shape.applicationName : "")
  }

  /// Code of an application without its version, 1 for none; added on first sight.
  func code(ofApplication name: String) -> UInt32 {
    if let code = applicationCodes[name] { return code }
    let code = UInt32(applications.count)
    // So many are told from each other no more: their shapes alone take gigabytes.
    guard code <= ShapeKind.largestApplication else { return 1 }
    applications.append(name)
    applicationCodes[name] = code
    return code
  }

  /// Code of a canonical address, 0 for the empty one; added on first sight.
  package func code(ofAddress address: String) -> UInt32 {
    let hash = NumberedValues<String>.hash(of: address)
    return codesLock.withLock { _ in numberedAddresses.number(of: address, hash) }
  }

  /// Notes that a verification names this login.
  package func noteJoined(_ login: SalesforceID) {
    if joinedLogins.count < 2 { joinedLogins.insert(login) }
  }

  /// Adds what a worker noted beside the rows that it entered.
  func note(
    _ hours: ActiveHours, _ applicationDays: ApplicationDays, joinedLogins: Set<SalesforceID>,
    namesOthers: Bool
  ) {
    codesLock.withLock { _ in
      self.hours.formUnion(hours)
      self.applicationDays.formUnion(applicationDays)
      for login in joinedLogins { noteJoined(login) }
      if namesOthers { self.namesOthers = true }
    }
  }

  // MARK: Rows

  /// Adds one row.
  ///
  /// - Parameters:
  ///   - account: Number of the account in this ledger.
  ///   - shape: Code of the row's shape in this ledger.
  ///   - row: The row.
  ///   - disposition: A copy only gives the counted row an earlier place; a neighbour is only logged.
  ///   - proof: What verifications that name the login prove.
  /// - Complexity: O(1) amortised.
  package func record(
    account: UInt32, shape: UInt32, row: RowReference,
    disposition: RowDisposition = .counted, proof: VerificationProof = []
  ) {
    let (number, place) = Self.home(Int(account))
    let partition = partitions[number]
    let slot = unsafe partition.index.slots + place
    let shapePosition =
      unsafe slot.pointee.shapes.position(of: shape)
      ?? slot.pointee.append(
        ShapeEntry(code: shape, kind: kinds[Int(shape)], first: row, last: row), partition.memory)
    var addressPosition = -1
    if row.address != 0 {
      let code = AddressEntry.code(
        address: row.address, application: kinds[Int(shape)].application)
      addressPosition =
        unsafe slot.pointee.addresses.position(of: code)
        ?? slot.pointee.append(AddressEntry(code: code, row: row), partition.memory)
    }
    if disposition == .counted {
      hours.note(row.time)
      applicationDays.note(kinds[Int(shape)].application, row.time)
    }
    unsafe enter(
      account: account, slot, partition, shapePosition: shapePosition,
      addressPosition: addressPosition, row: row, disposition: disposition, proof: proof)
  }

  /// Adds one row whose entries were found.
  @inline(__always)
  func enter(
    account: UInt32, _ slot: UnsafeMutablePointer<AccountSlot>, _ partition: AccountPartition,
    shapePosition: Int, addressPosition: Int, row: RowReference, disposition: RowDisposition,
    proof: VerificationProof
  ) {
    let use = unsafe slot.pointee.shapes.entry(shapePosition)
    let shape = unsafe use.pointee.code
    let kind = unsafe use.pointee.kind
    if kind.contains(.logged) {
      unsafe partition.log(
        LoggedLogin(
          account: account, shape: shape, row: row, disposition: disposition, proof: proof),
        of: slot)
    }
    guard disposition != .neighbour else { return }
    unsafe widen(use, with: row)
    let isCounted = disposition == .counted
    if isCounted { unsafe use.pointee.count += 1 }
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
        unsafe use.pointee.days |= AddressEntry.bit(ofDay: row.time.day)
        // All rows of this use are successful API logins: one that was counted before and is earlier has
        // the first of them, which lies in a cache line of its own, moved back already.
        let isBehind = unsafe isCounted && use.pointee.hasAPI && row.time > use.pointee.firstTime
        if isBehind {
          unsafe widenLastAPI(use, row, shape)
        } else {
          unsafe widenAPI(use, first: row, shape, last: row, shape)
        }
      }
    }
    if isCounted, kind.contains(.api) {
      unsafe partition.add(minute: row.time.minute, of: slot)
    }
  }

  /// Lets a use reach to `row`.
  @inline(__always)
  func widen(_ use: UnsafeMutablePointer<ShapeEntry>, with row: RowReference) {
    // Rows in order of time only move the end.
    if unsafe row.time > use.pointee.last.time {
      unsafe use.pointee.last = row
    } else if unsafe row.isAfter(use.pointee.last, addressOrder: precedesAddress) {
      unsafe use.pointee.last = row
    }
    if unsafe row.time <= use.pointee.first.time,
      unsafe row.isBefore(use.pointee.first, addressOrder: precedesAddress)
    {
      unsafe use.pointee.first = row
    }
  }

  /// Lets the API successes of an address reach to two rows.
  @inline(__always)
  func widenAPI(
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
    unsafe widenLastAPI(use, last, lastShape)
    if unsafe first.time <= use.pointee.firstAPI.time,
      unsafe isBefore(first, firstShape, use.pointee.firstAPI, use.pointee.firstAPIShape)
    {
      unsafe use.pointee.firstAPI = first
      unsafe use.pointee.firstAPIShape = firstShape
    }
  }

  /// Lets the API successes of an address, which has some, reach to a later row.
  @inline(__always)
  private func widenLastAPI(
    _ use: UnsafeMutablePointer<AddressEntry>, _ row: RowReference, _ shape: UInt32
  ) {
    if unsafe row.time > use.pointee.lastAPI.time
      || isAfter(row, shape, use.pointee.lastAPI, use.pointee.lastAPIShape)
    {
      unsafe use.pointee.lastAPI = row
      unsafe use.pointee.lastAPIShape = shape
    }
  }

  /// Content decides, then the shape, then the place.
  private func isBefore(
    _ row: RowReference, _ shape: UInt32, _ other: RowReference, _ otherShape: UInt32
  ) -> Bool {
    if row.time != other.time { return row.time < other.time }
    if row.id != other.id { return row.id < other.id }
    if shape != otherShape { return precedesShape(shape, otherShape) }
    return row.isPlacedBefore(other)
  }

  private func isAfter(
    _ row: RowReference, _ shape: UInt32, _ other: RowReference, _ otherShape: UInt32
  ) -> Bool {
    if row.time != other.time { return other.time < row.time }
    if row.id != other.id { return other.id < row.id }
    if shape != otherShape { return precedesShape(otherShape, shape) }
    return row.isPlacedBefore(other)
  }

  func precedesShape(_ one: UInt32, _ other: UInt32) -> Bool {
    codesLock.withLock { _ in shapes[Int(one)] < shapes[Int(other)] }
  }

  func precedesAddress(_ one: UInt32, _ other: UInt32) -> Bool {
    codesLock.withLock { _ in
      addresses[Int(one)].precedes(addresses[Int(other)])
    }
  }

  // MARK: Reading

  /// Uses of shapes by an account, in no order; those of copies alone have a count of 0.
  package func shapeUses(of account: Int) -> [(code: UInt32, use: ShapeUse)] {
    let list = unsafe slot(account).pointee.shapes
    return (0..<Int(list.count)).map { position in
      let entry = unsafe list.entry(position).pointee
      return (entry.code, ShapeUse(count: entry.count, first: entry.first, last: entry.last))
    }
  }

  /// Whether an account has rows that count.
  package func hasRows(_ account: Int) -> Bool {
    let list = unsafe slot(account).pointee.shapes
    return (0..<Int(list.count)).contains { unsafe list.entry($0).pointee.count > 0 }
  }

  /// Bucket that an account's logged rows are written in.
  func logBucket(of account: Int) -> Int { unsafe slot(account).pointee.user.logBucket }

  /// Number of logged rows.
  var loggedCount: Int { partitions.reduce(0) { $0 + $1.loggedCount } }

  /// Times of the earliest and latest logged row; `nil` without rows.
  package var loggedSpan: ClosedRange<Instant>? {
    partitions.lazy.compactMap(\.loggedSpan).reduce(nil) { span, other in
      guard let span = span as ClosedRange<Instant>? else { return other }
      return min(span.lowerBound, other.lowerBound)...max(span.upperBound, other.upperBound)
    }
  }

  /// Gives the logged rows of an account, in the order in which they were entered.
  ///
  /// - Complexity: O(*n*) in its rows.
  package func forEachLoggedRow(ofAccount account: Int, _ body: (LoggedLogin) -> Void) {
    unsafe slot(account).pointee.loggedRows.forEach(of: UInt32(account), body)
  }

  /// Appends the logged rows of an account to others, in the order in which they were entered.
  ///
  /// - Complexity: O(*n*) in its rows.
  func appendLoggedRows(ofAccount account: Int, to rows: inout [LoggedLogin]) {
    unsafe slot(account).pointee.loggedRows.append(to: &rows, of: UInt32(account))
  }

  /// Ids of all logged rows.
  ///
  /// - Complexity: O(*n*) in these.
  package var loggedIDs: LoginIDSet {
    let result = LoginIDSet()
    var ids: [SalesforceID] = []
    for account in accountNumbers(ofWorker: 0, of: 1) {
      ids.removeAll(keepingCapacity: true)
      forEachLoggedRow(ofAccount: account) { ids.append($0.row.id) }
      result.insert(count: ids.count, id: { ids[$0] }, markCopy: { _ in })
    }
    return result
  }

  /// Numbers of the accounts of whole partitions, in no order: a share of the accounts for each worker.
  func accountNumbers(ofWorker worker: Int, of workerCount: Int) -> some Sequence<Int> {
    stride(from: worker, to: Self.partitionCount, by: workerCount).lazy.flatMap { [self] number in
      (0..<partitions[number].index.count).lazy.map { Self.number(partition: number, place: $0) }
    }
  }

  /// Gives the codes of the shapes that an account used, those of copies alone left out, in no order.
  func forEachShape(ofAccount account: Int, _ body: (_ code: UInt32) -> Void) {
    let list = unsafe slot(account).pointee.shapes
    for position in 0..<Int(list.count) {
      let entry = unsafe list.entry(position)
      if unsafe entry.pointee.count > 0 { unsafe body(entry.pointee.code) }
    }
  }

  /// Gives each use of a shape by an account, those of copies alone left out, in no order.
  ///
  /// - Parameter isWanted: Which shapes, by their codes; the uses of others are not even read.
  package func forEachShapeUse(
    where isWanted: ((_ code: UInt32) -> Bool)? = nil,
    _ body: (_ account: Int, _ code: UInt32, ShapeUse) -> Void
  ) {
    for account in accountNumbers {
      let list = unsafe slot(account).pointee.shapes
      for position in 0..<Int(list.count) {
        let entry = unsafe list.entry(position)
        let code = unsafe entry.pointee.code
        guard unsafe entry.pointee.count > 0, isWanted?(code) ?? true else { continue }
        unsafe body(
          account, code,
          ShapeUse(
            count: entry.pointee.count, first: entry.pointee.first, last: entry.pointee.last))
      }
    }
  }

  /// Gives how often and when accounts used each shape, copies alone left out, in no order.
  ///
  /// A use holds two rows, which whoever sums up does not ask for.
  func forEachShapeSpan(
    _ body: (_ code: UInt32, _ count: Int, _ first: Instant, _ last: Instant) -> Void
  ) {
    for partition in partitions {
      let slots = unsafe partition.index.slots
      for place in 0..<partition.index.count {
        let list = unsafe slots[place].shapes
        for position in 0..<Int(list.count) {
          let entry = unsafe list.entry(position)
          let count = unsafe entry.pointee.count
          guard count > 0 else { continue }
          unsafe body(
            entry.pointee.code, count, entry.pointee.first.time, entry.pointee.last.time)
        }
      }
    }
  }

  /// Uses of addresses by an account, in no order; those of copies alone are left out.
  package func addressUses(of account: Int) -> [AddressUse] {
    let list = unsafe slot(account).pointee.addresses
    var result: [AddressUse] = []
    result.reserveCapacity(Int(list.count))
    for position in 0..<Int(list.count) {
      let entry = unsafe list.entry(position)
      if unsafe entry.pointee.count > 0 { unsafe result.append(AddressUse(entry.pointee)) }
    }
    return result
  }

  /// Entries of addresses of an account, in no order.
  func addressEntries(of account: Int) -> [AddressEntry] {
    let list = unsafe slot(account).pointee.addresses
    return (0..<Int(list.count)).map { unsafe list.entry($0).pointee }
  }

  // MARK: Reading back

  /// Runs `body` while no other worker has the partition of an account.
  func withPartition(of account: Int, _ body: () -> Void) {
    partitions[Self.home(account).partition].withLock(body)
  }

  /// Adds what was written of a use of a shape.
  func restoreShape(
    _ account: Int, code: UInt32, count: Int, first: RowReference, last: RowReference
  ) {
    let memory = partitions[Self.home(account).partition].memory
    unsafe mergeShape(slot(account), code: code, count: count, first: first, last: last, memory)
  }

  /// Adds what was written of a use of an address.
  func restoreAddress(_ account: Int, _ entry: AddressEntry) {
    unsafe mergeAddress(
      slot(account), entry, partitions[Self.home(account).partition].memory)
  }

  /// Adds attempts through the API in a minute.
  func restoreMinute(_ account: Int, _ minute: Int64, count: Int) {
    unsafe partitions[Self.home(account).partition].add(
      minute: minute, of: slot(account), count: count)
  }

  /// Adds a logged row of an account.
  func restoreLogged(_ login: LoggedLogin) {
    let account = Int(login.account)
    unsafe partitions[Self.home(account).partition].log(login, of: slot(account))
  }

  /// Adds an hour with rows.
  func restoreHour(_ hour: Int64, _ span: HourSpan) { hours.formUnion(span, of: hour) }

  /// Adds a day with successful API logins of an application.
  func restoreDay(_ day: Int64, ofApplication application: UInt32) {
    applicationDays.insert(day, of: application)
  }
}
