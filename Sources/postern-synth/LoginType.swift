/// The door of a login, as the generator knows it.
enum Door: Int, CaseIterable {
  /// A person at a user interface.
  case human
  /// A program.
  case api
  /// The row does not say.
  case unclassified
}

/// Login types that the generator writes, with their event-log codes.
enum LoginType: UInt8, CaseIterable {
  case application, lightningLogin, passkey, samlServiceProvider, samlIdentityProvider
  case thirdPartySSO, certificate, employeeToCommunity, appExchange, helpAndTraining
  case chatterCommunity, partnerPortal
  case otherApexAPI, partnerProduct, remoteAccess, remoteAccessClient
  case offlineClient, crossTenant, outlookIntegration, unheardOf

  /// The text in login history exports.
  var label: String {
    switch self {
    case .application: "Application"
    case .lightningLogin: "Lightning Login"
    case .passkey: "Passwordless Login via Passkeys"
    case .samlServiceProvider: "SAML Sfdc Initiated SSO"
    case .samlIdentityProvider: "SAML Idp Initiated SSO"
    case .thirdPartySSO: "Third Party SSO"
    case .certificate: "Certificate-based login"
    case .employeeToCommunity: "Employee Login to Community"
    case .appExchange: "AppExchange"
    case .helpAndTraining: "Help and Training"
    case .chatterCommunity: "Chatter Communities External User"
    case .partnerPortal: "Partner Portal"
    case .otherApexAPI: "Other Apex API"
    case .partnerProduct: "Partner Product"
    case .remoteAccess: "Remote Access 2.0"
    case .remoteAccessClient: "Remote Access Client"
    case .offlineClient: "Offline Client"
    case .crossTenant: "Cross Tenant Login"
    case .outlookIntegration: "Salesforce Outlook Integration"
    case .unheardOf: "Quantum Portal"
    }
  }

  /// The code in the event log; empty where none is known.
  var code: String {
    switch self {
    case .application: "A"
    case .lightningLogin: "z"
    case .samlServiceProvider: "8"
    case .samlIdentityProvider: "5"
    case .thirdPartySSO: "j"
    case .certificate: "s"
    case .employeeToCommunity: "r"
    case .appExchange: "7"
    case .chatterCommunity: "k"
    case .partnerPortal: "9"
    case .otherApexAPI: "I"
    case .partnerProduct: "R"
    case .remoteAccess: "i"
    case .remoteAccessClient: "6"
    case .crossTenant: "x"
    case .passkey, .helpAndTraining, .offlineClient, .outlookIntegration: ""
    case .unheardOf: "?"
    }
  }

  /// The address that the event log shows for it.
  var path: String {
    switch self {
    case .remoteAccess, .remoteAccessClient: "/services/oauth2/token"
    case .partnerProduct, .otherApexAPI: "/services/Soap/u/58.0"
    case .offlineClient, .crossTenant, .outlookIntegration, .unheardOf: ""
    default: "/index.jsp"
    }
  }

  /// The door that this type and sub-type lead through.
  func door(subType: LoginSubType) -> Door {
    switch self {
    case .otherApexAPI, .partnerProduct: .api
    case .remoteAccess, .remoteAccessClient: subType.isInteractive ? .human : .api
    case .offlineClient, .crossTenant, .outlookIntegration, .unheardOf: .unclassified
    default: .human
    }
  }
}

/// Login sub-types that the generator writes.
enum LoginSubType: UInt8, CaseIterable {
  case none, passwordUI, passwordReset, webServer, userAgent
  case refreshToken, clientCredentials, usernamePassword, tokenExchange, soapLogin, unheardOf

  /// The text in login history exports.
  var label: String {
    switch self {
    case .none: ""
    case .passwordUI: "UI Username-Password"
    case .passwordReset: "UI Password Reset"
    case .webServer: "OAuth Web Server"
    case .userAgent: "OAuth User-Agent"
    case .refreshToken: "OAuth Refresh Token"
    case .clientCredentials: "OAuth Client Credentials"
    case .usernamePassword: "OAuth Username-Password"
    case .tokenExchange: "OAuth Token Exchange"
    case .soapLogin: "SOAP API Login"
    case .unheardOf: "OAuth Hologram"
    }
  }

  /// The code in the event log; empty where none is known.
  var code: String {
    switch self {
    case .passwordUI: "uiup"
    case .webServer: "oauthcode"
    case .userAgent: "oauthtoken"
    case .refreshToken: "oauthrefreshtoken"
    case .clientCredentials: "oauthclientcredential"
    case .usernamePassword: "oauthpassword"
    case .none, .passwordReset, .tokenExchange, .soapLogin: ""
    case .unheardOf: "oauthhologram"
    }
  }

  /// Whether a person agreed in a browser.
  var isInteractive: Bool { self == .webServer || self == .userAgent }

  /// Whether it leaves open what a Remote Access login was.
  var isUnknown: Bool { self == .none || self == .unheardOf }
}
