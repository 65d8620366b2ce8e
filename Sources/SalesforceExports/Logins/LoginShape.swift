import Platform

/// The low-cardinality part of a login row, decoded: what all columns but account, time, address
/// and Id say.
///
/// Many rows share one shape, so a shape is decoded once per distinct tuple of raw fields and rows
/// carry a number that stands for it. Values are canonical, so the same login exported in another
/// dialect has the same shape: known values have LoginHistory's labels, unknown ones stand verbatim.
///
/// A shape is a reference to values that do not change, so that copying one costs a count and not a dozen.
public struct LoginShape: Hashable, Sendable {
  /// What a shape holds.
  struct Values: Sendable {
    var type = ""
    var subType = ""
    var status = ""
    var application = ""
    var browser = ""
    var platform = ""
    var apiType = ""
    var apiVersion = ""
    var tls = ""
    var country = ""
    var methods = ""
    var context = ""
    var userType = ""
    var door = LoginDoor.unclassified
    var outcome = LoginOutcome.failed
    var role = LoginTypeRole.undecided
    var marks: Marks = []

    func isEqual(to other: Values) -> Bool {
      door == other.door && outcome == other.outcome && role == other.role && marks == other.marks
        && type.hasBytes(of: other.type) && subType.hasBytes(of: other.subType)
        && status.hasBytes(of: other.status) && application.hasBytes(of: other.application)
        && browser.hasBytes(of: other.browser) && platform.hasBytes(of: other.platform)
        && apiType.hasBytes(of: other.apiType) && apiVersion.hasBytes(of: other.apiVersion)
        && tls.hasBytes(of: other.tls) && country.hasBytes(of: other.country)
        && methods.hasBytes(of: other.methods) && context.hasBytes(of: other.context)
        && userType.hasBytes(of: other.userType)
    }

    func hash(into hasher: inout Hasher) {
      type.hashBytes(into: &hasher)
      subType.hashBytes(into: &hasher)
      status.hashBytes(into: &hasher)
      application.hashBytes(into: &hasher)
      browser.hashBytes(into: &hasher)
      platform.hashBytes(into: &hasher)
      apiType.hashBytes(into: &hasher)
      apiVersion.hashBytes(into: &hasher)
      tls.hashBytes(into: &hasher)
      country.hashBytes(into: &hasher)
      methods.hashBytes(into: &hasher)
      context.hashBytes(into: &hasher)
      userType.hashBytes(into: &hasher)
      hasher.combine(door)
      hasher.combine(outcome)
      hasher.combine(role)
      hasher.combine(marks)
    }
  }

  private final class Storage: Sendable {
    let values: Values
    /// Hash of the values: tables ask for it again whenever they grow.
    let hash: Int

    init(_ values: Values) {
      self.values = values
      var hasher = Hasher()
      values.hash(into: &hasher)
      hash = hasher.finalize()
    }

    static let empty = Storage(Values())
  }

  private var storage = Storage.empty

  private mutating func change(_ body: (inout Values) -> Void) {
    var values = storage.values
    body(&values)
    storage = Storage(values)
  }

  /// `LoginType` as label.
  public var type: String {
    get { storage.values.type }
    set { change { $0.type = newValue } }
  }
  /// `LoginSubType` as label.
  public var subType: String {
    get { storage.values.subType }
    set { change { $0.subType = newValue } }
  }
  /// `Status` as LoginHistory text.
  public var status: String {
    get { storage.values.status }
    set { change { $0.status = newValue } }
  }
  /// `Application`.
  public var application: String {
    get { storage.values.application }
    set { change { $0.application = newValue } }
  }
  /// `Browser`.
  public var browser: String {
    get { storage.values.browser }
    set { change { $0.browser = newValue } }
  }
  /// `Platform`.
  public var platform: String {
    get { storage.values.platform }
    set { change { $0.platform = newValue } }
  }
  /// `ApiType` as label.
  public var apiType: String {
    get { storage.values.apiType }
    set { change { $0.apiType = newValue } }
  }
  /// `ApiVersion`; blank for the event log's `9998.0`, which stands on logins without an API.
  public var apiVersion: String {
    get { storage.values.apiVersion }
    set { change { $0.apiVersion = newValue } }
  }
  /// `TlsProtocol` in the form `TLS 1.2`.
  public var tls: String {
    get { storage.values.tls }
    set { change { $0.tls = newValue } }
  }
  /// `CountryIso`.
  public var country: String {
    get { storage.values.country }
    set { change { $0.country = newValue } }
  }
  /// `AuthMethodReference`.
  public var methods: String {
    get { storage.values.methods }
    set { change { $0.methods = newValue } }
  }
  /// `AuthContextClassRef`.
  public var context: String {
    get { storage.values.context }
    set { change { $0.context = newValue } }
  }
  /// `USER_TYPE` of the event log, which names the type of the user.
  public var userType: String {
    get { storage.values.userType }
    set { change { $0.userType = newValue } }
  }
  /// Through which door the login came.
  public var door: LoginDoor {
    get { storage.values.door }
    set { change { $0.door = newValue } }
  }
  /// How it ended.
  public var outcome: LoginOutcome {
    get { storage.values.outcome }
    set { change { $0.outcome = newValue } }
  }
  /// What the type means for the verdict.
  public var role: LoginTypeRole {
    get { storage.values.role }
    set { change { $0.role = newValue } }
  }
  /// Which values no table knows, and what else the row leaves open.
  public var marks: Marks {
    get { storage.values.marks }
    set { change { $0.marks = newValue } }
  }

  /// What is not known of a shape.
  public struct Marks: OptionSet, Hashable, Sendable {
    /// The marks as bits.
    public let rawValue: UInt8

    /// Makes a set of its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The login type is in no table, or in one that can't tell the door.
    public static let unknownType = Marks(rawValue: 1)
    /// The sub-type is in no table.
    public static let unknownSubType = Marks(rawValue: 2)
    /// The status is in no table.
    public static let unknownStatus = Marks(rawValue: 4)
    /// An OAuth login whose sub-type is empty, missing or names no flow: counted as API.
    public static let openSubType = Marks(rawValue: 8)
    /// A person consented by OAuth in a browser.
    public static let interactiveConsent = Marks(rawValue: 16)
  }

  /// Makes an empty shape.
  public init() {}

  /// Makes a shape of what it holds.
  init(_ values: Values) { storage = Storage(values) }

  /// Decodes a row's values; for many rows a ``LoginShapeDecoder`` is faster.
  ///
  /// - Parameters:
  ///   - fields: Text by ``ShapeField``; `nil` where the file has no such column.
  ///   - kind: What the file holds; codes are read in event logs and labels everywhere.
  public init(fields: [String?], kind: FileKind) {
    var decoder = LoginShapeDecoder(kind: kind)
    self = decoder.shape(
      of: ShapeField.allCases.map { column in
        fields[column.rawValue].map { decoder.add($0, of: column) } ?? 0
      })
  }

  /// Compares values by their bytes; shapes of one table mostly are one object.
  public static func == (left: Self, right: Self) -> Bool {
    left.storage === right.storage
      || left.storage.hash == right.storage.hash
        && left.storage.values.isEqual(to: right.storage.values)
  }

  /// Hashes the values.
  public func hash(into hasher: inout Hasher) { hasher.combine(storage.hash) }

  /// A hash of the values that was made with the shape; another in each process.
  package var contentHash: UInt32 { UInt32(truncatingIfNeeded: storage.hash) }
}

extension LoginShape: Comparable {
  /// A total order by the bytes of the values, for output that does not depend on order of arrival.
  public static func < (left: Self, right: Self) -> Bool {
    let (left, right) = (left.storage.values, right.storage.values)
    // One text after the other, without an array of a dozen: shapes are sorted in each run.
    if !left.type.hasBytes(of: right.type) { return left.type.precedes(right.type) }
    if !left.subType.hasBytes(of: right.subType) { return left.subType.precedes(right.subType) }
    if !left.status.hasBytes(of: right.status) { return left.status.precedes(right.status) }
    if !left.application.hasBytes(of: right.application) {
      return left.application.precedes(right.application)
    }
    if !left.browser.hasBytes(of: right.browser) { return left.browser.precedes(right.browser) }
    if !left.platform.hasBytes(of: right.platform) { return left.platform.precedes(right.platform) }
    if !left.apiType.hasBytes(of: right.apiType) { return left.apiType.precedes(right.apiType) }
    if !left.apiVersion.hasBytes(of: right.apiVersion) {
      return left.apiVersion.precedes(right.apiVersion)
    }
    if !left.tls.hasBytes(of: right.tls) { return left.tls.precedes(right.tls) }
    if !left.country.hasBytes(of: right.country) { return left.country.precedes(right.country) }
    if !left.methods.hasBytes(of: right.methods) { return left.methods.precedes(right.methods) }
    if !left.context.hasBytes(of: right.context) { return left.context.precedes(right.context) }
    if !left.userType.hasBytes(of: right.userType) { return left.userType.precedes(right.userType) }
    return (left.door.rawValue, left.outcome.rawValue, left.role.rawValue, left.marks.rawValue)
      < (right.door.rawValue, right.outcome.rawValue, right.role.rawValue, right.marks.rawValue)
  }

  /// Whether the login used SOAP `login()`: a SOAP sub-type, or a system type other than OAuth with
  /// the Partner or Enterprise API below version 65, which no longer has the call
  /// (docs/salesforce.md#calls-that-are-retired).
  public var isSOAPLogin: Bool {
    if subType.hasPrefix("SOAP API Login") { return true }
    guard role == .system, apiType == "SOAP Partner" || apiType == "SOAP Enterprise" else {
      return false
    }
    return apiVersionNumber.map { $0 < 65 } ?? true
  }

  /// Major version of the API; `nil` when the row names none.
  public var apiVersionNumber: Int? {
    let digits = apiVersion.prefix { $0 != "." }
    guard let number = Int(digits), number > 0 else { return nil }
    return number
  }

  /// The application's name without the version of the client behind it, by which applications are
  /// compared: `DataLoaderBulkUI/58.0` is `DataLoaderBulkUI`.
  public var applicationName: String { Self.applicationName(application) }

  /// A name without `/version` at its end.
  public static func applicationName(_ application: String) -> String {
    guard let slash = application.utf8.lastIndex(of: 0x2F), slash != application.startIndex
    else { return application }
    var version = application[application.utf8.index(after: slash)...].utf8[...]
    if let first = version.first, first | 0x20 == 0x76 { version = version.dropFirst() }
    // What follows may be missing: some clients name themselves with a bare slash.
    let isVersion = version.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x5F }
    return isVersion ? String(application[..<slash]) : application
  }

  /// Whether the login came by OAuth, whose rows always name their application.
  public var isOAuth: Bool { type == "Remote Access 2.0" || type == "Remote Access Client" }

  /// Whether the login used the OAuth username-password flow
  /// (docs/salesforce.md#login-types-and-sub-types).
  public var isPasswordFlow: Bool { subType == "OAuth Username-Password" }

  /// Whether the connection used a version of TLS before 1.2.
  public var usesOldTLS: Bool {
    guard tls.hasPrefix("TLS ") else { return tls.uppercased().hasPrefix("SSL") }
    return tls.dropFirst(4).utf8.lexicographicallyPrecedes("1.2".utf8)
  }

  /// Whether the row names an application: `Browser` stands for the user interface itself and
  /// `N/A` for none (docs/salesforce.md#login-history-by-query).
  public var namesApplication: Bool {
    !application.isEmpty && application != "Browser" && application != "N/A"
  }
}
