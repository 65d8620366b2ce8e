import Platform
package import SalesforceExports

/// Whether a successful human login is known to have used MFA (docs/judgement.md).
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

  /// Compares cases: the standard comparison of raw values is one of their texts.
  public static func == (left: Self, right: Self) -> Bool { left.index == right.index }

  /// Hashes the case.
  public func hash(into hasher: inout Hasher) { hasher.combine(index) }
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
  /// (docs/salesforce.md#real-time-events).
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

/// Decides on the logins of account after account.
struct VerdictJudge {
  /// `nil` where no verification export was given.
  let coverage: VerificationCoverage?
  /// What events of sessions prove; `nil` where no such export was given.
  let sessions: SessionTable?
  /// The end of the enforcement of MFA: a login without MFA after it contradicts the platform.
  let enforcementEnd: Instant?
  /// External users may confirm by text message.
  var isExternal = false
  /// What verifications say of the account's rows.
  var verifications: AccountVerifications

  /// The verdict of a successful human login: the first line of the table of verdicts
  /// that applies (`postern rules mapping`).
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
    // Some proof may not have joined its login.
    if verdict.state == .absent, coverage?.hasLostCase == true {
      verdict = Verdict(.unknown, .joinUnproven)
    }
    verdict.registeredMethod = own.has(.registration)
    return verdict
  }

  private func verdict(
    of login: LoggedLogin, at index: Int, _ own: VerificationProof, _ traits: ShapeTraits,
    _ words: VerdictTraits
  ) -> Verdict {
    if let verdict = proven(by: own, .verification, .high)
      ?? proven(by: verifications.provenNearby(index), .verificationNearby, .medium)
    {
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

  /// The verdict of a verification that proves MFA; `nil` for one that does not.
  private func proven(
    by proof: VerificationProof, _ basis: VerdictBasis, _ confidence: Confidence
  ) -> Verdict? {
    guard proof.provesMultiFactor(isExternal: isExternal) else { return nil }
    var verdict = Verdict(.proven, basis, confidence, grade: proof.grade(isExternal: isExternal))
    verdict.usedTemporaryCode = proof.has(.temporaryCode)
    return verdict
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
        if verifications.isVerifiedElsewhere(index) { return Verdict(.unknown, .demanded) }
        return Verdict(.absent, .identityOnly, .high, grade: .weak)
      }
      // Salesforce asks this of logins whose provider said nothing
      // (docs/salesforce.md#identity-verification).
      if traits.role == .singleSignOn { return Verdict(.unknown, .identityProviderSilent) }
    }
    if words.tokens == .weak, !words.hasUnknownTokens {
      // Salesforce itself may have asked, and been answered.
      if verifications.isDemandedAlike(index) { return Verdict(.unknown, .demanded) }
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
    if let obstacle = coverage.obstacle(
      login.row, of: verifications.user, hasID: !login.row.id.isNone)
    {
      return Verdict(.unknown, obstacle)
    }
    let isAfterwards = enforcementEnd.map { login.row.time >= $0 } ?? false
    return Verdict(.absent, .noVerification, isAfterwards || coverage.hasRejects ? .low : .medium)
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

  /// What an identity provider said, in the texts of two columns.
  private struct Statement: Hashable {
    let methods: ExactText
    let context: ExactText
  }

  private init(
    isPasskey: Bool, browser: UInt32, type: UInt32,
    _ statement: (tokens: MethodGrade?, hasUnknownTokens: Bool)?
  ) {
    tokens = statement?.tokens
    hasUnknownTokens = statement?.hasUnknownTokens ?? false
    self.isPasskey = isPasskey
    self.browser = browser
    self.type = type
  }

  /// The traits of all shapes, by code.
  ///
  /// - Parameter columns: Texts of these shapes.
  static func ofShapes(_ shapes: [LoginShape], _ columns: ShapeColumns) -> [VerdictTraits] {
    let arePasskeys = columns.type.texts.map { $0.hasSuffix("Passkeys") }
    // Providers say one of a few things, and to read it takes longest.
    var statements: [Statement: (tokens: MethodGrade?, hasUnknownTokens: Bool)] = [:]
    func statement(
      of shape: LoginShape
    ) -> (tokens: MethodGrade?, hasUnknownTokens: Bool)? {
      if shape.methods.isEmpty && shape.context.isEmpty { return nil }
      let said = Statement(methods: ExactText(shape.methods), context: ExactText(shape.context))
      let statement =
        statements[said]
        ?? (
          MethodGrade.ofIdentityProviderTokens(shape.methods, shape.context),
          MethodGrade.hasUnknownTokens(shape.methods, shape.context)
        )
      statements[said] = statement
      return statement
    }
    return shapes.indices.map { code in
      let type = columns.type.numbers[code]
      return VerdictTraits(
        isPasskey: arePasskeys[Int(type)], browser: columns.browser.numbers[code], type: type,
        statement(of: shapes[code]))
    }
  }
}
