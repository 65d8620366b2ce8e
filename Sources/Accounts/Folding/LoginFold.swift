import CByteScan
package import Delimited
package import SalesforceExports

/// Turns the records of one login file into rows of a ledger, a block at a time.
///
/// A block is gone through three times, so that no step waits for memory:
/// 1. Time, account, Id, address and the fingerprint of the shape are read from each record, and the
///    account's bucket is asked for.
/// 2. Buckets become numbers of accounts (a guess by 32 bits of hash), and the duplicate check takes
///    one lock.
/// 3. Rows enter the ledger, while the slots of rows further on and the lists of nearer ones are
///    asked for. The guess is checked here.
///
/// Low-cardinality columns are never decoded here but once per distinct tuple. A worker has one fold
/// for each file that it meets; the folds of one worker share its ledger and its dictionaries.
@safe
package final class LoginFold {
  /// What a row's end depends on, and where its ledger entries are looked for.
  private struct Row {
    var record: UInt32
    var account: UInt32
    var hash: UInt64
    var user: SalesforceID
    var standing: LoggedLogin.Standing
    var id: SalesforceID
    var fingerprint: UInt32
    var time: Instant
    var address: RawAddress
    /// Positions in the account's lists that the marks in its slot point to.
    var shapeGuess: UInt16 = 0
    var addressGuess: UInt16 = 0

    /// The account of a row whose bucket was not looked up yet.
    static let unknownAccount = UInt32.max
  }

  private let columns: LoginColumns
  private let file: UInt32
  private let selection: Selection
  private let header: [UInt8]
  private let times: TimestampReader
  private let seen: LoginIDSet?
  private let hasProofs: Bool
  private let ledger: AccountLedger
  private let dictionary: ShapeDictionary
  private var usernameCodes = RawValueTable()
  private var pieces = RawPieces()
  /// What each row reads and changes; in memory of its own, since each access to a class's property
  /// is checked for overlap at run time.
  @safe
  private struct Hot {
    var counts = Counts()
    var times = FixedTimeReader()
    var users = IDReader()
    var ids = IDReader()
    var proofs: VerificationTable.Cursor
    var rowCount = 0
    var rows: UnsafeMutablePointer<Row>
    /// The ledger's buckets when the block began, to be asked for ahead.
    var buckets: UnsafeMutablePointer<UInt64>
    var mask = 0
    /// Where the marks lie in a slot, in bytes.
    let shapeMarksOffset = MemoryLayout<AccountSlot>.offset(of: \.shapeMarks) ?? 0
    let addressMarksOffset = MemoryLayout<AccountSlot>.offset(of: \.addressMarks) ?? 0
    /// Whether logins are still looked for that show that verifications belong to them.
    var needsJoinedLogins = true
  }

  private let hot: UnsafeMutablePointer<Hot>
  private var rowCapacity = 0

  /// Counts so far.
  package var counts: Counts { unsafe hot.pointee.counts }

  /// Makes a fold of one file.
  ///
  /// - Parameters:
  ///   - columns: Where the file's columns are.
  ///   - file: Number of the file among the run's inputs.
  ///   - header: Bytes of the header row, to recognise it when it is repeated.
  ///   - times: Reads the time column.
  ///   - selection: What rows are taken.
  ///   - seen: Ids of the run so far; `nil` takes copies as rows.
  ///   - verified: Verifications, to see what they prove of these logins.
  ///   - worker: Receives the rows.
  package init(
    columns: LoginColumns, file: UInt32, header: [UInt8], times: TimestampReader,
    selection: Selection, seen: LoginIDSet?, verified: VerificationTable?,
    worker: FoldWorker
  ) {
    self.columns = columns
    self.file = file
    self.header = header
    self.times = times
    self.selection = selection
    self.seen = columns.id >= 0 && selection.dropsDuplicates ? seen : nil
    hasProofs = columns.id >= 0 && verified != nil
    ledger = worker.ledger
    dictionary = worker.dictionary(of: columns)
    unsafe hot = .allocate(capacity: 1)
    unsafe hot.initialize(
      to: Hot(
        proofs: VerificationTable.Cursor(verified ?? VerificationTable(keepsPlaces: false)),
        rows: .allocate(capacity: 1), buckets: ledger.index.buckets))
  }

  deinit {
    unsafe hot.pointee.rows.deallocate()
    unsafe hot.deinitialize(count: 1)
    unsafe hot.deallocate()
  }

  /// Adds the rows of a block to the worker's ledger.
  ///
  /// - Parameters:
  ///   - block: Records of the file; 64 bytes before and behind it are readable.
  ///   - first: The first record to take: 1 in the block that begins with the header.
  ///   - reject: Is told each row that is set aside.
  package func fold(
    _ block: RecordBlock, from first: Int = 0, reject: (RowReject) -> Void
  ) {
    reserve(block.recordCount)
    unsafe hot.pointee.rowCount = 0
    unsafe hot.pointee.buckets = ledger.index.buckets
    unsafe hot.pointee.mask = ledger.index.mask
    unsafe hot.pointee.needsJoinedLogins = hasProofs && !ledger.hasJoinedLogins
    for index in first..<max(first, block.recordCount) {
      guard let reason = read(index, block) else { continue }
      let record = block[index]
      unsafe hot.pointee.counts.rejected += 1
      reject(
        RowReject(
          file: file, line: record.line, byteOffset: record.byteOffset, reason: reason,
          raw: [UInt8](record.rawBytes)))
    }
    if let seen {
      let rows = unsafe hot.pointee.rows
      seen.insert(count: unsafe hot.pointee.rowCount) {
        unsafe rows[$0].standing == .counted ? rows[$0].id : .none
      } markCopy: {
        unsafe rows[$0].standing = .copy
      }
    }
    findAccounts()
    enterRows(block)
  }

  private func reserve(_ count: Int) {
    guard count > rowCapacity else { return }
    unsafe hot.pointee.rows.deallocate()
    unsafe hot.pointee.rows = .allocate(capacity: count)
    rowCapacity = count
  }

  // MARK: First pass

  /// A field without its quotes.
  @inline(__always)
  private func field(_ block: RecordBlock, _ record: Int, _ column: Int) -> FieldBytes {
    let entry = unsafe block.records + record
    let ends = unsafe block.fieldEnds + Int(entry.pointee.firstField)
    let start = unsafe column == 0 ? Int(entry.pointee.start) : Int(ends[column - 1]) + 1
    let count = unsafe Int(ends[column]) - start
    let bytes = unsafe block.base + start
    if unsafe count >= 2 && bytes[0] == ASCII.quote && bytes[count - 1] == ASCII.quote {
      return unsafe FieldBytes(start: bytes + 1, count: count - 2)
    }
    return unsafe FieldBytes(start: bytes, count: count)
  }

  /// Reads what decides on a row's end.
  ///
  /// - Returns: Why the row is rejected; `nil` when it is kept, filtered or a repeated header.
  @inline(__always)
  private func read(_ index: Int, _ block: RecordBlock) -> RejectReason? {
    let entry = unsafe block.records[index]
    if entry.defect != .none || Int(entry.fieldCount) != columns.columnCount {
      unsafe hot.pointee.counts.read += 1
      return RejectReason(entry.defect) ?? .fieldCount
    }
    if Int(entry.byteCount) == header.count || Int(entry.byteCount) == header.count + 3,
      isHeader(block[index].rawBytes)
    {
      unsafe hot.pointee.counts.repeatedHeaders += 1
      return nil
    }
    unsafe hot.pointee.counts.read += 1
    let time: Instant
    let timeField = field(block, index, columns.time)
    if let instant = unsafe hot.pointee.times.read(timeField.start, count: timeField.count) {
      time = instant
    } else {
      switch readTime(block[index]) {
      case .success(let instant): time = instant
      case .failure(let problem): return problem.reason
      }
    }
    unsafe hot.pointee.counts.note(time)
    let isInside = selection.contains(time)
    if !isInside {
      guard hasUser(block[index]) else { return .invalidUser }
      unsafe hot.pointee.counts.filtered += 1
      guard selection.isNeighbour(time) else { return nil }
    }
    return readKeys(index, block, time, isInside ? .counted : .neighbour)
  }

  @inline(__always)
  private func readKeys(
    _ index: Int, _ block: RecordBlock, _ time: Instant, _ standing: LoggedLogin.Standing
  ) -> RejectReason? {
    var row = Row(
      record: UInt32(truncatingIfNeeded: index), account: Row.unknownAccount, hash: 0, user: .none,
      standing: standing, id: .none, fingerprint: dictionary.fingerprint(block, index),
      time: time, address: .blank)
    let userField =
      columns.user >= 0
      ? field(block, index, columns.user) : unsafe FieldBytes(start: block.base, count: 0)
    if let user = unsafe hot.pointee.users.read(userField.start, count: userField.count) {
      row.user = user
      row.hash = AccountIndex.hash(user)
      unsafe byte_scan_prefetch(
        hot.pointee.buckets + (Int(truncatingIfNeeded: row.hash) & hot.pointee.mask))
    } else {
      guard let account = otherAccount(block[index], block) else { return .invalidUser }
      row.account = account
    }
    if columns.id >= 0 {
      let idField = field(block, index, columns.id)
      if let id = unsafe hot.pointee.ids.read(idField.start, count: idField.count) {
        row.id = id
      } else if standing == .counted, isVerbatimCopy(block[index]) {
        row.standing = .copy
      }
    }
    if columns.address >= 0 {
      var address = field(block, index, columns.address)
      if address.count == 0, columns.addressAlternative >= 0 {
        address = field(block, index, columns.addressAlternative)
      }
      row.address = ledger.rawAddresses.raw(address, block)
    }
    unsafe (hot.pointee.rows + hot.pointee.rowCount).initialize(to: row)
    unsafe hot.pointee.rowCount += 1
    return nil
  }

  /// Whether a record repeats the header, perhaps behind a byte order mark of its own.
  private func isHeader(_ bytes: FieldBytes) -> Bool {
    if bytes.count == header.count { return bytes.elementsEqual(header) }
    return bytes.count == header.count + 3 && bytes.starts(with: [0xEF, 0xBB, 0xBF])
      && bytes.dropFirst(3).elementsEqual(header)
  }

  private struct TimeProblem: Error { let reason: RejectReason }

  private func readTime(_ record: Record) -> Result<Instant, TimeProblem> {
    var field = record[columns.time].withoutQuotes
    if field.isEmpty, columns.timeAlternative >= 0 {
      field = record[columns.timeAlternative].withoutQuotes
    }
    let reading = unsafe times.read(UnsafeBufferPointer(start: field.start, count: field.count))
    switch reading {
    case .instant(let instant, let ambiguous):
      if ambiguous { unsafe hot.pointee.counts.ambiguousTimes += 1 }
      return .success(instant)
    case .invalid: return .failure(TimeProblem(reason: .invalidTime))
    case .needsTimeZone: return .failure(TimeProblem(reason: .missingTimeZone))
    case .needsDateOrder: return .failure(TimeProblem(reason: .missingDateOrder))
    }
  }

  private func userID(_ record: Record) -> SalesforceID? {
    for column in [columns.user, columns.userAlternative] where column >= 0 {
      let field = record[column].withoutQuotes
      if let id = unsafe SalesforceID.parse(field.start, count: field.count) { return id }
    }
    return nil
  }

  private func hasUser(_ record: Record) -> Bool {
    userID(record) != nil || hasUsername(record)
  }

  private func hasUsername(_ record: Record) -> Bool {
    columns.username >= 0
      && record[columns.username].withoutQuotes.contains { $0 != 0x20 && $0 != 0x09 }
  }

  /// The account of a row without an id in its first user column.
  private func otherAccount(_ record: Record, _ block: RecordBlock) -> UInt32? {
    if let id = userID(record) { return ledger.account(.id(id)) }
    guard hasUsername(record) else { return nil }
    let field = record[columns.username]
    let start = unsafe field.start - block.base
    pieces.ranges = [start..<(start + field.count)]
    return unsafe usernameCodes.code(of: pieces, at: block.base) {
      ledger.account(.username(field.string.trimmed.lowercased()))
    }
  }

  /// Whether a row whose Id has another form than Salesforce's was seen before.
  private func isVerbatimCopy(_ record: Record) -> Bool {
    guard let seen else { return false }
    let text = record[columns.id].string.trimmed
    return !text.isEmpty && !seen.insert(verbatim: text)
  }

  // MARK: Second pass

  private func findAccounts() {
    // A copy of the index, whose look-up changes nothing; taken anew when an account was added.
    var index = ledger.index
    for position in unsafe 0..<hot.pointee.rowCount {
      let row = unsafe hot.pointee.rows + position
      guard unsafe row.pointee.account == Row.unknownAccount else { continue }
      if let number = unsafe index.presumed(row.pointee.hash) {
        unsafe row.pointee.account = UInt32(truncatingIfNeeded: number)
      } else {
        let number = unsafe ledger.number(of: row.pointee.user, hash: row.pointee.hash)
        unsafe row.pointee.account = UInt32(truncatingIfNeeded: number)
        index = ledger.index
      }
    }
  }

  // MARK: Third pass

  private static let slotDistance = 16
  private static let listDistance = 6

  private func enterRows(_ block: RecordBlock) {
    let slots = unsafe ledger.index.slots
    let rows = unsafe hot.pointee.rows
    let rowCount = unsafe hot.pointee.rowCount
    for position in 0..<rowCount {
      if position + Self.slotDistance < rowCount {
        let ahead = unsafe slots + Int(rows[position + Self.slotDistance].account)
        unsafe byte_scan_prefetch(ahead)
        unsafe byte_scan_prefetch(UnsafeRawPointer(ahead) + 64)
      }
      if position + Self.listDistance < rowCount {
        let ahead = unsafe rows + position + Self.listDistance
        unsafe prefetchLists(ahead, slots + Int(ahead.pointee.account))
      }
      unsafe enter(rows + position, slots, block)
    }
  }

  /// The first of a list's entries whose mark is the wanted one; `fallback` when none has it.
  @inline(__always)
  private func guess(
    _ slot: UnsafeMutablePointer<AccountSlot>, _ marksOffset: Int, _ count: UInt32, _ mark: UInt16,
    _ fallback: UInt16
  ) -> UInt16 {
    let marks = unsafe UnsafeRawPointer(slot) + marksOffset
    var found = unsafe byte_scan_equal_words(marks, mark)
    found &= (1 << min(count, UInt32(AccountSlot.markCount))) - 1
    return found == 0 ? fallback : UInt16(truncatingIfNeeded: found.trailingZeroBitCount)
  }

  /// Asks for the entries that a row will change, as far as the marks in its slot tell them.
  @inline(__always)
  private func prefetchLists(
    _ row: UnsafeMutablePointer<Row>, _ slot: UnsafeMutablePointer<AccountSlot>
  ) {
    if let base = unsafe slot.pointee.shapes.base {
      let position = unsafe guess(
        slot, hot.pointee.shapeMarksOffset, slot.pointee.shapes.count,
        UInt16(truncatingIfNeeded: row.pointee.fingerprint), slot.pointee.lastShape)
      unsafe row.pointee.shapeGuess = position
      let entry = unsafe UnsafeRawPointer(base + Int(position))
      unsafe byte_scan_prefetch(entry)
      unsafe byte_scan_prefetch(entry + 64)
    }
    if let base = unsafe slot.pointee.addresses.base {
      let position = unsafe guess(
        slot, hot.pointee.addressMarksOffset, slot.pointee.addresses.count,
        UInt16(truncatingIfNeeded: row.pointee.address.hash), slot.pointee.lastAddress)
      unsafe row.pointee.addressGuess = position
      let entry = unsafe UnsafeRawPointer(base + Int(position))
      unsafe byte_scan_prefetch(entry)
      unsafe byte_scan_prefetch(entry + 64)
    }
    unsafe byte_scan_prefetch(slot.pointee.minutes.end)
  }

  @inline(__always)
  private func enter(
    _ row: UnsafeMutablePointer<Row>, _ slots: UnsafeMutablePointer<AccountSlot>,
    _ block: RecordBlock
  ) {
    var slots = unsafe slots
    var account = unsafe Int(row.pointee.account)
    let user = unsafe row.pointee.user
    if !user.isNone,
      unsafe slots[account].idLow != user.low || slots[account].idHigh != user.high
    {
      account = unsafe ledger.number(of: user, hash: row.pointee.hash)
      // A new account may have moved the slots.
      unsafe slots = ledger.index.slots
    }
    let slot = unsafe slots + account
    let record = unsafe Int(row.pointee.record)
    let standing = unsafe row.pointee.standing
    switch standing {
    case .counted: unsafe hot.pointee.counts.analysed += 1
    case .copy: unsafe hot.pointee.counts.duplicate += 1
    case .neighbour: break
    }
    let shape = unsafe shapePosition(slot, row, block, record)
    let address = unsafe addressPosition(slot, row, block, record)
    let id = unsafe row.pointee.id
    let kind = unsafe slot.pointee.shapes.entry(shape).pointee.kind
    var proof = VerificationProof.none
    if unsafe kind.contains(.verifiable) || hot.pointee.needsJoinedLogins, hasProofs, !id.isNone {
      proof = unsafe hot.pointee.proofs.proof(of: id)
      if unsafe hot.pointee.needsJoinedLogins, standing == .counted, proof.has(.succeeded) {
        ledger.noteJoined(id)
        unsafe hot.pointee.needsJoinedLogins = !ledger.hasJoinedLogins
      }
      if !kind.contains(.verifiable) { proof = .none }
    }
    unsafe ledger.enter(
      account: UInt32(truncatingIfNeeded: account), slot, shapePosition: shape,
      addressPosition: address,
      row: RowReference(
        time: row.pointee.time, id: id,
        address: address < 0 ? 0 : slot.pointee.addresses.entry(address).pointee.code, file: file,
        line: block.firstLine + UInt64(block.records[record].lineDelta)),
      standing: standing, proof: proof)
  }

  @inline(__always)
  private func shapePosition(
    _ slot: UnsafeMutablePointer<AccountSlot>, _ row: UnsafeMutablePointer<Row>,
    _ block: RecordBlock, _ record: Int
  ) -> Int {
    let count = unsafe Int(slot.pointee.shapes.count)
    let fingerprint = unsafe row.pointee.fingerprint
    if count > 0 {
      let guess = unsafe Int(row.pointee.shapeGuess)
      let entry = unsafe slot.pointee.shapes.entry(guess)
      if unsafe entry.pointee.fingerprint == fingerprint,
        unsafe dictionary.isTuple(entry.pointee.raw, of: block, record)
      {
        return guess
      }
      let marks = unsafe UnsafeRawPointer(slot) + hot.pointee.shapeMarksOffset
      var found = unsafe byte_scan_equal_words(marks, UInt16(truncatingIfNeeded: fingerprint))
      found &= (1 << UInt32(min(count, AccountSlot.markCount))) - 1
      while found != 0 {
        let position = found.trailingZeroBitCount
        let entry = unsafe slot.pointee.shapes.entry(position)
        if unsafe entry.pointee.fingerprint == fingerprint,
          unsafe dictionary.isTuple(entry.pointee.raw, of: block, record)
        {
          return position
        }
        found &= found - 1
      }
    }
    return unsafe lookUpShape(slot, fingerprint, block, record)
  }

  @inline(never)
  private func lookUpShape(
    _ slot: UnsafeMutablePointer<AccountSlot>, _ fingerprint: UInt32, _ block: RecordBlock,
    _ record: Int
  ) -> Int {
    let tuple = dictionary.tuple(of: block, record) { decodeShape(block, record) }
    let placeholder = RowReference(
      time: Instant(milliseconds: .max), id: .none, address: 0, file: 0, line: 0)
    var isNew = false
    let position: Int
    if let known = unsafe slot.pointee.shapes.position(of: tuple.shape) {
      position = known
    } else {
      isNew = true
      position = unsafe slot.pointee.shapes.append(
        ShapeEntry(
          code: tuple.shape, kind: ledger.kinds[Int(tuple.shape)], raw: tuple.raw,
          fingerprint: fingerprint, first: placeholder, last: placeholder), ledger.memory)
    }
    let entry = unsafe slot.pointee.shapes.entry(position)
    if isNew {
      // Whatever comes first is earlier than one and later than the other.
      unsafe entry.pointee.last.time = Instant(milliseconds: .min)
    }
    unsafe entry.pointee.raw = tuple.raw
    unsafe entry.pointee.fingerprint = fingerprint
    if position < AccountSlot.markCount {
      unsafe slot.pointee.shapeMarks[position] = UInt16(truncatingIfNeeded: fingerprint)
    }
    unsafe slot.pointee.lastShape = position <= Int(UInt16.max) ? UInt16(position) : 0
    return position
  }

  /// Code of the shape that a record's fields stand for.
  private func decodeShape(_ block: RecordBlock, _ record: Int) -> UInt32 {
    let fields = ShapeField.allCases.map { field -> String? in
      let position = columns.shape[field.rawValue]
      return position >= 0 ? block[record][position].string : nil
    }
    return ledger.code(of: LoginShape(fields: fields, kind: columns.kind))
  }

  /// Position of a row's address in its account's list; −1 for a row without one.
  @inline(__always)
  private func addressPosition(
    _ slot: UnsafeMutablePointer<AccountSlot>, _ row: UnsafeMutablePointer<Row>,
    _ block: RecordBlock, _ record: Int
  ) -> Int {
    let raw = unsafe row.pointee.address
    if raw == .blank { return -1 }
    let count = unsafe Int(slot.pointee.addresses.count)
    if count > 0 {
      let guess = unsafe Int(row.pointee.addressGuess)
      if unsafe slot.pointee.addresses.entry(guess).pointee.raw == raw { return guess }
    }
    let hash = raw.hash
    if count > 0 {
      let marks = unsafe UnsafeRawPointer(slot) + hot.pointee.addressMarksOffset
      var found = unsafe byte_scan_equal_words(marks, UInt16(truncatingIfNeeded: hash))
      found &= (1 << UInt32(min(count, AccountSlot.markCount))) - 1
      while found != 0 {
        let position = found.trailingZeroBitCount
        if unsafe slot.pointee.addresses.entry(position).pointee.raw == raw { return position }
        found &= found - 1
      }
    }
    return unsafe lookUpAddress(slot, raw, hash, block, record)
  }

  @inline(never)
  private func lookUpAddress(
    _ slot: UnsafeMutablePointer<AccountSlot>, _ raw: RawAddress, _ hash: UInt32,
    _ block: RecordBlock, _ record: Int
  ) -> Int {
    let code = ledger.addressCode(of: raw) {
      var field = block[record][columns.address]
      if field.withoutQuotes.isEmpty { field = block[record][columns.addressAlternative] }
      let text = field.string.trimmed
      return NetworkAddress(text)?.description ?? text
    }
    if code == 0 { return -1 }
    let row = RowReference(
      time: Instant(milliseconds: 0), id: .none, address: code, file: 0, line: 0)
    let position =
      unsafe slot.pointee.addresses.position(of: code)
      ?? slot.pointee.addresses.append(AddressEntry(code: code, raw: raw, row: row), ledger.memory)
    unsafe slot.pointee.addresses.entry(position).pointee.raw = raw
    if position < AccountSlot.markCount {
      unsafe slot.pointee.addressMarks[position] = UInt16(truncatingIfNeeded: hash)
    }
    unsafe slot.pointee.lastAddress = position <= Int(UInt16.max) ? UInt16(position) : 0
    return position
  }
}

extension RejectReason {
  /// The reason that a record's defect is; `nil` for a sound record.
  package init?(_ defect: RecordDefect) {
    switch defect {
    case .none: return nil
    case .brokenQuoting: self = .brokenQuoting
    case .unterminatedQuote: self = .unterminatedQuote
    case .fieldTooLong: self = .fieldTooLong
    case .tooManyColumns: self = .tooManyColumns
    case .recordTooLong: self = .recordTooLong
    case .cutByEnd: self = .cutByEnd
    }
  }
}
