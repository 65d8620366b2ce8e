import Decompression

/// A ledger file among the inputs.
struct LedgerInput: @unchecked Sendable {
  /// The first bytes of one: no text, and damaged by whatever changes line ends.
  static let mark: [UInt8] = [0x89, 0x50, 0x53, 0x54, 0x4C, 0x0D, 0x0A, 0x1A]

  /// Whether a version and a block of at most a MiB stand where they do in a ledger, whatever its mark.
  ///
  /// - Parameter bytes: The first bytes of a file.
  static func followsHead(_ bytes: [UInt8]) -> Bool {
    let rest = Array(bytes.dropFirst(mark.count))
    guard rest.count > 15 else { return false }
    func number(_ place: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(rest[place + $1]) << (8 * $1) }
    }
    return rest[0] > 0 && rest[1] == 0 && rest[2] == 1 && (1...1 << 21).contains(number(3))
      && (1...1 << 20).contains(number(7))
  }

  // Unchecked: `stream` is set for inputs that come once, and is read once.

  let candidate: InputCandidate
  /// The open stream and the bytes read from it, of an input that cannot be opened again.
  let stream: ByteStream?
  let prefix: [UInt8]
  let digest: Digest?
}
