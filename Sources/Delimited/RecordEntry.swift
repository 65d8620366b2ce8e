/// Where one record of a block lies; all positions count from the block's ``RecordBlock/base``.
public struct RecordEntry: Equatable, Sendable {
  /// The position of the first byte.
  public var start: UInt32
  /// How many bytes the record has without its line end, or how many of them were kept.
  public var byteCount: UInt32
  /// The index of the end of the first field in ``RecordBlock/fieldEnds``.
  public var firstField: UInt32
  /// How many fields there are; 0 if the record passed a limit.
  public var fieldCount: UInt32
  /// How many lines the record begins below the block's ``RecordBlock/firstLine``.
  public var lineDelta: UInt32
  /// What is wrong with the record.
  public var defect: RecordDefect

  @usableFromInline
  init(
    start: UInt32, byteCount: UInt32, firstField: UInt32, fieldCount: UInt32, lineDelta: UInt32,
    defect: RecordDefect
  ) {
    self.start = start
    self.byteCount = byteCount
    self.firstField = firstField
    self.fieldCount = fieldCount
    self.lineDelta = lineDelta
    self.defect = defect
  }
}
