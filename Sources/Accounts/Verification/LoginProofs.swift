package import SalesforceExports

/// What the verifications of few logins say of them, for the many that they say nothing of.
package struct LoginProofs: Sendable {
  private var proofs: [SalesforceID: VerificationProof] = [:]
  private var first: SalesforceID?
  private var last: SalesforceID?

  /// Holds nothing.
  package init() {}

  /// Adds what a verification says.
  mutating func add(_ login: SalesforceID, _ proof: VerificationProof) {
    proofs[login, default: .none].formUnion(proof)
    first = min(first ?? login, login)
    last = max(last ?? login, login)
  }

  /// What the verifications of a login say together.
  ///
  /// Ids count up, so those of old rows mostly stand before all of them.
  ///
  /// - Complexity: O(1).
  package func proof(of login: SalesforceID) -> VerificationProof {
    guard let first, let last, first <= login, login <= last else { return .none }
    return proofs[login] ?? .none
  }
}
