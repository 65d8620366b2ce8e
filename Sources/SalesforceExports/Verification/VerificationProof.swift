/// What the verifications of one login say together, as a set of marks that can be united in any
/// order (docs/judgement.md).
public struct VerificationProof: OptionSet, Hashable, Sendable {
  /// The marks as bits; 15 of them can be stored.
  public let rawValue: UInt16

  /// Makes a set of its bits.
  @inlinable @inline(__always) public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Unites marks. (Without it a literal goes through unspecialised code in other modules.)
  @inlinable @inline(__always) public init(arrayLiteral marks: VerificationProof...) {
    var united: UInt16 = 0
    for mark in marks { united |= mark.rawValue }
    self.init(rawValue: united)
  }

  /// No mark.
  @inlinable @inline(__always) public static var none: VerificationProof {
    VerificationProof(rawValue: 0)
  }

  /// Whether two sets are the same.
  @inlinable @inline(__always)
  public static func == (left: VerificationProof, right: VerificationProof) -> Bool {
    left.rawValue == right.rawValue
  }

  /// Whether a mark is set.
  @inlinable @inline(__always) public func has(_ mark: VerificationProof) -> Bool {
    rawValue & mark.rawValue != 0
  }

  /// A verification succeeded.
  public static let succeeded = VerificationProof(rawValue: 1)
  /// MFA of a phishing-resistant method.
  public static let phishingResistant = VerificationProof(rawValue: 2)
  /// MFA of a standard method.
  public static let standard = VerificationProof(rawValue: 4)
  /// MFA of a method that no table knows.
  public static let unknownMethod = VerificationProof(rawValue: 8)
  /// A text message under an MFA policy: accepted for external users alone.
  public static let textMessage = VerificationProof(rawValue: 16)
  /// Identity confirmed by e-mail, text message or on activation of a device: no MFA.
  public static let identityOnly = VerificationProof(rawValue: 32)
  /// A temporary code was used.
  public static let temporaryCode = VerificationProof(rawValue: 64)
  /// A value that no table knows, a blank one, or a step-up at the login: it may have been MFA.
  public static let unread = VerificationProof(rawValue: 128)
  /// A device was activated by a phishing-resistant method.
  public static let deviceByPhishingResistant = VerificationProof(rawValue: 256)
  /// A device was activated by a standard method.
  public static let deviceByStandard = VerificationProof(rawValue: 512)
  /// A device was activated by a method that no table knows.
  public static let deviceByUnknownMethod = VerificationProof(rawValue: 1_024)

  /// A method was registered at the login.
  public static let registration = VerificationProof(rawValue: 2_048)

  /// Marks that prove MFA of any user.
  public static let multiFactor: VerificationProof = [
    .phishingResistant, .standard, .unknownMethod,
  ]
  /// Marks of a device activated by a second factor.
  public static let secondFactor: VerificationProof = [
    .deviceByPhishingResistant, .deviceByStandard, .deviceByUnknownMethod,
  ]

  /// Whether MFA is proven.
  ///
  /// - Parameter isExternal: External users may use text messages (docs/salesforce.md#who-needs-mfa).
  public func provesMultiFactor(isExternal: Bool) -> Bool {
    has(.multiFactor) || (isExternal && has(.textMessage))
  }

  /// The grade of the best proving method.
  public func grade(isExternal: Bool) -> MethodGrade {
    if contains(.phishingResistant) { return .phishingResistant }
    if contains(.standard) { return .standard }
    if contains(.unknownMethod) { return .unknown }
    return isExternal && contains(.textMessage) ? .weak : .unknown
  }

  /// The grade of the best method that activated a device.
  public var secondFactorGrade: MethodGrade {
    if contains(.deviceByPhishingResistant) { return .phishingResistant }
    return contains(.deviceByStandard) ? .standard : .unknown
  }

  /// Reads the columns of one verification.
  ///
  /// - Parameters:
  ///   - policy: `Policy`; API value or label.
  ///   - activity: `Activity`; `nil` where the file has no such column.
  ///   - method: `VerificationMethod`.
  ///   - status: `Status`.
  public init(policy: String, activity: String?, method: String, status: String) {
    self = []
    switch VerificationStatus(status) {
    case .failed: return
    case nil:
      insert(.unread)
      return
    case .succeeded: insert(.succeeded)
    }
    let activity = activity.map { VerificationActivity($0) }
    if activity == .some(.registersMethod) { insert(.registration) }
    guard let policy = VerificationPolicy(policy), let method = VerificationMethod(method),
      activity != .some(.unknown)
    else {
      insert(.unread)
      return
    }
    let isAtLogin = activity.map { $0 == .login || $0 == .registersMethod } ?? true
    switch policy {
    case .login where isAtLogin: insertLogin(method)
    case .deviceActivation: insertDevice(method)
    case .stepUp:
      // Inside a session it says nothing about how the login itself was proven.
      if isAtLogin { insert(.unread) }
    case .login, .other:
      if method == .weak || method == .textMessage {
        insert(.identityOnly)
      } else if policy == .other, isAtLogin {
        insert(.unread)
      }
    }
  }

  private mutating func insertLogin(_ method: VerificationMethod) {
    switch method {
    case .phishingResistant: insert(.phishingResistant)
    case .standard: insert(.standard)
    case .temporaryCode: formUnion([.standard, .temporaryCode])
    case .unknown: insert(.unknownMethod)
    case .textMessage: formUnion([.textMessage, .identityOnly])
    case .weak: insert(.identityOnly)
    case .password: break
    }
  }

  private mutating func insertDevice(_ method: VerificationMethod) {
    switch method {
    case .phishingResistant: insert(.deviceByPhishingResistant)
    case .standard: insert(.deviceByStandard)
    case .temporaryCode: formUnion([.deviceByStandard, .temporaryCode])
    case .unknown: insert(.deviceByUnknownMethod)
    case .textMessage, .weak, .password: insert(.identityOnly)
    }
  }
}
