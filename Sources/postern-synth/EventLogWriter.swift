/// Rows of event-log `Login` files, in the columns of one of their generations.
struct EventLogWriter: LoginWriter {
  /// The dialect of the rows.
  let dialect: Dialect
  /// The header row.
  let header: [UInt8]
  /// One row's fields, as material for faults.
  let plainFields: [String]
  /// Where a row has its times.
  let timeColumns: [Int]
  /// Where a row names the account.
  let accountColumns: [Int]

  private let columns: [Column]
  private let tables: [Column: EncodedColumn]
  private let plain: [EncodedColumn?]
  private let firstDay: Int
  private let compactDays: EncodedColumn
  private let dashedDays: EncodedColumn

  /// A column of any generation, by its name in the header.
  private enum Column: String, CaseIterable {
    case eventType = "EVENT_TYPE"
    case timestamp = "TIMESTAMP"
    case requestID = "REQUEST_ID"
    case organizationID = "ORGANIZATION_ID"
    case userID = "USER_ID"
    case runTime = "RUN_TIME"
    case cpuTime = "CPU_TIME"
    case uri = "URI"
    case sessionKey = "SESSION_KEY"
    case loginKey = "LOGIN_KEY"
    case userType = "USER_TYPE"
    case requestStatus = "REQUEST_STATUS"
    case databaseTime = "DB_TOTAL_TIME"
    case loginType = "LOGIN_TYPE"
    case browserType = "BROWSER_TYPE"
    case apiType = "API_TYPE"
    case apiVersion = "API_VERSION"
    case userName = "USER_NAME"
    case tlsProtocol = "TLS_PROTOCOL"
    case cipherSuite = "CIPHER_SUITE"
    case useAPIToken = "USE_API_TOKEN"
    case httpReferer = "HTTP_REFERER"
    case loginURL = "LOGIN_URL"
    case countryCode = "COUNTRY_CODE"
    case methodReference = "AUTHENTICATION_METHOD_REFERENCE"
    case loginSubType = "LOGIN_SUB_TYPE"
    case serviceID = "AUTHENTICATION_SERVICE_ID"
    case contextReference = "AUTHENTICATION_CONTEXT_CLASS_REFERENCE"
    case timestampDerived = "TIMESTAMP_DERIVED"
    case userIDDerived = "USER_ID_DERIVED"
    case clientIP = "CLIENT_IP"
    case uriIDDerived = "URI_ID_DERIVED"
    case loginStatus = "LOGIN_STATUS"
    case sourceIP = "SOURCE_IP"
    case forwardedForIP = "FORWARDED_FOR_IP"
  }

  /// Columns of the newest generation that files of 2023 lack.
  private static let since2025: Set<Column> = [
    .useAPIToken, .httpReferer, .loginURL, .countryCode, .serviceID, .contextReference,
    .forwardedForIP,
  ]
  /// Columns that files of 2020 lack as well.
  private static let since2023: Set<Column> = [.loginType, .loginSubType]

  private static let quote = UInt8(ascii: "\"")

  /// A writer for an org, in the columns of `shape`.
  init(shape: Shape, options: SynthOptions, organization: Organization) {
    let dialect = Dialect(eventLogOf: options)
    let pool = ByteBlock(capacity: 1 << 20)
    func column(_ texts: some Sequence<String>) -> EncodedColumn {
      EncodedColumn(texts, dialect: dialect, pool: pool)
    }
    self.dialect = dialect
    let columns = Column.allCases.filter { column in
      switch shape {
      case .eventLog2020: !Self.since2025.contains(column) && !Self.since2023.contains(column)
      case .eventLog2023: !Self.since2025.contains(column)
      default: true
      }
    }
    self.columns = columns
    header = dialect.header(columns.map(\.rawValue))
    let accounts = organization.accounts
    let tables: [Column: EncodedColumn] = [
      .userID: column(accounts.map { String($0.identifier.prefix(15)) }),
      .userIDDerived: column(accounts.map(\.identifier)),
      .userName: column(accounts.map(\.username) + [""]),
      .userType: column(["Standard", "CspLitePortal"]),
      .uri: column(LoginType.allCases.map(\.path)),
      .loginType: column(LoginType.allCases.map(\.code)),
      .loginSubType: column(LoginSubType.allCases.map(\.code)),
      .loginStatus: column(LoginStatus.allCases.map(\.code)),
      .sourceIP: column(options.addresses),
      .clientIP: column(options.addresses + ["Salesforce.com IP"]),
      .browserType: column(options.userAgents),
      .apiType: column(APIType.allCases.map(\.code)),
      .apiVersion: column((0...99).map { $0 == 0 ? "9998.0" : "\($0).0" }),
      .tlsProtocol: column(["TLSv1.3", "TLSv1.2", "TLSv1.0"]),
      .countryCode: column(
        options.addresses.indices.map { Vocabulary.country(address: $0) }),
      .methodReference: column(ProviderWord.allCases.map(\.methods)),
      .contextReference: column(ProviderWord.allCases.map(\.context)),
    ]
    self.tables = tables
    let constants: [Column: String] = [
      .eventType: "Login", .organizationID: String(Organization.identifier.prefix(15)),
      .runTime: "120", .cpuTime: "35", .databaseTime: "51271151",
      .cipherSuite: "ECDHE-RSA-AES256-GCM-SHA384", .loginURL: "login.salesforce.com",
    ]
    plain = columns.map { name in
      let isVariable =
        tables[name] != nil
        || [.timestamp, .timestampDerived, .requestID, .loginKey].contains(name)
      return isVariable ? nil : column([constants[name] ?? ""])
    }
    let firstDay = options.start.daysSinceEpoch
    self.firstDay = firstDay
    let dates = (0...options.days + 1).map { CivilDate(daysSinceEpoch: firstDay + $0).text }
    compactDays = EncodedColumn(
      verbatim: dates.map { [Self.quote] + $0.utf8.filter { $0 != UInt8(ascii: "-") } },
      pool: pool)
    dashedDays = EncodedColumn(verbatim: dates.map { [Self.quote] + Array($0.utf8) }, pool: pool)
    plainFields = columns.map { name in
      switch name {
      case .timestamp: "20260301000000.000"
      case .timestampDerived: "2026-03-01T00:00:00.000Z"
      case .userID: String(accounts[0].identifier.prefix(15))
      case .userIDDerived: accounts[0].identifier
      case .userName: accounts[0].username
      case .loginStatus: "LOGIN_NO_ERROR"
      default: constants[name] ?? ""
      }
    }
    timeColumns = columns.indices.filter { [.timestamp, .timestampDerived].contains(columns[$0]) }
    accountColumns = columns.indices.filter {
      [.userID, .userIDDerived, .userName].contains(columns[$0])
    }
  }

  /// Adds one row.
  func append(_ row: LoginRow, browser: [UInt8]?, to block: ByteBlock) {
    for index in columns.indices {
      if index > 0 { block.append(dialect.delimiter) }
      if let constant = plain[index] {
        constant.append(0, to: block)
      } else if columns[index] == .browserType, let browser {
        block.append(contentsOf: browser)
      } else {
        append(columns[index], of: row, to: block)
      }
    }
    block.append(contentsOf: dialect.lineEnd)
  }

  private func append(_ column: Column, of row: LoginRow, to block: ByteBlock) {
    switch column {
    case .timestamp, .timestampDerived:
      appendTime(row.time, isCompact: column == .timestamp, to: block)
    case .requestID, .loginKey:
      block.append(Self.quote)
      block.append(SalesforceIdentifier(prefix: .request, number: row.number))
      block.append(Self.quote)
    default:
      tables[column]?.append(index(column, of: row), to: block)
    }
  }

  private func index(_ column: Column, of row: LoginRow) -> Int {
    switch column {
    case .userID, .userIDDerived: row.account
    // The event log leaves the name out now and then.
    case .userName: row.number % 3 == 0 ? Int.max : row.account
    case .userType: row.type == .chatterCommunity || row.type == .partnerPortal ? 1 : 0
    case .uri, .loginType: Int(row.type.rawValue)
    case .loginSubType: Int(row.subType.rawValue)
    case .loginStatus: Int(row.status.rawValue)
    case .clientIP: row.door == .api && row.number % 16 == 0 ? Int.max : row.address
    case .browserType: row.browser
    case .apiType: Int(row.apiType.rawValue)
    case .apiVersion: row.apiVersion
    case .tlsProtocol: row.hasOldTLS ? 2 : row.account & 1
    case .methodReference, .contextReference: Int(row.word.rawValue)
    default: row.address
    }
  }

  private func appendTime(_ time: EpochSeconds, isCompact: Bool, to block: ByteBlock) {
    let second = time % 86_400
    (isCompact ? compactDays : dashedDays).append(time / 86_400 - firstDay, to: block)
    if !isCompact { block.append(UInt8(ascii: "T")) }
    block.appendTwoDigits(second / 3_600)
    if !isCompact { block.append(UInt8(ascii: ":")) }
    block.appendTwoDigits(second / 60 % 60)
    if !isCompact { block.append(UInt8(ascii: ":")) }
    block.appendTwoDigits(second % 60)
    block.append(contentsOf: isCompact ? [0x2E, 0x30, 0x30, 0x30] : dialect.fractionAndZone)
    block.append(Self.quote)
  }
}
