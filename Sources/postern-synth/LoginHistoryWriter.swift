/// Rows of `LoginHistory` as SOQL exports write them.
struct LoginHistoryWriter: LoginWriter {
  /// The columns, in order.
  static let columns = [
    "Id", "UserId", "LoginTime", "LoginType", "LoginSubType", "Status", "SourceIp", "Application",
    "Browser", "Platform", "ApiType", "ApiVersion", "ClientVersion", "LoginUrl",
    "AuthMethodReference", "AuthContextClassRef", "AuthenticationServiceId", "CipherSuite",
    "TlsProtocol", "CountryIso", "ForwardedForIp", "LoginGeoId", "NetworkId", "OptionsIsGet",
    "OptionsIsPost",
  ]

  /// The header row.
  let header: [UInt8]
  /// One row's fields, as material for faults.
  let plainFields: [String]
  /// Where its times stand.
  let timeColumns = [2]
  /// Where it names the account.
  let accountColumns = [1]
  /// The dialect of the rows.
  let dialect: Dialect
  private let users: EncodedColumn
  private let types: EncodedColumn
  private let subTypes: EncodedColumn
  private let statuses: EncodedColumn
  private let addresses: EncodedColumn
  private let applications: EncodedColumn
  private let browsers: EncodedColumn
  private let platforms: EncodedColumn
  private let apiTypes: EncodedColumn
  private let apiVersions: EncodedColumn
  private let methods: EncodedColumn
  private let contexts: EncodedColumn
  private let days: EncodedColumn
  private let countries: EncodedColumn
  private let fixed: EncodedColumn
  private let firstDay: Int
  private let tail: EncodedColumn

  /// A writer for an org.
  init(options: SynthOptions, organization: Organization) {
    let dialect = Dialect(options: options)
    let pool = ByteBlock(capacity: 1 << 20)
    func column(_ texts: some Sequence<String>) -> EncodedColumn {
      EncodedColumn(texts, dialect: dialect, pool: pool)
    }
    self.dialect = dialect
    header = dialect.header(Self.columns)
    users = column(organization.accounts.map(\.identifier))
    types = column(LoginType.allCases.map(\.label))
    subTypes = column(LoginSubType.allCases.map(\.label))
    statuses = column(LoginStatus.allCases.map(\.label))
    addresses = column(options.addresses)
    applications = column(options.applications)
    browsers = column(options.browsers)
    platforms = column(options.platforms)
    apiTypes = column(APIType.allCases.map(\.label))
    apiVersions = column((0...99).map { $0 == 0 ? "N/A" : "\($0).0" })
    methods = column(ProviderWord.allCases.map(\.methods))
    contexts = column(ProviderWord.allCases.map(\.context))
    let firstDay = options.start.daysSinceEpoch
    self.firstDay = firstDay
    // Days are not quoted here: a time's quotes go around the whole.
    let bare = Dialect(unquoted: dialect)
    days = EncodedColumn(
      (0...options.days + 1).map { CivilDate(daysSinceEpoch: firstDay + $0).text + "T" },
      dialect: bare, pool: pool)
    countries = column(options.addresses.indices.map { Vocabulary.country(address: $0) })
    fixed = column([
      "", "N/A", "login.salesforce.com", "example.my.salesforce.com",
      "ECDHE-RSA-AES256-GCM-SHA384", "TLS 1.3", "TLS 1.2", "false", "true",
      "0LEHn000000000BKAQ", "TLS 1.0",
    ])
    tail = EncodedColumn(
      verbatim: [[dialect.delimiter] + dialect.row(["", "", "", "false", "true"])], pool: pool)
    plainFields = [
      SalesforceIdentifier(prefix: .login, number: 9_999_999_999).text,
      organization.accounts[0].identifier, dialect.time(options.firstSecond), "Application", "",
      "Success", "192.0.2.1", "Browser", "Chrome 138", "Linux", "N/A", "N/A", "N/A",
      "login.salesforce.com", "", "", "", "", "TLS 1.3", "DE", "", "", "", "false", "true",
    ]
  }

  /// Adds one row.
  func append(_ row: LoginRow, browser: [UInt8]?, to block: ByteBlock) {
    let comma = dialect.delimiter
    block.reserve(1_024)
    appendIdentifier(row.number, to: block)
    block.append(comma)
    users.append(row.account, to: block)
    block.append(comma)
    appendTime(row.time, to: block)
    block.append(comma)
    types.append(Int(row.type.rawValue), to: block)
    block.append(comma)
    subTypes.append(Int(row.subType.rawValue), to: block)
    block.append(comma)
    statuses.append(Int(row.status.rawValue), to: block)
    block.append(comma)
    addresses.append(row.address, to: block)
    block.append(comma)
    applications.append(row.application, to: block)
    block.append(comma)
    if let browser {
      block.append(contentsOf: browser)
    } else {
      browsers.append(row.browser, to: block)
    }
    block.append(comma)
    platforms.append(row.browser, to: block)
    block.append(comma)
    apiTypes.append(Int(row.apiType.rawValue), to: block)
    block.append(comma)
    apiVersions.append(row.apiVersion, to: block)
    block.append(comma)
    fixed.append(1, to: block)
    block.append(comma)
    fixed.append(row.door == .api ? 2 : 3, to: block)
    block.append(comma)
    methods.append(Int(row.word.rawValue), to: block)
    block.append(comma)
    contexts.append(Int(row.word.rawValue), to: block)
    block.append(comma)
    fixed.append(row.basis == .idpAMR || row.basis == .idpSilent ? 9 : 0, to: block)
    block.append(comma)
    fixed.append(4, to: block)
    block.append(comma)
    fixed.append(row.hasOldTLS ? 10 : row.account & 1 == 0 ? 5 : 6, to: block)
    block.append(comma)
    countries.append(row.address, to: block)
    tail.append(0, to: block)
  }

  private func appendIdentifier(_ number: UInt64, to block: ByteBlock) {
    let quote = UInt8(ascii: "\"")
    if dialect.quotesAlways { block.append(quote) }
    block.append(SalesforceIdentifier(prefix: .login, number: number))
    if dialect.quotesAlways { block.append(quote) }
  }

  private func appendTime(_ time: EpochSeconds, to block: ByteBlock) {
    let quote = UInt8(ascii: "\"")
    if dialect.quotesAlways { block.append(quote) }
    days.append(time / 86_400 - firstDay, to: block)
    let second = time % 86_400
    block.appendTwoDigits(second / 3_600)
    block.append(UInt8(ascii: ":"))
    block.appendTwoDigits(second / 60 % 60)
    block.append(UInt8(ascii: ":"))
    block.appendTwoDigits(second % 60)
    block.append(contentsOf: dialect.fractionAndZone)
    if dialect.quotesAlways { block.append(quote) }
  }
}
