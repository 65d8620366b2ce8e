/// How much a compressed file may inflate to.
///
/// Plain files have no such limit: they cannot be larger than they are.
package struct InflateLimits: Sendable {
  /// How many bytes one stored byte may stand for.
  ///
  /// Looked at only past ``ratioFreeByteCount``, because short texts may well repeat themselves.
  /// Login rows differ by Id and time at least, so that exports stay below 100; deflate itself cannot
  /// reach 1033.
  package var expansionRatio: Int
  /// How many bytes one file or entry may inflate to.
  package var expandedBytes: Int

  /// How many stored bytes are read at a time, at most: 256 KiB, and 16 at least.
  ///
  /// No result depends on it; few let a test put a border at every place of a small file.
  package var readByteCount = 256 << 10

  /// How many bytes a file may inflate to before its ratio counts: 64 MiB.
  static let ratioFreeByteCount: UInt64 = 64 << 20

  /// Makes limits.
  ///
  /// - Parameters:
  ///   - expansionRatio: How many bytes one stored byte may stand for.
  ///   - expandedBytes: How many bytes one file or entry may inflate to.
  package init(expansionRatio: Int = 250, expandedBytes: Int = 1 << 40) {
    precondition(expansionRatio > 0 && expandedBytes >= 0, "limits must not be negative")
    self.expansionRatio = expansionRatio
    self.expandedBytes = expandedBytes
  }
}
