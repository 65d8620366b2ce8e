package import SalesforceExports

/// One login row that the judgement must see again.
package struct LoggedLogin: Hashable, Sendable {
  /// Number of the account in its ledger.
  package var account: UInt32
  /// Code of the row's shape in its ledger.
  package var shape: UInt32
  /// The row.
  package var row: RowReference
  /// How the row counts.
  package var disposition: RowDisposition
  /// What verifications that name the login prove, as far as was known when the row was folded.
  package var proof: VerificationProof = []
}
