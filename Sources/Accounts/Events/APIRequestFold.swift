package import Delimited
package import SalesforceExports

/// Where an API event log says what a request was, and how a row is read.
struct APIRequestColumns: Sendable {
  let kind: FileKind
  let family: Int
  let version: Int
  /// Connected app, client and the app's id, in the order in which they name the application.
  let names: [Int]
  let status: Int
  let limit: Int
  let address: Int
  /// Where a path can name the version, for logs and rows without a version of their own.
  let paths: [Int]

  init(_ kind: FileKind, _ columns: ColumnNames) {
    func at(_ names: String...) -> Int {
      names.lazy.compactMap { columns.position($0) }.first ?? -1
    }
    self.kind = kind
    family = at("apifamily")
    version = at("apiversion")
    names = ["connectedappname", "clientname", "connectedappid", "clientid"].compactMap {
      columns.position($0)
    }
    status =
      switch kind {
      case .bulkAPI: at("success")
      case .bulkAPI2: at("jobstatus")
      case .bulkAPIRequest: at("statuscode", "success")
      case .soapAPI: at("exceptionmessage")
      default: at("statuscode")
      }
    limit = at("countsagainstapilimit")
    address = at("clientip")
    paths = [at("apiresource"), at("requestpath"), at("uri")].filter { $0 >= 0 }
  }

  /// Columns of few distinct values.
  ///
  /// Messages of exceptions differ from row to row, and only whether
  /// there is one counts.
  var tuple: [Int] {
    ([family, version] + names + (kind == .soapAPI ? [] : [status]) + [limit]).filter { $0 >= 0 }
  }

  func shape(_ record: Record) -> APIRequestShape {
    var shape = APIRequestShape()
    shape.source = kind
    shape.family =
      switch kind {
      case .restAPI: "REST"
      case .soapAPI: "SOAP"
      case .bulkAPI, .bulkAPI2, .bulkAPIRequest: "Bulk"
      case .metadataAPI: "Metadata"
      default: EventRows.text(record, family)
      }
    shape.version = APIRequestShape.version(EventRows.text(record, version))
    shape.application = names.lazy.map { EventRows.text(record, $0) }.first { !$0.isEmpty } ?? ""
    if kind != .soapAPI {
      shape.status = APIRequestShape.statusClass(EventRows.text(record, status))
    }
    shape.limitShare = APIRequestShape.LimitShare(EventRows.text(record, limit))
    return shape
  }
}

/// Turns the records of an API event log into counts of requests, in constant memory.
package struct APIRequestFold {
  /// The rows and their counts.
  package private(set) var rows: EventRows
  private let columns: APIRequestColumns
  private let tuple: [Int]
  private var shapes: [APIRequestShape] = []
  private var tupleCodes = RawValueTable()
  private var addressCodes = RawValueTable()
  private var pieces = RawPieces()
  /// Codes of the ledger by shape of the file (upper half), version of the path and exception.
  private var codes: [UInt64: UInt32] = [:]

  /// Makes a fold of one file.
  package init(rows: EventRows) {
    self.rows = rows
    columns = APIRequestColumns(rows.kind, rows.columns)
    tuple = columns.tuple
  }

  /// Columns in use, by folded name.
  package static func usedColumns(_ kind: FileKind) -> Set<String> {
    let status: Set<String> =
      switch kind {
      case .bulkAPI: ["success"]
      case .bulkAPI2: ["jobstatus"]
      case .bulkAPIRequest: ["statuscode", "success"]
      case .soapAPI: ["exceptionmessage"]
      default: ["statuscode"]
      }
    return EventRows.usedColumns.union(status).union([
      "apifamily", "apiversion", "connectedappname", "clientname", "connectedappid", "clientid",
      "countsagainstapilimit", "apiresource", "requestpath", "uri", "clientip",
    ])
  }

  /// Columns without which figures lack something, by their names in Salesforce.
  package static func missingColumns(_ kind: FileKind, _ columns: ColumnNames) -> [String] {
    let names: [String] =
      switch kind {
      case .apiTotalUsage:
        [
          "API_VERSION", "CLIENT_NAME", "CONNECTED_APP_NAME", "COUNTS_AGAINST_API_LIMIT",
          "STATUS_CODE",
        ]
      case .soapAPI: ["API_VERSION", "CLIENT_NAME"]
      case .restAPI: ["CLIENT_NAME", "STATUS_CODE", "URI"]
      case .bulkAPI: ["SUCCESS", "URI"]
      case .bulkAPI2: ["JOB_STATUS", "URI"]
      case .bulkAPIRequest: ["API_VERSION", "CLIENT_NAME", "STATUS_CODE"]
      default: ["API_VERSION"]
      }
    return names.filter { columns.position(ColumnNames.fold($0)) == nil }
  }

  /// Adds the rows of a block to `ledger`.
  package mutating func fold(
    _ block: RecordBlock, from first: Int = 0, into ledger: inout APIRequestLedger,
    reject: (RowReject) -> Void
  ) {
    var rows = rows
    let reader = rows
    rows.forEachRow(of: block, from: first, reject: reject) { record, index, time in
      guard let user = reader.user(record) else { return .invalidUser }
      let account = ledger.account(user)
      let shape = code(record, index, block, &ledger)
      let address = address(record, index, block, &ledger)
      ledger.record(
        account: account, shape: shape, source: reader.kind, address: address,
        EventPlace(time: time, file: reader.file, line: record.line))
      return nil
    }
    self.rows = rows
  }

  private mutating func address(
    _ record: Record, _ index: Int, _ block: RecordBlock, _ ledger: inout APIRequestLedger
  ) -> UInt32 {
    let column = columns.address
    guard column >= 0 else { return 0 }
    pieces.ranges.removeAll(keepingCapacity: true)
    pieces.ranges.append(block.fieldStart(index, column)..<block.fieldEnd(index, column))
    return unsafe addressCodes.code(of: pieces, at: block.base) {
      let text = EventRows.text(record, column)
      return ledger.code(ofAddress: NetworkAddress(text)?.description ?? text)
    }
  }

  private mutating func code(
    _ record: Record, _ index: Int, _ block: RecordBlock, _ ledger: inout APIRequestLedger
  ) -> UInt32 {
    pieces.ranges.removeAll(keepingCapacity: true)
    for column in tuple {
      pieces.ranges.append(block.fieldStart(index, column)..<block.fieldEnd(index, column))
    }
    let columns = columns
    let count = shapes.count
    var added: APIRequestShape?
    let own = unsafe tupleCodes.code(of: pieces, at: block.base) {
      added = columns.shape(record)
      return UInt32(count)
    }
    if let added { shapes.append(added) }
    var number = 0
    if shapes[Int(own)].version.isEmpty {
      for path in columns.paths where number == 0 {
        number = APIRequestShape.version(inPath: record[path].withoutQuotes)
      }
    }
    let hasException =
      columns.kind == .soapAPI && columns.status >= 0
      && !record[columns.status].withoutQuotes.isEmpty
    let key = UInt64(own) << 32 | UInt64(number) << 1 | (hasException ? 1 : 0)
    if let code = codes[key] { return code }
    var shape = shapes[Int(own)]
    if number > 0 { shape.version = "\(number).0" }
    if hasException { shape.status = "failed" }
    let code = ledger.code(of: shape)
    codes[key] = code
    return code
  }
}
