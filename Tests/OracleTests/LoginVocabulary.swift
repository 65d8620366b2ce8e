/// The login types, sub-types and statuses that the field's pages name, in their three spellings.
enum LoginVocabulary {
  /// Through which door a login type leads by itself.
  enum Kind { case human, api, remoteAccess, unclassified }

  /// API value, label, event-log code, kind, and whether an identity provider speaks.
  static let types: [(names: [String], code: String, kind: Kind, isSSO: Bool)] = [
    (["Application"], "A", .human, false),
    (["Lightning Login", "LightningLogin"], "z", .human, false),
    (["Passwordless Login", "PasswordlessLogin"], "w", .human, false),
    (["Passwordless Login via Passkeys", "PasswordlessPasskeyLogin"], "", .human, false),
    (["SAML Sfdc Initiated SSO", "Saml2"], "8", .human, true),
    (["SAML Idp Initiated SSO", "Saml"], "5", .human, true),
    (["Third Party SSO", "ThirdPartySso"], "j", .human, true),
    (["Certificate-based login", "Certificate"], "s", .human, false),
    (["Employee Login to Community", "EmployeeLoginToCommunity"], "r", .human, false),
    (["AppExchange"], "7", .human, false),
    (["Help and Training", "HelpAndTraining"], "", .human, false),
    (
      ["Chatter Communities External User", "ChatterCommunityPortalUnPwd"], "k", .human,
      false
    ),
    (
      [
        "Chatter Communities External User Third Party SSO", "ChatterCommunityThirdPartySso",
      ], "n", .human, true
    ),
    (
      ["SAML Chatter Communities External User SSO", "SamlChatterNetworks"], "m", .human, true
    ),
    (["Customer Service Portal", "Portal"], "3", .human, false),
    (["Customer Service Portal Third-Party SSO", "PortalThirdPartySso"], "", .human, true),
    (["SAML Customer Service Portal SSO", "SamlCspPortal"], "b", .human, true),
    (["Partner Portal", "PrmPortal"], "9", .human, false),
    (["Partner Portal Third-Party SSO", "PrmPortalThirdPartySso"], "q", .human, true),
    (["SAML Partner Portal SSO", "SamlPrmPortal"], "c", .human, true),
    (["SAML Site SSO", "SamlSite"], "h", .human, true),
    (["SelfService", "Self-Service"], "E", .human, false),
    (["Other Apex API", "OtherApi"], "I", .api, false),
    (["Partner Product", "Partner"], "R", .api, false),
    (["Networks Portal API Only", "NetworksPortalApiOnly"], "l", .api, false),
    (["Remote Access 2.0", "Oauth2"], "i", .remoteAccess, false),
    (["Remote Access Client", "Oauth"], "6", .remoteAccess, false),
    (["Offline Client", "IeOfflineClient"], "", .unclassified, false),
    (["Cross Tenant Login", "CrossTenantLogin"], "x", .unclassified, false),
  ]

  /// What a sub-type says of a Remote Access login.
  enum SubKind { case interactive, userInterface, system, other }

  /// API value, label, event-log code, and what it says.
  static let subTypes: [(names: [String], code: String, kind: SubKind)] = [
    (["OAuth Web Server", "OauthWebServer"], "oauthcode", .interactive),
    (["OAuth Hybrid Web Server", "OauthHybridWebServer"], "oauthhybridauthcode", .interactive),
    (["OAuth User-Agent", "OauthUserAgent"], "oauthtoken", .interactive),
    (["OAuth User-Agent ID-token", "OauthUserAgentIdToken"], "oauthtokenidtoken", .interactive),
    (["OAuth Hybrid User-Agent", "OauthHybridUserAgent"], "oauthhybridtoken", .interactive),
    (["OAuth OTP Login", "OauthOtpLogin"], "", .interactive),
    (["OAuth Refresh Token", "OauthRefreshToken"], "oauthrefreshtoken", .system),
    (["OAuth Hybrid Refresh Token", "OauthHybridRefreshToken"], "", .system),
    (["OAuth Token Exchange", "OauthTokenExchange"], "", .system),
    (["OAuth Hybrid Token Exchange", "OauthHybridTokenExchange"], "", .system),
    (["OAuth Client Credentials", "OauthClientCredentials"], "oauthclientcredential", .system),
    (["OAuth Username-Password", "OauthUsernamePassword"], "oauthpassword", .system),
    (["UI Username-Password", "UsernamePasswordUiLogin"], "uiup", .userInterface),
    (["UI Password Reset", "UiPasswordReset"], "", .userInterface),
    (["SOAP API Login", "SoapApiLogin"], "", .other),
    (["InternalSalesforceAuthentication"], "", .other),
  ]

  /// Label and event-log code.
  static let statuses: [(label: String, codes: [String])] = [
    ("Success", ["LOGIN_NO_ERROR"]),
    ("Multi-factor required", ["LOGIN_TWOFACTOR_REQ"]),
    ("Two-factor required", []),
    ("Lightning Login required", ["LOGIN_LIGHTNING_LOGIN"]),
    ("Failed: Computer activation required", ["LOGIN_CHALLENGE_ISSUED"]),
    ("Failed: Computer activation pending", ["LOGIN_CHALLENGE_PENDING"]),
    ("Failed: API-only user", ["LOGIN_ERROR_USER_API_ONLY"]),
    ("Failed: API security token required", ["LOGIN_ERROR_MUST_USE_API_TOKEN"]),
    ("Invalid password", ["LOGIN_ERROR_INVALID_PASSWORD", "LOGIN_ERROR_SSO_PWD_INVALID"]),
    ("Invalid login", ["LOGIN_ERROR_INVALID_USERNAME"]),
    ("Password lockout", ["LOGIN_ERROR_PASSWORD_LOCKOUT"]),
    ("Restricted IP", ["LOGIN_ERROR_RESTRICTED_DOMAIN"]),
    ("Restricted time", ["LOGIN_ERROR_RESTRICTED_TIME"]),
    ("User is inactive", ["LOGIN_ERROR_USER_INACTIVE"]),
    ("User is frozen", ["LOGIN_ERROR_USER_FROZEN"]),
    ("Login rate exceeded", ["LOGIN_ERROR_RATE_EXCEEDED"]),
    ("Maximum logins exceeded", ["LOGIN_ERROR_LOGINS_EXCEEDED"]),
    ("Failed: API Version Removed", ["LOGIN_ERROR_API_TOO_OLD"]),
    ("Restricted country", ["LOGIN_ERROR_EXPORT_RESTRICTED"]),
    ("Restricted domain", ["LOGIN_ERROR_ORG_DOMAIN_ONLY"]),
    ("Failed: OAuth API access disabled", ["LOGIN_OAUTH_API_DISABLED"]),
    ("Failed: API access disabled", []),
  ]

  private static func table(_ entries: [([String], String, Int)]) -> [String: Int] {
    var table: [String: Int] = [:]
    for (names, code, index) in entries {
      for name in names { table[folded(name)] = index }
      // One-letter codes tell upper from lower case.
      if code.count == 1 { table["=" + code] = index } else if code != "" { table[code] = index }
    }
    return table
  }

  private static let typeTable = table(types.enumerated().map { ($1.names, $1.code, $0) })
  private static let subTypeTable = table(subTypes.enumerated().map { ($1.names, $1.code, $0) })
  private static let statusTable = table(
    statuses.enumerated().flatMap { index, entry in
      [([entry.label] + entry.codes, "", index)]
    })

  static func type(_ text: String) -> Int? { typeTable["=" + text] ?? typeTable[folded(text)] }
  static func subType(_ text: String) -> Int? { subTypeTable[folded(text)] }
  static func status(_ text: String) -> Int? { statusTable[folded(text)] }

  /// Names of applications that people use, and that say nothing about a system.
  static let userFacing: Set<String> = [
    "salesforce for ios", "salesforce for android", "salesforce cli",
  ]
  static let apiTypeCodes = [
    "D": "Apex Class", "E": "SOAP Enterprise", "M": "SOAP Metadata", "P": "SOAP Partner",
    "S": "SOAP Apex", "T": "SOAP Tooling",
  ]
}
