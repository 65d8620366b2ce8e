package import SalesforceExports

/// What the rows of an earlier run are in this one: their files have other numbers, and more
/// verifications may be known of them.
package struct LedgerRelocation: Sendable {
  private let files: [UInt32]
  private let proofOfLogin: @Sendable (SalesforceID) -> VerificationProof

  /// Makes a relocation.
  ///
  /// - Parameters:
  ///   - files: Number in this run of each file of the earlier one.
  ///   - proof: What verifications of this run say of a login; those that the earlier run had need not,
  ///     since its rows have kept it.
  package init(
    files: [UInt32], proof: @escaping @Sendable (SalesforceID) -> VerificationProof
  ) {
    self.files = files
    proofOfLogin = proof
  }

  /// The number that a file has in this run.
  package func file(_ number: UInt32) -> UInt32 {
    Int(number) < files.count ? files[Int(number)] : number
  }

  func move(_ row: inout RowReference) {
    row = RowReference(
      time: row.time, id: row.id, address: row.address, file: file(row.file), line: row.line)
  }

  func proof(of login: SalesforceID) -> VerificationProof {
    proofOfLogin(login)
  }
}
