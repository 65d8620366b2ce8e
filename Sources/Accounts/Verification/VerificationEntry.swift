import SalesforceExports

/// One verification that names a login, in 16 bytes: entries sort by login, then user, then time.
///
/// ```
/// first word   number of the login's upper half 19 bits │ its lower half 30 │ marks 15
/// second word  number of the user 23 bits │ milliseconds since 1990 41
/// ```
struct VerificationEntry: Comparable, Sendable, BitwiseCopyable {
  private let login: UInt64
  private let rest: UInt64

  private static let proofBits: UInt64 = 15
  private static let lowBits: UInt64 = 30
  private static let timeBits: UInt64 = 41
  /// 1990-01-01, before there was a Salesforce.
  private static let epoch: Int64 = 631_152_000_000
  /// The earliest time that an entry holds.
  static let earliestTime = Instant(milliseconds: epoch)
  private static let largestUser: UInt32 = 1 << 23 - 1
  /// The largest number of an upper half.
  static let largestHigh: UInt32 = 1 << 19 - 1

  /// Packs a verification; `nil` when a part is too large.
  init?(high: UInt32, low: UInt32, user: UInt32, time: Instant, proof: VerificationProof) {
    let distance = time.milliseconds.subtractingReportingOverflow(Self.epoch)
    guard high <= Self.largestHigh, user <= Self.largestUser, !distance.overflow,
      distance.partialValue >= 0, UInt64(distance.partialValue) >> Self.timeBits == 0,
      UInt64(low) >> Self.lowBits == 0, UInt64(proof.rawValue) >> Self.proofBits == 0
    else { return nil }
    login = Self.key(high: high, low: low) << Self.proofBits | UInt64(proof.rawValue)
    rest = UInt64(user) << Self.timeBits | UInt64(distance.partialValue)
  }

  /// What entries of one login share, and are sorted by.
  @inline(__always)
  static func key(high: UInt32, low: UInt32) -> UInt64 {
    UInt64(high) << lowBits | UInt64(low)
  }

  @inline(__always) var key: UInt64 { login >> Self.proofBits }
  /// Number of the login's upper half.
  var high: UInt32 { UInt32(truncatingIfNeeded: key >> Self.lowBits) }
  /// The login's lower half.
  var low: UInt32 { UInt32(truncatingIfNeeded: key & (1 << Self.lowBits - 1)) }
  /// Number of the user; 0 for none.
  var user: UInt32 { UInt32(truncatingIfNeeded: rest >> Self.timeBits) }
  var time: Instant {
    Instant(milliseconds: Int64(rest & (1 << Self.timeBits - 1)) + Self.epoch)
  }
  @inline(__always) var proof: VerificationProof {
    VerificationProof(rawValue: UInt16(truncatingIfNeeded: login & (1 << Self.proofBits - 1)))
  }

  @inline(__always)
  static func < (left: Self, right: Self) -> Bool {
    left.login != right.login ? left.login < right.login : left.rest < right.rest
  }
}
