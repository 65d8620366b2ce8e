/// Reads the header of a gzip member (RFC 1952, section 2.3).
struct GzipHeaderReader {
  /// The bits of the header's flag byte that mean something.
  private enum Flag {
    static let headerChecksum: UInt8 = 0x02
    static let extraField: UInt8 = 0x04
    static let name: UInt8 = 0x08
    static let comment: UInt8 = 0x10
    static let reserved: UInt8 = 0xE0
  }

  private let stored: StoredBytes
  private let start: UInt64
  private var checksum: UInt32 = 0

  private init(_ stored: StoredBytes) {
    self.stored = stored
    start = stored.offset
  }

  /// Takes a header whose first two bytes are known to be those of gzip.
  static func skip(_ stored: StoredBytes) throws(DecompressionError) {
    var reader = GzipHeaderReader(stored)
    try reader.skip()
  }

  private mutating func skip() throws(DecompressionError) {
    _ = try next()
    _ = try next()
    let method = try next()
    guard method == 8 else {
      throw stored.file.place.failure(
        .corrupt, at: start, "has a gzip header with the unknown method \(method)")
    }
    let flags = try next()
    guard flags & Flag.reserved == 0 else {
      throw stored.file.place.failure(
        .corrupt, at: start, "has a gzip header with flags that are not defined")
    }
    for _ in 0..<6 { _ = try next() }
    if flags & Flag.extraField != 0 {
      let low = try next()
      let high = try next()
      for _ in 0..<(Int(high) << 8 | Int(low)) { _ = try next() }
    }
    if flags & Flag.name != 0 { while try next() != 0 {} }
    if flags & Flag.comment != 0 { while try next() != 0 {} }
    if flags & Flag.headerChecksum != 0 {
      let expected = UInt16(truncatingIfNeeded: checksum)
      let low = try next()
      let high = try next()
      guard expected == UInt16(high) << 8 | UInt16(low) else {
        throw stored.file.place.failure(
          .checksumMismatch, at: start, "has a gzip header that fails its checksum")
      }
    }
  }

  private mutating func next() throws(DecompressionError) -> UInt8 {
    guard let byte = try stored.nextByte() else {
      throw stored.file.place.failure(
        .truncated, at: stored.offset, "ends inside a gzip header; fetch the file again")
    }
    checksum = unsafe withUnsafeBytes(of: byte) { unsafe Inflater.checksum(checksum, $0) }
    return byte
  }
}
