/// An export of events beside the logins.
enum EventExport: String, CaseIterable {
  case loginEvent = "login-event"
  case logout
  case loginAs = "login-as"
  case apiTotalUsage = "api-total-usage"

  /// The name of the file.
  func fileName(_ options: SynthOptions) -> String {
    let day = options.start.text
    return switch self {
    case .loginEvent: "LoginEvent.csv"
    case .logout: "\(day)_Logout_0ATHn0000000002.csv"
    case .loginAs: "\(day)_LoginAs_0ATHn0000000003.csv"
    case .apiTotalUsage: "\(day)_ApiTotalUsage_0ATHn0000000004.csv"
    }
  }

  /// The columns, in the order of real files (docs/salesforce.md#event-log-files).
  var columns: [String] {
    switch self {
    case .loginEvent:
      [
        "EventDate", "EventIdentifier", "LoginHistoryId", "LoginKey", "LoginType", "PolicyOutcome",
        "SessionLevel", "UserId", "Username",
      ]
    case .logout:
      [
        "EVENT_TYPE", "TIMESTAMP", "REQUEST_ID", "ORGANIZATION_ID", "USER_ID", "USER_TYPE",
        "SESSION_TYPE", "SESSION_LEVEL", "LOGIN_KEY", "TIMESTAMP_DERIVED", "USER_ID_DERIVED",
        "CLIENT_IP",
      ]
    case .loginAs:
      [
        "EVENT_TYPE", "TIMESTAMP", "REQUEST_ID", "ORGANIZATION_ID", "USER_ID",
        "DELEGATED_USER_NAME", "DELEGATED_USER_ID", "TIMESTAMP_DERIVED", "USER_ID_DERIVED",
        "CLIENT_IP", "DELEGATED_USER_ID_DERIVED",
      ]
    case .apiTotalUsage:
      [
        "EVENT_TYPE", "TIMESTAMP", "REQUEST_ID", "ORGANIZATION_ID", "USER_ID", "API_FAMILY",
        "API_VERSION", "API_RESOURCE", "CLIENT_NAME", "HTTP_METHOD", "CLIENT_IP",
        "COUNTS_AGAINST_API_LIMIT", "STATUS_CODE", "CONNECTED_APP_NAME", "USER_NAME",
        "TIMESTAMP_DERIVED",
      ]
    }
  }
}

/// Writes exports of events beside the logins, and says what they change of the truth.
final class EventFiles {
  /// API requests that were written, by account.
  private(set) var requests: [Int]
  /// Pairs of an account and the administrator who was inside it.
  private(set) var impersonations: [(account: Int, admin: Int)] = []

  private let options: SynthOptions
  private let accounts: [Account]
  private let addresses: [String]
  private let soql: Dialect
  private let eventLog: Dialect
  private var files: [EventExport: ExportFile] = [:]

  /// The exports that the options ask for, in `folder`.
  init(
    folder: String, options: SynthOptions, organization: Organization
  ) throws(SynthError) {
    self.options = options
    accounts = organization.accounts
    addresses = options.addresses
    requests = [Int](repeating: 0, count: organization.accounts.count)
    soql = Dialect(options: options)
    eventLog = Dialect(eventLogOf: options)
    for export in EventExport.allCases where options.events.contains(export) {
      let file = try ExportFile(
        path: "\(folder)/\(export.fileName(options))\(options.packing.suffix)",
        packing: options.packing, level: options.level)
      try file.write(dialect(export).header(export.columns))
      files[export] = file
    }
    try writeImpersonations()
  }

  /// Writes the events of a login and settles its basis by them.
  func append(_ row: inout LoginRow) throws(SynthError) {
    guard !files.isEmpty else { return }
    let isPerson = row.basis != nil
    let turn = isPerson ? row.number % 5 : 0
    if files[.loginEvent] != nil {
      let isHigh = turn == 2
      try write(
        .loginEvent,
        [
          soql.time(row.time), "event-\(row.number)", identifier(.login, row), key(row),
          row.type.label, turn == 1 ? "TwoFASucceeded" : "NoAction",
          isHigh ? "HIGH_ASSURANCE" : "STANDARD", accounts[row.account].identifier,
          accounts[row.account].username,
        ])
      if turn == 1 { settle(&row, .loginEvent) }
      if isHigh { settle(&row, .sessionLevel) }
    }
    if isPerson, files[.logout] != nil {
      let level = turn == 3 ? "10" : turn == 4 ? "HIGH_ASSURANCE(db=10,api=HIGH_ASSURANCE)" : "1"
      let account = accounts[row.account].identifier
      try write(
        .logout,
        [
          "Logout", compact(row.time + 1_800), identifier(.request, row), organization,
          String(account.prefix(15)), "Standard", "U", level, key(row),
          eventLog.time(row.time + 1_800), account, addresses[row.address],
        ])
      // A login history is reached through a LoginEvent that has both Id and key.
      if level != "1", files[.loginEvent] != nil { settle(&row, .sessionLevel) }
    }
    if files[.apiTotalUsage] != nil, row.door == .api, row.status == .success {
      try writeRequests(row)
    }
  }

  /// Ends the exports.
  func close() throws(SynthError) {
    for export in EventExport.allCases { try files[export]?.close() }
  }

  /// Events decide after verifications and before everything else.
  private func settle(_ row: inout LoginRow, _ basis: Basis) {
    switch row.basis {
    case .sfVerification, .sfVerificationNearby, .loginEvent: break
    default: row.basis = basis
    }
  }

  /// Three requests after each login of a program.
  private func writeRequests(_ row: LoginRow) throws(SynthError) {
    let isSOAP = row.apiType == .soapPartner || row.apiType == .soapEnterprise
    let version = row.apiVersion == 0 ? "60.0" : "\(row.apiVersion).0"
    let account = accounts[row.account]
    for step in 1...3 {
      requests[row.account] += 1
      try write(
        .apiTotalUsage,
        [
          "ApiTotalUsage", compact(row.time + step), identifier(.request, row), organization,
          String(account.identifier.prefix(15)), isSOAP ? "SOAP" : "REST", version,
          isSOAP ? "query" : "/v\(version)/query", "", isSOAP ? "POST" : "GET",
          addresses[row.address], step == 3 ? "0" : "1",
          (row.number + UInt64(step)) % 17 == 0 ? "404" : "200",
          "Application \(row.application)", account.username, eventLog.time(row.time + step),
        ])
    }
  }

  /// Two administrators inside a program's account, one of them twice, and one inside a person's.
  private func writeImpersonations() throws(SynthError) {
    guard files[.loginAs] != nil else { return }
    let robots = accounts.indices.filter { accounts[$0].persona.isAPIOnly }
    let admins = accounts.indices.filter { accounts[$0].persona == .admin }
    let people = accounts.indices.filter { accounts[$0].persona == .standard }
    guard let robot = robots.first, let admin = admins.first, let person = people.first else {
      return
    }
    let pairs = [
      (robot, admin), (robot, admin), (robot, admins[admins.count - 1]), (person, admin),
    ]
    for (number, pair) in pairs.enumerated() {
      let time = options.firstSecond + 36_000 + number * 3_600
      let (account, admin) = (accounts[pair.0], accounts[pair.1])
      try write(
        .loginAs,
        [
          "LoginAs", compact(time), "4u6Hn-\(number)", organization,
          String(account.identifier.prefix(15)), admin.username,
          String(admin.identifier.prefix(15)), eventLog.time(time), account.identifier,
          addresses[admin.address], admin.identifier,
        ])
      if account.persona.isIntegration,
        !impersonations.contains(where: { $0.account == pair.0 && $0.admin == pair.1 })
      {
        impersonations.append((pair.0, pair.1))
      }
    }
  }

  private func write(_ export: EventExport, _ fields: [String]) throws(SynthError) {
    try files[export]?.write(dialect(export).row(fields))
  }

  private func dialect(_ export: EventExport) -> Dialect {
    export == .loginEvent ? soql : eventLog
  }

  private var organization: String { String(Organization.identifier.prefix(15)) }

  private func identifier(_ prefix: KeyPrefix, _ row: LoginRow) -> String {
    SalesforceIdentifier(prefix: prefix, number: row.number).text
  }

  /// The login key, as the event log `Login` has it.
  private func key(_ row: LoginRow) -> String { identifier(.request, row) }

  /// `20260301123456.000`.
  private func compact(_ time: EpochSeconds) -> String {
    String(eventLog.time(time).filter { $0 != "-" && $0 != ":" && $0 != "T" && $0 != "Z" })
  }
}
