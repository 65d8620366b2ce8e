import CZlib

/// Inflates raw deflate streams with zlib, one after the other.
@safe
final class ZlibInflater {
  /// The most that one call is given, as zlib counts in 32 bits.
  private static let largestCount = 1 << 30

  // At one address for good: zlib keeps a pointer to it.
  private let stream: UnsafeMutablePointer<z_stream>

  init() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let result = unsafe postern_inflate_init(stream, -MAX_WBITS)
    precondition(result == Z_OK, "zlib cannot start: out of memory")
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Readies the inflater for another stream.
  func reset() {
    let result = unsafe inflateReset(stream)
    precondition(result == Z_OK, "zlib cannot start again")
  }

  /// Inflates as much as input and room allow.
  func inflate(
    _ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) -> InflateStep {
    let inputCount = min(input.count, Self.largestCount)
    let roomCount = min(room.count, Self.largestCount)
    let bytes = unsafe input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes)
    unsafe stream.pointee.avail_in = UInt32(inputCount)
    unsafe stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = UInt32(roomCount)
    let result = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
    precondition(result != Z_MEM_ERROR, "zlib is out of memory")
    let outcome: InflateStep.Outcome =
      switch result {
      case Z_STREAM_END: .finished
      case Z_OK, Z_BUF_ERROR: .running
      default: .corrupt
      }
    return InflateStep(
      consumedByteCount: unsafe inputCount - Int(stream.pointee.avail_in),
      producedByteCount: unsafe roomCount - Int(stream.pointee.avail_out), outcome: outcome)
  }

  /// The bytes that were taken from the input but lie after the stream: none with zlib.
  var surplus: [UInt8] { [] }

  /// Goes on with a CRC-32 (that of gzip and zip) from `checksum`; 0 to begin.
  static func checksum(_ checksum: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let first = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    guard let first = unsafe first else { return checksum }
    return UInt32(truncatingIfNeeded: unsafe crc32_z(UInt(checksum), first, bytes.count))
  }
}
