#if ISAL
import CISAL

/// Inflates raw deflate streams with ISA-L, one after the other.
@safe
final class ISALInflater {
  /// The most that one call is given, as ISA-L counts in 32 bits.
  private static let largestCount = 1 << 30

  private let state: UnsafeMutablePointer<inflate_state>

  init() {
    guard let state = unsafe postern_isal_create() else {
      preconditionFailure("ISA-L cannot start: out of memory")
    }
    unsafe self.state = unsafe state
    unsafe postern_isal_reset(state)
  }

  deinit {
    unsafe postern_isal_destroy(state)
  }

  /// Readies the inflater for another stream.
  func reset() {
    unsafe postern_isal_reset(state)
  }

  /// Inflates as much as input and room allow.
  func inflate(
    _ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) -> InflateStep {
    var consumed: UInt32 = 0
    var produced: UInt32 = 0
    var isFinished: Int32 = 0
    let result = unsafe postern_isal_inflate(
      state, input.baseAddress, UInt32(min(input.count, Self.largestCount)), room.baseAddress,
      UInt32(min(room.count, Self.largestCount)), &consumed, &produced, &isFinished)
    let outcome: InflateStep.Outcome =
      if result < 0 { .corrupt } else if isFinished != 0 { .finished } else { .running }
    return InflateStep(
      consumedByteCount: Int(consumed), producedByteCount: Int(produced), outcome: outcome)
  }

  /// The bytes that were taken from the input but lie after the stream: up to eight.
  var surplus: [UInt8] {
    let bits = unsafe postern_isal_surplus(state)
    return unsafe (0..<postern_isal_surplus_count(state)).map {
      UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0)))
    }
  }

  /// Goes on with a CRC-32 (that of gzip and zip) from `checksum`; 0 to begin.
  static func checksum(_ checksum: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let first = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    guard let first = unsafe first else { return checksum }
    return unsafe crc32_gzip_refl(checksum, first, UInt64(bytes.count))
  }
}
#endif
