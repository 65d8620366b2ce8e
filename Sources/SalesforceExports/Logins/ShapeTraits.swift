/// What rules ask of a login row by row, without touching the texts of its shape.
///
/// A few bytes, so a row can carry its own copy; derived from ``LoginShape`` once per shape.
public struct ShapeTraits: Hashable, Sendable {
  /// Through which door the login came.
  public var door = LoginDoor.unclassified
  /// How it ended.
  public var outcome = LoginOutcome.failed
  /// What the type means for the verdict.
  public var role = LoginTypeRole.undecided
  /// What the status says beyond the outcome.
  public var status = StatusMeaning.other
  /// Which values no table knows, and what else the row leaves open.
  public var marks: LoginShape.Marks = []
  /// What rules look for beside the status, so that most accounts are ruled out by one test.
  public var signs: Signs = []

  /// What a shape holds that some rule asks for.
  public struct Signs: OptionSet, Hashable, Sendable {
    /// The marks as bits.
    public let rawValue: UInt8

    /// Makes a set of its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// SOAP `login()`, or what looks like it.
    public static let soapLogin = Signs(rawValue: 1)
    /// The OAuth username-password flow.
    public static let passwordFlow = Signs(rawValue: 2)
    /// TLS older than 1.2.
    public static let oldTLS = Signs(rawValue: 4)
    /// An API login that names its version.
    public static let apiVersion = Signs(rawValue: 8)
    /// A country.
    public static let country = Signs(rawValue: 16)
    /// The name of an application.
    public static let application = Signs(rawValue: 32)
  }

  /// Makes traits of nothing.
  public init() {}

  /// Reduces a shape.
  public init(_ shape: borrowing LoginShape) {
    self.init(shape, status: StatusMeaning(ofLabel: shape.status))
  }

  /// Reduces a shape whose status is known.
  package init(_ shape: borrowing LoginShape, status: StatusMeaning) {
    self.status = status
    door = shape.door
    outcome = shape.outcome
    role = shape.role
    marks = shape.marks
    if shape.isSOAPLogin { signs.insert(.soapLogin) }
    if shape.isPasswordFlow { signs.insert(.passwordFlow) }
    if shape.usesOldTLS { signs.insert(.oldTLS) }
    if shape.door == .api, shape.apiVersionNumber != nil { signs.insert(.apiVersion) }
    if !shape.country.isEmpty { signs.insert(.country) }
    if shape.namesApplication { signs.insert(.application) }
  }

  /// A person got in.
  public var isHumanSuccess: Bool { door == .human && outcome == .succeeded }
  /// A person got in by username and password.
  public var isDirectSuccess: Bool { role == .directPassword && outcome == .succeeded }
  /// A system login that worked.
  public var isAPISuccess: Bool { door == .api && outcome == .succeeded }
}

/// The statuses that rules look for (docs/salesforce.md#statuses).
public enum StatusMeaning: UInt8, Hashable, Sendable, CaseIterable {
  /// Any other status.
  case other
  /// A further factor was demanded: `Multi-factor required`, older `Two-factor required`.
  case factorRequired
  /// `Invalid password`.
  case wrongPassword
  /// `Password lockout`.
  case passwordLockout
  /// `Failed: API-only user`.
  case refusedAsAPIOnly
  /// `Login rate exceeded`.
  case rateExceeded
  /// `User is inactive`.
  case userInactive
  /// `User is frozen`.
  case userFrozen

  /// The meaning of a label of ``LoginStatus``.
  public init(ofLabel label: String) {
    self = Self.byLabel[label] ?? .other
  }

  private static let byLabel: [String: StatusMeaning] = [
    "Multi-factor required": .factorRequired, "Two-factor required": .factorRequired,
    "Invalid password": .wrongPassword, "Password lockout": .passwordLockout,
    "Failed: API-only user": .refusedAsAPIOnly, "Login rate exceeded": .rateExceeded,
    "User is inactive": .userInactive, "User is frozen": .userFrozen,
  ]
}
