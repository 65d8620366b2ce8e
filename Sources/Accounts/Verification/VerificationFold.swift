package import Delimited
package import SalesforceExports

/// Turns the records of a `VerificationHistory` file into rows of a table.
package struct VerificationFold {
  private let file: UInt32
  private let columnCount: Int
  private let login: Int
  private let user: Int
  private let time: Int
  private let address: Int
  private let activity: Int
  private let proofColumns: [Int]
  /// Those of them that the file has.
  private let presentProofColumns: [Int]
  private let times: TimestampReader
  private let header: [UInt8]
  private var proofs = RawValueTable()
  private var pieces = RawPieces()
  // The common forms of times and Ids, whose beginnings repeat from row to row.
  private var fixedTimes = FixedTimeReader()
  private var timeForms = LocalTimeForms()
  private var logins = IDReader(ofLogins: true)
  private var users = IDReader()

  /// Rows behind the header.
  package private(set) var readCount = 0
  /// Rows set aside.
  package private(set) var rejectedCount = 0
  /// Times of the earliest and latest row.
  package private(set) var first: Instant?
  package private(set) var last: Instant?
  /// Ids whose case was lost and that are restored.
  package private(set) var restoredIDCount = 0
  /// Whether the users' column holds ids, and not names.
  private let hasUserIDs: Bool

  /// Columns of a verification file that are used, by folded name.
  package static let usedColumns: Set<String> = [
    "loginhistoryid", "userid", "user", "verificationtime", "time", "sourceip", "policy",
    "triggeredby", "activity", "useractivity", "verificationmethod", "method", "status",
  ]

  /// Columns without which an export proves nothing (docs/judgement.md), by their names in the API, of those
  /// that a header lacks.
  package static func missingColumns(_ columns: ColumnNames) -> [String] {
    [
      ("LoginHistoryId", columns.position("loginhistoryid")),
      ("Policy", columns.position("policy", "triggeredby")),
      ("Status", columns.position("status")),
    ].filter { $0.1 == nil }.map(\.0)
  }

  /// Makes a fold of one file.
  package init(
    file: UInt32, header columns: ColumnNames, headerBytes: [UInt8], times: TimestampReader
  ) {
    self.file = file
    self.times = times
    header = headerBytes
    columnCount = columns.original.count
    login = columns.position("loginhistoryid") ?? -1
    user = columns.position("userid", "user") ?? -1
    hasUserIDs = columns.position("userid") != nil
    time = columns.position("verificationtime", "time") ?? -1
    address = columns.position("sourceip") ?? -1
    // Labels of Setup's Identity Verification History beside the API's names.
    activity = columns.position("activity", "useractivity") ?? -1
    proofColumns = [
      columns.position("policy", "triggeredby") ?? -1, activity,
      columns.position("verificationmethod", "method") ?? -1, columns.position("status") ?? -1,
    ]
    presentProofColumns = proofColumns.filter { $0 >= 0 }
  }

  /// Adds the rows of a block to `table`.
  package mutating func fold(
    _ block: RecordBlock, from first: Int = 0, into table: inout VerificationTable,
    reject: (RowReject) -> Void
  ) {
    for index in first..<block.recordCount {
      let record = block[index]
      if record.rawBytes.count == header.count, record.rawBytes.elementsEqual(header) { continue }
      readCount += 1
      guard let reason = add(record, index, block, &table) else { continue }
      rejectedCount += 1
      let raw = [UInt8](record.rawBytes)
      Self.noteDoubt(raw, &table)
      reject(
        RowReject(
          file: file, line: record.line, byteOffset: record.byteOffset, reason: reason, raw: raw))
    }
  }

  /// Notes whose login a row is about that cannot be read as a whole: it may have been its proof.
  private static func noteDoubt(_ raw: [UInt8], _ table: inout VerificationTable) {
    let words = raw.split { byte in
      !((0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte))
    }
    let ids = words.filter { $0.count == 15 || $0.count == 18 }.compactMap {
      SalesforceID(String(decoding: $0, as: UTF8.self))
    }
    let users = Set(ids.filter { $0.text15.hasPrefix(userPrefix) })
    for login in ids where login.text15.hasPrefix(loginPrefix) {
      table.noteUnread(login, user: users.count == 1 ? users.first : nil)
    }
  }

  /// Key prefixes of `User` and `LoginHistory` (docs/salesforce.md, Ids).
  private static let (userPrefix, loginPrefix) = ("005", "0Ya")

  private mutating func add(
    _ record: Record, _ index: Int, _ block: RecordBlock, _ table: inout VerificationTable
  ) -> RejectReason? {
    if let reason = RejectReason(record.defect) { return reason }
    guard record.fieldCount == columnCount else { return .fieldCount }
    let field = record[time].insideGuard ?? record[time].withoutQuotes
    let instant: Instant
    if let fixed = fixedTimes.read(field) {
      instant = fixed
    } else {
      switch times.read(field, &timeForms) {
      case .instant(let value, _): instant = value
      case .invalid: return .invalidTime
      case .needsTimeZone: return .missingTimeZone
      case .needsDateOrder: return .missingDateOrder
      case .contradictsTimeZone: return .contradictsTimeZone
      }
    }
    let loginID = Self.id(record, login, &logins, ofLogin: true)
    let userID = Self.id(record, user, &users)
    if case .restored = loginID { restoredIDCount += 1 }
    if case .restored = userID { restoredIDCount += 1 }
    if hasUserIDs, case .unreadable = userID { return .invalidID }
    first = first.map { min($0, instant) } ?? instant
    last = last.map { max($0, instant) } ?? instant
    pieces.take(presentProofColumns, of: index, in: block)
    let proofColumns = proofColumns
    let code = unsafe proofs.code(of: pieces, at: block.base) {
      func text(_ column: Int) -> String? { Self.text(record, column) }
      let proof = VerificationProof(
        policy: text(proofColumns[0]) ?? "", activity: text(proofColumns[1]),
        method: text(proofColumns[2]) ?? "", status: text(proofColumns[3]) ?? "")
      // The upper half marks the few rows whose texts are kept, so that others cost none.
      let activity = VerificationActivity(text(proofColumns[1]) ?? "")
      let isKept =
        proof.contains(.succeeded)
        && (activity == .generatesTemporaryCode || activity == .registersMethod)
      let isUnknown = !Self.unknownValues(record, proofColumns).isEmpty
      return UInt32(proof.rawValue) | (isKept ? 1 << 16 : 0) | (isUnknown ? 1 << 17 : 0)
    }
    let isKept = code >> 16 & 1 != 0
    var canonical = ""
    if isKept || table.keepsPlaces, address >= 0 {
      let text = record[address].string.trimmed
      canonical = NetworkAddress(text)?.description ?? text
    }
    if isKept, let user = userID.id {
      table.note(
        activity: record[activity].string.trimmed, user: user, time: instant, address: canonical,
        file: file, line: record.line)
    }
    if code >> 17 != 0 {
      for value in Self.unknownValues(record, proofColumns) {
        table.note(
          unknown: value, VerificationTable.RowSpan(count: 1, first: instant, last: instant))
      }
    }
    table.add(
      user: userID.id, login: loginID.id, time: instant, address: canonical,
      proof: VerificationProof(rawValue: UInt16(truncatingIfNeeded: code)))
    // A row whose login cannot be told is one fewer proof of that login, and stays a doubt about
    // its user's.
    if case .unreadable = loginID { return .invalidID }
    return nil
  }

  private static func id(
    _ record: Record, _ column: Int, _ reader: inout IDReader, ofLogin isLogin: Bool = false
  ) -> SalesforceID.Reading {
    guard column >= 0 else { return .none }
    let field = record[column].insideGuard ?? record[column].withoutQuotes
    if field.isEmpty { return .none }
    if let id = reader.read(field) { return .id(id) }
    return SalesforceID.reading(record[column].string, ofLogin: isLogin)
  }

  /// What a column says; `nil` where there is none, empty for a word for nothing.
  private static func text(_ record: Record, _ column: Int) -> String? {
    guard column >= 0 else { return nil }
    let text = record[column].string.withoutGuard
    return MissingValue.isMissing(text) ? "" : text
  }

  /// Values of a row that no table knows; blank ones are not listed, since they have no name.
  private static func unknownValues(
    _ record: Record, _ proofColumns: [Int]
  ) -> [VerificationTable.UnknownValue] {
    var result: [VerificationTable.UnknownValue] = []
    func look(_ column: Int, _ name: String, _ isKnown: (String) -> Bool) {
      guard let text = text(record, column), !text.isEmpty, !isKnown(text) else { return }
      result.append(VerificationTable.UnknownValue(column: name, value: text))
    }
    look(proofColumns[0], "Policy") { VerificationPolicy($0) != nil }
    look(proofColumns[1], "Activity") { VerificationActivity($0) != .unknown }
    look(proofColumns[2], "VerificationMethod") { VerificationMethod($0) != .unknown }
    look(proofColumns[3], "Status") { VerificationStatus($0) != nil }
    return result
  }
}
