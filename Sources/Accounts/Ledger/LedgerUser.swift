import Platform
import SalesforceExports

/// Whose rows an account has, in 96 bits: an id, or the number that the ledger gave a username.
package struct LedgerUser: Hashable, Sendable, BitwiseCopyable {
  /// The upper half of the id, which is below 2⁶⁰; of a username a hash of its text with its bucket as the
  /// last byte, below four bits that are set.
  let high: UInt64
  /// The lower half of the id, or the number of the username.
  let low: UInt32

  /// The user with an id.
  @inline(__always)
  init(_ id: SalesforceID) {
    high = id.high
    low = id.low
  }

  /// The user who is known by name alone.
  ///
  /// - Parameters:
  ///   - number: Number of the lower-cased username in the ledger.
  ///   - name: The username.
  init(username number: UInt32, _ name: String) {
    // The bucket must not depend on the process, as a Hasher would make it.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    high = 0xF << 60 | hash & ~0xFF | UInt64(Self.bucket(hash))
    low = number
  }

  /// Number of the username; `nil` for a user with an id.
  var usernameNumber: Int? { high >> 60 != 0 ? Int(low) : nil }

  /// The id; `nil` for a user who is known by name alone.
  @inline(__always)
  var id: SalesforceID? { high >> 60 != 0 ? nil : SalesforceID(high: high, low: low) }

  /// What stands for the user in every run: the number of a username does not.
  @inline(__always)
  var identity: UInt64 { UInt64(high >> 60 != 0 ? 0 : low) << 32 ^ high }

  /// A hash that is the same in every process: it tells the bucket, and with it the partition.
  @inline(__always)
  var hash: UInt64 {
    let product = (high ^ UInt64(low) << 34).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    let mixed = (product.high ^ product.low) &* 0xD6E8_FEB8_6659_FD93
    return mixed ^ mixed >> 29
  }

  /// What ``tag`` begins with; whoever needs many tags keeps it, since each access to it asks whether it
  /// was made.
  static let tagKey = HashKey.process

  /// A hash that is another in each process, by which ``AccountIndex`` finds the account.
  var tag: UInt32 { tag(key: Self.tagKey) }

  /// The hash that is ``tag``.
  ///
  /// One half after the other: what cancels out in a sum of both would collide under any key.
  ///
  /// - Parameter key: ``tagKey``.
  @inline(__always)
  func tag(key: UInt64) -> UInt32 {
    let first = (high ^ key).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    let second = (first.high ^ first.low ^ UInt64(low)).multipliedFullWidth(
      by: 0xA076_1D64_78BD_642F)
    return UInt32(truncatingIfNeeded: second.high ^ second.low)
  }

  /// The bucket that the user's logged rows are written in, the same in every ledger.
  var logBucket: Int { logBucket(hash: hash) }

  /// The bucket, from the user's hash.
  @inline(__always)
  func logBucket(hash: UInt64) -> Int { high >> 60 != 0 ? Int(high & 255) : Self.bucket(hash) }

  @inline(__always)
  private static func bucket(_ hash: UInt64) -> Int { Int(hash >> 24 & 255) }

  @inline(__always)
  package static func == (left: Self, right: Self) -> Bool {
    left.high == right.high && left.low == right.low
  }

  /// Feeds both halves to a hasher.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(high)
    hasher.combine(low)
  }
}
