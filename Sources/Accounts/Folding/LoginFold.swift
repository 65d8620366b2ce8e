import CByteScan
package import Delimited
package import Platform
package import SalesforceExports

// Before you change this file:
//
// - Reads past the ends. The readers of times and ids, RawAddress and the fingerprint of a shape load
//   16 to 32 bytes from the start of a field, however short it is, and up to 8 before it. A block must
//   therefore have 64 readable, initialised bytes on both sides; no test with ordinary input notices
//   when it has not, but the address sanitizer does.
// - Presumed first, checked later. The tuple of a row is presumed from its fingerprint some rows ahead
//   in `settle` and compared byte for byte when its turn comes; copies are known in the third pass.
//   Between the two other rows may have been added or the dictionary may have forgotten everything, so
//   `ShapeDictionary.View.tuple` checks the generation too.
// - Locks. A fold belongs to one worker and takes none for itself. LoginIDSet takes its own once for
//   the records that are gone through at a time; the ledger takes one when a shape, address or username is seen for the first time; the
//   partition's is taken by FoldWorker when a thousand rows wait. None is held while another is taken.
// - Order. Nothing here may depend on which row of a pair comes first: files are read in blocks by
//   many workers. What looks like "the row before" is a cache that is checked.
// - Cost. This runs a few hundred instructions a row. What each row touches lies behind a pointer
//   (`Hot`), since a class's properties are checked for exclusive access; `make count` tells the price.

/// Turns the records of one login file into rows of a ledger, a block at a time.
///
/// A block is gone through three times, some records at a time: time, user, Id, address and the
/// fingerprint of the shape are read from each record, and what address and shape are looked up in is
/// asked for; then both become codes; then, after the duplicate check, which takes one lock for all of
/// these and needs the codes to tell copies from contradictions, the row goes to the worker, who gathers
/// rows by partition of the ledger.
///
/// Low-cardinality columns are never decoded here but once per distinct tuple. A worker has one fold
/// for each file that it meets; the folds of one worker share its dictionaries.
@safe
package final class LoginFold {
  private let columns: LoginColumns
  private let file: UInt32
  private let selection: RowSelection
  private let header: [UInt8]
  private let seen: LoginIDSet?
  private let hasProofs: Bool
  private let verified: VerificationTable?
  private let worker: FoldWorker
  private let picker: RowPicker?
  private let entersRows: Bool
  private let dictionary: ShapeDictionary
  private let shapeReader: ShapeReader
  // What each row needs of the worker and of the dictionaries.
  private let shapes: ShapeDictionary.View
  private let addresses: RawAddressTable.View
  private let logins: FoldedLogins
  private let notes: UnsafeMutablePointer<FoldWorker.Notes>
  /// Folds the rows outside the window.
  private let outside: LoginFold?
  /// By what copies of a row are told from contradictions.
  private let comparison: RowComparison
  /// Reads keys that have not the form that the readers in ``Hot`` expect.
  private let rareKeys: RareKeyReader
  /// What each row reads and changes; in memory of its own, since each access to a class's property
  /// is checked for overlap at run time.
  @safe
  private struct Hot {
    var counts = Counts()
    var times = FixedTimeReader()
    var users = IDReader()
    var ids = IDReader(ofLogins: true)
    var proofs: VerificationTable.Cursor
    var rowCount = 0
    let tagKey = LedgerUser.tagKey
    let rows: UnsafeMutablePointer<FoldRow>
  }

  private let hot: UnsafeMutablePointer<Hot>
  /// Records that are gone through at a time: their bytes stay in the core's nearest cache from one pass
  /// to the next.
  private static let recordCount = 64

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
  ///   - contestedNames: Usernames that different users had at different times, with the user of each
  ///     dated snapshot.
  ///   - comparison: By what copies of a row are told from contradictions.
  ///   - outsideSeen: Ids of rows outside the window so far.
  ///   - entersRows: Whether rows enter the ledger; if not, the worker's picker alone sees them.
  ///   - worker: Receives the rows; they are in its ledger when it has finished.
  package init(
    columns: LoginColumns, file: UInt32, header: [UInt8], times: TimestampReader,
    selection: RowSelection, seen: LoginIDSet?, verified: VerificationTable?,
    contestedNames: [ExactText: [(date: Instant?, user: SalesforceID)]] = [:],
    outsideSeen: LoginIDSet? = nil, comparison: RowComparison = RowComparison(),
    entersRows: Bool = true, worker: FoldWorker
  ) {
    self.comparison = comparison
    if selection.isBounded, !selection.takesOutside, let outsideWorker = worker.outside {
      var inverse = selection
      inverse.takesOutside = true
      outside = LoginFold(
        columns: columns, file: file, header: header, times: times, selection: inverse,
        seen: outsideSeen, verified: verified, contestedNames: contestedNames,
        comparison: comparison, worker: outsideWorker)
    } else {
      outside = nil
    }
    self.columns = columns
    self.file = file
    self.header = header
    rareKeys = RareKeyReader(
      columns: columns, times: times, contestedNames: contestedNames, ledger: worker.ledger)
    self.selection = selection
    self.seen = columns.id >= 0 && selection.dropsDuplicates ? seen : nil
    hasProofs = columns.id >= 0 && verified != nil
    self.verified = verified
    self.worker = worker
    self.entersRows = entersRows
    picker = worker.picker
    dictionary = worker.dictionary(of: columns)
    shapeReader = worker.shapeReader(of: columns.kind)
    shapes = dictionary.view
    addresses = worker.addresses.view
    logins = worker.logins
    unsafe notes = worker.notes
    unsafe hot = .allocate(capacity: 1)
    unsafe hot.initialize(
      to: Hot(
        proofs: VerificationTable.Cursor(verified ?? VerificationTable(keepsPlaces: false)),
        rows: .allocate(capacity: Self.recordCount)))
  }

  deinit {
    unsafe hot.pointee.rows.deallocate()
    unsafe hot.deinitialize(count: 1)
    unsafe hot.deallocate()
  }

  /// Gives the rows of a block to the worker.
  ///
  /// - Parameters:
  ///   - block: Records of the file; 64 bytes before and behind it are readable.
  ///   - first: The first record to take: 1 in the block that begins with the header.
  ///   - reject: Is told each row that is set aside.
  package func fold(
    _ block: RecordBlock, from first: Int = 0, reject: (RowReject) -> Void
  ) {
    outside?.fold(block, from: first) { _ in }
    var start = first
    while start < block.recordCount {
      let end = min(start + Self.recordCount, block.recordCount)
      fold(block, start..<end, reject: reject)
      start = end
    }
  }

  /// Gives the rows of up to ``recordCount`` records to the worker.
  private func fold(_ block: RecordBlock, _ records: Range<Int>, reject: (RowReject) -> Void) {
    unsafe hot.pointee.rowCount = 0
    for index in records {
      let ahead = index &+ Self.recordDistance
      if ahead < records.upperBound { prefetch(ahead, block) }
      guard let reason = read(index, block) else { continue }
      let record = block[index]
      unsafe hot.pointee.counts.rejected += 1
      reject(
        RowReject(
          file: file, line: record.line, byteOffset: record.byteOffset, reason: reason,
          raw: [UInt8](record.rawBytes)))
    }
    let rows = unsafe UnsafeMutableBufferPointer(
      start: hot.pointee.rows, count: hot.pointee.rowCount)
    unsafe settle(rows, block)
    if let seen { unsafe seen.insert(rows) }
    unsafe handOn(rows, block)
  }

  private static let recordDistance = 3
  /// Cache lines of a record that are asked for; most records are shorter.
  private static let recordLineCount = 6

  /// Asks for the bytes of a record: its fields are looked at in no order that the core foresees.
  @inline(__always)
  private func prefetch(_ record: Int, _ block: RecordBlock) {
    let start = unsafe block.base + Int(block.records[record].start)
    for line in 0..<Self.recordLineCount { unsafe byte_scan_prefetch(start + 64 * line) }
  }

  /// The first member of a row, in its place.
  @inline(__always)
  private static func login(_ row: UnsafeMutablePointer<FoldRow>) -> UnsafeMutablePointer<
    FoldedLogin
  > {
    unsafe UnsafeMutableRawPointer(row).assumingMemoryBound(to: FoldedLogin.self)
  }

  /// A hash of what a row says about time, user, type, status and address; never 0.
  @inline(__always)
  private static func content(
    _ login: UnsafePointer<FoldedLogin>, shapeIdentity: UInt32, addressIdentity: UInt32,
    _ comparison: RowComparison
  ) -> UInt64 {
    let place =
      UInt64(shapeIdentity) << 32 | UInt64(addressIdentity & comparison.addressMask)
    let time = unsafe UInt64(bitPattern: login.pointee.row.time.milliseconds)
    let user = unsafe login.pointee.user.identity & comparison.userMask
    let product = (time &* 0x9E37_79B9_7F4A_7C15 ^ user).multipliedFullWidth(
      by: place ^ 0xA076_1D64_78BD_642F)
    let mixed = (product.high ^ product.low) &* 0xD6E8_FEB8_6659_FD93
    return mixed | 1
  }

  // MARK: First pass

  /// Where the fields of one record lie: found once, since the stores of a row keep the compiler from
  /// doing so.
  @safe
  private struct Fields {
    let base: UnsafePointer<UInt8>
    let ends: UnsafePointer<UInt32>
    let recordStart: Int

    @inline(__always)
    init(_ block: RecordBlock, _ record: Int) {
      let entry = unsafe block.records + record
      unsafe base = block.base
      unsafe ends = block.fieldEnds + Int(entry.pointee.firstField)
      recordStart = unsafe Int(entry.pointee.start)
    }
  }

  /// A field without its quotes.
  @inline(__always)
  private func field(_ fields: Fields, _ column: Int) -> FieldBytes {
    let start =
      unsafe column == 0 ? fields.recordStart : Int(fields.ends[column &- 1]) &+ 1
    let count = unsafe Int(fields.ends[column]) &- start
    let bytes = unsafe fields.base + start
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
    let fields = Fields(block, index)
    let timeField = field(fields, columns.time)
    if let instant = unsafe hot.pointee.times.read(timeField) {
      time = instant
    } else {
      switch unsafe rareKeys.time(block[index], &hot.pointee.counts) {
      case .success(let instant): time = instant
      case .failure(let problem): return problem.reason
      }
    }
    unsafe hot.pointee.counts.note(time)
    let isInside = selection.contains(time)
    if !isInside {
      guard rareKeys.hasUser(block[index]) else { return .invalidUser }
      guard rareKeys.hasReadableID(block[index]) else { return .invalidID }
      unsafe hot.pointee.counts.filtered += 1
      guard selection.isNeighbour(time) else { return nil }
    }
    return readKeys(index, block, fields, time, isInside ? .counted : .neighbour)
  }

  @inline(__always)
  private func readKeys(
    _ index: Int, _ block: RecordBlock, _ fields: Fields, _ time: Instant,
    _ disposition: RowDisposition
  ) -> RejectReason? {
    let user: LedgerUser
    let userField =
      columns.user >= 0
      ? field(fields, columns.user) : unsafe FieldBytes(start: block.base, count: 0)
    if let id = unsafe hot.pointee.users.read(userField) {
      user = LedgerUser(id)
    } else {
      guard let other = unsafe rareKeys.user(block[index], block, time, &hot.pointee.counts)
      else { return .invalidUser }
      user = other
    }
    var login = SalesforceID.none
    if columns.id >= 0 {
      if let id = unsafe hot.pointee.ids.read(field(fields, columns.id)) {
        login = id
      } else {
        guard let other = unsafe rareKeys.id(block[index], &hot.pointee.counts)
        else { return .invalidID }
        login = other
      }
    }
    let fingerprint = shapes.fingerprint(block, index)
    var address = RawAddress.blank
    var addressHash: UInt32 = 0
    var addressCode = AddressCode()
    if columns.address >= 0 {
      var addressField = field(fields, columns.address)
      if addressField.count == 0, columns.addressAlternative >= 0 {
        addressField = field(fields, columns.addressAlternative)
      }
      if addressField.count > 15 {
        addressCode = longAddressCode(addressField, block, index)
      } else if addressField.count > 0 {
        unsafe address = RawAddress(addressField.start, count: addressField.count)
        addressHash = addresses.hash(of: address)
      }
    }
    let line = unsafe block.firstLine &+ UInt64(block.records[index].lineDelta)
    let row = unsafe hot.pointee.rows + hot.pointee.rowCount
    unsafe row.initialize(
      to: FoldRow(
        login: FoldedLogin(
          user: user, shape: 0,
          row: RowReference(
            time: time, id: login, address: addressCode.code, file: file, line: line),
          kind: [], tag: user.tag(key: hot.pointee.tagKey),
          record: UInt32(truncatingIfNeeded: index), proof: .none, disposition: disposition),
        address: address, addressHash: addressHash, addressIdentity: addressCode.identity,
        fingerprint: fingerprint, tuple: 0, content: 0))
    unsafe hot.pointee.rowCount &+= 1
    return nil
  }

  /// Code of an address field of more than 15 bytes.
  @inline(never)
  private func longAddressCode(
    _ field: FieldBytes, _ block: RecordBlock, _ index: Int
  ) -> AddressCode {
    worker.addresses.code(ofLong: field, block) { addressCode(block[index]) }
  }

  /// Whether a record repeats the header, perhaps behind a byte order mark of its own.
  private func isHeader(_ bytes: FieldBytes) -> Bool {
    if bytes.count == header.count { return bytes.elementsEqual(header) }
    return bytes.count == header.count + 3 && bytes.starts(with: [0xEF, 0xBB, 0xBF])
      && bytes.dropFirst(3).elementsEqual(header)
  }

  /// Whether a row whose Id has another form than Salesforce's was seen before.
  @inline(never)
  private func isVerbatimCopy(_ content: UInt64, _ record: Record) -> Bool {
    guard let seen else { return false }
    return !seen.insert(verbatim: record[columns.id].string.withoutGuard, content: content)
  }

  // MARK: Second pass

  private static let tupleDistance = 8

  /// Turns shapes and addresses into codes of the ledger.
  private func settle(_ rows: UnsafeMutableBufferPointer<FoldRow>, _ block: RecordBlock) {
    guard let start = rows.baseAddress else { return }
    let shapes = shapes
    let comparison = comparison
    let generation = shapes.generation
    for position in 0..<min(Self.tupleDistance, rows.count) {
      unsafe start[position].tuple = shapes.presumed(start[position].fingerprint)
    }
    for position in 0..<rows.count {
      if position &+ Self.tupleDistance < rows.count {
        let ahead = unsafe start + (position &+ Self.tupleDistance)
        unsafe ahead.pointee.tuple = shapes.presumed(ahead.pointee.fingerprint)
      }
      let row = unsafe start + position
      let record = unsafe Int(row.pointee.login.record)
      let tuple =
        unsafe shapes.tuple(row.pointee.tuple, generation, of: block, record)
        ?? lookUpTuple(row.pointee.fingerprint, block, record)
      unsafe row.pointee.login.shape = tuple.shape
      unsafe row.pointee.login.kind = tuple.kind
      var addressIdentity = unsafe row.pointee.addressIdentity
      let address = unsafe row.pointee.address
      if address != .blank {
        let code =
          unsafe addresses.code(of: address, hash: row.pointee.addressHash)
          ?? lookUpAddress(address, block[record])
        unsafe row.pointee.login.row.address = code.code
        addressIdentity = code.identity
      }
      unsafe row.pointee.content = Self.content(
        Self.login(row), shapeIdentity: tuple.identity, addressIdentity: addressIdentity,
        comparison)
    }
  }

  // MARK: Third pass

  /// Gives the rows to the worker, copies as such.
  private func handOn(_ rows: UnsafeMutableBufferPointer<FoldRow>, _ block: RecordBlock) {
    guard let start = rows.baseAddress else { return }
    var counted = 0
    var copies = 0
    for position in 0..<rows.count {
      let row = unsafe start + position
      let login = unsafe Self.login(row)
      let id = unsafe login.pointee.row.id
      if unsafe login.pointee.disposition == .counted && id.isNone && id != .none
        && isVerbatimCopy(row.pointee.content, block[Int(login.pointee.record)])
      {
        unsafe login.pointee.disposition = .copy
      }
      let kind = unsafe login.pointee.kind
      let disposition = unsafe login.pointee.disposition
      switch disposition {
      case .counted:
        counted &+= 1
        let time = unsafe login.pointee.row.time
        unsafe notes.pointee.hours.note(time)
        unsafe notes.pointee.applicationDays.note(kind.application, time)
      case .copy: copies &+= 1
      case .neighbour: break
      }
      var proof = VerificationProof.none
      if hasProofs, !id.isNone,
        unsafe kind.contains(.verifiable) || notes.pointee.needsJoinedLogins
      {
        proof = unsafe hot.pointee.proofs.proof(of: id, by: login.pointee.user.id)
        if unsafe notes.pointee.needsJoinedLogins, disposition == .counted,
          proof.has(.succeeded)
        {
          unsafe noteJoined(id, login.pointee.user)
        }
        if !kind.contains(.verifiable) { proof = .none }
      }
      if let picker {
        unsafe login.pointee.proof = proof
        unsafe picker.take(login.pointee)
        guard entersRows else { continue }
      }
      let partition = unsafe AccountLedger.partition(ofBucket: login.pointee.user.logBucket)
      if unsafe logins.append(login, proof, to: partition) { worker.enter(partition) }
    }
    unsafe hot.pointee.counts.analysed += counted
    unsafe hot.pointee.counts.duplicate += copies
    if unsafe hot.pointee.proofs.namesOthers { unsafe notes.pointee.namesOthers = true }
  }

  /// Notes a login that a verification of its user names.
  @inline(never)
  private func noteJoined(_ login: SalesforceID, _ user: LedgerUser) {
    if verified?.joins(login, of: user.id) ?? false { worker.noteJoined(login) }
  }

  @inline(never)
  private func lookUpTuple(
    _ fingerprint: UInt32, _ block: RecordBlock, _ record: Int
  ) -> ShapeDictionary.Tuple {
    dictionary.lookUp(fingerprint, of: block, record) { decodeShape(block, record) }
  }

  @inline(never)
  private func lookUpAddress(_ address: RawAddress, _ record: Record) -> AddressCode {
    let code = addressCode(record)
    worker.addresses.add(address, code)
    return code
  }

  /// Code of the shape that a record's fields stand for, and what the fold has to know of it.
  private func decodeShape(
    _ block: RecordBlock, _ record: Int
  ) -> (code: UInt32, kind: AccountLedger.ShapeKind, identity: UInt32) {
    let shape = shapeReader.shape(of: record, in: block, at: columns.shape)
    let (code, kind) = worker.ledger.coded(shape)
    return (code, kind, comparison.identity(of: shape))
  }

  /// Code of the canonical text of a record's address.
  private func addressCode(_ record: Record) -> AddressCode {
    var text = record[columns.address].string.withoutGuard
    if MissingValue.isMissing(text) {
      text =
        columns.addressAlternative >= 0
        ? record[columns.addressAlternative].string.withoutGuard : ""
      if MissingValue.isMissing(text) { text = "" }
    }
    if text.isEmpty { return AddressCode() }
    let canonical = NetworkAddress(text)?.description ?? text
    return AddressCode(
      code: worker.ledger.code(ofAddress: canonical),
      identity: RowComparison.identity(ofAddress: canonical))
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
