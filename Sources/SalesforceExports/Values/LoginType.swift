/// Through which door a login came (docs/judgement.md).
public enum LoginDoor: UInt8, Sendable, CaseIterable {
  /// A person at a user interface.
  case human
  /// A system login.
  case api
  /// The row does not say.
  case unclassified
}

/// What a login type means for class and verdict.
public enum LoginTypeRole: UInt8, Sendable {
  /// Username and password in the user interface: type Application.
  case directPassword
  /// Lightning Login and passkey login: a strong method by construction.
  case passwordless
  /// Certificate-based login.
  case certificate
  /// An identity provider vouches.
  case singleSignOn
  /// AppExchange, Help and Training: from inside a session.
  case insideSession
  /// Any other door for people.
  case otherHuman
  /// A system login.
  case system
  /// OAuth: the sub-type decides.
  case oauth
  /// Known, but it does not say through which door.
  case undecided
}

/// One value of `LoginHistory.LoginType`.
///
/// API value, label and event-log code name the same value. Source: Object
/// Reference, LoginHistory v67; EventLogFile Login. The door is the rules' (docs/judgement.md).
public struct LoginType: Sendable {
  /// Value of the API, as in SOQL filters.
  public let apiValue: String
  /// Label, which exports contain and results use as key.
  public let label: String
  /// Letter of the event log file, case-sensitive; `nil` when none is documented.
  public let eventLogCode: String?
  /// What the type means.
  public let role: LoginTypeRole

  /// All documented types.
  public static let all: [LoginType] = [
    .init("Application", "Application", "A", .directPassword),
    .init("LightningLogin", "Lightning Login", "z", .passwordless),
    .init("PasswordlessLogin", "Passwordless Login", "w", .otherHuman),
    .init("PasswordlessPasskeyLogin", "Passwordless Login via Passkeys", nil, .passwordless),
    .init("Saml2", "SAML Sfdc Initiated SSO", "8", .singleSignOn),
    .init("Saml", "SAML Idp Initiated SSO", "5", .singleSignOn),
    .init("ThirdPartySso", "Third Party SSO", "j", .singleSignOn),
    .init("Certificate", "Certificate-based login", "s", .certificate),
    .init("EmployeeLoginToCommunity", "Employee Login to Community", "r", .otherHuman),
    .init("AppExchange", "AppExchange", "7", .insideSession),
    .init("HelpAndTraining", "Help and Training", nil, .insideSession),
    .init("Oauth2", "Remote Access 2.0", "i", .oauth),
    .init("Oauth", "Remote Access Client", "6", .oauth),
    .init("OtherApi", "Other Apex API", "I", .system),
    .init("Partner", "Partner Product", "R", .system),
    .init("NetworksPortalApiOnly", "Networks Portal API Only", "l", .system),
    .init("IeOfflineClient", "Offline Client", nil, .undecided),
    .init("CrossTenantLogin", "Cross Tenant Login", "x", .undecided),
    .init("ChatterCommunityPortalUnPwd", "Chatter Communities External User", "k", .otherHuman),
    .init(
      "ChatterCommunityThirdPartySso", "Chatter Communities External User Third Party SSO", "n",
      .singleSignOn),
    .init("SamlChatterNetworks", "SAML Chatter Communities External User SSO", "m", .singleSignOn),
    .init("Portal", "Customer Service Portal", "3", .otherHuman),
    .init("PortalThirdPartySso", "Customer Service Portal Third-Party SSO", nil, .singleSignOn),
    .init("SamlCspPortal", "SAML Customer Service Portal SSO", "b", .singleSignOn),
    .init("PrmPortal", "Partner Portal", "9", .otherHuman),
    .init("PrmPortalThirdPartySso", "Partner Portal Third-Party SSO", "q", .singleSignOn),
    .init("SamlPrmPortal", "SAML Partner Portal SSO", "c", .singleSignOn),
    .init("SamlSite", "SAML Site SSO", "h", .singleSignOn),
    .init("SelfService", "SelfService", "E", .otherHuman),
  ]

  /// Types that only `AuthSession` documents; old rows can hold them
  /// (docs/salesforce.md#login-types-and-sub-types).
  public static let legacyLabels: [String] = [
    "AJAX Toolkit", "Apex Office Toolkit", "AppStore", "Community", "DataJunction",
    "DB Replication", "Excel Integration", "HOTP YubiKey", "Order Center", "Outlook Integration",
    "Sales Anywhere", "Salesforce Outlook Integration", "Salesforce.com Website", "Signup", "Sync",
    "SysAdmin Switch", "Unknown", "Validate",
  ]

  private init(_ apiValue: String, _ label: String, _ code: String?, _ role: LoginTypeRole) {
    self.apiValue = apiValue
    self.label = label
    eventLogCode = code
    self.role = role
  }

  private static let byEventLogCode: [String: LoginType] = Dictionary(
    uniqueKeysWithValues: all.compactMap { type in type.eventLogCode.map { ($0, type) } })

  private static let byFoldedName: [FoldedText: LoginType] = {
    var table: [FoldedText: LoginType] = [:]
    for type in all {
      table[FoldedText(type.apiValue)] = type
      table[FoldedText(type.label)] = type
    }
    for label in legacyLabels {
      table[FoldedText(label)] = LoginType(label, label, nil, .undecided)
    }
    return table
  }()

  /// The type that `value` names, as API value, label or event-log code.
  ///
  /// - Returns: `nil` when no table knows the value.
  public static func named(_ value: String) -> LoginType? {
    if let type = byEventLogCode[value] { return type }
    return byFoldedName[FoldedText(value)]
  }
}
