/// Rows as the Login History page in Setup downloads them: usernames, local times, no ids.
struct SetupWriter: LoginWriter {
  /// The columns, in order.
  static let columns = [
    "Username", "Login Time", "Source IP", "Location", "Login Type", "Login Subtype", "Status",
    "Browser", "Platform", "Application", "Client Version", "API Type", "API Version", "Login URL",
    "Authentication Method Reference",
  ]

  /// The dialect of the rows.
  let dialect: Dialect
  /// The header row.
  let header: [UInt8]
  /// One row's fields, as material for faults.
  let plainFields: [String]
  /// Where a row has its times.
  let timeColumns = [1]
  /// Where a row names the account.
  let accountColumns = [0]

  private let users: EncodedColumn
  private let days: EncodedColumn
  private let addresses: EncodedColumn
  private let countries: EncodedColumn
  private let types: EncodedColumn
  private let subTypes: EncodedColumn
  private let statuses: EncodedColumn
  private let browsers: EncodedColumn
  private let platforms: EncodedColumn
  private let applications: EncodedColumn
  private let apiTypes: EncodedColumn
  private let apiVersions: EncodedColumn
  private let methods: EncodedColumn
  private let fixed: EncodedColumn
  private let zones: EncodedColumn
  private let firstDay: Int

  /// A writer for an org.
  init(options: SynthOptions, organization: Organization) {
    let dialect = Dialect(options: options)
    let pool = ByteBlock(capacity: 1 << 20)
    func column(_ texts: some Sequence<String>) -> EncodedColumn {
      EncodedColumn(texts, dialect: dialect, pool: pool)
    }
    self.dialect = dialect
    header = dialect.header(Self.columns)
    users = column(organization.accounts.map(\.username))
    addresses = column(options.addresses)
    countries = column(options.addresses.indices.map { Vocabulary.countryName(address: $0) })
    types = column(LoginType.allCases.map(\.label))
    subTypes = column(LoginSubType.allCases.map(\.label))
    statuses = column(LoginStatus.allCases.map(\.label))
    browsers = column(options.browsers)
    platforms = column(options.platforms)
    applications = column(options.applications)
    apiTypes = column(APIType.allCases.map(\.label))
    apiVersions = column((0...99).map { $0 == 0 ? "N/A" : "\($0).0" })
    methods = column(ProviderWord.allCases.map(\.methods))
    fixed = column(["N/A", "login.salesforce.com", "example.my.salesforce.com"])
    let firstDay = options.start.daysSinceEpoch
    self.firstDay = firstDay
    // A time's quotes go around the whole: it holds a comma.
    let quote = UInt8(ascii: "\"")
    days = EncodedColumn(
      verbatim: (0...options.days + 1).map { offset in
        let date = CivilDate(daysSinceEpoch: firstDay + offset)
        return [quote] + Array("\(date.month)/\(date.day)/\(date.year), ".utf8)
      }, pool: pool)
    zones = EncodedColumn(
      verbatim: [Array(" AM UTC\"".utf8), Array(" PM UTC\"".utf8)], pool: pool)
    plainFields = [
      organization.accounts[0].username, "3/1/2026, 12:00:00 AM UTC", "192.0.2.1", "Germany",
      "Application", "", "Success", "Chrome 138", "Linux", "Browser", "N/A", "N/A", "N/A",
      "login.salesforce.com", "",
    ]
  }

  /// Adds one row.
  func append(_ row: LoginRow, browser: [UInt8]?, to block: ByteBlock) {
    let comma = dialect.delimiter
    block.reserve(1_024)
    users.append(row.account, to: block)
    block.append(comma)
    appendTime(row.time, to: block)
    block.append(comma)
    addresses.append(row.address, to: block)
    block.append(comma)
    countries.append(row.address, to: block)
    block.append(comma)
    types.append(Int(row.type.rawValue), to: block)
    block.append(comma)
    subTypes.append(Int(row.subType.rawValue), to: block)
    block.append(comma)
    statuses.append(Int(row.status.rawValue), to: block)
    block.append(comma)
    if let browser {
      block.append(contentsOf: browser)
    } else {
      browsers.append(row.browser, to: block)
    }
    block.append(comma)
    platforms.append(row.browser, to: block)
    block.append(comma)
    applications.append(row.application, to: block)
    block.append(comma)
    fixed.append(0, to: block)
    block.append(comma)
    apiTypes.append(Int(row.apiType.rawValue), to: block)
    block.append(comma)
    apiVersions.append(row.apiVersion, to: block)
    block.append(comma)
    fixed.append(row.door == .api ? 1 : 2, to: block)
    block.append(comma)
    methods.append(Int(row.word.rawValue), to: block)
    block.append(contentsOf: dialect.lineEnd)
  }

  private func appendTime(_ time: EpochSeconds, to block: ByteBlock) {
    days.append(time / 86_400 - firstDay, to: block)
    let second = time % 86_400
    let hour = second / 3_600 % 12 == 0 ? 12 : second / 3_600 % 12
    if hour >= 10 { block.append(UInt8(ascii: "1")) }
    block.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: hour % 10))
    block.append(UInt8(ascii: ":"))
    block.appendTwoDigits(second / 60 % 60)
    block.append(UInt8(ascii: ":"))
    block.appendTwoDigits(second % 60)
    zones.append(second < 43_200 ? 0 : 1, to: block)
  }
}
