extension VerdictBasis {
  /// What a verdict with this basis says.
  package var state: VerdictState {
    switch self {
    case .verification, .verificationNearby, .loginEvent, .sessionLevel, .loginType,
      .identityProvider, .secondFactor:
      .proven
    case .identityOnly, .identityProviderSingle, .noVerification: .absent
    case .unread, .demanded, .noSource, .notCovered, .joinUnproven, .identityProviderSilent,
      .insideSession, .oauthConsent:
      .unknown
    }
  }

  /// What is seen, in one sentence.
  package var seen: String {
    switch self {
    case .verification:
      "a verification that names the login, under a policy of MFA, by a method that is MFA"
    case .verificationNearby:
      "such a verification of the required row just before, or beside a login without Id"
    case .loginEvent: "LoginEvent names the login, and its policy demanded MFA that succeeded"
    case .sessionLevel:
      "the login's session has the level HIGH_ASSURANCE, by LoginEvent or the event log Logout"
    case .loginType: "a login type that is a strong method by itself"
    case .identityProvider: "the identity provider names a method that is MFA (AMR or ACR)"
    case .secondFactor:
      "a verification that names the login and activated a device by a second factor"
    case .unread:
      "a verification that names the login, or its required row, with a value that is blank or in no "
        + "table, of a step-up at the login, or in a row that could not be read: it may have been MFA"
    case .demanded:
      "just after Salesforce had demanded MFA of the user, or verified the user in answer to a row that is "
        + "no login or is not in the exports: a direct login, or one whose identity provider names weak methods alone"
    case .identityOnly:
      "a direct login, and verifications that only confirm identity: that is no MFA"
    case .identityProviderSingle: "the identity provider names weak methods alone"
    case .noVerification:
      "a direct login without a verification, and the verification export covers its time"
    case .noSource: "nothing that would tell: no verification export, or a type of its own"
    case .notCovered: "a direct login that the verification export does not cover"
    case .joinUnproven:
      "a direct login, and nothing shows that the verification export belongs to these logins"
    case .identityProviderSilent: "single sign-on, and the identity provider says nothing"
    case .insideSession: "from inside a session, which has its own login"
    case .oauthConsent: "consent in a browser, whose session has its own login"
    }
  }
}
