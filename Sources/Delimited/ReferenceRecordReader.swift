/// The reader that says what a record is: slow, obvious, one byte after the other.
///
/// ``RecordReader`` must give the same records for the same bytes; tests hold it to that. This one
/// needs the whole stream in memory and copies every field.
///
/// A field is in one of four states:
///
/// | state | quote | delimiter, line end | any other byte |
/// |---|---|---|---|
/// | at its start | opens | ends the field | unquoted |
/// | unquoted | literal, `brokenQuoting` | ends the field | – |
/// | quoted | closes | literal | – |
/// | closed | was a doubled quote: quoted | ends the field | unquoted, `brokenQuoting` |
public struct ReferenceRecordReader {
  /// A record, copied.
  public struct Record: Hashable, Sendable {
    /// The fields as they stand in the file; empty if the record passed a limit.
    public var fields: [[UInt8]]
    /// What is wrong with the record.
    public var defect: RecordDefect
    /// The line (1-based) in which the record begins.
    public var line: UInt64
    /// The place of the first byte in the stream (0-based).
    public var byteOffset: UInt64
    /// The record without its line end, bounded if it passed a limit.
    public var rawBytes: [UInt8]

    /// Makes a record.
    public init(
      fields: [[UInt8]] = [], defect: RecordDefect = .none, line: UInt64, byteOffset: UInt64,
      rawBytes: [UInt8] = []
    ) {
      self.fields = fields
      self.defect = defect
      self.line = line
      self.byteOffset = byteOffset
      self.rawBytes = rawBytes
    }
  }

  private enum FieldState {
    case atStart
    case unquoted
    case quoted
    case closed
  }

  /// How a stream ends.
  public enum End: Hashable, Sendable {
    /// All bytes are there: the last record may lack its line end.
    case regular
    /// The source failed: the last record without a line end was cut.
    case failure
  }

  private let limits: RecordLimits
  private let delimiter: UInt8
  private var records: [Record] = []
  private var current: Record?
  private var field: [UInt8] = []
  private var state = FieldState.atStart
  private var isOverLimit = false

  /// Reads all records of a stream.
  ///
  /// - Parameters:
  ///   - bytes: The whole stream, or all of it that came before the source failed.
  ///   - dialect: How fields are kept apart.
  ///   - limits: How large they may be.
  ///   - end: How the stream ended.
  public static func read(
    _ bytes: [UInt8], dialect: Dialect, limits: RecordLimits = RecordLimits(), end: End = .regular
  ) -> [Record] {
    var reader = ReferenceRecordReader(limits: limits, delimiter: dialect.delimiter)
    var line: UInt64 = 1
    var index = bytes.starts(with: Dialect.byteOrderMark) ? 3 : 0
    while index < bytes.count {
      let byte = bytes[index]
      let isCarriageReturnOfPair =
        byte == ASCII.carriageReturn && index + 1 < bytes.count
        && bytes[index + 1] == ASCII.lineFeed
      let isLineEnd = byte == ASCII.lineFeed || byte == ASCII.carriageReturn
      if isLineEnd && reader.state != .quoted {
        reader.endRecord()
        index += isCarriageReturnOfPair ? 2 : 1
        line += 1
        continue
      }
      reader.add(byte, line: line, byteOffset: UInt64(index))
      if isLineEnd && !isCarriageReturnOfPair { line += 1 }
      index += 1
    }
    if reader.current != nil {
      switch end {
      case .failure: reader.current?.defect = .cutByEnd
      case .regular: if reader.state == .quoted { reader.note(.unterminatedQuote) }
      }
      reader.endRecord()
    }
    return reader.records
  }

  private init(limits: RecordLimits, delimiter: UInt8) {
    self.limits = limits
    self.delimiter = delimiter
  }

  /// Takes a byte that does not end the record.
  private mutating func add(_ byte: UInt8, line: UInt64, byteOffset: UInt64) {
    if current == nil { current = Record(line: line, byteOffset: byteOffset) }
    current?.rawBytes.append(byte)
    if byte == delimiter && state != .quoted {
      endField()
      if (current?.fields.count ?? 0) >= limits.columns { passLimit(.tooManyColumns) }
    } else {
      addToField(byte)
      if field.count > limits.fieldBytes { passLimit(.fieldTooLong) }
    }
    if (current?.rawBytes.count ?? 0) > limits.recordBytes { passLimit(.recordTooLong) }
  }

  private mutating func addToField(_ byte: UInt8) {
    field.append(byte)
    switch (state, byte == ASCII.quote) {
    case (.atStart, true): state = .quoted
    case (.atStart, false): state = .unquoted
    case (.unquoted, true): note(.brokenQuoting)
    case (.unquoted, false): break
    case (.quoted, true): state = .closed
    case (.quoted, false): break
    case (.closed, true): state = .quoted
    case (.closed, false):
      note(.brokenQuoting)
      state = .unquoted
    }
  }

  private mutating func endField() {
    current?.fields.append(field)
    field = []
    state = .atStart
  }

  /// Ends the current record, if there is one; a blank line has none.
  private mutating func endRecord() {
    guard current != nil else { return }
    endField()
    if var record = current {
      if isOverLimit {
        record.fields = []
        record.rawBytes = Array(record.rawBytes.prefix(limits.keptBytes))
      }
      records.append(record)
    }
    current = nil
    isOverLimit = false
  }

  private mutating func passLimit(_ defect: RecordDefect) {
    isOverLimit = true
    note(defect)
  }

  /// Keeps the first defect of a record.
  private mutating func note(_ defect: RecordDefect) {
    if current?.defect == RecordDefect.none { current?.defect = defect }
  }
}
