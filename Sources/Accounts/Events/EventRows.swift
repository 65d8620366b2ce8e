import Delimited
package import SalesforceExports

/// What all files of events have in common: rows with a time, of one event, about one user.
package struct EventRows {
  /// Number of the file among the run's inputs.
  let file: UInt32
  /// What the file holds.
  let kind: FileKind
  /// The file's columns.
  let columns: ColumnNames
  private let header: [UInt8]
  private let times: TimestampReader
  private var fixedTimes = FixedTimeReader()
  private var timeForms = LocalTimeForms()
  private let selection: RowSelection?
  private let eventType: [UInt8]
  private let typeColumn: Int
  private let timeColumns: [Int]
  private let userColumns: [Int]
  private let usernameColumn: Int

  /// Rows behind the header.
  package private(set) var readCount = 0
  /// Rows set aside.
  package private(set) var rejectedCount = 0
  /// Rows outside the window.
  package private(set) var filteredCount = 0
  /// Header rows repeated inside the file.
  package private(set) var repeatedHeaderCount = 0
  /// Times of the earliest and latest readable row.
  package private(set) var first: Instant?
  package private(set) var last: Instant?

  /// Makes a reader of one file.
  ///
  /// - Parameter selection: The window; `nil` where rows of all times matter.
  package init(
    file: UInt32, kind: FileKind, header columns: ColumnNames, headerBytes: [UInt8],
    times: TimestampReader, selection: RowSelection?
  ) {
    self.file = file
    self.kind = kind
    self.columns = columns
    self.times = times
    self.selection = selection
    header = headerBytes
    eventType = Array((kind.eventType ?? "").utf8)
    typeColumn = kind.eventType == nil ? -1 : columns.position("eventtype") ?? -1
    func all(_ names: String...) -> [Int] { names.compactMap { columns.position($0) } }
    timeColumns =
      kind.eventType == nil ? all("eventdate") : all("timestampderived", "timestamp")
    userColumns = all("useridderived", "userid")
    usernameColumn = columns.position("username") ?? -1
  }

  /// Columns in use, by folded name.
  static let usedColumns: Set<String> = [
    "eventtype", "timestampderived", "timestamp", "eventdate", "useridderived", "userid",
    "username",
  ]

  /// Gives each sound row inside the window to `body`, which may refuse it.
  mutating func forEachRow(
    of block: RecordBlock, from first: Int, reject: (RowReject) -> Void,
    _ body: (_ record: Record, _ index: Int, _ time: Instant) -> RejectReason?
  ) {
    for index in first..<block.recordCount {
      let record = block[index]
      if record.rawBytes.count == header.count, record.rawBytes.elementsEqual(header) {
        repeatedHeaderCount += 1
        continue
      }
      readCount += 1
      guard let reason = take(record, index, body) else { continue }
      rejectedCount += 1
      reject(
        RowReject(
          file: file, line: record.line, byteOffset: record.byteOffset, reason: reason,
          raw: [UInt8](record.rawBytes)))
    }
  }

  private mutating func take(
    _ record: Record, _ index: Int,
    _ body: (_ record: Record, _ index: Int, _ time: Instant) -> RejectReason?
  ) -> RejectReason? {
    if let reason = RejectReason(record.defect) { return reason }
    guard record.fieldCount == columns.original.count else { return .fieldCount }
    if typeColumn >= 0, !isExpected(record[typeColumn].withoutQuotes) { return .foreignEvent }
    let time: Instant
    switch readTime(record) {
    case .instant(let instant, _): time = instant
    case .invalid: return .invalidTime
    case .needsTimeZone: return .missingTimeZone
    case .needsDateOrder: return .missingDateOrder
    case .contradictsTimeZone: return .contradictsTimeZone
    }
    if let selection, !selection.contains(time) {
      noteTime(time)
      filteredCount += 1
      return nil
    }
    if let reason = body(record, index, time) { return reason }
    noteTime(time)
    return nil
  }

  private mutating func noteTime(_ time: Instant) {
    first = first.map { min($0, time) } ?? time
    last = last.map { max($0, time) } ?? time
  }

  /// Rows without a type are taken as what the header says.
  private func isExpected(_ bytes: FieldBytes) -> Bool {
    bytes.isEmpty || bytes.elementsEqual(eventType)
      || FoldedText(bytes.unescapedText) == FoldedText(String(decoding: eventType, as: UTF8.self))
  }

  private mutating func readTime(_ record: Record) -> TimestampReading {
    for column in timeColumns {
      let field = record[column].insideGuard ?? record[column].withoutQuotes
      if field.isEmpty || field.isMissing { continue }
      if times.epochUnit == nil, let fixed = fixedTimes.read(field) {
        return .instant(fixed, ambiguous: false)
      }
      return times.read(field, &timeForms)
    }
    return .invalid
  }

  /// The user that a row is about: by id, else by name; `nil` for neither.
  func user(_ record: Record) -> AccountKey? {
    for column in userColumns {
      if let id = Self.id(record, column) { return .id(id) }
    }
    guard usernameColumn >= 0 else { return nil }
    return Self.name(record, usernameColumn).map { .username($0) }
  }

  /// An id in a column; `nil` for blank and for what is none.
  static func id(_ record: Record, _ column: Int) -> SalesforceID? {
    guard column >= 0 else { return nil }
    let field = record[column].withoutQuotes
    if let id = SalesforceID.parse(field) { return id }
    return field.isEmpty ? nil : SalesforceID.reading(record[column].string).id
  }

  /// What a column of logins says.
  static func login(_ record: Record, _ column: Int) -> SalesforceID.Reading {
    guard column >= 0 else { return .none }
    let field = record[column].withoutQuotes
    if field.isEmpty { return .none }
    if let id = SalesforceID.parse(field), !id.isLoginWithoutCase { return .id(id) }
    return SalesforceID.reading(record[column].string, ofLogin: true)
  }

  /// A lower-cased name in a column; `nil` for blank.
  static func name(_ record: Record, _ column: Int) -> String? {
    guard column >= 0 else { return nil }
    let text = record[column].string.withoutGuard.asciiLowercased
    return MissingValue.isMissing(text) ? nil : text
  }

  /// Text of a column; empty where the file has none, or a word for nothing.
  static func text(_ record: Record, _ column: Int) -> String {
    guard column >= 0 else { return "" }
    let text = record[column].string.withoutGuard
    return MissingValue.isMissing(text, keepingMarks: true) ? "" : text
  }
}

extension FieldBytes {
  /// The bytes as text, as they stand.
  fileprivate var unescapedText: String { String(decoding: self, as: UTF8.self) }
}
