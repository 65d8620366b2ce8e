/// What came of a login.
enum Outcome: Int, CaseIterable {
  /// The login went through.
  case succeeded
  /// The login was refused.
  case failed
  /// The login was a step on the way.
  case pending
}

/// Login statuses that the generator writes, with their event-log codes.
enum LoginStatus: UInt8, CaseIterable {
  case success, mfaRequired, twoFactorRequired, lightningLoginRequired
  case invalidPassword, passwordLockout, apiOnlyUser, inactive, frozen, rateExceeded
  case restrictedIP, tokenRequired, versionRemoved, accessDisabled, unheardOf

  /// The text in login history exports.
  var label: String {
    switch self {
    case .success: "Success"
    case .mfaRequired: "Multi-factor required"
    case .twoFactorRequired: "Two-factor required"
    case .lightningLoginRequired: "Lightning Login required"
    case .invalidPassword: "Invalid Password"
    case .passwordLockout: "Password lockout"
    case .apiOnlyUser: "Failed: API-only user"
    case .inactive: "User is inactive"
    case .frozen: "User is frozen"
    case .rateExceeded: "Login rate exceeded"
    case .restrictedIP: "Restricted IP"
    case .tokenRequired: "Failed: API security token required"
    case .versionRemoved: "Failed: API Version Removed"
    case .accessDisabled: "Failed: API access disabled"
    case .unheardOf: "Failed: Moon in the wrong phase"
    }
  }

  /// The code in the event log.
  var code: String {
    switch self {
    case .success: "LOGIN_NO_ERROR"
    case .mfaRequired, .twoFactorRequired: "LOGIN_TWOFACTOR_REQ"
    case .lightningLoginRequired: "LOGIN_LIGHTNING_LOGIN"
    case .invalidPassword: "LOGIN_ERROR_INVALID_PASSWORD"
    case .passwordLockout: "LOGIN_ERROR_PASSWORD_LOCKOUT"
    case .apiOnlyUser: "LOGIN_ERROR_USER_API_ONLY"
    case .inactive: "LOGIN_ERROR_USER_INACTIVE"
    case .frozen: "LOGIN_ERROR_USER_FROZEN"
    case .rateExceeded: "LOGIN_ERROR_RATE_EXCEEDED"
    case .restrictedIP: "LOGIN_ERROR_RESTRICTED_DOMAIN"
    case .tokenRequired: "LOGIN_ERROR_MUST_USE_API_TOKEN"
    case .versionRemoved: "LOGIN_ERROR_API_TOO_OLD"
    case .accessDisabled: "LOGIN_OAUTH_API_DISABLED"
    case .unheardOf: "LOGIN_ERROR_MOON_PHASE"
    }
  }

  /// What came of the login.
  var outcome: Outcome {
    switch self {
    case .success: .succeeded
    case .mfaRequired, .twoFactorRequired, .lightningLoginRequired: .pending
    default: .failed
    }
  }
}
