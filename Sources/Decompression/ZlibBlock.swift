import CZlib

#if ISAL
import CISAL
#endif

/// Blocks of bytes as zlib streams (RFC 1950), each whole by itself.
///
/// Whichever library wrote a block, either reads it.
package enum ZlibBlock {
  /// Compresses bytes, fast rather than small: with ISA-L where the program has it, else with zlib.
  ///
  /// - Returns: The stream; the same for equal bytes in one build of the program.
  /// - Complexity: O(*n*).
  package static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    let capacity = Int(compressBound(UInt(bytes.count)))
    return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { room, count in
      unsafe bytes.withUnsafeBufferPointer { bytes in
        unsafe count = compress(bytes, into: room)
      }
    }
  }

  /// Compresses bytes to a gzip member (RFC 1952), which may follow others in a file.
  ///
  /// - Complexity: O(*n*).
  package static func gzipMember(_ bytes: [UInt8]) -> [UInt8] {
    func number(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    let checksum = unsafe bytes.withUnsafeBufferPointer {
      unsafe crc32_z(0, $0.baseAddress, $0.count)
    }
    // Between the two bytes before and the four behind it a zlib stream is what gzip has too.
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF] + compressed(bytes).dropFirst(2).dropLast(4)
      + number(UInt32(truncatingIfNeeded: checksum))
      + number(UInt32(truncatingIfNeeded: bytes.count))
  }

  #if ISAL
  private static func compress(
    _ bytes: UnsafeBufferPointer<UInt8>, into room: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    let count = unsafe postern_isal_compress(
      bytes.baseAddress, UInt32(bytes.count), room.baseAddress, UInt32(room.count))
    precondition(count > 0, "ISA-L is out of memory")
    return Int(count)
  }
  #else
  /// The fastest level of zlib that costs less than a quarter of size over its usual one.
  private static let level: Int32 = 1

  private static func compress(
    _ bytes: UnsafeBufferPointer<UInt8>, into room: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    var count = UInt(room.count)
    let status = unsafe compress2(
      room.baseAddress, &count, bytes.baseAddress, UInt(bytes.count), level)
    precondition(status == Z_OK, "zlib is out of memory")
    return Int(count)
  }
  #endif

  /// Inflates a block.
  ///
  /// - Parameters:
  ///   - bytes: One zlib stream.
  ///   - byteCount: How many bytes it inflates to.
  /// - Returns: The bytes; `nil` where the stream is damaged or gives another number.
  package static func inflated(_ bytes: [UInt8], byteCount: Int) -> [UInt8]? {
    var isWhole = false
    let result = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { room, filled in
      var count = UInt(byteCount)
      let status = unsafe bytes.withUnsafeBufferPointer { bytes in
        unsafe uncompress(room.baseAddress, &count, bytes.baseAddress, UInt(bytes.count))
      }
      isWhole = status == Z_OK && Int(count) == byteCount
      filled = isWhole ? byteCount : 0
    }
    return isWhole ? result : nil
  }
}
