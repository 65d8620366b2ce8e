import Glibc

/// A random number that hashes of foreign texts begin with.
///
/// Whoever can try to log in chooses usernames, applications and browsers that later stand in an
/// export. With a fixed hash they could be chosen so that all of them collide, and a table of them
/// would take quadratic time. Nothing that is written may depend on the key.
package enum HashKey {
  /// The key of this process; fixed where `SWIFT_DETERMINISTIC_HASHING` is set, which fixes the
  /// hashes of the standard library too.
  package static let process: UInt64 =
    unsafe getenv("SWIFT_DETERMINISTIC_HASHING") == nil ? .random(in: 0...UInt64.max) : 0
}

extension HashKey {
  /// A hash of bytes that begins with the key of the process.
  ///
  /// - Complexity: O(*n*), eight bytes at a time.
  package static func hash(of bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ process
    @inline(__always) func mix(_ word: UInt64) {
      let product = (state ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
      state = product.high ^ product.low
    }
    mix(UInt64(bytes.count))
    let raw = UnsafeRawBufferPointer(bytes)
    var offset = 0
    while offset + 8 <= raw.count {
      unsafe mix(raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    var rest: UInt64 = 0
    while offset < raw.count {
      rest = unsafe rest << 8 | UInt64(raw[offset])
      offset += 1
    }
    mix(rest)
    return UInt32(truncatingIfNeeded: state ^ (state >> 32))
  }
}
