/// How large fields and records may be before they are set aside unread.
///
/// With these limits the memory of a reader is bounded whatever the file holds.
public struct RecordLimits: Hashable, Sendable {
  /// The most raw bytes (quotes included) that a field may have.
  public var fieldBytes: Int
  /// The most fields that a record may have.
  public var columns: Int
  /// The most raw bytes that a record may have, its line end left out.
  public var recordBytes: Int
  /// How many of its first bytes are kept of a record that passes a limit.
  public var keptBytes: Int

  /// Makes limits; the defaults are far above anything that a Salesforce export holds.
  public init(
    fieldBytes: Int = 1 << 20, columns: Int = 10_000, recordBytes: Int = 16 << 20,
    keptBytes: Int = 64 << 10
  ) {
    precondition(fieldBytes > 0 && columns > 0 && keptBytes > 0, "a limit must be positive")
    precondition(
      recordBytes > 0 && recordBytes <= 1 << 30, "a record must fit 32-bit positions")
    self.fieldBytes = fieldBytes
    self.columns = columns
    self.recordBytes = recordBytes
    self.keptBytes = keptBytes
  }
}
