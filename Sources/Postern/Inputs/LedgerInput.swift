import Decompression

/// A ledger file among the inputs.
struct LedgerInput: @unchecked Sendable {
  /// The first bytes of one: no text, and damaged by whatever changes line ends.
  static let mark: [UInt8] = [0x89, 0x50, 0x53, 0x54, 0x4C, 0x0D, 0x0A, 0x1A]

  // Unchecked: `stream` is set for inputs that come once, and is read once.

  let candidate: InputCandidate
  /// The open stream and the bytes read from it, of an input that cannot be opened again.
  let stream: ByteStream?
  let prefix: [UInt8]
  let digest: Digest?
}
