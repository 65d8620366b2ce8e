/// How the bytes of a file are stored.
package enum Compression: String, Sendable {
  /// As they are.
  case plain
  /// One or more gzip members (RFC 1952).
  case gzip
  /// An archive of entries.
  case zip
  /// zstd frames (RFC 8878); only in programs built with the trait `ZSTD`.
  case zstd

  /// Tells the compression from how a file begins.
  ///
  /// - Parameter firstBytes: The first bytes; four are enough, and all of a shorter file.
  package static func detect(firstBytes: some Collection<UInt8>) -> Compression {
    let first = Array(firstBytes.prefix(4))
    if first.starts(with: [0x1F, 0x8B]) { return .gzip }
    #if ZSTD
    // A frame, or one that is passed over.
    if first == [0x28, 0xB5, 0x2F, 0xFD] { return .zstd }
    if first.count == 4, first[0] & 0xF0 == 0x50, first[1...] == [0x2A, 0x4D, 0x18] {
      return .zstd
    }
    #endif
    let zipSignatures: [[UInt8]] = [[0x50, 0x4B, 0x03, 0x04], [0x50, 0x4B, 0x05, 0x06]]
    return zipSignatures.contains(first) ? .zip : .plain
  }
}
