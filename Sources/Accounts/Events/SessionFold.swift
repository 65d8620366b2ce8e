package import Delimited
package import SalesforceExports

/// Turns the records of a `LoginEvent` or event log `Logout` file into rows of a session table.
package struct SessionFold {
  /// The rows and their counts.
  package private(set) var rows: EventRows
  /// In which cases the letters of the login keys stand.
  package private(set) var keyCases = LetterCases()
  /// Rows that name a login by an Id whose letters lost their case.
  package private(set) var loginWithoutCaseCount = 0
  private let login: Int
  private let key: Int
  private let outcome: Int
  private let level: Int
  private let sessionType: Int
  private let loginColumns: LoginColumns
  private var proofs = RawValueTable()
  private var pieces = RawPieces()

  /// Set in a decoded row that can be a person's login.
  private static let isPerson: UInt32 = 1 << 8

  /// Makes a fold of one file.
  package init(rows: EventRows) {
    self.rows = rows
    let columns = rows.columns
    login = columns.position("loginhistoryid") ?? -1
    key = columns.position("loginkey") ?? -1
    outcome = columns.position("policyoutcome") ?? -1
    level = columns.position("sessionlevel") ?? -1
    sessionType = columns.position("sessiontype") ?? -1
    loginColumns = LoginColumns(kind: .loginHistory, header: columns)
  }

  /// Columns in use, by folded name.
  package static func usedColumns(_ kind: FileKind) -> Set<String> {
    EventRows.usedColumns.union(
      kind == .eventLogLogout
        ? ["sessionlevel", "sessiontype", "loginkey"]
        : [
          "loginhistoryid", "loginkey", "policyoutcome", "sessionlevel", "logintype",
          "loginsubtype",
        ])
  }

  /// Columns without which verdicts lack something, by their names in Salesforce.
  package static func missingColumns(_ kind: FileKind, _ columns: ColumnNames) -> [String] {
    let names =
      kind == .eventLogLogout
      ? ["SESSION_TYPE", "SESSION_LEVEL", "LOGIN_KEY"]
      : ["LoginHistoryId", "LoginKey", "LoginType", "PolicyOutcome", "SessionLevel"]
    return names.filter { columns.position(ColumnNames.fold($0)) == nil }
  }

  /// Adds the rows of a block to `table`.
  package mutating func fold(
    _ block: RecordBlock, from first: Int = 0, into table: inout SessionTable,
    reject: (RowReject) -> Void
  ) {
    var rows = rows
    rows.forEachRow(of: block, from: first, reject: reject) { record, index, _ in
      let code = code(record, index, block)
      let loginID = EventRows.login(record, login)
      if loginID == .unreadable {
        if EventRows.id(record, login)?.isLoginWithoutCase == true { loginWithoutCaseCount += 1 }
        return .invalidID
      }
      guard code & Self.isPerson != 0 else { return nil }
      let field = key >= 0 ? record[key].withoutQuotes : nil
      if let field, !keyCases.areMixed { keyCases.note(field) }
      table.add(
        login: loginID.id, key: field.flatMap { LoginKey(field: $0) },
        proof: SessionProof(rawValue: UInt8(truncatingIfNeeded: code)))
      return nil
    }
    self.rows = rows
  }

  private mutating func code(_ record: Record, _ index: Int, _ block: RecordBlock) -> UInt32 {
    let type = loginColumns.shape[ShapeField.type.rawValue]
    let subType = loginColumns.shape[ShapeField.subType.rawValue]
    pieces.ranges.removeAll(keepingCapacity: true)
    for column in [outcome, level, sessionType, type, subType] where column >= 0 {
      pieces.ranges.append(block.fieldStart(index, column)..<block.fieldEnd(index, column))
    }
    let (outcome, level, sessionType) = (outcome, level, sessionType)
    let isLogout = rows.kind == .eventLogLogout
    return unsafe proofs.code(of: pieces, at: block.base) {
      func text(_ column: Int) -> String { EventRows.text(record, column) }
      let proof =
        isLogout
        ? SessionProof(logoutLevel: text(level), sessionType: text(sessionType))
        : SessionProof(policyOutcome: text(outcome), sessionLevel: text(level))
      var fields = [String?](repeating: nil, count: ShapeField.allCases.count)
      fields[ShapeField.type.rawValue] = text(type)
      fields[ShapeField.subType.rawValue] = text(subType)
      let shape = LoginShape(fields: fields, kind: .loginHistory)
      // An OAuth login of which the row names no flow may be a person's.
      let isAPI = !isLogout && shape.door == .api && !shape.marks.contains(.openSubType)
      return UInt32(proof.rawValue) | (isAPI ? 0 : Self.isPerson)
    }
  }
}

/// Finds the rows of an event log `Login` file whose login key proves something.
///
/// It runs beside the fold of the logins, over the same blocks, and only where events with such keys
/// were given.
package struct LoginKeyFold {
  private let file: UInt32
  private let key: Int
  private let columnCount: Int
  private let sessions: SessionTable
  /// What was found.
  package private(set) var places = SessionPlaces()
  /// All keys of rows that can be a person's, where a ledger is to be written.
  package private(set) var keys: LoginKeyPlaces?
  private let loginColumns: LoginColumns
  private var kinds = RawValueTable()
  private var pieces = RawPieces()

  /// Makes a fold; `nil` where no key can be found.
  ///
  /// - Parameters:
  ///   - sessions: A closed table.
  ///   - keepsKeys: Whether keys are gathered of which nothing is known yet.
  package init?(
    file: UInt32, kind: FileKind, header: ColumnNames, sessions: SessionTable?,
    keepsKeys: Bool = false
  ) {
    guard kind == .eventLogLogin, let key = header.position("loginkey"),
      keepsKeys || sessions?.hasKeys == true
    else { return nil }
    self.file = file
    self.key = key
    self.sessions = sessions ?? SessionTable()
    columnCount = header.original.count
    loginColumns = LoginColumns(kind: kind, header: header)
    keys = keepsKeys ? LoginKeyPlaces() : nil
  }

  /// Looks at the rows of a block.
  package mutating func fold(_ block: RecordBlock, from first: Int) {
    for index in first..<block.recordCount {
      let record = block[index]
      guard record.defect == .none, record.fieldCount == columnCount,
        let key = LoginKey(field: record[key].withoutQuotes)
      else { continue }
      let proof = sessions.proof(of: key)
      if !proof.isEmpty { places.add(file: file, line: record.line, proof) }
      if keys != nil, isPerson(record, index, block) {
        keys?.add(key, file: file, line: record.line)
      }
    }
  }

  /// Whether a row can be a person's login; of programs' there are too many to be kept.
  private mutating func isPerson(_ record: Record, _ index: Int, _ block: RecordBlock) -> Bool {
    let columns = loginColumns
    pieces.ranges.removeAll(keepingCapacity: true)
    for column in columns.shape where column >= 0 {
      pieces.ranges.append(block.fieldStart(index, column)..<block.fieldEnd(index, column))
    }
    let code = unsafe kinds.code(of: pieces, at: block.base) {
      let fields = ShapeField.allCases.map { field -> String? in
        let position = columns.shape[field.rawValue]
        return position >= 0 ? record[position].string : nil
      }
      return LoginShape(fields: fields, kind: columns.kind).door == .api ? 0 : 1
    }
    return code != 0
  }
}
