/// Memory for one block of inflated bytes, used again for block after block.
@safe
final class BlockBuffer {
  /// Bytes before and behind the block that may be read and mean nothing.
  static let paddingByteCount = 64

  /// Bytes that fit.
  let capacity: Int
  private let storage: UnsafeMutablePointer<UInt8>

  /// The place in the stream of the first byte.
  var byteOffset: UInt64 = 0
  /// Where the records begin: behind a byte order mark.
  var start = 0
  /// Where the records end.
  var end = 0

  init(capacity: Int) {
    self.capacity = capacity
    let byteCount = capacity + 2 * Self.paddingByteCount
    unsafe storage = .allocate(capacity: byteCount)
    // Only the padding: whoever reads over the ends must not read what was never written.
    unsafe storage.initialize(repeating: 0, count: Self.paddingByteCount)
    unsafe (storage + Self.paddingByteCount + capacity).initialize(
      repeating: 0, count: Self.paddingByteCount)
  }

  deinit { unsafe storage.deallocate() }

  /// The first byte.
  var base: UnsafeMutablePointer<UInt8> { unsafe storage + Self.paddingByteCount }

  /// The room behind the first `count` bytes.
  func room(behind count: Int) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(start: base + count, count: capacity - count)
  }

  /// The bytes between two positions.
  func bytes(from start: Int, to end: Int) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: base + start, count: end - start)
  }
}
