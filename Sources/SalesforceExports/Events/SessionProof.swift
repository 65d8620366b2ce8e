/// What events of one login's session say about MFA, as marks that can be united in any order
/// (docs/judgement.md).
///
/// Source of the values: docs/salesforce.md#event-log-files and docs/salesforce.md#real-time-events.
public struct SessionProof: OptionSet, Hashable, Sendable {
  /// The marks as bits.
  public let rawValue: UInt8

  /// Makes a set of its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A login policy demanded MFA and it succeeded: `TwoFASucceeded`, `TwoFAAutomatedSuccess`.
  public static let policySucceeded = SessionProof(rawValue: 1)
  /// `LoginEvent` gives the session the level `HIGH_ASSURANCE`.
  public static let highAssurance = SessionProof(rawValue: 2)
  /// The session had the level `HIGH_ASSURANCE` when it ended.
  public static let highAssuranceAtLogout = SessionProof(rawValue: 4)

  /// Reads the columns of a `LoginEvent`.
  public init(policyOutcome: String, sessionLevel: String) {
    self = []
    if Self.successes.contains(FoldedText(policyOutcome)) { insert(.policySucceeded) }
    if Self.isHighAssurance(sessionLevel) { insert(.highAssurance) }
  }

  /// Reads the columns of a `Logout` line.
  ///
  /// - Parameter sessionType: `SESSION_TYPE`; only sessions of the user interface (`U`) speak about
  ///   a person's login. Blank where the file does not tell: the login's own type then decides.
  public init(logoutLevel level: String, sessionType: String) {
    self = []
    let type = sessionType.trimmed
    guard type.isEmpty || type == "U" || FoldedText(type) == FoldedText("UI") else { return }
    if Self.isHighAssurance(level) { insert(.highAssuranceAtLogout) }
  }

  private static let successes: Set<FoldedText> = [
    FoldedText("TwoFASucceeded"), FoldedText("TwoFAAutomatedSuccess"),
  ]

  /// `10`, `HIGH_ASSURANCE` and `HIGH_ASSURANCE(db=10,api=HIGH_ASSURANCE)`.
  private static func isHighAssurance(_ level: String) -> Bool {
    let name = level.trimmed.prefix { $0 != "(" }
    // Where a column lacks values, some programs write its numbers with a fraction.
    return ["10", "10.0", "10,0"].contains(name) || FoldedText(name) == FoldedText("HIGH_ASSURANCE")
  }
}
