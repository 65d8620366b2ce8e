/// How a person proved who they are, as the generator decided it.
enum Proof: UInt8 {
  /// Not at all beyond the password, or nothing that an export would show.
  case none
  /// Multi-factor, joined to the successful row.
  case joined
  /// Multi-factor, joined to the `Multi-factor required` row before it.
  case joinedToRequired
  /// A code by e-mail for a new device.
  case identityByEmail
  /// A code by text message.
  case identityBySMS
  /// A failed second factor; the login went on without.
  case failedFactor
}

/// Why a successful human login counts as with, without or of unknown MFA.
enum Basis: Int, CaseIterable {
  case sfVerification, sfVerificationNearby, loginType, idpAMR
  case sfIdentityOnly, idpAMRSingle, sfNoVerification
  case noSource, notCovered, joinUnproven, idpSilent, insideSession, oauthConsent
  case loginEvent, sessionLevel, mfaDemanded

  /// The name in the truth file.
  var name: String {
    switch self {
    case .sfVerification: "sf_verification"
    case .sfVerificationNearby: "sf_verification_nearby"
    case .loginType: "login_type"
    case .idpAMR: "idp_amr"
    case .sfIdentityOnly: "sf_identity_only"
    case .idpAMRSingle: "idp_amr_single"
    case .sfNoVerification: "sf_no_verification"
    case .noSource: "no_source"
    case .notCovered: "not_covered"
    case .joinUnproven: "join_unproven"
    case .idpSilent: "idp_silent"
    case .insideSession: "inside_session"
    case .oauthConsent: "oauth_consent"
    case .loginEvent: "login_event"
    case .sessionLevel: "session_level"
    case .mfaDemanded: "mfa_demanded"
    }
  }

  /// The verdict that follows from it.
  var verdict: MFAVerdict {
    switch self {
    case .sfVerification, .sfVerificationNearby, .loginEvent, .sessionLevel, .loginType, .idpAMR:
      .proven
    case .sfIdentityOnly, .idpAMRSingle, .sfNoVerification: .absent
    default: .unknown
    }
  }
}

/// Whether a successful human login was with MFA.
enum MFAVerdict: String, CaseIterable {
  case proven, absent, unknown
}

/// What an identity provider said about its own check.
enum ProviderWord: UInt8, CaseIterable {
  case silent, hardwareKey, list, oktaVerify, password, passwordAndSMS, certificateContext

  /// The `AuthMethodReference` text.
  var methods: String {
    switch self {
    case .silent, .certificateContext: ""
    case .hardwareKey: "hwk"
    case .list: "[\"pwd\",\"fido\"]"
    case .oktaVerify: "okta_verify"
    case .password: "pwd"
    case .passwordAndSMS: "pwd sms"
    }
  }

  /// The `AuthContextClassRef` text.
  var context: String {
    self == .certificateContext ? "urn:oasis:names:tc:SAML:2.0:ac:classes:X509" : ""
  }

  /// What it proves.
  var basis: Basis {
    switch self {
    case .silent: .idpSilent
    case .hardwareKey, .list, .oktaVerify, .certificateContext: .idpAMR
    case .password, .passwordAndSMS: .idpAMRSingle
    }
  }
}

/// API dialects of a login.
enum APIType: UInt8, CaseIterable {
  case none, soapPartner, soapEnterprise, rest

  /// The text in login history exports.
  var label: String {
    switch self {
    case .none: "N/A"
    case .soapPartner: "SOAP Partner"
    case .soapEnterprise: "SOAP Enterprise"
    case .rest: "REST API"
    }
  }

  /// The code in the event log.
  var code: String {
    switch self {
    case .none, .rest: ""
    case .soapPartner: "P"
    case .soapEnterprise: "E"
    }
  }
}

/// One login, before it takes the form of a file's row.
struct LoginRow {
  /// When.
  var time: EpochSeconds
  /// Index of the account in the organisation.
  var account: Int
  /// Counter behind the login's id; set when the row leaves the stream.
  var number: UInt64 = 0
  /// Login type.
  var type: LoginType
  /// Login sub-type.
  var subType: LoginSubType = .none
  /// Login status.
  var status: LoginStatus = .success
  /// Index into ``Vocabulary/addresses``.
  var address: Int
  /// Index into ``Vocabulary/applications``.
  var application: Int
  /// Index into ``Vocabulary/browsers``.
  var browser: Int
  /// API dialect.
  var apiType: APIType = .none
  /// API version in whole numbers; 0 for none.
  var apiVersion: Int = 0
  /// What the identity provider said.
  var word: ProviderWord = .silent
  /// How the person proved who they are.
  var proof: Proof = .none
  /// The login number of the `Multi-factor required` row before it.
  var requiredNumber: UInt64 = 0
  /// Whether the client spoke TLS 1.0.
  var hasOldTLS = false
  /// Verdict basis; nil unless a human login succeeded.
  var basis: Basis?

  /// Whether the person really used more than one factor, whatever an export shows of it; nil where
  /// another system did the checking, and for rows that are no successful human login.
  var usedMFA: Bool? {
    guard basis != nil else { return nil }
    switch type {
    case .application, .chatterCommunity, .partnerPortal:
      return proof == .joined || proof == .joinedToRequired
    case .lightningLogin, .passkey, .certificate: return true
    case .samlServiceProvider, .samlIdentityProvider, .thirdPartySSO:
      return word == .silent ? nil : word.basis == .idpAMR
    default: return nil
    }
  }

  /// The door the row goes through.
  var door: Door { type.door(subType: subType) }
}
