package import SalesforceExports

/// Whether a successful human login is known to have used MFA (RULES.md §2).
public enum VerdictState: String, Sendable, CaseIterable {
  case proven
  case absent
  case unknown

  /// Place among all cases.
  var index: Int {
    switch self {
    case .proven: 0
    case .absent: 1
    case .unknown: 2
    }
  }
}

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
  /// Identity was confirmed, and that is no MFA.
  case identityOnly = "sf_identity_only"
  /// Weak tokens of the identity provider alone.
  case identityProviderSingle = "idp_amr_single"
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
    case .identityOnly: 6
    case .identityProviderSingle: 7
    case .noVerification: 8
    case .noSource: 9
    case .notCovered: 10
    case .joinUnproven: 11
    case .identityProviderSilent: 12
    case .insideSession: 13
    case .oauthConsent: 14
    }
  }

  /// What would tell, in one sentence; empty for bases that tell.
  public var remedy: String {
    switch self {
    case .noSource:
      "Give the VerificationHistory export of the same time."
    case .notCovered:
      "Give a VerificationHistory export that reaches over the whole time of the logins."
    case .joinUnproven:
      "Give an unfiltered VerificationHistory export of the same org, with LoginHistoryId, and a "
        + "login export with Id."
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

/// The MFA verdict of one successful human login.
package struct Verdict: Hashable, Sendable {
  /// What is known.
  package var state: VerdictState
  /// What it rests on.
  package var basis: VerdictBasis
  /// How sure it is; `nil` for unknown.
  package var confidence: Confidence?
  /// How strong the method was.
  package var grade: MethodGrade
  /// Whether a temporary verification code was used.
  package var usedTemporaryCode = false

  /// Makes a verdict.
  package init(
    _ state: VerdictState, _ basis: VerdictBasis, _ confidence: Confidence? = nil,
    grade: MethodGrade = .unknown
  ) {
    self.state = state
    self.basis = basis
    self.confidence = confidence
    self.grade = grade
  }
}

extension Verdict {
  /// The verdict that events of a login's session give; `nil` when they prove nothing.
  ///
  /// The level of the session is a weak word: an org may map weaker logins to high assurance
  /// (SALESFORCE.md 2.2).
  init?(_ proof: SessionProof) {
    if proof.contains(.policySucceeded) {
      self.init(.proven, .loginEvent, .high)
    } else if !proof.isEmpty {
      self.init(.proven, .sessionLevel, .low)
    } else {
      return nil
    }
  }
}

/// Decides on the logins of one account.
struct VerdictJudge {
  let verifications: VerificationTable?
  /// What events of sessions prove; `nil` where no such export was given.
  let sessions: SessionTable?
  /// Logins of the run that a verification names; two are as good as many.
  let joinedLogins: Set<SalesforceID>
  let statedCoverage: (@Sendable (Instant) -> Bool)?

  /// Largest distance between two verifications that cover what lies between.
  static let coverageGapMilliseconds: Int64 = 7 * Instant.dayMilliseconds
  /// Largest distance from a required row to the success it led to.
  static let nearbyMilliseconds: Int64 = 600_000
  /// Largest distance of a verification from a login without Id.
  static let placeMilliseconds: Int64 = 120_000

  /// The verdict of a successful human login.
  ///
  /// - Parameters:
  ///   - login: The login.
  ///   - traits: What its shape says.
  ///   - words: What the verdict asks of the shape's texts.
  ///   - user: The account's id, where it has one.
  ///   - isExternal: External users may confirm by text message.
  ///   - nearby: What verifications of required rows just before prove.
  ///   - address: Gives the login's canonical address.
  func verdict(
    of login: LoggedLogin, _ traits: ShapeTraits, _ words: VerdictTraits, user: SalesforceID?,
    isExternal: Bool, nearby: VerificationProof, address: () -> String
  ) -> Verdict {
    let joined = login.proof
    if joined.provesMultiFactor(isExternal: isExternal) {
      var verdict = Verdict(
        .proven, .verification, .high, grade: joined.grade(isExternal: isExternal))
      verdict.usedTemporaryCode = joined.contains(.temporaryCode)
      return verdict
    }
    var near = nearby
    if login.row.id.isNone, login.row.address != 0, let user, let verifications,
      verifications.keepsPlaces
    {
      near.formUnion(
        verifications.proof(
          user: user, address: address(), near: login.row.time, within: Self.placeMilliseconds))
    }
    if near.provesMultiFactor(isExternal: isExternal) {
      var verdict = Verdict(
        .proven, .verificationNearby, .medium, grade: near.grade(isExternal: isExternal))
      verdict.usedTemporaryCode = near.contains(.temporaryCode)
      return verdict
    }
    if let sessions, let verdict = Verdict(sessions.proof(of: login.row)) { return verdict }
    if traits.role == .passwordless {
      return Verdict(
        .proven, .loginType, .medium, grade: words.isPasskey ? .phishingResistant : .standard)
    }
    if traits.role == .certificate { return Verdict(.proven, .loginType, .low) }
    let tokens = words.tokens
    if let tokens, tokens >= .standard {
      return Verdict(.proven, .identityProvider, .medium, grade: tokens)
    }
    if joined.contains(.identityOnly) {
      return Verdict(.absent, .identityOnly, .high, grade: .weak)
    }
    if tokens == .weak, !words.hasUnknownTokens {
      return Verdict(.absent, .identityProviderSingle, .medium, grade: .weak)
    }
    return undecided(login, traits)
  }

  private func undecided(_ login: LoggedLogin, _ traits: ShapeTraits) -> Verdict {
    switch traits.role {
    case .directPassword: return withoutVerification(login)
    case .singleSignOn: return Verdict(.unknown, .identityProviderSilent)
    case .insideSession: return Verdict(.unknown, .insideSession)
    case .oauth: return Verdict(.unknown, .oauthConsent)
    default: return Verdict(.unknown, .noSource)
    }
  }

  /// A direct login for which no verification is known.
  private func withoutVerification(_ login: LoggedLogin) -> Verdict {
    guard let verifications else { return Verdict(.unknown, .noSource) }
    guard joinedLogins.contains(where: { $0 != login.row.id }), verifications.hasSeveralUsers else {
      return Verdict(.unknown, .joinUnproven)
    }
    let isCovered =
      statedCoverage?(login.row.time) == true
      || verifications.surrounds(login.row.time, within: Self.coverageGapMilliseconds)
    return isCovered
      ? Verdict(.absent, .noVerification, .medium) : Verdict(.unknown, .notCovered)
  }
}

/// What verdicts ask of a shape's texts, decided once per shape.
struct VerdictTraits: Sendable {
  /// What the identity provider's tokens are worth; `nil` when it sent none.
  let tokens: MethodGrade?
  /// Whether the provider sent tokens that no table knows: they could be strong.
  let hasUnknownTokens: Bool
  /// Whether the login type is that of passkeys.
  let isPasskey: Bool
  /// A number that shapes of the same browser share; 0 for none.
  let browser: UInt32

  private init(_ shape: LoginShape, browser: UInt32) {
    let isSilent = shape.methods.isEmpty && shape.context.isEmpty
    tokens = isSilent ? nil : MethodGrade.ofIdentityProviderTokens(shape.methods, shape.context)
    hasUnknownTokens = !isSilent && MethodGrade.hasUnknownTokens(shape.methods, shape.context)
    isPasskey = shape.type.hasSuffix("Passkeys")
    self.browser = browser
  }

  /// The traits of all shapes, by code.
  static func ofShapes(_ shapes: [LoginShape]) -> [VerdictTraits] {
    var browsers: [String: UInt32] = ["": 0]
    return shapes.map { shape in
      let number = browsers[shape.browser] ?? UInt32(browsers.count)
      browsers[shape.browser] = number
      return VerdictTraits(shape, browser: number)
    }
  }
}
