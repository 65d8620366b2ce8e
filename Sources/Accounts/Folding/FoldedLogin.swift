import CByteScan
import SalesforceExports

/// A login row on its way into a ledger: all its codes are known, its account's entries are not.
///
/// 64 bytes, and each lies in one cache line, since every row is written once and read once.
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
  /// Number of its record in the block, while there is one.
  var record: UInt32
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
    precondition(MemoryLayout<FoldedLogin>.stride == 64, "a row is a cache line")
    self.capacity = capacity
    let rowCount = capacity * AccountLedger.partitionCount
    unsafe rows = UnsafeMutableRawPointer.allocate(byteCount: rowCount * 64, alignment: 64)
      .bindMemory(to: FoldedLogin.self, capacity: rowCount)
    unsafe counts = .allocate(capacity: AccountLedger.partitionCount)
    unsafe counts.initialize(repeating: 0, count: AccountLedger.partitionCount)
  }

  /// Gives the memory back.
  func free() {
    unsafe rows.deallocate()
    unsafe counts.deallocate()
  }

  /// Adds a row of a partition, with what its verifications prove; tells whether no further one fits.
  @inline(__always)
  func append(
    _ row: UnsafePointer<FoldedLogin>, _ proof: VerificationProof, to partition: Int
  ) -> Bool {
    let count = unsafe Int(counts[partition])
    let place = unsafe rows + (partition &* capacity &+ count)
    // The line of a later row, which comes when other partitions have had theirs: its write need not wait.
    unsafe byte_scan_prefetch(place + 2)
    // As bytes: a member that was just stored by itself would have to be loaded behind its store.
    unsafe UnsafeMutableRawPointer(place).copyMemory(from: row, byteCount: 64)
    unsafe place.pointee.proof = proof
    unsafe counts[partition] = UInt32(truncatingIfNeeded: count &+ 1)
    return count &+ 1 == capacity
  }

  /// The rows of a partition, which has none afterwards; valid until the next row is added.
  func take(_ partition: Int) -> UnsafeBufferPointer<FoldedLogin> {
    let count = unsafe Int(counts[partition])
    unsafe counts[partition] = 0
    return unsafe UnsafeBufferPointer(start: rows + partition * capacity, count: count)
  }
}
