/// Reads one record byte by byte, with every rule; it can stop and go on anywhere.
///
/// The way for the records that a scan of 64 bytes at a time cannot take: broken quoting, passed
/// limits, the end of the stream. ``ReferenceRecordReader`` states the rules.
struct RecordStateMachine {
  private enum FieldState {
    case atStart
    case unquoted
    case quoted
    case closed
  }

  private let limits: RecordLimits
  private let delimiter: UInt8
  private var state = FieldState.atStart
  private var fieldByteCount = 0
  private var previousIsCarriageReturn = false

  /// The first defect met.
  private(set) var defect = RecordDefect.none
  /// Whether a limit was passed, so that the record has no fields.
  private(set) var isOverLimit = false
  /// How many fields have ended.
  private(set) var fieldCount = 0
  /// How many bytes of the record were read, its line end left out.
  private(set) var byteCount = 0
  /// How many line ends stand inside the record's quotes.
  private(set) var quotedLineEndCount = 0

  init(limits: RecordLimits, delimiter: UInt8) {
    self.limits = limits
    self.delimiter = delimiter
  }

  /// Reads on, from `start` at most to `end`.
  ///
  /// - Parameters:
  ///   - bytes: What positions count from.
  ///   - start: The first byte that was not read yet.
  ///   - end: Where to stop. The byte before must not be a CR whose next byte is not known yet.
  ///   - fieldEnds: Where to write the ends of the fields, one for each, if they are wanted. Needs
  ///     room for `end - start + 1`.
  /// - Returns: The position of the line end of the record, or `nil` if it goes on behind `end`.
  /// - Complexity: O(`end - start`).
  mutating func read(
    _ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int,
    fieldEnds: UnsafeMutablePointer<UInt32>?
  ) -> Int? {
    var position = start
    while position < end {
      let byte = unsafe bytes[position]
      if byte == ASCII.lineFeed || byte == ASCII.carriageReturn {
        if state != .quoted {
          unsafe endField(at: position, fieldEnds)
          return position
        }
        // A pair counts once, at its CR.
        if !(byte == ASCII.lineFeed && previousIsCarriageReturn) { quotedLineEndCount += 1 }
      }
      previousIsCarriageReturn = byte == ASCII.carriageReturn
      if byte == delimiter && state != .quoted {
        unsafe endField(at: position, fieldEnds)
        if fieldCount >= limits.columns { passLimit(.tooManyColumns) }
      } else {
        addToField(byte)
      }
      byteCount += 1
      if byteCount > limits.recordBytes { passLimit(.recordTooLong) }
      position += 1
    }
    return nil
  }

  /// Ends the record with the stream.
  ///
  /// - Parameters:
  ///   - position: The end of the stream.
  ///   - ending: Whether the stream ended or failed.
  ///   - fieldEnds: Where to write the end of the last field.
  mutating func finish(
    at position: Int, ending: StreamEnding, fieldEnds: UnsafeMutablePointer<UInt32>?
  ) {
    if ending == .failed {
      defect = .cutByEnd
    } else if state == .quoted {
      note(.unterminatedQuote)
    }
    unsafe endField(at: position, fieldEnds)
  }

  private mutating func addToField(_ byte: UInt8) {
    let isQuote = byte == ASCII.quote
    switch state {
    case .atStart:
      state = isQuote ? .quoted : .unquoted
    case .unquoted:
      if isQuote { note(.brokenQuoting) }
    case .quoted:
      if isQuote { state = .closed }
    case .closed:
      if isQuote {
        state = .quoted
      } else {
        note(.brokenQuoting)
        state = .unquoted
      }
    }
    fieldByteCount += 1
    if fieldByteCount > limits.fieldBytes { passLimit(.fieldTooLong) }
  }

  private mutating func endField(at position: Int, _ fieldEnds: UnsafeMutablePointer<UInt32>?) {
    // Beyond a limit nobody asks for the fields, and their number is without bound.
    if let fieldEnds = unsafe fieldEnds, !isOverLimit {
      unsafe fieldEnds[fieldCount] = UInt32(truncatingIfNeeded: position)
    }
    fieldCount += 1
    fieldByteCount = 0
    state = .atStart
  }

  private mutating func passLimit(_ defect: RecordDefect) {
    isOverLimit = true
    note(defect)
  }

  private mutating func note(_ defect: RecordDefect) {
    if self.defect == .none { self.defect = defect }
  }
}

/// What is known about the bytes behind those at hand.
public enum StreamEnding: Hashable, Sendable {
  /// More may come.
  case open
  /// None come; all were there.
  case complete
  /// None come, because the source failed.
  case failed
}
