/// Decodes the shapes of rows of one kind of login file, each value of a column once.
///
/// An org has thousands of shapes, which combine a few hundred values.
public struct LoginShapeDecoder: Sendable {
  /// What one value of a column says by itself.
  private struct Reading: Sendable {
    /// The value in its canonical form.
    var text = ""
    /// Whether it is `NA`, with which R says nothing.
    var isNA = false
    /// How a login of this status ended.
    var outcome = LoginOutcome.failed
    /// Whether no table knows the status.
    var isUnknownStatus = false
  }

  /// What type, sub-type and URI say together.
  fileprivate struct Entrance: Sendable {
    var type = ""
    var subType = ""
    var door = LoginDoor.unclassified
    var role = LoginTypeRole.undecided
    var marks: LoginShape.Marks = []
  }

  fileprivate struct EntranceKey: Hashable {
    let type: Int
    let subType: Int
    let uri: Int
  }

  private let isEventLog: Bool
  /// By column; the first of each stands for a column that the file lacks.
  private var readings: [[Reading]] = []
  private var entrances: [EntranceKey: Entrance] = [:]
  /// Combinations after which all are forgotten; text of an attacker must not fill the memory.
  private static let entranceLimit = 1 << 16

  /// Makes a decoder that has seen nothing.
  ///
  /// - Parameter kind: What the files hold; codes are read in event logs and labels everywhere.
  public init(kind: FileKind) {
    isEventLog = kind == .eventLogLogin
    readings = ShapeField.allCases.map { [reading("", $0)] }
  }

  /// Takes a value of a column in.
  ///
  /// - Parameters:
  ///   - field: The field, without its quotes.
  ///   - column: Its column.
  /// - Returns: The number of the value in its column, 1 or more: another one each time.
  public mutating func add(_ field: String, of column: ShapeField) -> Int {
    let reading = reading(field, column)
    readings[column.rawValue].append(reading)
    return readings[column.rawValue].count - 1
  }

  /// The shape of a row.
  ///
  /// - Parameter values: Numbers of the values, by ``ShapeField``; 0 for a column that the file lacks.
  /// - Complexity: O(1): no text is looked at but those of a new combination of type, sub-type and URI.
  public mutating func shape(of values: [Int]) -> LoginShape {
    func text(_ column: ShapeField) -> String {
      readings[column.rawValue][values[column.rawValue]].text
    }
    let (country, status) = (ShapeField.country.rawValue, ShapeField.status.rawValue)
    var shape = LoginShape.Values()
    shape.application = text(.application)
    shape.browser = text(.browser)
    shape.platform = text(.platform)
    // R writes NA for nothing, which among countries is Namibia; other columns tell which it is.
    let isNothing =
      readings[country][values[country]].isNA
      && values.indices.contains { $0 != country && readings[$0][values[$0]].isNA }
    shape.country = isNothing ? "" : text(.country)
    shape.methods = text(.methods)
    shape.context = text(.context)
    shape.userType = text(.userType)
    shape.apiType = text(.apiType)
    shape.apiVersion = text(.apiVersion)
    shape.tls = text(.tls)
    shape.status = text(.status)
    shape.outcome = readings[status][values[status]].outcome
    let entrance = entrance(values, text(.type), text(.subType), isEventLog ? text(.uri) : "")
    shape.type = entrance.type
    shape.subType = entrance.subType
    shape.door = entrance.door
    shape.role = entrance.role
    shape.marks = entrance.marks
    if readings[status][values[status]].isUnknownStatus { shape.marks.insert(.unknownStatus) }
    return LoginShape(shape)
  }

  private func reading(_ field: String, _ column: ShapeField) -> Reading {
    let text = Self.known(field, column)
    var reading = Reading(text: text, isNA: field == "NA")
    switch column {
    case .country:
      reading.isNA = text == "NA"
      reading.text = Country.code(of: text)
    case .userType: reading.text = text.trimmed
    case .apiType: reading.text = Self.apiTypeLabel(text, isEventLog: isEventLog)
    case .apiVersion:
      let version = Self.version(text)
      reading.text = isEventLog && version == "9998.0" ? "" : version
    case .tls: reading.text = Self.tlsLabel(text)
    case .status:
      if let known = LoginStatus.named(text) {
        reading.text = known.label
        reading.outcome = known.outcome
      } else {
        reading.isUnknownStatus = true
      }
    default: break
    }
    return reading
  }

  private mutating func entrance(
    _ values: [Int], _ type: String, _ subType: String, _ uri: String
  ) -> Entrance {
    let key = EntranceKey(
      type: values[ShapeField.type.rawValue], subType: values[ShapeField.subType.rawValue],
      uri: isEventLog ? values[ShapeField.uri.rawValue] : 0)
    if let known = entrances[key] { return known }
    let entrance = Entrance(type: type, subType: subType, uri: uri)
    if entrances.count == Self.entranceLimit { entrances = [:] }
    entrances[key] = entrance
    return entrance
  }

  /// What a field says; empty for a word for nothing where it can be no value.
  private static func known(_ field: String, _ column: ShapeField) -> String {
    let text = field.withoutGuard
    let keepsMarks =
      switch column {
      case .application, .browser, .platform, .apiType, .apiVersion, .uri: text != "NA"
      case .country: text == "NA"
      default: false
      }
    return MissingValue.isMissing(text, keepingMarks: keepsMarks) ? "" : text
  }

  /// Brings `58`, `58,0` and `v58.0`, which spreadsheets, locales and clients write, to `58.0`.
  private static func version(_ text: String) -> String {
    if text.isEmpty || isVersion(text) { return text }
    let digits = text.first == "v" || text.first == "V" ? text.dropFirst() : text[...]
    let parts = digits.split(maxSplits: 1, omittingEmptySubsequences: false) {
      $0 == "." || $0 == ","
    }
    guard let first = parts.first, (1...4).contains(first.utf8.count), let number = Int(first),
      first.utf8.allSatisfy({ $0 &- 0x30 < 10 }),
      parts.count == 1 || (!parts[1].isEmpty && parts[1].utf8.allSatisfy { $0 == 0x30 })
    else { return text }
    return "\(number).0"
  }

  /// Whether a version is of two digits and in its form already, as nearly all are.
  private static func isVersion(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.count == 4 && (0x31...0x39).contains(bytes[0]) && bytes[1] &- 0x30 < 10
      && bytes[2] == 0x2E && bytes[3] == 0x30
  }

  /// The door that the URI of an event log row without login type tells (docs/judgement.md).
  fileprivate static func door(ofURI uri: String) -> (LoginDoor, LoginTypeRole) {
    let path = uri.prefix { $0 != "?" }
    if path == "/services/oauth2/token" { return (.api, .undecided) }
    // Tokens are asked for at the path above, so what logs in here calls login().
    if path.hasPrefix("/services/Soap/") { return (.api, .system) }
    if path == "/index.jsp" || path == "/home/home.jsp" || path.hasPrefix("/secur/")
      || path.hasPrefix("/login")
    {
      return (.human, .otherHuman)
    }
    return (.unclassified, .undecided)
  }

  /// Event log codes of `API_TYPE` (docs/salesforce.md#event-log-files).
  private static let apiTypeCodes: [String: String] = [
    "D": "Apex Class", "E": "SOAP Enterprise", "M": "SOAP Metadata", "P": "SOAP Partner",
    "S": "SOAP Apex", "T": "SOAP Tooling", "f": "Feed", "l": "Live Agent",
    "p": "SOAP ClientSync", "I": "SOAP Cross Instance", "O": "Old SOAP", "X": "XmlRPC",
  ]

  private static func apiTypeLabel(_ value: String, isEventLog: Bool) -> String {
    isEventLog ? apiTypeCodes[value] ?? value : value
  }

  /// Brings `TLSv1.2`, `1.2` and `TLS 1.2` to the last form (docs/salesforce.md#event-log-files).
  private static func tlsLabel(_ value: String) -> String {
    if value.isEmpty || value == "TLS 1.3" || value == "TLS 1.2" { return value }
    let text = value.trimmed
    var digits = text[...]
    if digits.lowercased().hasPrefix("tls") { digits = digits.dropFirst(3) }
    while let first = digits.first, first == "v" || first == "V" || first == " " {
      digits = digits.dropFirst()
    }
    let isVersion =
      digits.utf8.count == 3 && digits.first?.isWholeNumber == true && digits.contains(".")
      && digits.last?.isWholeNumber == true
    return isVersion ? "TLS " + digits : value
  }
}

extension LoginShapeDecoder.Entrance {
  /// Decodes the three; of a row without login type the URI decides.
  init(type value: String, subType: String, uri: String) {
    let flow = LoginSubType.named(subType)
    self.subType = flow?.label ?? subType
    if flow == nil, !subType.isEmpty { marks.insert(.unknownSubType) }
    guard !value.isEmpty else {
      (door, role) = LoginShapeDecoder.door(ofURI: uri)
      return
    }
    guard let known = LoginType.named(value) else {
      type = value
      marks.insert(.unknownType)
      return
    }
    type = known.label
    role = known.role
    switch known.role {
    case .directPassword, .passwordless, .certificate, .singleSignOn, .insideSession, .otherHuman:
      door = .human
    case .system:
      door = .api
    case .oauth:
      if flow?.role == .interactive {
        door = .human
        marks.insert(.interactiveConsent)
      } else if flow?.role == .userInterface {
        door = .human
        role = .otherHuman
      } else {
        door = .api
        if flow?.role != .system { marks.insert(.openSubType) }
      }
    case .undecided:
      door = .unclassified
      marks.insert(.unknownType)
    }
  }
}
