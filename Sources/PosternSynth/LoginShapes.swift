/// The forms in which login rows leave Salesforce (SALESFORCE.md 1).
enum ExportShape: String, CaseIterable {
  case soql
  case setup
  case elf2020 = "elf-2020"
  case elf2023 = "elf-2023"
  case elf2026 = "elf-2026"

  var fileName: String {
    switch self {
    case .soql: "LoginHistory"
    case .setup: "SetupLoginHistory"
    default: "2026-03-01_Login"
    }
  }

  /// The header row.
  var header: [String] {
    switch self {
    case .soql:
      return [
        "Id", "UserId", "LoginTime", "LoginType", "LoginSubType", "Status", "SourceIp",
        "Application", "Browser", "Platform", "ApiType", "ApiVersion", "ClientVersion",
        "LoginUrl", "TlsProtocol", "CipherSuite", "CountryIso", "OptionsIsGet", "OptionsIsPost",
        "AuthMethodReference", "AuthenticationServiceId", "ForwardedForIp", "NetworkId",
      ]
    case .setup:
      return [
        "Username", "Login Time", "Source IP", "Location", "Login Type", "Status", "Browser",
        "Platform", "Application", "Client Version", "API Type", "API Version", "Login URL",
        "Login Subtype",
      ]
    case .elf2020, .elf2023, .elf2026:
      var names = [
        "EVENT_TYPE", "TIMESTAMP", "REQUEST_ID", "ORGANIZATION_ID", "USER_ID", "RUN_TIME",
        "CPU_TIME", "URI", "SESSION_KEY", "LOGIN_KEY", "USER_TYPE", "REQUEST_STATUS",
        "DB_TOTAL_TIME",
      ]
      if self != .elf2020 { names.append("LOGIN_TYPE") }
      names += [
        "BROWSER_TYPE", "API_TYPE", "API_VERSION", "USER_NAME", "TLS_PROTOCOL", "CIPHER_SUITE",
      ]
      if self == .elf2026 { names += ["COUNTRY_CODE"] }
      names.append("AUTHENTICATION_METHOD_REFERENCE")
      if self != .elf2020 { names.append("LOGIN_SUB_TYPE") }
      names += [
        "TIMESTAMP_DERIVED", "USER_ID_DERIVED", "CLIENT_IP", "URI_ID_DERIVED", "LOGIN_STATUS",
        "SOURCE_IP",
      ]
      return names
    }
  }

  private static let apiCodes = [
    "SOAP Enterprise": "E", "SOAP Partner": "P",
  ]

  /// Writes one login.
  func write(_ login: SyntheticLogin, _ account: SyntheticAccount, to file: ExportFile) {
    let time = TimeText(login.time)
    switch self {
    case .soql:
      file.field(SyntheticID.bytes(prefix: "0Ya", login.number + 1))
      file.field(account.id)
      file.field(time.extended)
      for text in [
        login.type, login.subType, login.status, login.address, login.application, login.browser,
        login.platform, login.apiType, login.apiVersion, "N/A", "example.my.salesforce.com",
        login.tls, "ECDHE-RSA-AES256-GCM-SHA384", login.country, "false", "true", login.methods,
        "", "", "",
      ] { file.field(text) }
    case .setup:
      for text in [
        account.username, time.american, login.address, "Unknown", login.type, login.status,
        login.browser, login.platform, login.application, "N/A", login.apiType, login.apiVersion,
        "example.my.salesforce.com", login.subType,
      ] { file.field(text) }
    case .elf2020, .elf2023, .elf2026:
      for text in [
        "Login", time.compact, "4u6LyuMrDvb_G-l1cJIQk-", "00D5j00000DgAYG",
        String(account.id.prefix(15)), "120", "40", login.uri, "", "", "Standard", "", "1000",
      ] { file.field(text) }
      if self != .elf2020 { file.field(login.typeCode) }
      for text in [
        login.browser, Self.apiCodes[login.apiType] ?? "",
        login.apiVersion == "N/A" ? "9998.0" : login.apiVersion, account.username,
        login.tls == "TLS 1.3" ? "TLSv1.3" : "TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384",
      ] { file.field(text) }
      if self == .elf2026 { file.field(login.country) }
      file.field(login.methods)
      if self != .elf2020 { file.field(login.subTypeCode) }
      file.field(time.extended)
      for text in [
        account.id, "Salesforce.com IP", "", login.statusCode, login.address,
      ] { file.field(text) }
    }
    file.endRecord()
  }
}

/// A moment in the forms of the exports.
struct TimeText {
  private let parts: (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, milli: Int)

  /// Takes milliseconds since 1970 UTC.
  init(_ milliseconds: Int64) {
    let days = Int((Double(milliseconds) / 86_400_000).rounded(.down))
    let rest = Int(milliseconds - Int64(days) * 86_400_000)
    // Days are counted in eras of 400 years that begin on 1 March.
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    parts = (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
      dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, rest / 3_600_000, rest / 60_000 % 60,
      rest / 1_000 % 60, rest % 1_000
    )
  }

  private func digits(_ value: Int, _ width: Int, _ bytes: inout [UInt8]) {
    var divisor = 1
    for _ in 1..<width { divisor *= 10 }
    while divisor > 0 {
      bytes.append(0x30 + UInt8(value / divisor % 10))
      divisor /= 10
    }
  }

  /// `2026-03-01T12:34:56.789Z`.
  var extended: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(24)
    for (value, width, separator) in [
      (parts.year, 4, "-"), (parts.month, 2, "-"), (parts.day, 2, "T"), (parts.hour, 2, ":"),
      (parts.minute, 2, ":"), (parts.second, 2, "."), (parts.milli, 3, "Z"),
    ] {
      digits(value, width, &bytes)
      bytes.append(contentsOf: separator.utf8)
    }
    return bytes
  }

  /// `20260301123456.789`.
  var compact: String {
    var bytes: [UInt8] = []
    for (value, width) in [
      (parts.year, 4), (parts.month, 2), (parts.day, 2), (parts.hour, 2), (parts.minute, 2),
      (parts.second, 2),
    ] { digits(value, width, &bytes) }
    bytes.append(UInt8(ascii: "."))
    digits(parts.milli, 3, &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `3/1/2026, 12:34:56 PM`, as the page in English shows it.
  var american: String {
    let hour = parts.hour % 12 == 0 ? 12 : parts.hour % 12
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(parts.month)/\(parts.day)/\(parts.year), \(hour):\(two(parts.minute)):"
      + "\(two(parts.second)) \(parts.hour < 12 ? "AM" : "PM")"
  }
}
