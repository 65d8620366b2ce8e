import Glibc

/// A random number that hashes of foreign texts begin with.
///
/// Whoever can try to log in chooses usernames, applications and browsers that later stand in an
/// export. With a fixed hash they could be chosen so that all of them collide, and a table of them
/// would take quadratic time. Nothing that is written may depend on the key.
package enum HashKey {
  /// The key of this process; fixed where `SWIFT_DETERMINISTIC_HASHING` is set, which fixes the
  /// hashes of the standard library too.
  package static let process: UInt64 =
    unsafe getenv("SWIFT_DETERMINISTIC_HASHING") == nil ? .random(in: 0...UInt64.max) : 0
}
