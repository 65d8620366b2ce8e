import CByteScan
import Glibc

// Before you change this file:
//
// - Reads and writes past the ends. The scan in C reads nothing outside the piece, but may write up to
//   BYTE_SCAN_POSITION_SLACK positions behind the last that it reports: `reserve` allocates them.
//   Whoever reads fields afterwards may read 64 bytes around the block, which the caller provides.
// - Presumed first, checked later. The parity of quotes is right only while every quote stands where
//   the rules of quoting allow one. The scan stops before the 64 bytes in which one does not, and the
//   state machine decides; what the scan found before the stop stays.
// - Positions are 32 bits, so a piece is shorter than 4 GiB. The lists are used again by the next
//   piece, and a RecordBlock of the last one is then void.
// - Locks. None: an indexer belongs to one reader.
// - RecordReaderAgainstReferenceTests compares every kernel and every split with the slow reader.

/// Finds the whole records in a piece of memory, without copying any.
///
/// The memory belongs to the caller; the lists of positions belong to the indexer and are used again
/// by the next piece. ``RecordReader`` does this over a stream; use the indexer itself where bytes
/// already lie in a buffer.
///
/// How it goes:
/// 1. The scan (C, 64 bytes at a time) lists delimiters and line ends outside quotes, by the parity
///    of quotes, and stops before the 64 bytes in which a quote stands where parity and the rules of
///    quoting part.
/// 2. Each line end makes one entry. A record that may have passed a limit is read again by
///    ``RecordStateMachine``, which tells.
/// 3. Where the scan stopped, the machine reads the one record byte by byte, and the scan starts
///    again behind it. All before the stop is right, because a misplaced quote only changes what
///    follows it.
///
/// ```
/// a,"b",c⏎d"e,f⏎     scan: positions 1 5 7 10 12; stops: the quote at 9 opens inside a field
/// 0123456789…        (in one group of 64 the scan gives none of them; the machine reads record 1,
///                    the scan starts at 8, stops again, the machine reads record 2)
/// ```
@safe
public struct RecordIndexer: ~Copyable {
  /// How the fields are kept apart.
  public let dialect: Dialect
  /// How large fields and records may be.
  public let limits: RecordLimits

  private let kernel: byte_scan_kernel
  private var capacity = 0
  private var fieldEnds: UnsafeMutablePointer<UInt32>
  private var lineEnds: UnsafeMutablePointer<UInt32>
  private var entries: UnsafeMutablePointer<RecordEntry>

  private var fieldEndCount = 0
  private var recordCount = 0
  private var lineDelta = 0
  /// Whether nothing is indexed from the first quote on that stands where none may.
  private var stopsAtQuote = false
  /// Whether all quotes of the piece stand where they may.
  private var isSound = true
  private var wordedRecord: Int?

  /// What a piece held.
  public struct Outcome: Equatable, Sendable {
    /// The position of the first byte that belongs to no record of the block: what follows is to be
    /// given again, with more behind it.
    public var consumed: Int
    /// How many lines end before ``consumed``.
    public var lineCount: Int
    /// The record at ``consumed`` has passed a limit already, and its end is not in the piece.
    public var isOverLimit: Bool
  }

  /// Makes an indexer.
  ///
  /// - Parameters:
  ///   - dialect: How the fields are kept apart.
  ///   - limits: How large they may be.
  ///   - kernel: The instruction set; this machine must support it.
  public init(
    dialect: Dialect, limits: RecordLimits = RecordLimits(), kernel: ByteScanKernel = .best
  ) {
    precondition(kernel.isSupported, "this machine cannot run the kernel \(kernel)")
    self.dialect = dialect
    self.limits = limits
    self.kernel = kernel.cKernel
    unsafe fieldEnds = .allocate(capacity: 1)
    unsafe lineEnds = .allocate(capacity: 1)
    unsafe entries = .allocate(capacity: 1)
  }

  deinit {
    unsafe fieldEnds.deallocate()
    unsafe lineEnds.deallocate()
    unsafe entries.deallocate()
  }

  /// The records found by the last ``index(_:from:to:ending:)``.
  ///
  /// - Parameters:
  ///   - base: The memory that was indexed.
  ///   - firstByteOffset: The byte of the stream that lies at `base`.
  ///   - firstLine: The line of the piece's first byte.
  public func block(
    base: UnsafePointer<UInt8>, firstByteOffset: UInt64, firstLine: UInt64
  ) -> RecordBlock {
    unsafe RecordBlock(
      base: base, fieldEnds: fieldEnds, records: entries, recordCount: recordCount,
      firstByteOffset: firstByteOffset, firstLine: firstLine)
  }

  /// Indexes a piece that begins at the start of a record (or a blank line).
  ///
  /// A record whose end is not in the piece is left out, unless the stream ends there. A CR at the
  /// end of the piece does not count as the end of a record while more may come, because an LF
  /// behind it would belong to it.
  ///
  /// - Parameters:
  ///   - base: What positions count from.
  ///   - start: Where the piece begins.
  ///   - end: Where it ends; below 2³².
  ///   - ending: What is known about the bytes behind it.
  /// - Complexity: O(`end - start`).
  public mutating func index(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, ending: StreamEnding
  ) -> Outcome {
    precondition(start >= 0 && start <= end && end <= Int(UInt32.max), "piece out of range")
    reserve(end - start)
    fieldEndCount = 0
    recordCount = 0
    lineDelta = 0
    isSound = true
    wordedRecord = nil

    let scanEnd = unsafe Self.scannedEnd(base, from: start, to: end, ending: ending)
    var recordStart = start
    while recordStart < scanEnd {
      let firstField = fieldEndCount
      let found = unsafe byte_scan(
        kernel, base, recordStart, scanEnd, dialect.delimiter, fieldEnds + firstField, lineEnds)
      if found.stopped_at_quote || found.ends_inside_quotes { isSound = false }
      // SIZE_MAX, of which Swift makes −1.
      if wordedRecord == nil, found.first_worded_record >= 0 {
        wordedRecord = found.first_worded_record
      }
      if stopsAtQuote, !isSound { break }
      unsafe addRecords(of: found, base, from: &recordStart, firstField: firstField, end: end)
      if recordStart == scanEnd { break }
      if unsafe skipBlankLines(base, from: &recordStart, to: scanEnd, end: end) { continue }

      if found.stopped_at_quote || ending != .open {
        let isWhole = unsafe addByStateMachine(
          base, from: &recordStart, to: scanEnd, end: end, ending: ending)
        if !isWhole {
          return Outcome(
            consumed: recordStart, lineCount: lineDelta,
            isOverLimit: unsafe isOverLimit(base, from: recordStart, to: scanEnd))
        }
      } else {
        return Outcome(
          consumed: recordStart, lineCount: lineDelta,
          isOverLimit: unsafe isOverLimit(
            base, from: recordStart, to: scanEnd,
            fieldCount: found.position_count - (fieldEndCount - firstField)))
      }
    }
    return Outcome(consumed: recordStart, lineCount: lineDelta, isOverLimit: false)
  }

  /// Indexes a block that was cut by the parity of quotes, if all its quotes stand where they may.
  ///
  /// Where they do not, the cut means nothing, and the block's records are none.
  ///
  /// - Parameters:
  ///   - base: What positions count from.
  ///   - start: Where the block begins, at the start of a record.
  ///   - end: Where it ends, behind the end of a record; below 2³².
  ///   - ending: What is known about the bytes behind it; not ``StreamEnding/open``.
  ///   - looksAtStart: Whether the record at `start` may be a header of its own.
  /// - Returns: What ``RecordSplitter/check(_:from:to:looksAtStart:)`` says of the block.
  /// - Complexity: O(`end - start`).
  public mutating func indexIfSound(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, ending: StreamEnding,
    looksAtStart: Bool
  ) -> RecordSplitter.Check {
    let isWorded =
      unsafe looksAtStart
      && byte_scan_begins_with_word(base, start, end, dialect.delimiter)
    stopsAtQuote = true
    let outcome = unsafe index(base, from: start, to: end, ending: ending)
    stopsAtQuote = false
    return RecordSplitter.Check(
      isSound: isSound && outcome.consumed == end, lineCount: outcome.lineCount,
      wordedRecord: isWorded ? start : wordedRecord)
  }

  /// Where a scan must stop: before a last CR whose next byte is not known yet.
  static func scannedEnd(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, ending: StreamEnding
  ) -> Int {
    let isOpenPair =
      unsafe ending == .open && end > start && base[end - 1] == ASCII.carriageReturn
    return isOpenPair ? end - 1 : end
  }

  /// The position behind the line end that begins at `position`.
  static func behindLineEnd(_ base: UnsafePointer<UInt8>, at position: Int, end: Int) -> Int {
    let isPair =
      unsafe base[position] == ASCII.carriageReturn && position + 1 < end
      && base[position + 1] == ASCII.lineFeed
    return position + (isPair ? 2 : 1)
  }

  /// Makes the only entry of a block, for a record that passed a limit and was read by `machine`.
  mutating func setSingleRecord(_ machine: RecordStateMachine, keptByteCount: Int) {
    reserve(1)
    fieldEndCount = 0
    recordCount = 0
    lineDelta = 0
    add(start: 0, byteCount: keptByteCount, firstField: 0, fieldCount: 0, machine.defect)
  }

  // MARK: Records of a scan

  private mutating func addRecords(
    of found: byte_scan_result, _ base: UnsafePointer<UInt8>, from recordStart: inout Int,
    firstField: Int, end: Int
  ) {
    // Copied out of `self`, so that the loop does not load them again after each store.
    let positions = unsafe fieldEnds
    let lineEnds = unsafe lineEnds
    let entries = unsafe entries
    let largest = min(limits.fieldBytes, limits.recordBytes)
    let columns = limits.columns
    let hasQuotedLineEnds = found.has_quoted_line_ends
    var start = recordStart
    var field = firstField
    var count = recordCount
    var delta = lineDelta

    for lineEnd in 0..<found.line_end_count {
      let last = firstField + Int(unsafe lineEnds[lineEnd])
      let position = Int(unsafe positions[last])
      let byteCount = position - start
      if byteCount > 0 {
        let fieldCount = last - field + 1
        var entry = RecordEntry(
          start: UInt32(truncatingIfNeeded: start),
          byteCount: UInt32(truncatingIfNeeded: byteCount),
          firstField: UInt32(truncatingIfNeeded: field),
          fieldCount: UInt32(truncatingIfNeeded: fieldCount),
          lineDelta: UInt32(truncatingIfNeeded: delta), defect: .none)
        if byteCount > largest || fieldCount > columns {
          unsafe judgeLimits(of: &entry, base)
        }
        unsafe (entries + count).initialize(to: entry)
        count += 1
        if hasQuotedLineEnds {
          delta += unsafe byte_scan_count_line_ends(base + start, byteCount)
        }
      }
      field = last + 1
      delta += 1
      start = unsafe Self.behindLineEnd(base, at: position, end: end)
    }
    recordStart = start
    fieldEndCount = field
    recordCount = count
    lineDelta = delta
  }

  /// Gives an entry its defect, if one of its fields or the record is too large.
  private func judgeLimits(of entry: inout RecordEntry, _ base: UnsafePointer<UInt8>) {
    var machine = RecordStateMachine(limits: limits, delimiter: dialect.delimiter)
    let start = Int(entry.start)
    _ = unsafe machine.read(base, from: start, to: start + Int(entry.byteCount), fieldEnds: nil)
    guard machine.isOverLimit else { return }
    entry.defect = machine.defect
    entry.fieldCount = 0
    entry.byteCount = UInt32(min(Int(entry.byteCount), limits.keptBytes))
  }

  // MARK: Records by the state machine

  /// Passes over the blank lines at `position`, which make no record; tells whether there were any.
  private mutating func skipBlankLines(
    _ base: UnsafePointer<UInt8>, from position: inout Int, to scanEnd: Int, end: Int
  ) -> Bool {
    let first = position
    while position < scanEnd {
      let byte = unsafe base[position]
      guard byte == ASCII.lineFeed || byte == ASCII.carriageReturn else { break }
      unsafe position = Self.behindLineEnd(base, at: position, end: end)
      lineDelta += 1
    }
    return position > first
  }

  /// Adds the record at `recordStart`; tells whether its end was there.
  private mutating func addByStateMachine(
    _ base: UnsafePointer<UInt8>, from recordStart: inout Int, to scanEnd: Int, end: Int,
    ending: StreamEnding
  ) -> Bool {
    var machine = RecordStateMachine(limits: limits, delimiter: dialect.delimiter)
    let lineEnd = unsafe machine.read(
      base, from: recordStart, to: scanEnd, fieldEnds: fieldEnds + fieldEndCount)
    if lineEnd == nil {
      if ending == .open { return false }
      unsafe machine.finish(at: scanEnd, ending: ending, fieldEnds: fieldEnds + fieldEndCount)
    }
    let fieldCount = machine.isOverLimit ? 0 : machine.fieldCount
    let byteCount =
      machine.isOverLimit ? min(machine.byteCount, limits.keptBytes) : machine.byteCount
    add(
      start: recordStart, byteCount: byteCount, firstField: fieldEndCount, fieldCount: fieldCount,
      machine.defect)
    fieldEndCount += fieldCount
    lineDelta += machine.quotedLineEndCount
    if let lineEnd {
      lineDelta += 1
      recordStart = unsafe Self.behindLineEnd(base, at: lineEnd, end: end)
    } else {
      recordStart = scanEnd
    }
    return true
  }

  /// Tells whether an unfinished record has passed a limit already.
  private func isOverLimit(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, fieldCount: Int = .max
  ) -> Bool {
    // Most unfinished records are far from any limit and need no second look.
    let mayBe =
      end - start > min(limits.fieldBytes, limits.recordBytes)
      || (fieldCount >= limits.columns && end - start >= limits.columns)
    guard mayBe else { return false }
    var machine = RecordStateMachine(limits: limits, delimiter: dialect.delimiter)
    _ = unsafe machine.read(base, from: start, to: end, fieldEnds: nil)
    return machine.isOverLimit
  }

  // MARK: Lists

  private mutating func add(
    start: Int, byteCount: Int, firstField: Int, fieldCount: Int, _ defect: RecordDefect
  ) {
    let entry = RecordEntry(
      start: UInt32(start), byteCount: UInt32(byteCount), firstField: UInt32(firstField),
      fieldCount: UInt32(fieldCount), lineDelta: UInt32(truncatingIfNeeded: lineDelta),
      defect: defect)
    unsafe (entries + recordCount).initialize(to: entry)
    recordCount += 1
  }

  /// Makes room for a piece of `byteCount` bytes, even if every byte ends a field.
  ///
  /// Memory that no position is written to is never touched, so the room costs addresses only.
  private mutating func reserve(_ byteCount: Int) {
    guard byteCount > capacity else { return }
    unsafe fieldEnds.deallocate()
    unsafe lineEnds.deallocate()
    unsafe entries.deallocate()
    capacity = byteCount
    unsafe fieldEnds = .allocate(capacity: byteCount + 1 + Int(BYTE_SCAN_POSITION_SLACK))
    // One more, which a scan may overwrite.
    unsafe lineEnds = .allocate(capacity: byteCount + 1)
    // A record has at least one byte beside its line end; only the last may lack the line end.
    unsafe entries = .allocate(capacity: byteCount / 2 + 1)
  }
}
