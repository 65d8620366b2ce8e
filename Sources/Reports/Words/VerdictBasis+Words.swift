import Accounts
import Results
import SalesforceExports

extension VerdictState {
  /// Whether a login came with MFA, in a word.
  var answer: String {
    switch self {
    case .proven: "yes"
    case .absent: "no"
    case .unknown: "cannot be told"
    }
  }
}

extension VerdictBasis {
  /// What the exports say of the MFA of one login, in words that stand by themselves.
  ///
  /// - Parameter hasVerifications: Whether a verification export was read.
  func sentence(hasVerifications: Bool) -> String {
    switch self {
    case .verification: "Salesforce recorded a verification by MFA for this login"
    case .verificationNearby:
      "Salesforce recorded a verification by MFA just before or beside this login"
    case .loginEvent: "LoginEvent says that MFA, asked for by its login policy, succeeded"
    case .sessionLevel: "its session has the level High Assurance"
    case .loginType: "the login type is a strong method by itself"
    case .identityProvider: "the identity provider named a method that is MFA"
    case .secondFactor: "a second factor activated the device at this login"
    case .unread: "the verification of this login has a blank or unknown value"
    case .identityOnly: "confirmed by e-mail or text message only"
    case .identityProviderSingle: "the identity provider named weak methods alone"
    case .demanded: "Salesforce asked for MFA; no answer could be joined"
    case .noVerification: "Salesforce recorded no successful verification for this login"
    case .noSource:
      hasVerifications
        ? "verifications say nothing of logins of this type" : "no verification export was given"
    case .notCovered: "outside the time of the verification export"
    case .joinUnproven:
      "the verification export seems to belong to another org, time or set of users"
    case .identityProviderSilent: "single sign-on; the provider did not say"
    case .insideSession: "judged by the login of its session"
    case .oauthConsent: "consent by OAuth, judged by the login of its session"
    }
  }

  /// The same in a few words, for a column; those of one answer begin differently, so that a narrow column
  /// tells them apart.
  ///
  /// - Parameter hasVerifications: Whether a verification export was read.
  func brief(hasVerifications: Bool) -> String {
    switch self {
    case .verification: "verified"
    case .verificationNearby: "nearby verification"
    case .loginEvent: "login policy"
    case .sessionLevel: "High Assurance"
    case .loginType: "strong login type"
    case .identityProvider: "identity provider"
    case .secondFactor: "device activated"
    case .unread: "unclear verification"
    case .identityOnly: "e-mail or text only"
    case .identityProviderSingle: "weak methods alone"
    case .demanded: "asked without answer"
    case .noVerification: "not verified"
    case .noSource: hasVerifications ? "type not covered" : "no export"
    case .notCovered: "outside the export"
    case .joinUnproven: "export does not fit"
    case .identityProviderSilent: "single sign-on"
    case .insideSession: "inside a session"
    case .oauthConsent: "OAuth consent"
    }
  }

  /// The same of a basis as results name it; one that no table knows stands as it is.
  static func sentence(_ name: String, hasVerifications: Bool) -> String {
    VerdictBasis(rawValue: name)?.sentence(hasVerifications: hasVerifications) ?? name
  }
}

extension RunRecord {
  /// Whether a verification export was read.
  var hasVerifications: Bool { inputs.contains { $0.kind == .verificationHistory } }
}
