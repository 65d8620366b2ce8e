import SalesforceExports

/// A login row on its way into a ledger: all its codes are known, its account's entries are not.
struct FoldedLogin {
  /// Whose row it is.
  var user: LedgerUser
  /// Code of its shape in the ledger.
  var shape: UInt32
  /// The row.
  var row: RowReference
  /// What the fold has to know of the shape.
  var kind: AccountLedger.ShapeKind
  /// Part of the user's hash; see ``LedgerUser/tag``.
  var tag: UInt32
  /// What verifications that name the login prove.
  var proof: VerificationProof
  /// How the row counts.
  var disposition: RowDisposition
}

/// The rows that a worker has for each partition of the ledger, until they are enough to be worth the
/// way: the accounts of a partition fit the core's own cache, those of the ledger do not.
@safe
struct FoldedLogins {
  /// Rows of one partition at most.
  let capacity: Int
  private let rows: UnsafeMutablePointer<FoldedLogin>
  private let counts: UnsafeMutablePointer<UInt32>

  /// Makes room for `capacity` rows of each partition.
  init(capacity: Int) {
    self.capacity = capacity
    unsafe rows = .allocate(capacity: capacity * AccountLedger.partitionCount)
    unsafe counts = .allocate(capacity: AccountLedger.partitionCount)
    unsafe counts.initialize(repeating: 0, count: AccountLedger.partitionCount)
  }

  /// Gives the memory back.
  func free() {
    unsafe rows.deallocate()
    unsafe counts.deallocate()
  }

  /// Adds a row of a partition; tells whether no further one fits.
  @inline(__always)
  func append(_ row: FoldedLogin, to partition: Int) -> Bool {
    let count = unsafe Int(counts[partition])
    unsafe (rows + partition * capacity + count).initialize(to: row)
    unsafe counts[partition] = UInt32(truncatingIfNeeded: count + 1)
    return count + 1 == capacity
  }

  /// The rows of a partition, which has none afterwards; valid until the next row is added.
  func take(_ partition: Int) -> UnsafeBufferPointer<FoldedLogin> {
    let count = unsafe Int(counts[partition])
    unsafe counts[partition] = 0
    return unsafe UnsafeBufferPointer(start: rows + partition * capacity, count: count)
  }
}
