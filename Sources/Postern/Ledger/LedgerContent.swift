import Accounts
import Platform
import Reports
import Results
import SalesforceExports

/// A file whose rows are in a ledger.
struct LedgeredFile: Sendable {
  var record: InputRecord
  /// Whether rows carry login Ids; true of files that hold no logins and no requests.
  var hasIDs: Bool
  /// Rejected rows by reason.
  var rejects: [RejectReason: Int]

  /// What makes it the same file when it is given again.
  var identity: String { "\(record.name)\n\(record.sha256)\n\(record.kindName ?? "")" }
}

/// Everything that a run leaves to a later one.
struct LedgerContent: Sendable {
  /// Release that wrote it.
  var version = ""
  /// Org of the configuration; empty where it names none.
  var organization = ""
  /// The window of its rows.
  var since: Instant?
  var until: Instant?
  /// Time before which detail was dropped.
  var forgottenBefore: Instant?
  /// Kind of the files that gave the logins; `nil` when there were none.
  var loginKind: FileKind?
  /// Whether login files of the other kind were there and were not used.
  var leftOutLogins = false
  /// Order of dates with slashes that was decided or stated.
  var dateOrder: DateOrder?
  /// Inputs as the user named them.
  var arguments: [String] = []
  var rows = RowAccounting()
  /// Files by number.
  var files: [LedgeredFile] = []
  var snapshots = SnapshotArchive()
  var rejectedUsers = RejectedUsers()
  var verifications: VerificationTable?
  var sessions: SessionTable?
  var keyPlaces = LoginKeyPlaces()
  var impersonations = ImpersonationTable()
  var pages = PageTable()
  var requests = APIRequestLedger()
  var ids = LoginIDSet()
  var ledger = AccountLedger()
  /// Rows outside the window, which tell who an account is; `nil` without a window.
  var outside: AccountLedger?
  var outsideIDs = LoginIDSet()
  /// By what rows of these Ids were compared.
  var comparison = RowComparison()

  init() {}

  // MARK: Writing

  /// What is written, one section behind the other; several can be written at once.
  ///
  /// - Parameter time: Detail before it is left out.
  func sections(forgettingBefore time: Instant? = nil) -> [LedgerSection] {
    let forgotten = Forgotten(before: time)
    let superseded = time.map { snapshots.superseded(before: $0) } ?? []
    let old = time.map { time in
      Set(
        files.indices.filter { files[$0].record.last.map { $0 < time } ?? false }.map(UInt32.init))
    }
    var sections: [LedgerSection] = [
      { writeFiles(to: &$0) },
      { writer in
        snapshots.write(to: &writer, dropping: superseded)
        rejectedUsers.write(to: &writer)
      },
      { writer in
        writer.put(verifications != nil)
        verifications?.write(to: &writer, forgetting: forgotten)
      },
      { writer in
        writer.put(sessions != nil)
        sessions?.write(to: &writer)
        keyPlaces.write(to: &writer, dropping: old ?? [])
        impersonations.write(to: &writer, forgetting: forgotten)
        pages.write(to: &writer, forgetting: forgotten)
        requests.write(to: &writer, forgetting: forgotten)
      },
      { writer in
        comparison.write(to: &writer)
        ids.write(to: &writer)
      },
    ]
    sections += ledger.sections(forgetting: forgotten)
    sections.append { writer in
      writer.put(outside != nil)
      if outside != nil { outsideIDs.write(to: &writer) }
    }
    if let outside { sections += outside.sections(forgetting: forgotten) }
    return sections
  }

  /// What is known of the run and its files.
  private func writeFiles(to writer: inout LedgerWriter) {
    writer.put(version)
    writer.put(organization)
    writer.put(since)
    writer.put(until)
    writer.put(forgottenBefore)
    writer.put(loginKind?.rawValue)
    writer.put(leftOutLogins)
    writer.put(dateOrder?.rawValue)
    writer.put(arguments)
    for count in [rows.read, rows.analysed, rows.duplicate, rows.filtered, rows.rejected] {
      writer.put(count)
    }
    writer.put(files.count)
    for file in files { Self.put(file, &writer) }
  }

  private static func put(_ file: LedgeredFile, _ writer: inout LedgerWriter) {
    let record = file.record
    writer.put(record.name)
    writer.put(record.path)
    writer.put(record.entry)
    writer.put(record.compression)
    writer.put(record.kind?.rawValue)
    writer.put(record.byteCount)
    writer.put(record.sha256)
    for count in [record.read, record.filtered, record.rejected] { writer.put(count) }
    writer.put(record.first)
    writer.put(record.last)
    for columns in [record.columnsUsed, record.columnsIgnored, record.columnsMissing] {
      writer.put(columns)
    }
    writer.put(record.delimiter)
    writer.put(record.date)
    writer.put(record.ambiguousTimes)
    writer.put(record.repeatedHeaders)
    writer.put(record.problem)
    record.unreadable.write(to: &writer)
    writer.put(file.hasIDs)
    writer.put(file.rejects.count)
    for (reason, count) in file.rejects.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      writer.put(reason.rawValue)
      writer.put(count)
    }
  }

  // MARK: Reading

  /// Reads what ``sections(forgettingBefore:)`` wrote.
  ///
  /// - Throws: ``LedgerError`` for anything else.
  init(from reader: inout LedgerReader) throws(LedgerError) {
    self = try reader.section { reader throws(LedgerError) in try Self.runAndFiles(&reader) }
    reader.fileCount = files.count
    self = try tables(&reader)
    ledger = try AccountLedger(from: &reader)
    let outsideIDs = try reader.section { reader throws(LedgerError) in
      try reader.flag() ? try LoginIDSet(from: &reader) : nil
    }
    if let outsideIDs {
      self.outsideIDs = outsideIDs
      outside = try AccountLedger(from: &reader)
    }
    // The two are summed apart, as in the run that wrote them.
    guard reader.isAtEnd(), rows.isBalanced, rows.analysed == ledger.attemptCount else {
      throw .damaged
    }
  }

  /// What is known of the run and its files.
  private static func runAndFiles(_ reader: inout LedgerReader) throws(LedgerError) -> LedgerContent
  {
    var content = LedgerContent()
    content.version = try reader.text()
    content.organization = try reader.text()
    content.since = try reader.optionalInstant()
    content.until = try reader.optionalInstant()
    content.forgottenBefore = try reader.optionalInstant()
    content.loginKind = try kind(&reader)
    guard content.loginKind?.holdsLogins ?? true else { throw .damaged }
    content.leftOutLogins = try reader.flag()
    if let text = try reader.optionalText() {
      guard let order = DateOrder(rawValue: text) else { throw .damaged }
      content.dateOrder = order
    }
    content.arguments = try reader.texts()
    content.rows.read = try reader.rows()
    content.rows.analysed = try reader.rows()
    content.rows.duplicate = try reader.rows()
    content.rows.filtered = try reader.rows()
    content.rows.rejected = try reader.rows()
    var byteCount = 0
    for _ in 0..<(try reader.count()) {
      let file = try file(&reader)
      byteCount += file.record.byteCount
      guard byteCount < byteLimit else { throw .damaged }
      content.files.append(file)
    }
    return content
  }

  /// This with the tables beside the ledger of accounts.
  private func tables(_ reader: inout LedgerReader) throws(LedgerError) -> LedgerContent {
    let read = Locked(self)
    try reader.sections(4) { number, reader throws(LedgerError) in
      switch number {
      case 0:
        let snapshots = try SnapshotArchive(from: &reader)
        let rejectedUsers = try RejectedUsers(from: &reader)
        read.withLock { content in
          content.snapshots = snapshots
          content.rejectedUsers = rejectedUsers
        }
      case 1:
        let verifications = try reader.flag() ? try VerificationTable(from: &reader) : nil
        read.withLock { $0.verifications = verifications }
      case 2:
        let sessions = try reader.flag() ? try SessionTable(from: &reader) : nil
        let keyPlaces = try LoginKeyPlaces(from: &reader)
        let impersonations = try ImpersonationTable(from: &reader)
        let pages = try PageTable(from: &reader)
        let requests = try APIRequestLedger(from: &reader)
        read.withLock { content in
          content.sessions = sessions
          content.keyPlaces = keyPlaces
          content.impersonations = impersonations
          content.pages = pages
          content.requests = requests
        }
      default:
        let comparison = try RowComparison(from: &reader)
        let ids = try LoginIDSet(from: &reader)
        read.withLock { content in
          content.comparison = comparison
          content.ids = ids
        }
      }
    }
    return read.withLock { $0 }
  }

  /// Bytes that all files of a ledger have together at most; what is stated to be more is made up.
  private static let byteLimit = 1 << 42

  private static func kind(_ reader: inout LedgerReader) throws(LedgerError) -> FileKind? {
    guard let text = try reader.optionalText() else { return nil }
    guard let kind = FileKind(rawValue: text) else { throw .damaged }
    return kind
  }

  private static func file(_ reader: inout LedgerReader) throws(LedgerError) -> LedgeredFile {
    let name = try reader.text()
    let path = try reader.text()
    let entry = try reader.optionalText()
    let compression = try reader.text()
    let kind = try kind(&reader)
    let byteCount = try reader.number()
    var record = InputRecord(
      name: name, path: path, entry: entry, compression: compression, kind: kind,
      byteCount: byteCount, sha256: try reader.text())
    record.read = try reader.rows()
    record.filtered = try reader.rows()
    record.rejected = try reader.rows()
    record.first = try reader.optionalInstant()
    record.last = try reader.optionalInstant()
    guard record.filtered + record.rejected <= record.read else { throw .damaged }
    if let first = record.first, let last = record.last, last < first { throw .damaged }
    record.columnsUsed = try reader.texts()
    record.columnsIgnored = try reader.texts()
    record.columnsMissing = try reader.texts()
    record.delimiter = try reader.text()
    record.date = try reader.optionalInstant()
    record.ambiguousTimes = try reader.rows()
    record.repeatedHeaders = try reader.rows()
    record.problem = try reader.optionalText()
    record.unreadable = try UnreadableValues(from: &reader)
    let hasIDs = try reader.flag()
    var rejects: [RejectReason: Int] = [:]
    for _ in 0..<(try reader.count()) {
      guard let reason = RejectReason(rawValue: try reader.text()) else { throw .damaged }
      rejects[reason] = try reader.rows()
    }
    // A file that was given again, whole, keeps its count and has no reasons any more.
    guard rejects.isEmpty || rejects.values.reduce(0, +) == record.rejected else { throw .damaged }
    return LedgeredFile(record: record, hasIDs: hasIDs, rejects: rejects)
  }

  // MARK: Parts

  /// Leaves the logins out, because those of the run come from files of the other kind.
  ///
  /// - Returns: Names of the files that gave them.
  mutating func dropLogins() -> [String] {
    let names = files.filter { $0.record.kind?.holdsLogins ?? false }.map(\.record.name)
    rows = RowAccounting()
    keyPlaces = LoginKeyPlaces()
    ids = LoginIDSet()
    ledger = AccountLedger()
    if outside != nil { outside = AccountLedger() }
    outsideIDs = LoginIDSet()
    comparison = RowComparison()
    loginKind = nil
    return names
  }
}
