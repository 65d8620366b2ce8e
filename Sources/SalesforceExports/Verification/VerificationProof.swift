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
  @inlinable public static var succeeded: VerificationProof { VerificationProof(rawValue: 1) }
  /// MFA of a phishing-resistant method.
  @inlinable public static var phishingResistant: VerificationProof {
    VerificationProof(rawValue: 2)
  }
  /// MFA of a standard method.
  @inlinable public static var standard: VerificationProof { VerificationProof(rawValue: 4) }
  /// MFA of a method that no table knows.
  @inlinable public static var unknownMethod: VerificationProof { VerificationProof(rawValue: 8) }
  /// A text message under an MFA policy: accepted for external users alone.
  @inlinable public static var textMessage: VerificationProof { VerificationProof(rawValue: 16) }
  /// Identity confirmed by e-mail, text message or on activation of a device: no MFA.
  @inlinable public static var identityOnly: VerificationProof { VerificationProof(rawValue: 32) }
  /// A temporary code was used.
  @inlinable public static var temporaryCode: VerificationProof { VerificationProof(rawValue: 64) }
  /// A value that no table knows, a blank one, or a step-up at the login: it may have been MFA.
  @inlinable public static var unread: VerificationProof { VerificationProof(rawValue: 128) }
  /// A device was activated by a phishing-resistant method.
  @inlinable public static var deviceByPhishingResistant: VerificationProof {
    VerificationProof(rawValue: 256)
  }
  /// A device was activated by a standard method.
  @inlinable public static var deviceByStandard: VerificationProof {
    VerificationProof(rawValue: 512)
  }
  /// A device was activated by a method that no table knows.
  @inlinable public static var deviceByUnknownMethod: VerificationProof {
    VerificationProof(rawValue: 1_024)
  }

  /// A method was registered at the login.
  @inlinable public static var registration: VerificationProof {
    VerificationProof(rawValue: 2_048)
  }

  /// Marks that prove MFA of any user.
  @inlinable public static var multiFactor: VerificationProof { VerificationProof(rawValue: 14) }
  /// Marks of a device activated by a second factor.
  @inlinable public static var secondFactor: VerificationProof {
    VerificationProof(rawValue: 1_792)
  }

  /// Whether MFA is proven.
  ///
  /// - Parameter isExternal: External users may use text messages (docs/salesforce.md#who-needs-mfa).
  @inlinable public func provesMultiFactor(isExternal: Bool) -> Bool {
    has(.multiFactor) || (isExternal && has(.textMessage))
  }

  /// Whether it succeeded and is MFA, or may be: a second factor for a device, or what cannot be read.
  ///
  /// - Parameter isExternal: External users may use text messages.
  @inlinable public func mayBeMultiFactor(isExternal: Bool) -> Bool {
    provesMultiFactor(isExternal: isExternal) || has(.secondFactor) || has(.unread)
  }

  /// The grade of the best proving method.
  @inlinable public func grade(isExternal: Bool) -> MethodGrade {
    if has(.phishingResistant) { return .phishingResistant }
    if has(.standard) { return .standard }
    if has(.unknownMethod) { return .unknown }
    return isExternal && has(.textMessage) ? .weak : .unknown
  }

  /// The grade of the best method that activated a device.
  public var secondFactorGrade: MethodGrade {
    if has(.deviceByPhishingResistant) { return .phishingResistant }
    return has(.deviceByStandard) ? .standard : .unknown
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
