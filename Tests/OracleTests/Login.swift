import Foundation

/// One login row as the oracle sees it.
struct Login {
  enum Door: String { case human, api, unclassified }
  enum Outcome: String { case succeeded, failed, pending }

  /// Which row of the run it is; rows that are alike in all else still are two.
  var number = 0
  /// First 15 characters of the login's id, or empty.
  var id = ""
  /// Whether its export has a column for ids, filled in or not.
  var hasIDColumn = false
  var account = ""
  /// Milliseconds since 1970.
  var time = 0
  var type = ""
  var typeIndex: Int?
  var subType = ""
  var status = ""
  var isStatusKnown = true
  var isSubTypeKnown = true
  var address = ""
  var application = ""
  var browser = ""
  var platform = ""
  var apiType = ""
  var apiVersion = ""
  var tls = ""
  var country = ""
  var methods = ""
  var context = ""
  var userAgent = ""
  /// Type of the user, which the event log alone names.
  var userType = ""
  var door = Door.unclassified
  var isInteractive = false
  var isSubTypeUnknown = false
  var verdict: Verdict?
  var hasTemporaryCode = false
  /// Whether a method was registered at it.
  var registeredMethod = false

  var minute: Int { Int((Double(time) / 60_000).rounded(.down)) }
  var hour: Int { Int((Double(time) / 3_600_000).rounded(.down)) }
  var day: Int { Int((Double(time) / 86_400_000).rounded(.down)) }
  var succeeded: Bool { outcome == .succeeded }
  var outcome: Outcome {
    switch status {
    case "Success": .succeeded
    case "Multi-factor required", "Two-factor required", "Lightning Login required": .pending
    default: .failed
    }
  }
  var isDemand: Bool { ["Multi-factor required", "Two-factor required"].contains(status) }
  var isSSO: Bool { typeIndex.map { LoginVocabulary.types[$0].isSSO } ?? false }

  /// A row of any of the three kinds of login export; nil where it must be rejected.
  init?(_ record: DelimitedText.Record, in text: DelimitedText, people: People, zone: TimeZone?) {
    let isEventLog = text.columns.contains("event_type")
    let userID = record["userid", "user_id_derived", "user_id"]
    let username = record["username", "user_name"].lowercased()
    guard let time = Self.time(of: record, zone) else { return nil }
    guard let account = people.key(id: userID, username: username, at: time) else { return nil }
    self.time = time
    self.account = account
    id = String(record["id"].prefix(15))
    hasIDColumn = text.columns.contains("id")
    address = Address.canonical(record["sourceip", "source ip", "source_ip"])
    application = record["application"]
    browser = record["browser", "browser_type"]
    if isEventLog { userAgent = browser }
    platform = record["platform"]
    apiType = record["apitype", "api type", "api_type"]
    if isEventLog, let label = LoginVocabulary.apiTypeCodes[apiType] { apiType = label }
    apiVersion = record["apiversion", "api version", "api_version"]
    // The event log's way to say that there is none.
    if isEventLog && apiVersion == "9998.0" { apiVersion = "" }
    tls = record["tlsprotocol", "tls protocol", "tls_protocol"]
    if tls.hasPrefix("TLSv") { tls = "TLS " + tls.dropFirst(4) }
    country = record["countryiso", "location", "country_code"]
    country = Self.countries[country.lowercased()] ?? country
    if isEventLog { userType = record["user_type"] }
    methods =
      record[
        "authmethodreference", "authentication method reference", "authentication_method_reference"]
    context = record["authcontextclassref", "authentication_context_class_reference"]
    let statusText = record["status", "login_status"]
    let statusIndex = LoginVocabulary.status(statusText)
    isStatusKnown = statusIndex != nil
    status = statusIndex.map { LoginVocabulary.statuses[$0].label } ?? statusText
    classify(record, text.columns)
  }

  /// The names that the tests write.
  private static let countries = [
    "germany": "DE", "united states": "US", "australia": "AU", "brazil": "BR", "france": "FR",
    "norway": "NO",
    "de": "DE", "us": "US",
  ]

  /// The application without the version of its client.
  var applicationName: String {
    application.contains("/") ? application.replacing(/\/v?[0-9._]*$/, with: "") : application
  }

  /// Milliseconds of a row's time; nil for an impossible one.
  static func time(of record: DelimitedText.Record, _ zone: TimeZone? = nil) -> Int? {
    let text = record["logintime", "login time", "timestamp_derived", "timestamp"]
    guard let zone, text.contains("/"), !text.hasSuffix("UTC") else {
      return Moment.milliseconds(text)
    }
    return Moment.milliseconds(ofLocal: text, zone)
  }

  private mutating func classify(_ record: DelimitedText.Record, _ columns: Set<String>) {
    let subText = record["loginsubtype", "login subtype", "login_sub_type"]
    let subIndex = LoginVocabulary.subType(subText)
    subType = subIndex.map { LoginVocabulary.subTypes[$0].names[0] } ?? subText
    isSubTypeKnown = subIndex != nil || subText == ""
    type = record["logintype", "login type", "login_type"]
    // Files of 2020 have no such column, and some types have no code.
    if type == "" && columns.contains("event_type") {
      let uri = record["uri"].lowercased()
      if uri == "/services/oauth2/token" || uri.hasPrefix("/services/soap/") {
        door = .api
      } else if uri == "/index.jsp" || uri == "/home/home.jsp" || uri.hasPrefix("/secur/")
        || uri.hasPrefix("/login")
      {
        door = .human
      }
      return
    }
    typeIndex = LoginVocabulary.type(type)
    guard let typeIndex else { return }
    type = LoginVocabulary.types[typeIndex].names[0]
    switch LoginVocabulary.types[typeIndex].kind {
    case .human: door = .human
    case .api: door = .api
    case .unclassified: break
    case .remoteAccess:
      let kind = subIndex.map { LoginVocabulary.subTypes[$0].kind }
      door = kind == .interactive || kind == .userInterface ? .human : .api
      isInteractive = kind == .interactive
      isSubTypeUnknown = door == .api && kind != .system
    }
  }
}

/// Times as the exports write them.
enum Moment {
  /// The earliest moment at which clocks of a zone show a text; nil when they never do.
  static func milliseconds(ofLocal text: String, _ zone: TimeZone) -> Int? {
    guard let shown = milliseconds(text) else { return nil }
    return (-15 * 4...15 * 4).map { shown + $0 * 900_000 }.first { moment in
      let date = Date(timeIntervalSince1970: Double(moment) / 1_000)
      return moment + zone.secondsFromGMT(for: date) * 1_000 == shown
    }
  }

  /// Milliseconds since 1970 of `2026-03-01T00:35:57.000Z`, `…+0000`, `20260301003557.000`, or
  /// `3/1/2026, 12:35:57 AM UTC`; nil for anything else.
  static func milliseconds(_ text: String) -> Int? {
    var numbers: [Int] = []
    var digits = ""
    for character in text + " " {
      if character.isNumber {
        digits.append(character)
      } else if !digits.isEmpty {
        guard let number = Int(digits) else { return nil }
        numbers.append(number)
        digits = ""
      }
    }
    if text.contains("/") {
      guard numbers.count >= 6 else { return nil }
      var hour = numbers[3] % 12
      if text.contains("PM") { hour += 12 }
      return milliseconds([numbers[2], numbers[0], numbers[1], hour, numbers[4], numbers[5]], 0)
    }
    if !text.contains("-"), let first = numbers.first, first > 9_999_999 {
      let whole = String(text.prefix(14))
      guard whole.count == 14, Int(whole) != nil else { return nil }
      let bytes = Array(whole)
      func part(_ range: Range<Int>) -> Int { Int(String(bytes[range])) ?? -1 }
      let fraction = text.split(separator: ".").dropFirst().first.map(String.init) ?? "0"
      return milliseconds(
        [part(0..<4), part(4..<6), part(6..<8), part(8..<10), part(10..<12), part(12..<14)],
        Int((fraction + "00").prefix(3)) ?? 0)
    }
    guard text.count >= 20, text.contains("T"), numbers.count >= 6 else { return nil }
    return milliseconds(Array(numbers.prefix(6)), text.contains(".") ? numbers[6] : 0)
  }

  private static func milliseconds(_ parts: [Int], _ fraction: Int) -> Int? {
    guard (1...12).contains(parts[1]), parts[2] >= 1, parts[3] < 24, parts[4] < 60, parts[5] < 60
    else { return nil }
    let isLeap = parts[0] % 4 == 0 && (parts[0] % 100 != 0 || parts[0] % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard parts[2] <= lengths[parts[1] - 1] else { return nil }
    var days = parts[2] - 1 + lengths[..<(parts[1] - 1)].reduce(0, +)
    for year in 1970..<parts[0] {
      days += year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365
    }
    return ((days * 24 + parts[3]) * 60 + parts[4]) * 60_000 + parts[5] * 1_000 + fraction
  }

  /// `2026-03-01T00:35:57.000Z`.
  static func text(_ milliseconds: Int) -> String {
    let clock = [
      two(milliseconds / 3_600_000 % 24), two(milliseconds / 60_000 % 60),
      two(milliseconds / 1_000 % 60),
    ].joined(separator: ":")
    let fraction = String(1_000 + milliseconds % 1_000).dropFirst()
    return "\(date(milliseconds / 86_400_000))T\(clock).\(fraction)Z"
  }

  private static func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }

  /// `2026-03-01` of a day since 1970.
  static func date(_ day: Int) -> String {
    var rest = day
    var year = 1970
    while true {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      let length = isLeap ? 366 : 365
      if rest < length {
        var month = 1
        for days in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
          if rest < days { break }
          rest -= days
          month += 1
        }
        return "\(year)-\(two(month))-\(two(rest + 1))"
      }
      rest -= length
      year += 1
    }
  }
}

/// Addresses of computers.
enum Address {
  /// The bytes of an address of version 4 or 6; nil for other text.
  static func bytes(_ text: String) -> [UInt8]? {
    var four = in_addr()
    var six = in6_addr()
    if unsafe inet_pton(AF_INET, text, &four) == 1 {
      return unsafe withUnsafeBytes(of: four) { unsafe Array($0) }
    }
    if unsafe inet_pton(AF_INET6, text, &six) == 1 {
      return unsafe withUnsafeBytes(of: six) { unsafe Array($0) }
    }
    return nil
  }

  /// One spelling for every address; other text as it is.
  static func canonical(_ text: String) -> String {
    guard var bytes = bytes(text) else { return text }
    var buffer = [CChar](repeating: 0, count: 64)
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard unsafe inet_ntop(family, &bytes, &buffer, 64) != nil else { return text }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether an address lies in `base/length`.
  static func contains(_ network: String, _ address: String) -> Bool {
    let parts = network.split(separator: "/").map(String.init)
    guard let base = bytes(parts[0]), let bytes = bytes(address), base.count == bytes.count
    else { return false }
    let length = parts.count > 1 ? Int(parts[1]) ?? 0 : base.count * 8
    return (0..<length).allSatisfy { bit in
      (base[bit / 8] ^ bytes[bit / 8]) & (0x80 >> (bit % 8)) == 0
    }
  }

  /// The /24 or /48 of an address; nil for other text.
  static func network(_ text: String) -> String? {
    guard var bytes = bytes(text) else { return nil }
    let kept = bytes.count == 4 ? 3 : 6
    for index in kept..<bytes.count { bytes[index] = 0 }
    if kept == 3 { return bytes.map(String.init).joined(separator: ".") + "/24" }
    let groups = stride(from: 0, to: 16, by: 2).map {
      String(Int(bytes[$0]) * 256 + Int(bytes[$0 + 1]), radix: 16)
    }
    return canonical(groups.joined(separator: ":")) + "/48"
  }
}
