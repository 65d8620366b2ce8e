/// What a verdict rests on; the names stand in results.
public enum VerdictBasis: String, Sendable, CaseIterable {
  /// A verification with the login's Id.
  case verification = "sf_verification"
  /// A verification of a required row just before, or beside a login without Id.
  case verificationNearby = "sf_verification_nearby"
  /// `LoginEvent` says that a login policy's MFA succeeded.
  case loginEvent = "login_event"
  /// The session has the level of high assurance.
  case sessionLevel = "session_level"
  /// The login type itself.
  case loginType = "login_type"
  /// Strong tokens of the identity provider.
  case identityProvider = "idp_amr"
  /// A device was activated by a second factor.
  case secondFactor = "sf_second_factor"
  /// A verification that cannot be read with certainty.
  case unread = "sf_unread"
  /// Identity was confirmed, and that is no MFA.
  case identityOnly = "sf_identity_only"
  /// Weak tokens of the identity provider alone.
  case identityProviderSingle = "idp_amr_single"
  /// Salesforce had demanded MFA just before, or verified the user for a row that is no login of the run.
  case demanded = "mfa_demanded"
  /// The verification export covers the time and has nothing for the login.
  case noVerification = "sf_no_verification"
  /// No input that would tell.
  case noSource = "no_source"
  /// The verification export does not cover the time.
  case notCovered = "not_covered"
  /// Nothing shows that the verification export belongs to these logins.
  case joinUnproven = "join_unproven"
  /// The identity provider said nothing.
  case identityProviderSilent = "idp_silent"
  /// From inside a session that has its own login.
  case insideSession = "inside_session"
  /// Consent by OAuth in a browser.
  case oauthConsent = "oauth_consent"

  /// Place among all cases.
  var index: Int {
    switch self {
    case .verification: 0
    case .verificationNearby: 1
    case .loginEvent: 2
    case .sessionLevel: 3
    case .loginType: 4
    case .identityProvider: 5
    case .secondFactor: 6
    case .unread: 7
    case .identityOnly: 8
    case .identityProviderSingle: 9
    case .demanded: 10
    case .noVerification: 11
    case .noSource: 12
    case .notCovered: 13
    case .joinUnproven: 14
    case .identityProviderSilent: 15
    case .insideSession: 16
    case .oauthConsent: 17
    }
  }

  /// Compares cases: the standard comparison of raw values is one of their texts.
  public static func == (left: Self, right: Self) -> Bool { left.index == right.index }

  /// Hashes the case.
  public func hash(into hasher: inout Hasher) { hasher.combine(index) }

  /// What would tell, in one sentence; empty for bases that tell.
  public var remedy: String {
    switch self {
    case .noSource:
      "Give the VerificationHistory export of the same time."
    case .unread:
      "Look the verification up (Setup > Identity Verification History): a value of it is blank or in "
        + "no table; export Policy, Activity, VerificationMethod and Status with their API values."
    case .demanded:
      "Salesforce demanded MFA just before: give the VerificationHistory rows of that minute with "
        + "LoginHistoryId, or look them up in Setup > Identity Verification History."
    case .notCovered:
      "Give a VerificationHistory export, not cut by a limit, that reaches over the whole time of the "
        + "logins, or state the range that it covers (coverage in the configuration)."
    case .joinUnproven:
      "Give a VerificationHistory export of the same org and of all users, with LoginHistoryId, and "
        + "a login export with Id."
    case .identityProviderSilent:
      "Ask the identity provider, or let it send AMR or ACR."
    case .insideSession:
      "The login came from inside a session; its own login has the verdict."
    case .oauthConsent:
      "The browser session in which the person consented has its own login; look for it."
    default: ""
    }
  }
}
