/// How the bytes of a file are stored.
package enum Compression: String, Sendable {
  /// As they are.
  case plain
  /// One or more gzip members (RFC 1952).
  case gzip
  /// An archive of entries.
  case zip

  /// Tells the compression from how a file begins.
  ///
  /// - Parameter firstBytes: The first bytes; four are enough, and all of a shorter file.
  package static func detect(firstBytes: some Collection<UInt8>) -> Compression {
    let first = Array(firstBytes.prefix(4))
    if first.starts(with: [0x1F, 0x8B]) { return .gzip }
    let zipSignatures: [[UInt8]] = [[0x50, 0x4B, 0x03, 0x04], [0x50, 0x4B, 0x05, 0x06]]
    return zipSignatures.contains(first) ? .zip : .plain
  }
}
