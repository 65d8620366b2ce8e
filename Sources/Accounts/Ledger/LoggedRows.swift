import SalesforceExports

/// The logged rows of one account, packed to about 17 bytes each.
///
/// Whatever needs to be seen row by row (human logins and failed ones) is a small part of a
/// history. A row is written once, as differences to the row before it, and read with all rows of its
/// account. Its bytes go into lines of 128 bytes, of which the last eight are the address of the next
/// line; the first begins with what the next row differs from. So nothing moves when an account grows, and
/// the account's slot needs eight bytes. The memory is the ledger's.
///
/// A packed row, lowest bits of the control first; a length of 7 stands for 8 bytes:
///
/// ```
/// control, 3 bytes │ shape 2 bits, address 2 (bytes − 1) · time 3, place 3, id 3 (bytes)
///                  │ proof 2 (bytes) · disposition 2 · id 2 (none, same upper half, other) · seconds 1
/// then             │ shape, address, time, place, [upper half of id, 8], id, proof
/// ```
@safe
struct LoggedRows {
  /// What begins the first line.
  @safe
  private struct Head {
    /// Where the next row is written.
    var end: UnsafeMutableRawPointer
    /// Bytes of all rows.
    var byteCount = 0
    // Of the row that was written last.
    var idHigh: UInt64 = 0
    var time: Int64 = 0
    var place: UInt64 = 0
    var idLow: UInt32 = 0
    var rowCount: UInt32 = 0
    /// Bytes that are left in the last line.
    var room: UInt32
  }

  /// Bytes of a line, the same as of a line of minutes, so that either can be what the other was.
  private static let lineByteCount = MinuteCounts.lineByteCount
  /// Bytes of rows in a line, before the address of the next.
  private static let usedByteCount = lineByteCount - 8
  private static var headByteCount: Int { MemoryLayout<Head>.stride }
  /// Bytes that a row may touch while it is packed.
  static let largestRow = 72
  /// Readable bytes behind the last row when rows are unpacked.
  private static let slack = 8

  private var head: UnsafeMutablePointer<Head>?

  /// Makes an empty collection.
  init() { unsafe head = nil }

  /// Number of rows.
  var count: Int { unsafe Int(head?.pointee.rowCount ?? 0) }

  /// What the next row looks at first, to be prefetched.
  @inline(__always)
  var start: UnsafeMutableRawPointer? { unsafe UnsafeMutableRawPointer(head) }

  // MARK: Writing

  /// Adds a row.
  ///
  /// - Parameters:
  ///   - login: The row; its account is not kept.
  ///   - bytes: ``largestRow`` bytes that may be written over.
  ///   - memory: Memory of the ledger's lists.
  /// - Complexity: O(1).
  @inline(__always)
  mutating func append(
    _ login: LoggedLogin, bytes: UnsafeMutableRawPointer, _ memory: ListAllocator
  ) {
    let head = unsafe self.head ?? makeHead(memory)
    var position = 3
    var control: UInt32 = 0
    @inline(__always) func short(_ value: UInt32, _ shift: UInt32) {
      let count = (39 - (value | 1).leadingZeroBitCount) >> 3
      unsafe (bytes + position).storeBytes(of: value, as: UInt32.self)
      control |= UInt32(count - 1) << shift
      position += count
    }
    @inline(__always) func long(_ difference: Int64, _ shift: UInt32) {
      let value = UInt64(bitPattern: (difference << 1) ^ (difference >> 63))
      var count = (71 - value.leadingZeroBitCount) >> 3
      if count >= 7 { count = 8 }
      unsafe (bytes + position).storeBytes(of: value, as: UInt64.self)
      control |= UInt32(min(count, 7)) << shift
      position += count
    }
    short(login.shape, 0)
    short(login.row.address, 2)
    var difference = unsafe login.row.time.milliseconds &- head.pointee.time
    // Most exports have whole seconds.
    let seconds = difference / 1_000
    if seconds &* 1_000 == difference {
      difference = seconds
      control |= 1 << 19
    }
    long(difference, 4)
    unsafe long(Int64(bitPattern: login.row.place &- head.pointee.place), 7)
    if login.row.id != .none {
      if unsafe login.row.id.high == head.pointee.idHigh {
        control |= 1 << 17
      } else {
        control |= 2 << 17
        unsafe (bytes + position).storeBytes(of: login.row.id.high, as: UInt64.self)
        position += 8
      }
      unsafe long(Int64(login.row.id.low) - Int64(head.pointee.idLow), 10)
      unsafe head.pointee.idHigh = login.row.id.high
      unsafe head.pointee.idLow = login.row.id.low
    }
    if login.proof.rawValue != 0 {
      unsafe (bytes + position).storeBytes(of: login.proof.rawValue, as: UInt16.self)
      let count = login.proof.rawValue < 256 ? 1 : 2
      control |= UInt32(count) << 13
      position += count
    }
    control |= UInt32(login.disposition.rawValue) << 15
    unsafe bytes.storeBytes(of: UInt16(truncatingIfNeeded: control), as: UInt16.self)
    unsafe (bytes + 2).storeBytes(of: UInt8(truncatingIfNeeded: control >> 16), as: UInt8.self)
    unsafe head.pointee.time = login.row.time.milliseconds
    unsafe head.pointee.place = login.row.place
    unsafe head.pointee.rowCount += 1
    unsafe Self.append(bytes, position, head, memory)
  }

  @inline(never)
  private mutating func makeHead(_ memory: ListAllocator) -> UnsafeMutablePointer<Head> {
    let line = unsafe memory.allocate(Self.lineByteCount)
    let made = unsafe line.bindMemory(to: Head.self, capacity: 1)
    unsafe made.initialize(
      to: Head(
        end: line + Self.headByteCount,
        room: UInt32(Self.usedByteCount - Self.headByteCount)))
    unsafe head = made
    return unsafe made
  }

  /// Adds the bytes of a row, of which a line may hold the beginning and the next the rest.
  @inline(__always)
  private static func append(
    _ bytes: UnsafeMutableRawPointer, _ count: Int, _ head: UnsafeMutablePointer<Head>,
    _ memory: ListAllocator
  ) {
    let taken = unsafe min(count, Int(head.pointee.room))
    unsafe head.pointee.end.copyMemory(from: bytes, byteCount: taken)
    unsafe head.pointee.end += taken
    if taken == count {
      unsafe head.pointee.room -= UInt32(taken)
    } else {
      let line = unsafe memory.allocate(lineByteCount)
      unsafe head.pointee.end.storeBytes(of: line, as: UnsafeMutableRawPointer.self)
      unsafe line.copyMemory(from: bytes + taken, byteCount: count - taken)
      unsafe head.pointee.end = line + (count - taken)
      unsafe head.pointee.room = UInt32(usedByteCount - (count - taken))
    }
    unsafe head.pointee.byteCount += count
  }

  // MARK: Reading

  /// Gives the rows, in the order in which they were written.
  ///
  /// - Parameters:
  ///   - account: Number of the account, which the rows are given.
  ///   - body: Receives each row.
  /// - Complexity: O(*n*).
  func forEach(of account: UInt32, _ body: (LoggedLogin) -> Void) {
    guard let head = unsafe head else { return }
    let byteCount = unsafe head.pointee.byteCount
    // A row may lie in two lines; it is read from where all lie behind one another.
    unsafe withUnsafeTemporaryAllocation(
      byteCount: byteCount + Self.slack, alignment: 8
    ) { bytes in
      guard let start = bytes.baseAddress else { return }
      var from = unsafe UnsafeMutableRawPointer(head) + Self.headByteCount
      var room = Self.usedByteCount - Self.headByteCount
      var offset = 0
      while true {
        let taken = min(byteCount - offset, room)
        unsafe (start + offset).copyMemory(from: from, byteCount: taken)
        offset += taken
        // A line that is full has no next one until there is a row for it.
        if offset == byteCount { break }
        unsafe from = (from + room).load(as: UnsafeMutableRawPointer.self)
        room = Self.usedByteCount
      }
      unsafe (start + byteCount).storeBytes(of: 0, as: UInt64.self)
      unsafe Self.unpack(start, Int(head.pointee.rowCount), account, body)
    }
  }

  /// Appends the rows to others, in the order in which they were written.
  ///
  /// - Parameter account: Number of the account, which the rows are given.
  /// - Complexity: O(*n*).
  func append(to rows: inout [LoggedLogin], of account: UInt32) {
    rows.append(addingCapacity: count) { added in
      forEach(of: account) { added.append($0) }
    }
  }

  @inline(__always)
  private static func unpack(
    _ bytes: UnsafeMutableRawPointer, _ rowCount: Int, _ account: UInt32,
    _ body: (LoggedLogin) -> Void
  ) {
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
    for _ in 0..<rowCount {
      let control =
        unsafe UInt32(position.loadUnaligned(as: UInt16.self))
        | UInt32((position + 2).load(as: UInt8.self)) << 16
      unsafe position += 3
      let shape = short(control)
      let address = short(control >> 2)
      let difference = long(control >> 4)
      time &+= control & 1 << 19 != 0 ? difference &* 1_000 : difference
      place &+= UInt64(bitPattern: long(control >> 7))
      let idKind = control >> 17 & 3
      if idKind != 0 {
        var high = id.high
        if idKind == 2 {
          high = unsafe position.loadUnaligned(as: UInt64.self)
          unsafe position += 8
        }
        let low = Int64(id.low) + long(control >> 10)
        id = SalesforceID(high: high, low: UInt32(truncatingIfNeeded: low))
      }
      let proofCount = Int(control >> 13 & 3)
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
        disposition: RowDisposition(rawValue: UInt8(control >> 15 & 3)) ?? .counted,
        proof: VerificationProof(rawValue: proof))
      login.row.place = place
      body(login)
    }
  }
}
