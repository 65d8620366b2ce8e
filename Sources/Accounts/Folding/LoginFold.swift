package import Delimited
package import SalesforceExports

/// Turns the records of one login file into rows of a ledger, a block at a time.
///
/// A block is gone through twice: first account, time and Id of each row are read, so that the
/// duplicate check takes one lock a block; then the rows enter the ledger. Low-cardinality columns
/// are never decoded here but once per distinct tuple.
package struct LoginFold {
  /// What rows are taken.
  package struct Selection: Sendable {
    /// First instant of the window, inclusive.
    package var since: Instant?
    /// End of the window, exclusive.
    package var until: Instant?
    /// Whether rows with an Id seen before are dropped.
    package var dropsDuplicates = true

    /// Takes everything.
    package init() {}

    @inline(__always)
    func contains(_ time: Instant) -> Bool {
      (since.map { $0 <= time } ?? true) && (until.map { time < $0 } ?? true)
    }

    /// Whether a row outside the window can prove one inside.
    func isNeighbour(_ time: Instant) -> Bool {
      let day = Instant.dayMilliseconds
      let from = since.map { $0.milliseconds - day } ?? .min
      let to = until.map { $0.milliseconds + day } ?? .max
      return time.milliseconds >= from && time.milliseconds < to
    }
  }

  /// How many rows met which end; of one file.
  package struct Counts: Sendable, Equatable {
    /// All rows behind the header.
    package var read = 0
    /// Rows that entered the ledger.
    package var analysed = 0
    /// Copies of rows that entered the ledger.
    package var duplicate = 0
    /// Rows outside the window.
    package var filtered = 0
    /// Rows that cannot be judged.
    package var rejected = 0
    /// Header lines repeated inside the file, as concatenated exports have them.
    package var repeatedHeaders = 0
    /// Rows whose local time occurs twice, taken as the earlier.
    package var ambiguousTimes = 0
    /// Earliest time of a readable row.
    package var first: Instant?
    /// Latest time of a readable row.
    package var last: Instant?

    /// Counts nothing.
    package init() {}
  }

  private struct Row {
    var record: Int
    var account: UInt32
    var time: Instant
    var id: SalesforceID
    var standing: LoggedLogin.Standing
  }

  private let columns: LoginColumns
  private let file: UInt32
  private let selection: Selection
  private let header: [UInt8]
  private let times: TimestampReader
  private let seen: LoginIDSet?
  private let verified: VerificationTable?
  /// First and last column of each run of neighbouring shape columns.
  private let shapeRuns: [ClosedRange<Int>]
  private var shapeCodes = RawValueTable()
  private var addressCodes = RawValueTable()
  private var usernameCodes = RawValueTable()
  private var rows: [Row] = []
  private var ids: [SalesforceID] = []
  private var isCopy: [Bool] = []
  private var pieces = RawPieces()
  private var dateText: UInt64 = 0
  private var dateStart: Int64 = 0

  /// Counts so far.
  package private(set) var counts = Counts()

  /// Makes a fold of one file.
  ///
  /// - Parameters:
  ///   - columns: Where the file's columns are.
  ///   - file: Number of the file among the run's inputs.
  ///   - header: Bytes of the header row, to recognise it when it is repeated.
  ///   - times: Reads the time column.
  ///   - selection: What rows are taken.
  ///   - seen: Ids of the run so far; `nil` takes copies as rows.
  ///   - verified: Verifications, to see whether they belong to these logins.
  package init(
    columns: LoginColumns, file: UInt32, header: [UInt8], times: TimestampReader,
    selection: Selection, seen: LoginIDSet?, verified: VerificationTable?
  ) {
    self.columns = columns
    self.file = file
    self.header = header
    self.times = times
    self.selection = selection
    self.seen = seen
    self.verified = verified
    var runs: [ClosedRange<Int>] = []
    // The URI counts even where the file has login types: it decides on rows whose type is blank.
    let positions = columns.shape.filter { $0 >= 0 }
    for position in Set(positions).sorted() {
      if let last = runs.last, last.upperBound == position - 1 {
        runs[runs.count - 1] = last.lowerBound...position
      } else {
        runs.append(position...position)
      }
    }
    shapeRuns = runs
  }

  /// Adds the rows of a block to `ledger`.
  ///
  /// - Parameters:
  ///   - block: Records of the file.
  ///   - first: The first record to take: 1 in the block that begins with the header.
  ///   - ledger: Receives the rows.
  ///   - reject: Is told each row that is set aside.
  package mutating func fold(
    _ block: RecordBlock, from first: Int = 0, into ledger: inout AccountLedger,
    reject: (RowReject) -> Void
  ) {
    rows.removeAll(keepingCapacity: true)
    ids.removeAll(keepingCapacity: true)
    for index in first..<block.recordCount {
      if let reason = read(block[index], index, block, &ledger) {
        let record = block[index]
        counts.rejected += 1
        reject(
          RowReject(
            file: file, line: record.line, byteOffset: record.byteOffset, reason: reason,
            raw: [UInt8](record.rawBytes)))
      }
    }
    markCopies()
    for index in rows.indices {
      if columns.id >= 0, isCopy[index] { rows[index].standing = .copy }
      enter(rows[index], block, &ledger)
    }
  }

  // MARK: First pass

  /// Reads what decides on a row's end.
  ///
  /// - Returns: Why the row is rejected; `nil` when it is kept, filtered or a repeated header.
  private mutating func read(
    _ record: Record, _ index: Int, _ block: RecordBlock, _ ledger: inout AccountLedger
  ) -> RejectReason? {
    if let reason = RejectReason(record.defect) {
      counts.read += 1
      return reason
    }
    guard record.fieldCount == columns.columnCount else {
      counts.read += 1
      return .fieldCount
    }
    if isHeader(record.rawBytes) {
      counts.repeatedHeaders += 1
      return nil
    }
    counts.read += 1
    let time: Instant
    switch readTime(record) {
    case .success(let instant): time = instant
    case .failure(let reason): return reason.reason
    }
    counts.first = counts.first.map { min($0, time) } ?? time
    counts.last = counts.last.map { max($0, time) } ?? time
    let isInside = selection.contains(time)
    guard isInside || selection.isNeighbour(time) else {
      guard hasUser(record) else { return .invalidUser }
      counts.filtered += 1
      return nil
    }
    guard let account = readAccount(record, block, &ledger) else { return .invalidUser }
    let id = readID(record)
    rows.append(
      Row(
        record: index, account: account, time: time, id: id,
        standing: isInside ? .counted : .neighbour))
    ids.append(isInside ? id : .none)
    if !isInside { counts.filtered += 1 }
    return nil
  }

  /// Whether a record repeats the header, perhaps behind a byte order mark of its own.
  private func isHeader(_ bytes: FieldBytes) -> Bool {
    if bytes.count == header.count { return bytes.elementsEqual(header) }
    return bytes.count == header.count + 3 && bytes.starts(with: [0xEF, 0xBB, 0xBF])
      && bytes.dropFirst(3).elementsEqual(header)
  }

  private struct TimeProblem: Error { let reason: RejectReason }

  private mutating func readTime(_ record: Record) -> Result<Instant, TimeProblem> {
    var field = record[columns.time].withoutQuotes
    if let instant = readFixedTime(field) { return .success(instant) }
    if field.isEmpty, columns.timeAlternative >= 0 {
      field = record[columns.timeAlternative].withoutQuotes
    }
    let reading = unsafe times.read(UnsafeBufferPointer(start: field.start, count: field.count))
    switch reading {
    case .instant(let instant, let ambiguous):
      if ambiguous { counts.ambiguousTimes += 1 }
      return .success(instant)
    case .invalid: return .failure(TimeProblem(reason: .invalidTime))
    case .needsTimeZone: return .failure(TimeProblem(reason: .missingTimeZone))
    case .needsDateOrder: return .failure(TimeProblem(reason: .missingDateOrder))
    }
  }

  /// `2026-08-01T12:34:56.789Z` and `….789+0000`, the date looked up in the row before.
  @inline(__always)
  private mutating func readFixedTime(_ field: FieldBytes) -> Instant? {
    guard field.count == 24 || field.count == 28 else { return nil }
    let bytes = unsafe field.start
    if field.count == 24 {
      guard unsafe bytes[23] == 0x5A else { return nil }
    } else {
      guard
        unsafe UnsafeRawPointer(bytes + 23).loadUnaligned(as: UInt32.self) == 0x3030_302B
          && bytes[27] == 0x30
      else { return nil }
    }
    @inline(__always) func digits(_ start: Int, _ count: Int) -> Int64? {
      var value: Int64 = 0
      for index in start..<(start + count) {
        let digit = unsafe bytes[index] &- 0x30
        guard digit < 10 else { return nil }
        value = value * 10 + Int64(digit)
      }
      return value
    }
    guard unsafe bytes[10] == 0x54 && bytes[13] == 0x3A && bytes[16] == 0x3A && bytes[19] == 0x2E,
      let hour = digits(11, 2), let minute = digits(14, 2), let second = digits(17, 2),
      let milliseconds = digits(20, 3), hour < 24, minute < 60, second < 60
    else { return nil }
    // Year (from its third digit), month and day in eight bytes, the century beside them.
    let text =
      unsafe UnsafeRawPointer(bytes + 2).loadUnaligned(as: UInt64.self)
      ^ UInt64(UnsafeRawPointer(bytes).loadUnaligned(as: UInt16.self)) &* 0x9E37_79B9_7F4A_7C15
    if text != dateText {
      guard unsafe bytes[4] == 0x2D && bytes[7] == 0x2D, let year = digits(0, 4),
        let month = digits(5, 2), let day = digits(8, 2),
        let date = CivilDate(year: year, month: month, dayOfMonth: day)
      else { return nil }
      dateText = text
      dateStart = date.day * Instant.dayMilliseconds
    }
    return Instant(
      milliseconds: dateStart + (hour * 3_600 + minute * 60 + second) * 1_000 + milliseconds)
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

  private mutating func readAccount(
    _ record: Record, _ block: RecordBlock, _ ledger: inout AccountLedger
  ) -> UInt32? {
    if columns.user >= 0 {
      let field = record[columns.user].withoutQuotes
      if let id = unsafe SalesforceID.parse(field.start, count: field.count) {
        return ledger.account(id)
      }
    }
    if let id = userID(record) { return ledger.account(id) }
    guard hasUsername(record) else { return nil }
    let field = record[columns.username]
    pieces.ranges = [offset(field, block)]
    return unsafe usernameCodes.code(of: pieces, at: block.base) {
      ledger.account(.username(field.string.trimmed.lowercased()))
    }
  }

  private func readID(_ record: Record) -> SalesforceID {
    guard columns.id >= 0 else { return .none }
    let field = record[columns.id].withoutQuotes
    return unsafe SalesforceID.parse(field.start, count: field.count) ?? .none
  }

  private func offset(_ field: FieldBytes, _ block: RecordBlock) -> Range<Int> {
    let start = unsafe field.start - block.base
    return start..<(start + field.count)
  }

  // MARK: Second pass

  private mutating func markCopies() {
    guard let seen, columns.id >= 0, selection.dropsDuplicates else {
      isCopy = [Bool](repeating: false, count: rows.count)
      return
    }
    seen.insert(ids, isCopy: &isCopy)
  }

  private mutating func enter(
    _ row: Row, _ block: RecordBlock, _ ledger: inout AccountLedger
  ) {
    let record = block[row.record]
    var standing = row.standing
    if row.id.isNone, standing == .counted, isVerbatimCopy(record) { standing = .copy }
    switch standing {
    case .counted: counts.analysed += 1
    case .copy: counts.duplicate += 1
    case .neighbour: break
    }
    let shape = shapeCode(record, row.record, block, &ledger)
    let reference = RowReference(
      time: row.time, id: row.id, address: addressCode(record, block, &ledger), file: file,
      line: record.line)
    ledger.record(account: row.account, shape: shape, row: reference, standing: standing)
    if standing == .counted, let verified, !row.id.isNone, ledger.joinedLogins.count < 2,
      verified.proof(of: row.id).contains(.succeeded)
    {
      ledger.noteJoined(row.id)
    }
  }

  /// Whether a row whose Id has another form than Salesforce's was seen before.
  private func isVerbatimCopy(_ record: Record) -> Bool {
    guard let seen, columns.id >= 0, selection.dropsDuplicates else { return false }
    let text = record[columns.id].string.trimmed
    return !text.isEmpty && !seen.insert(verbatim: text)
  }

  private mutating func shapeCode(
    _ record: Record, _ index: Int, _ block: RecordBlock, _ ledger: inout AccountLedger
  ) -> UInt32 {
    pieces.ranges.removeAll(keepingCapacity: true)
    for run in shapeRuns {
      pieces.ranges.append(
        block.fieldStart(index, run.lowerBound)..<block.fieldEnd(index, run.upperBound))
    }
    let columns = columns
    return unsafe shapeCodes.code(of: pieces, at: block.base) {
      let fields = ShapeField.allCases.map { field -> String? in
        let position = columns.shape[field.rawValue]
        return position >= 0 ? record[position].string : nil
      }
      return ledger.code(of: LoginShape(fields: fields, kind: columns.kind))
    }
  }

  private mutating func addressCode(
    _ record: Record, _ block: RecordBlock, _ ledger: inout AccountLedger
  ) -> UInt32 {
    guard columns.address >= 0 else { return 0 }
    var field = record[columns.address]
    if field.withoutQuotes.isEmpty, columns.addressAlternative >= 0 {
      field = record[columns.addressAlternative]
    }
    guard !field.withoutQuotes.isEmpty else { return 0 }
    pieces.ranges.removeAll(keepingCapacity: true)
    pieces.ranges.append(offset(field, block))
    return unsafe addressCodes.code(of: pieces, at: block.base) {
      let text = field.string.trimmed
      return ledger.code(ofAddress: NetworkAddress(text)?.description ?? text)
    }
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
