import Glibc
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

/// Logged rows, packed to about 16 bytes each, in buckets by account.
///
/// Whatever needs to be seen row by row (human logins and failed ones) is a small part of a
/// history. A row is written once, as differences to the row before it in its bucket, and read once,
/// with all rows of the bucket. Merging ledgers moves no row: the other ledger's log is kept as a
/// further segment, with the numbers that its codes have here.
///
/// A packed row, lowest bits of the control first; a length of 7 stands for 8 bytes:
///
/// ```
/// control, 3 bytes │ account 2 bits, shape 2, address 2 (bytes − 1) · time 3, place 3, id 3 (bytes)
///                  │ proof 2 (bytes) · disposition 2 · id 2 (none, same upper half, other) · seconds 1
/// then             │ account, shape, address, time, place, [upper half of id, 8], id, proof
/// ```
// Unchecked: one thread at a time writes a bucket, and reading, which changes nothing, comes after.
@safe
final class LoginLog: @unchecked Sendable {
  /// Buckets of a ledger's log; an account's bucket follows from its key.
  static let ledgerBucketCount = 256

  @safe
  private struct Bucket {
    var bytes: UnsafeMutablePointer<UInt8>?
    var byteCount = 0
    var capacity = 0
    var rowCount = 0
    var time: Int64 = 0
    /// The earliest and the latest time of a row.
    var first = Int64.max
    var last = Int64.min
    var place: UInt64 = 0
    var idHigh: UInt64 = 0
    var idLow: UInt32 = 0
  }

  /// What the codes of a segment's rows are in the ledger that holds the log.
  struct Translation: Sendable {
    var accounts: [UInt32]
    var shapes: [UInt32]
    var addresses: [UInt32]
    /// What rows of another run are here, and what the fold knew of their shapes.
    var relocation: LedgerRelocation?
    var kinds: [AccountLedger.ShapeKind] = []
  }

  private struct Segment {
    let log: LoginLog
    let translation: Translation
  }

  private let buckets: UnsafeMutablePointer<Bucket>
  /// Number of buckets.
  let bucketCount: Int
  private var segments: [Segment] = []

  init(bucketCount: Int = ledgerBucketCount) {
    self.bucketCount = bucketCount
    unsafe buckets = .allocate(capacity: bucketCount)
    unsafe buckets.initialize(repeating: Bucket(bytes: nil), count: bucketCount)
  }

  deinit {
    for bucket in 0..<bucketCount { unsafe Glibc.free(buckets[bucket].bytes) }
    unsafe buckets.deallocate()
  }

  /// Number of rows.
  var count: Int {
    segments.reduce((0..<bucketCount).reduce(0) { unsafe $0 + buckets[$1].rowCount }) {
      $0 + $1.log.count
    }
  }

  /// Number of rows of one bucket.
  func count(inBucket bucket: Int) -> Int {
    segments.reduce(unsafe buckets[bucket].rowCount) { $0 + $1.log.count(inBucket: bucket) }
  }

  /// Times of the earliest and latest row; `nil` without rows.
  var span: ClosedRange<Instant>? {
    var (first, last) = (Int64.max, Int64.min)
    for bucket in 0..<bucketCount {
      first = unsafe min(first, buckets[bucket].first)
      last = unsafe max(last, buckets[bucket].last)
    }
    for segment in segments {
      guard let span = segment.log.span else { continue }
      first = min(first, span.lowerBound.milliseconds)
      last = max(last, span.upperBound.milliseconds)
    }
    return first > last ? nil : Instant(milliseconds: first)...Instant(milliseconds: last)
  }

  /// Adds the rows of another log, whose codes are translated when they are read.
  func add(_ other: LoginLog, _ translation: Translation) {
    segments.append(Segment(log: other, translation: translation))
  }

  // MARK: Writing

  /// Bytes that a row takes at the most, and that a write may touch.
  private static let largestRow = 72

  /// Adds a row to a bucket.
  ///
  /// - Complexity: O(1) amortised.
  @inline(__always)
  func append(_ login: LoggedLogin, toBucket number: Int) {
    let bucket = unsafe buckets + number
    if unsafe bucket.pointee.byteCount + Self.largestRow > bucket.pointee.capacity {
      unsafe Self.grow(bucket)
    }
    let start = unsafe UnsafeMutableRawPointer(
      bucket.pointee.bytes.unsafelyUnwrapped + bucket.pointee.byteCount)
    var position = 3
    var control: UInt32 = 0
    @inline(__always) func short(_ value: UInt32, _ shift: UInt32) {
      let count = (39 - (value | 1).leadingZeroBitCount) >> 3
      unsafe (start + position).storeBytes(of: value, as: UInt32.self)
      control |= UInt32(count - 1) << shift
      position += count
    }
    @inline(__always) func long(_ difference: Int64, _ shift: UInt32) {
      let value = UInt64(bitPattern: (difference << 1) ^ (difference >> 63))
      var count = (71 - value.leadingZeroBitCount) >> 3
      if count >= 7 { count = 8 }
      unsafe (start + position).storeBytes(of: value, as: UInt64.self)
      control |= UInt32(min(count, 7)) << shift
      position += count
    }
    short(login.account, 0)
    short(login.shape, 2)
    short(login.row.address, 4)
    var difference = unsafe login.row.time.milliseconds &- bucket.pointee.time
    // Most exports have whole seconds.
    let seconds = difference / 1_000
    if seconds &* 1_000 == difference {
      difference = seconds
      control |= 1 << 21
    }
    long(difference, 6)
    unsafe long(Int64(bitPattern: login.row.place &- bucket.pointee.place), 9)
    if login.row.id != .none {
      if unsafe login.row.id.high == bucket.pointee.idHigh {
        control |= 1 << 19
      } else {
        control |= 2 << 19
        unsafe (start + position).storeBytes(of: login.row.id.high, as: UInt64.self)
        position += 8
      }
      unsafe long(Int64(login.row.id.low) - Int64(bucket.pointee.idLow), 12)
      unsafe bucket.pointee.idHigh = login.row.id.high
      unsafe bucket.pointee.idLow = login.row.id.low
    }
    if login.proof.rawValue != 0 {
      unsafe (start + position).storeBytes(of: login.proof.rawValue, as: UInt16.self)
      let count = login.proof.rawValue < 256 ? 1 : 2
      control |= UInt32(count) << 15
      position += count
    }
    control |= UInt32(login.disposition.rawValue) << 17
    unsafe start.storeBytes(of: UInt16(truncatingIfNeeded: control), as: UInt16.self)
    unsafe (start + 2).storeBytes(of: UInt8(truncatingIfNeeded: control >> 16), as: UInt8.self)
    let time = login.row.time.milliseconds
    unsafe bucket.pointee.time = time
    unsafe bucket.pointee.first = min(bucket.pointee.first, time)
    unsafe bucket.pointee.last = max(bucket.pointee.last, time)
    unsafe bucket.pointee.place = login.row.place
    unsafe bucket.pointee.byteCount += position
    unsafe bucket.pointee.rowCount += 1
  }

  private static func grow(_ bucket: UnsafeMutablePointer<Bucket>) {
    let capacity = unsafe bucket.pointee.capacity
    // An eighth more each time once it is large, so that the promised bytes per row hold.
    let larger = capacity < 4_096 ? max(256, capacity * 2) : capacity + capacity / 8
    let memory = unsafe realloc(bucket.pointee.bytes, larger)
    guard let memory = unsafe memory else {
      preconditionFailure("out of memory for the login log")
    }
    unsafe bucket.pointee.bytes = memory.assumingMemoryBound(to: UInt8.self)
    unsafe bucket.pointee.capacity = larger
  }

  // MARK: Reading

  /// Gives the rows of one bucket, with codes of the ledger that holds the log.
  ///
  /// - Complexity: O(*n*) in the rows of the bucket.
  func forEachRow(inBucket number: Int, _ body: (LoggedLogin) -> Void) {
    unsafe Self.decode(buckets[number], body)
    for segment in segments {
      // What is looked at with each row lies in constants of its own, or each look would count references.
      let translation = segment.translation
      guard let relocation = translation.relocation else {
        segment.log.forEachRow(inBucket: number) { login in
          var login = login
          login.account = translation.accounts[Int(login.account)]
          login.shape = translation.shapes[Int(login.shape)]
          login.row.address = translation.addresses[Int(login.row.address)]
          body(login)
        }
        continue
      }
      segment.log.forEachRow(inBucket: number) { login in
        var login = login
        relocation.move(&login.row)
        if translation.kinds[Int(login.shape)].contains(.verifiable) {
          login.proof.formUnion(relocation.proof(of: login.row.id))
        }
        login.account = translation.accounts[Int(login.account)]
        login.shape = translation.shapes[Int(login.shape)]
        login.row.address = translation.addresses[Int(login.row.address)]
        body(login)
      }
    }
  }

  @inline(__always)
  private static func decode(_ bucket: Bucket, _ body: (LoggedLogin) -> Void) {
    guard let bytes = unsafe bucket.bytes else { return }
    var position = UnsafeRawPointer(bytes)
    var time: Int64 = 0
    var place: UInt64 = 0
    var id = SalesforceID(high: 0, low: 0)
    @inline(__always) func short(_ code: UInt32) -> UInt32 {
      let value = unsafe position.loadUnaligned(as: UInt32.self)
      let count = Int(code & 3) + 1
      unsafe position += count
      return value & (UInt32.max >> UInt32(32 - 8 * count))
    }
    @inline(__always) func long(_ code: UInt32) -> Int64 {
      let value = unsafe position.loadUnaligned(as: UInt64.self)
      var count = Int(code & 7)
      if count == 7 { count = 8 }
      unsafe position += count
      // A shift by 64 gives zero: no bytes are the value 0.
      let kept = value & (UInt64.max >> UInt64(64 - 8 * count))
      let used = count == 0 ? 0 : kept
      return Int64(bitPattern: used >> 1) ^ -Int64(bitPattern: used & 1)
    }
    for _ in 0..<bucket.rowCount {
      let control =
        unsafe UInt32(position.loadUnaligned(as: UInt16.self))
        | UInt32((position + 2).load(as: UInt8.self)) << 16
      unsafe position += 3
      let account = short(control)
      let shape = short(control >> 2)
      let address = short(control >> 4)
      let difference = long(control >> 6)
      time &+= control & 1 << 21 != 0 ? difference &* 1_000 : difference
      place &+= UInt64(bitPattern: long(control >> 9))
      let idKind = control >> 19 & 3
      if idKind != 0 {
        var high = id.high
        if idKind == 2 {
          high = unsafe position.loadUnaligned(as: UInt64.self)
          unsafe position += 8
        }
        let low = Int64(id.low) + long(control >> 12)
        id = SalesforceID(high: high, low: UInt32(truncatingIfNeeded: low))
      }
      let proofCount = Int(control >> 15 & 3)
      var proof: UInt16 = 0
      if proofCount > 0 {
        proof = unsafe position.loadUnaligned(as: UInt16.self)
        if proofCount == 1 { proof &= 0xFF }
        unsafe position += proofCount
      }
      var login = LoggedLogin(
        account: account, shape: shape,
        row: RowReference(
          time: Instant(milliseconds: time), id: idKind != 0 ? id : .none, address: address,
          file: 0, line: 0),
        disposition: RowDisposition(rawValue: UInt8(control >> 17 & 3)) ?? .counted,
        proof: VerificationProof(rawValue: proof))
      login.row.place = place
      body(login)
    }
  }
}
