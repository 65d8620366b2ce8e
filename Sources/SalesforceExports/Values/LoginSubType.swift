/// One value of `LoginHistory.LoginSubType`.
///
/// Source: Object Reference, LoginHistory v67; codes: Object Reference, EventLogFile Login.
public struct LoginSubType: Sendable {
  /// What the sub-type says about a login by OAuth.
  public enum OAuthRole: UInt8, Sendable {
    /// A person consents in a browser.
    case interactive
    /// A person logs in to the user interface.
    case userInterface
    /// A system authenticates without a person.
    case system
    /// It is no OAuth flow that the table of sub-types names.
    case unspecified
  }

  /// Value of the API.
  public let apiValue: String
  /// Label in exports.
  public let label: String
  /// Code of the event log file; `nil` when none is documented.
  public let eventLogCode: String?
  /// What it says about OAuth logins.
  public let role: OAuthRole

  /// All documented sub-types.
  public static let all: [LoginSubType] = [
    .init("UsernamePasswordUiLogin", "UI Username-Password", "uiup", .userInterface),
    .init("UiPasswordReset", "UI Password Reset", nil, .userInterface),
    .init("OauthWebServer", "OAuth Web Server", "oauthcode", .interactive),
    .init("OauthHybridWebServer", "OAuth Hybrid Web Server", "oauthhybridauthcode", .interactive),
    .init("OauthUserAgent", "OAuth User-Agent", "oauthtoken", .interactive),
    .init("OauthUserAgentIdToken", "OAuth User-Agent ID Token", "oauthtokenidtoken", .interactive),
    .init("OauthHybridUserAgent", "OAuth Hybrid User-Agent", "oauthhybridtoken", .interactive),
    .init("OauthOtpLogin", "OAuth OTP Login", nil, .interactive),
    .init("OauthRefreshToken", "OAuth Refresh Token", "oauthrefreshtoken", .system),
    .init("OauthHybridRefreshToken", "OAuth Hybrid Refresh Token", nil, .system),
    .init("OauthTokenExchange", "OAuth Token Exchange", nil, .system),
    .init("OauthHybridTokenExchange", "OAuth Hybrid Token Exchange", nil, .system),
    .init("OauthClientCredentials", "OAuth Client Credentials", "oauthclientcredential", .system),
    .init("OauthUsernamePassword", "OAuth Username-Password", "oauthpassword", .system),
    .init("SoapApiLogin", "SOAP API Login", nil, .unspecified),
    .init("SoapApiLoginMobile", "SOAP API Login Mobile", nil, .unspecified),
    .init("SoapApiLoginNetworksPortal", "SOAP API Login Networks Portal", nil, .unspecified),
    .init("SoapApiLoginPortal", "SOAP API Login Portal", nil, .unspecified),
    .init("SoapApiLoginSelfService", "SOAP API Login Self-Service", nil, .unspecified),
    .init(
      "InternalSalesforceAuthentication", "Internal Salesforce Authentication", nil, .unspecified),
  ]

  private init(_ apiValue: String, _ label: String, _ code: String?, _ role: OAuthRole) {
    self.apiValue = apiValue
    self.label = label
    eventLogCode = code
    self.role = role
  }

  private static let byFoldedName: [FoldedText: LoginSubType] = {
    var table: [FoldedText: LoginSubType] = [:]
    for subType in all {
      table[FoldedText(subType.apiValue)] = subType
      table[FoldedText(subType.label)] = subType
      if let code = subType.eventLogCode { table[FoldedText(code)] = subType }
    }
    return table
  }()

  /// The sub-type that `value` names, as API value, label or event-log code.
  ///
  /// - Returns: `nil` when no table knows the value.
  public static func named(_ value: String) -> LoginSubType? { byFoldedName[FoldedText(value)] }
}
