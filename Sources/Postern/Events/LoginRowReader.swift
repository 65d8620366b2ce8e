import Accounts
import Delimited
import Reports
import Results
import SalesforceExports

/// Reads the rows of one login file a second time, when the judgement is made.
///
/// What becomes of a row is decided as in the scan: rejected, filtered, duplicate or analysed, in
/// this order.
struct LoginRowReader {
  private let columns: LoginColumns
  private let file: UInt32
  private let header: [UInt8]
  private let times: TimestampReader
  private let since: Instant?
  private let until: Instant?
  private let seen: LoginIDSet?
  private let verdicts: VerdictIndex
  private let tables: LoginTables
  private let accounts: AccountNumbers
  private var shapes = RawTupleTable()
  private var addresses = RawTupleTable()
  private var usernames = RawTupleTable()
  private var rows: [PackedLogin] = []
  private var ids: [SalesforceID] = []
  private var isCopy: [Bool] = []
  private var verbatimCopies: [Bool] = []

  /// Counts so far.
  private(set) var counts = RowAccounting()

  /// Makes a reader of one file.
  ///
  /// - Parameters:
  ///   - input: The file, probed.
  ///   - file: Its number among the run's inputs.
  ///   - since: First instant of the window.
  ///   - until: End of the window, exclusive.
  ///   - seen: Ids read so far; `nil` takes copies as rows.
  init(
    _ input: ProbedInput, file: UInt32, times: TimestampReader, since: Instant?, until: Instant?,
    seen: LoginIDSet?, verdicts: VerdictIndex, tables: LoginTables, accounts: AccountNumbers
  ) {
    columns = LoginColumns(kind: input.kind, header: input.header)
    self.file = file
    header = input.headerBytes
    self.times = times
    self.since = since
    self.until = until
    self.seen = columns.id >= 0 ? seen : nil
    self.verdicts = verdicts
    self.tables = tables
    self.accounts = accounts
  }

  /// Gives the rows of a block that are analysed, and the copies of such rows.
  mutating func read(
    _ block: RecordBlock, from first: Int, _ body: (PackedLogin) throws -> Void
  ) rethrows {
    rows.removeAll(keepingCapacity: true)
    ids.removeAll(keepingCapacity: true)
    verbatimCopies.removeAll(keepingCapacity: true)
    for index in first..<block.recordCount { read(block[index]) }
    isCopy.removeAll(keepingCapacity: true)
    isCopy.append(contentsOf: repeatElement(false, count: rows.count))
    seen?.insert(count: ids.count) {
      ids[$0]
    } markCopy: {
      isCopy[$0] = true
    }
    for index in rows.indices {
      var row = rows[index]
      let traits = tables.traits[Int(row.shape)]
      if row.id.isNone {
        let known = verdicts.code(file: row.file, line: row.line)
        // Of verbatim copies the judgement says which one counts, if it keeps such rows at all.
        row.isCopy = traits.isAPISuccess ? verbatimCopies[index] : known == nil
        row.verdict = known ?? 0
      } else {
        row.isCopy = isCopy[index]
        if traits.isHumanSuccess {
          row.verdict = verdicts.code(of: row.id) ?? 0
        }
      }
      if row.isCopy { counts.duplicate += 1 } else { counts.analysed += 1 }
      try body(row)
    }
  }

  private mutating func read(_ record: Record) {
    if record.defect == .none, record.fieldCount == columns.columnCount,
      isHeader(record.rawBytes)
    {
      return
    }
    counts.read += 1
    guard record.defect == .none, record.fieldCount == columns.columnCount,
      let time = time(of: record)
    else {
      counts.rejected += 1
      return
    }
    guard let account = account(of: record) else {
      counts.rejected += 1
      return
    }
    if let since, time < since {
      counts.filtered += 1
      return
    }
    if let until, time >= until {
      counts.filtered += 1
      return
    }
    let id = id(of: record)
    let row = PackedLogin(
      time: time, id: id, line: record.line, address: address(of: record),
      shape: shape(of: record), account: account, file: file, verdict: 0, isCopy: false)
    rows.append(row)
    ids.append(id)
    verbatimCopies.append(id.isNone && isVerbatimCopy(record))
  }

  /// Whether a record repeats the header, perhaps behind a byte order mark of its own.
  private func isHeader(_ bytes: FieldBytes) -> Bool {
    if bytes.count == header.count { return bytes.elementsEqual(header) }
    return bytes.count == header.count + 3 && bytes.starts(with: [0xEF, 0xBB, 0xBF])
      && bytes.dropFirst(3).elementsEqual(header)
  }

  private func time(of record: Record) -> Instant? {
    var field = record[columns.time].withoutQuotes
    if field.isEmpty, columns.timeAlternative >= 0 {
      field = record[columns.timeAlternative].withoutQuotes
    }
    let reading = unsafe times.read(UnsafeBufferPointer(start: field.start, count: field.count))
    if case .instant(let instant, _) = reading { return instant }
    return nil
  }

  private mutating func account(of record: Record) -> UInt32? {
    for column in [columns.user, columns.userAlternative] where column >= 0 {
      let field = record[column].withoutQuotes
      if let id = unsafe SalesforceID.parse(field.start, count: field.count) {
        return accounts.number(of: id)
      }
    }
    guard columns.username >= 0 else { return nil }
    let number = usernames.code(of: record, [columns.username]) {
      let name = record[columns.username].string.trimmed.lowercased()
      return name.isEmpty ? .max : accounts.number(ofUsername: name) ?? .max
    }
    return number == .max ? nil : number
  }

  private func id(of record: Record) -> SalesforceID {
    guard columns.id >= 0 else { return .none }
    let field = record[columns.id].withoutQuotes
    return unsafe SalesforceID.parse(field.start, count: field.count) ?? .none
  }

  /// Whether a row whose Id has another form than Salesforce's was seen before.
  private func isVerbatimCopy(_ record: Record) -> Bool {
    guard let seen else { return false }
    let text = record[columns.id].string.trimmed
    return !text.isEmpty && !seen.insert(verbatim: text)
  }

  private mutating func shape(of record: Record) -> UInt32 {
    let (columns, tables) = (columns, tables)
    return shapes.code(of: record, columns.shape) {
      let fields = ShapeField.allCases.map { field -> String? in
        let position = columns.shape[field.rawValue]
        return position >= 0 ? record[position].string : nil
      }
      return tables.code(of: LoginShape(fields: fields, kind: columns.kind))
    }
  }

  private mutating func address(of record: Record) -> UInt32 {
    guard columns.address >= 0 else { return 0 }
    var column = columns.address
    if record[column].withoutQuotes.isEmpty, columns.addressAlternative >= 0 {
      column = columns.addressAlternative
    }
    if record[column].withoutQuotes.isEmpty { return 0 }
    let tables = tables
    return addresses.code(of: record, [column]) {
      let text = record[column].string.trimmed
      return tables.code(ofAddress: NetworkAddress(text)?.description ?? text)
    }
  }
}

/// Numbers of the judged accounts in ``LoginTables``.
struct AccountNumbers {
  private var byID: [SalesforceID: UInt32] = [:]
  private var byUsername: [String: UInt32] = [:]

  /// Numbers accounts in the order of the list.
  ///
  /// - Parameter snapshots: Names rows that carry only a username.
  init(_ accounts: [EventAccount], snapshots: Snapshots) {
    for (number, account) in accounts.enumerated() {
      switch account.key {
      case .id(let id): byID[id] = UInt32(number)
      case .username(let name): byUsername[name] = UInt32(number)
      }
    }
    self.snapshots = snapshots
  }

  private let snapshots: Snapshots

  /// Number of the account with this id; `nil` when the judgement has none.
  func number(of id: SalesforceID) -> UInt32? { byID[id] }

  /// Number of the account that logs in with this lower-cased name.
  func number(ofUsername name: String) -> UInt32? {
    if let id = snapshots.userID(named: name), let number = byID[id] { return number }
    return byUsername[name]
  }
}
