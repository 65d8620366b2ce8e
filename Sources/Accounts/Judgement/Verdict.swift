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
  /// A device was activated by a second factor.
  case secondFactor = "sf_second_factor"
  /// A verification that cannot be read with certainty.
  case unread = "sf_unread"
  /// Identity was confirmed, and that is no MFA.
  case identityOnly = "sf_identity_only"
  /// Weak tokens of the identity provider alone.
  case identityProviderSingle = "idp_amr_single"
  /// Salesforce had demanded MFA just before.
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
  /// Whether a verification says that a method was registered at this login.
  package var registeredMethod = false

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
  /// `nil` where no verification export was given.
  let coverage: VerificationCoverage?
  /// What events of sessions prove; `nil` where no such export was given.
  let sessions: SessionTable?
  /// The end of the enforcement of MFA: a login without MFA after it contradicts the platform.
  let enforcementEnd: Instant?
  /// External users may confirm by text message.
  let isExternal: Bool
  /// What verifications say of the account's rows.
  let verifications: AccountVerifications

  /// The verdict of a successful human login: the first line of RULES.md §2 that applies.
  ///
  /// - Parameters:
  ///   - login: The login.
  ///   - index: Its position among the account's rows.
  ///   - traits: What its shape says.
  ///   - words: What the verdict asks of the shape's texts.
  func verdict(
    of login: LoggedLogin, at index: Int, _ traits: ShapeTraits, _ words: VerdictTraits
  ) -> Verdict {
    let own = verifications.own(index)
    var verdict = verdict(of: login, at: index, own, traits, words)
    verdict.registeredMethod = own.has(.registration)
    return verdict
  }

  private func verdict(
    of login: LoggedLogin, at index: Int, _ own: VerificationProof, _ traits: ShapeTraits,
    _ words: VerdictTraits
  ) -> Verdict {
    let near = verifications.provenNearby(index)
    for (proof, basis, confidence) in [
      (own, VerdictBasis.verification, Confidence.high), (near, .verificationNearby, .medium),
    ] where proof.provesMultiFactor(isExternal: isExternal) {
      var verdict = Verdict(
        .proven, basis, confidence, grade: proof.grade(isExternal: isExternal))
      verdict.usedTemporaryCode = proof.has(.temporaryCode)
      return verdict
    }
    if let sessions, let verdict = Verdict(sessions.proof(of: login.row)) { return verdict }
    if traits.role == .passwordless {
      return Verdict(
        .proven, .loginType, .medium, grade: words.isPasskey ? .phishingResistant : .standard)
    }
    if traits.role == .certificate { return Verdict(.proven, .loginType, .low) }
    if let tokens = words.tokens, tokens >= .standard {
      return Verdict(.proven, .identityProvider, .medium, grade: tokens)
    }
    return withoutProof(login, index, own, traits, words)
  }

  private func withoutProof(
    _ login: LoggedLogin, _ index: Int, _ own: VerificationProof, _ traits: ShapeTraits,
    _ words: VerdictTraits
  ) -> Verdict {
    if own.has(.secondFactor) {
      var verdict = Verdict(.proven, .secondFactor, .medium, grade: own.secondFactorGrade)
      verdict.usedTemporaryCode = own.has(.temporaryCode)
      return verdict
    }
    let said = own.union(verifications.required(index))
    if said.has(.unread) { return Verdict(.unknown, .unread) }
    if said.has(.identityOnly) {
      if traits.role == .directPassword {
        return Verdict(.absent, .identityOnly, .high, grade: .weak)
      }
      // Salesforce asks this of logins whose provider said nothing (SALESFORCE.md 9.1).
      if traits.role == .singleSignOn { return Verdict(.unknown, .identityProviderSilent) }
    }
    if words.tokens == .weak, !words.hasUnknownTokens {
      return Verdict(.absent, .identityProviderSingle, .medium, grade: .weak)
    }
    switch traits.role {
    case .directPassword: return direct(login, index)
    case .singleSignOn: return Verdict(.unknown, .identityProviderSilent)
    case .insideSession: return Verdict(.unknown, .insideSession)
    case .oauth: return Verdict(.unknown, .oauthConsent)
    default: return Verdict(.unknown, .noSource)
    }
  }

  /// A direct login of which no verification says anything.
  private func direct(_ login: LoggedLogin, _ index: Int) -> Verdict {
    if verifications.isDemanded(index) { return Verdict(.unknown, .demanded) }
    guard let coverage else { return Verdict(.unknown, .noSource) }
    if let obstacle = coverage.obstacle(login.row, hasID: !login.row.id.isNone) {
      return Verdict(.unknown, obstacle)
    }
    let isAfterwards = enforcementEnd.map { login.row.time >= $0 } ?? false
    return Verdict(.absent, .noVerification, isAfterwards ? .low : .medium)
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
  /// A number that shapes of the same login type share; 0 for none.
  let type: UInt32

  private init(_ shape: LoginShape, browser: UInt32, type: UInt32) {
    let isSilent = shape.methods.isEmpty && shape.context.isEmpty
    tokens = isSilent ? nil : MethodGrade.ofIdentityProviderTokens(shape.methods, shape.context)
    hasUnknownTokens = !isSilent && MethodGrade.hasUnknownTokens(shape.methods, shape.context)
    isPasskey = shape.type.hasSuffix("Passkeys")
    self.browser = browser
    self.type = type
  }

  /// The traits of all shapes, by code.
  static func ofShapes(_ shapes: [LoginShape]) -> [VerdictTraits] {
    var browsers: [String: UInt32] = ["": 0]
    var types = browsers
    return shapes.map { shape in
      let browser = browsers[shape.browser] ?? UInt32(browsers.count)
      browsers[shape.browser] = browser
      let type = types[shape.type] ?? UInt32(types.count)
      types[shape.type] = type
      return VerdictTraits(shape, browser: browser, type: type)
    }
  }
}
