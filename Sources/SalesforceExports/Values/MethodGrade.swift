/// How strong a proof of identity is (SALESFORCE.md 2.1, 2.4).
public enum MethodGrade: UInt8, Sendable, Comparable, CaseIterable {
  /// Confirms identity and is no MFA: password, e-mail, text message.
  case weak
  /// A second factor whose kind is not known.
  case unknown
  /// MFA that can be phished: one-time codes, push, temporary codes.
  case standard
  /// MFA that cannot be phished: security keys, platform authenticators.
  case phishingResistant

  /// Orders from weak to strong.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// Name in results; empty when not known.
  public var name: String {
    switch self {
    case .weak: "weak"
    case .unknown: ""
    case .standard: "standard"
    case .phishingResistant: "phishing-resistant"
    }
  }

  /// The best grade among the tokens of AMR or ACR values.
  ///
  /// Values come as JSON arrays, lists or URNs that end in a token, in any case; they are cut at
  /// everything that is no letter, digit or underscore (SALESFORCE.md 2.4).
  ///
  /// - Returns: `nil` when no token is known; an unknown token beside weak ones decides nothing.
  public static func ofIdentityProviderTokens(_ texts: String...) -> MethodGrade? {
    var best: MethodGrade?
    for text in texts where !text.isEmpty {
      let tokens = text.split { !($0.isLetter || $0.isWholeNumber || $0 == "_") }
      for token in tokens {
        guard let grade = tokenGrades[token.lowercased()] else { continue }
        best = best.map { max($0, grade) } ?? grade
      }
    }
    return best
  }

  /// Whether AMR or ACR values hold a token that no table knows, URN and list words aside.
  public static func hasUnknownTokens(_ texts: String...) -> Bool {
    texts.contains { text in
      text.split { ",; \t[]\"'".contains($0) }.contains { item in
        let token = item.split { ":/".contains($0) }.last.map { $0.lowercased() } ?? ""
        let words = token.split { !($0.isLetter || $0.isWholeNumber || $0 == "_") }
        return !words.isEmpty && !words.contains { tokenGrades[String($0)] != nil }
      }
    }
  }

  /// Tokens of AMR and ACR values that are known, with their grades, sorted.
  public static var knownTokens: [(token: String, grade: MethodGrade)] {
    tokenGrades.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static let tokenGrades: [String: MethodGrade] = {
    var table: [String: MethodGrade] = [:]
    for token in [
      "cert", "fido", "fido2", "fpt", "hwk", "iris", "pin", "pki", "pop", "retina", "sc",
      "smartcard", "swk", "tlsclient", "user", "vbm", "wia", "x509",
    ] { table[token] = .phishingResistant }
    // `mfa` and `otp` are not in the published table; graded standard as SALESFORCE.md 2.4 says.
    for token in [
      "face", "mobiletwofactorcontract", "multipleauthn", "okta_verify", "passkey", "webauthn",
      "mfa", "otp",
    ] { table[token] = .standard }
    for token in ["pwd", "sms", "tel", "email"] { table[token] = .weak }
    return table
  }()
}
