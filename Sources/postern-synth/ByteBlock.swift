import Glibc

/// A stretch of bytes in a block.
struct Piece {
  /// Where it starts.
  let offset: Int
  /// How many bytes it has.
  let count: Int
}

/// Bytes that are only ever added at the end, without a check or copy per field.
@safe
final class ByteBlock {
  /// How many bytes the block holds.
  private(set) var count = 0
  private var capacity: Int
  private var base: UnsafeMutablePointer<UInt8>

  /// An empty block.
  init(capacity: Int = 4_096) {
    self.capacity = capacity
    unsafe base = .allocate(capacity: capacity)
  }

  deinit {
    unsafe base.deallocate()
  }

  /// Makes room for `extra` more bytes; the appends below rely on it.
  @inline(__always)
  func reserve(_ extra: Int) {
    if count + extra > capacity { grow(to: max(capacity * 2, count + extra)) }
  }

  private func grow(to newCapacity: Int) {
    let bigger = UnsafeMutablePointer<UInt8>.allocate(capacity: newCapacity)
    unsafe bigger.update(from: base, count: count)
    unsafe base.deallocate()
    unsafe base = bigger
    capacity = newCapacity
  }

  /// Adds one byte.
  @inline(__always)
  func append(_ byte: UInt8) {
    reserve(1)
    unsafe base[count] = byte
    count += 1
  }

  /// Adds a piece of another block.
  @inline(__always)
  func append(_ piece: Piece, of other: ByteBlock) {
    reserve(piece.count)
    precondition(piece.offset + piece.count <= other.count)
    unsafe memcpy(base + count, other.base + piece.offset, piece.count)
    count += piece.count
  }

  /// Adds bytes and says where they lie.
  @discardableResult
  func append(contentsOf bytes: some Collection<UInt8>) -> Piece {
    reserve(bytes.count)
    let piece = Piece(offset: count, count: bytes.count)
    for byte in bytes {
      unsafe base[count] = byte
      count += 1
    }
    return piece
  }

  /// Adds the 18 characters of an id.
  @inline(__always)
  func append(_ identifier: SalesforceIdentifier) {
    reserve(18)
    for index in 0..<18 {
      unsafe base[count + index] = identifier.bytes[index]
    }
    count += 18
  }

  /// Adds a number with leading zeros up to two digits.
  @inline(__always)
  func appendTwoDigits(_ value: Int) {
    append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10 % 10))
    append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
  }

  /// Forgets all bytes and keeps the memory.
  func removeAll() {
    count = 0
  }

  /// Lends the bytes from `offset` on.
  func withBytes<Result, Failure: Error>(
    from offset: Int = 0, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeRawBufferPointer(start: base + offset, count: count - offset))
  }
}
