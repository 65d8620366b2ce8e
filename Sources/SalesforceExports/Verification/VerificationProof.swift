/// What the verifications of one login say together, as a set of marks that can be united in any
/// order (RULES.md §2).
///
/// Source of the values: SALESFORCE.md 2.1 (Object Reference, VerificationHistory).
public struct VerificationProof: OptionSet, Hashable, Sendable {
  /// The marks as bits.
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

  /// Whether some mark says that MFA may be proven, of internal or external users.
  @inlinable @inline(__always) public var mayProve: Bool { rawValue & 0b11110 != 0 }

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

  /// Marks that prove MFA of any user.
  public static let multiFactor: VerificationProof = [
    .phishingResistant, .standard, .unknownMethod,
  ]

  /// Whether MFA is proven.
  ///
  /// - Parameter isExternal: External users may use text messages (SALESFORCE.md 2.6).
  public func provesMultiFactor(isExternal: Bool) -> Bool {
    !isDisjoint(with: .multiFactor) || (isExternal && contains(.textMessage))
  }

  /// The grade of the best proving method.
  public func grade(isExternal: Bool) -> MethodGrade {
    if contains(.phishingResistant) { return .phishingResistant }
    if contains(.standard) { return .standard }
    if contains(.unknownMethod) { return .unknown }
    return isExternal && contains(.textMessage) ? .weak : .unknown
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
    guard Self.successes.contains(FoldedText(status)) else { return }
    insert(.succeeded)
    let policy = FoldedText(policy)
    let method = FoldedText(method)
    if Self.loginPolicies.contains(policy), Self.isAtLogin(activity) {
      switch method {
      case let name where Self.phishingResistantMethods.contains(name): insert(.phishingResistant)
      case let name where Self.temporaryCodes.contains(name):
        formUnion([.standard, .temporaryCode])
      case let name where Self.standardMethods.contains(name): insert(.standard)
      case let name where Self.textMessages.contains(name):
        formUnion([.textMessage, .identityOnly])
      case let name where Self.weakMethods.contains(name): insert(.identityOnly)
      case let name where Self.passwords.contains(name): break
      default: insert(.unknownMethod)
      }
    } else if Self.stepUpPolicies.contains(policy) {
      // Step-up inside a session: it says nothing about how the login itself was proven.
      return
    } else if policy == Self.deviceActivation || Self.weakMethods.contains(method)
      || Self.textMessages.contains(method)
    {
      insert(.identityOnly)
    }
  }

  private static func folded(_ names: String...) -> Set<FoldedText> {
    Set(names.map(FoldedText.init))
  }

  private static let successes = folded(
    "Succeeded", "AutomatedSuccess", "Automated Success", "Success", "Automated success")
  private static let loginPolicies = folded(
    "TwoFactorAuthentication", "Two-Factor Authentication", "Multi-Factor Authentication",
    "ProfilePolicy", "Profile Policy", "LightningLogin", "Lightning Login",
    "PasswordlessPasskeyLogin", "Passwordless Passkey Login", "Passwordless Login via Passkeys")
  private static let stepUpPolicies = folded(
    "HighAssurance", "High Assurance", "PageAccess", "Page Access", "CustomApex", "Custom Apex",
    "ExtraVerification", "Extra Verification")
  private static let deviceActivation = FoldedText("DeviceActivation")
  private static let phishingResistantMethods = folded(
    "U2F", "BuiltInAuthenticator", "Built-In Authenticator", "WebAuthnRoamingAuthenticator",
    "WebAuthn Roaming Authenticator", "Security Key", "PwlessPasskey", "Passwordless Passkey")
  private static let standardMethods = folded(
    "Totp", "One-Time Password", "Authenticator App", "SalesforceAuthenticator",
    "Salesforce Authenticator", "LL", "EnableLL", "Lightning Login")
  private static let temporaryCodes = folded(
    "TempCode", "Temporary Code", "Temporary Verification Code")
  private static let textMessages = folded("Sms", "Text Message")
  private static let weakMethods = folded(
    "Email", "CustomOtpDelivery", "Custom OTP Delivery", "Email Message")
  private static let passwords = folded("Password")
  private static let loginActivities = folded("Login", "EnableLL")

  /// Whether the activity is the login, or a registration at login (`Connect…`; [M] in
  /// SALESFORCE.md 2.1, so the set is kept in one place).
  private static func isAtLogin(_ activity: String?) -> Bool {
    guard let activity else { return true }
    return loginActivities.contains(FoldedText(activity))
      || VerificationActivity(activity) == .registersMethod
  }
}

/// What the activity of a verification says beside its policy (SALESFORCE.md 2.1, 2.6).
public enum VerificationActivity: Sendable {
  /// An admin generates a temporary code for somebody.
  case generatesTemporaryCode
  /// The user registers a method (`Connect…`).
  case registersMethod
  /// Anything else.
  case other

  /// Reads `Activity`.
  public init(_ activity: String) {
    let folded = FoldedText(activity)
    if folded == Self.temporaryCode {
      self = .generatesTemporaryCode
    } else if folded.text.hasPrefix("connect"), !Self.connectedApps.contains(folded) {
      self = .registersMethod
    } else {
      self = .other
    }
  }

  private static let temporaryCode = FoldedText("TempCode")
  /// `ConnectedApp` is access to a connected application and no registration.
  private static let connectedApps: Set<FoldedText> = [
    FoldedText("ConnectedApp"), FoldedText("Connected App"),
  ]
}
