import SalesforceExports

/// A row of a block while ``LoginFold`` has it: what goes into the ledger, as far as it is known, and what
/// the rest follows from.
struct FoldRow {
  /// The row; its shape, kind, address and proof come last.
  var login: FoldedLogin
  /// The address field, where it has up to 15 bytes.
  var address: RawAddress
  /// Hash of ``address``.
  var addressHash: UInt32
  /// What stands for the address in every run, where its code is known already.
  var addressIdentity: UInt32
  /// Fingerprint of the tuple of low-cardinality columns.
  var fingerprint: UInt32
  /// Place of the tuple that the fingerprint points to; 0 for none.
  var tuple: UInt32
  /// A hash of what the row says about time, user, type, status and address; never 0 once it is known.
  var content: UInt64
}

extension FoldRow: IdentifiedRow {
  /// Id of the login.
  @inline(__always)
  var id: SalesforceID { login.row.id }

  /// How the row counts.
  @inline(__always)
  var disposition: RowDisposition {
    get { login.disposition }
    set { login.disposition = newValue }
  }
}
