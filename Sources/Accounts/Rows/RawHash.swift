import Platform

/// A hash of words and bytes as they stand in a file; it begins with a key, so that nobody who chooses them can
/// make all of them collide.
struct RawHash {
  private var state: UInt64

  /// Hashes nothing.
  @inline(__always)
  init(key: UInt64 = HashKey.process) { state = 0x9E37_79B9_7F4A_7C15 ^ key }

  /// Mixes a word in.
  @inline(__always)
  mutating func add(_ word: UInt64) {
    let product = (state ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    state = product.high ^ product.low
  }

  /// Mixes bytes and their number in, eight at a time.
  ///
  /// - Complexity: O(*n*).
  @inline(__always)
  mutating func add(_ bytes: UnsafePointer<UInt8>, count: Int) {
    add(UInt64(count))
    let raw = unsafe UnsafeRawPointer(bytes)
    if count >= 8 {
      var offset = 0
      while offset + 8 < count {
        unsafe add((raw + offset).loadUnaligned(as: UInt64.self))
        offset += 8
      }
      // The last eight, of which the word before may have some.
      unsafe add((raw + count - 8).loadUnaligned(as: UInt64.self))
    } else if count >= 4 {
      let first = unsafe raw.loadUnaligned(as: UInt32.self)
      let last = unsafe (raw + count - 4).loadUnaligned(as: UInt32.self)
      add(UInt64(first) << 32 | UInt64(last))
    } else if count > 0 {
      let ends = unsafe UInt64(bytes[0]) << 8 | UInt64(bytes[count - 1])
      unsafe add(ends << 8 | UInt64(bytes[count / 2]))
    }
  }

  /// The hash.
  @inline(__always)
  var value: UInt32 { UInt32(truncatingIfNeeded: state ^ (state >> 32)) }
}
