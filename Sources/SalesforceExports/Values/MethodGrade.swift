/// How strong a proof of identity is (docs/salesforce.md#grades-of-methods).
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
  /// Values come as JSON arrays, lists or URNs that end in a token, in any case; of a URI or URN the
  /// last segment alone is a token (docs/salesforce.md#grades-of-methods). A token with a value that
  /// denies it, such as
  /// `mfa:false`, names nothing.
  ///
  /// - Returns: `nil` when no token is known; an unknown token beside weak ones decides nothing.
  public static func ofIdentityProviderTokens(_ texts: String...) -> MethodGrade? {
    texts.flatMap(tokens).compactMap { tokenGrades[$0] }.max()
  }

  /// Whether AMR or ACR values hold a token that no table knows, URN and list words aside.
  public static func hasUnknownTokens(_ texts: String...) -> Bool {
    texts.flatMap(tokens).contains { tokenGrades[$0] == nil }
  }

  /// The tokens of a list in any of its forms, in lower case; denied ones are left out.
  private static func tokens(_ text: String) -> [String] {
    var plain = text.lowercased().filter { $0 != "\"" && $0 != "'" }
    // `{"mfa": false}` is `mfa:false`.
    while let blank = plain.firstRange(of: ": ") { plain.replaceSubrange(blank, with: ":") }
    return plain.split { ",; \t\r\n[]{}()".contains($0) }.compactMap { item in
      let segments = item.split { ":/#=".contains($0) }
      guard let last = segments.last, !denials.contains(String(last)) else { return nil }
      guard confirmations.contains(String(last)) else { return String(last) }
      return segments.count > 1 ? String(segments[segments.count - 2]) : nil
    }
  }

  private static let confirmations: Set<String> = ["true", "yes", "1"]
  private static let denials: Set<String> = ["false", "no", "0"]

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
    // `mfa` and `otp` are not in the published table; graded standard
    // (docs/salesforce.md#grades-of-methods).
    for token in [
      "face", "mobiletwofactorcontract", "multipleauthn", "okta_verify", "passkey", "webauthn",
      "mfa", "otp",
    ] { table[token] = .standard }
    for token in ["pwd", "sms", "tel", "email"] { table[token] = .weak }
    return table
  }()
}
