/// Reads the records of a stream, a block at a time, without copying or allocating per record.
///
/// The source writes straight into the reader's buffer. A record whose end has not come moves to the
/// front of the buffer and is read again with the next bytes; the buffer grows when one record fills
/// it. A record that passes a limit is read on to its end without being kept, and delivered alone in
/// a block: so memory stays bounded whatever the stream holds.
///
/// ```
/// 64 bytes │ record begun before │ bytes of the source …        │ 64 bytes
///          └ base                                                └ may be read, means nothing
/// ```
@safe
public struct RecordReader: ~Copyable {
  private static let paddingByteCount = 64

  private let blockByteCount: Int
  private var indexer: RecordIndexer

  private var storage: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// The bytes at hand: `storage[padding + start ..< padding + end]`.
  private var start = 0
  private var end = 0
  private var ending = StreamEnding.open
  private var isAtStreamStart: Bool
  private var readByteCount: UInt64
  private var line: UInt64

  /// What the source threw; `nil` while it has not.
  ///
  /// Set before the records that came ahead of the failure are delivered.
  public private(set) var failure: (any Error)?

  /// Makes a reader.
  ///
  /// - Parameters:
  ///   - dialect: How the fields are kept apart.
  ///   - limits: How large fields and records may be.
  ///   - blockByteCount: How many bytes to read before records are delivered; 64 at least.
  ///   - kernel: The instruction set; this machine must support it.
  ///   - byteOffset: The place in the stream of the first byte that the source gives; a record
  ///     begins there.
  ///   - line: The line of that byte.
  public init(
    dialect: Dialect, limits: RecordLimits = RecordLimits(), blockByteCount: Int = 1 << 20,
    kernel: ByteScanKernel = .best, byteOffset: UInt64 = 0, line: UInt64 = 1
  ) {
    isAtStreamStart = byteOffset == 0
    readByteCount = byteOffset
    self.line = line
    precondition(
      blockByteCount >= 64 && blockByteCount <= 1 << 30, "a block has 64 bytes to 1 GiB")
    self.blockByteCount = blockByteCount
    indexer = RecordIndexer(dialect: dialect, limits: limits, kernel: kernel)
    capacity = blockByteCount
    unsafe storage = Self.allocate(blockByteCount)
  }

  deinit {
    unsafe storage.deallocate()
  }

  /// Reads the next block of whole records.
  ///
  /// - Parameter source: Writes the next bytes of the stream into the buffer and returns how many; 0
  ///   at the end, after which it is not asked again. What it throws is kept in ``failure``: the
  ///   records before are delivered, then the cut one with ``RecordDefect/cutByEnd``, then `nil`.
  /// - Returns: A block with at least one record, valid until the next call; `nil` at the end.
  /// - Complexity: O(*n*) in the bytes read, amortised.
  public mutating func next<Failure: Error>(
    from source: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) -> RecordBlock? {
    while true {
      moveToFront()
      unsafe fill(from: source)
      skipByteOrderMark()
      let outcome = unsafe indexer.index(base, from: start, to: end, ending: ending)
      let block = unsafe indexer.block(
        base: base, firstByteOffset: readByteCount - UInt64(end), firstLine: line)
      start = outcome.consumed
      line += UInt64(outcome.lineCount)
      if block.recordCount > 0 { return block }
      if ending != .open { return nil }
      if outcome.isOverLimit { return unsafe skipRecord(from: source) }
      if start == 0 && end == capacity { resize(to: 2 * capacity) }
    }
  }

  private var base: UnsafePointer<UInt8> { unsafe UnsafePointer(storage + Self.paddingByteCount) }

  // MARK: A record that passed a limit

  /// Reads the record at the front to its end, keeping only its first bytes.
  private mutating func skipRecord<Failure: Error>(
    from source: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) -> RecordBlock {
    moveToFront()
    let keptLimit = indexer.limits.keptBytes
    if capacity < keptLimit + blockByteCount { resize(to: keptLimit + blockByteCount) }
    let recordOffset = readByteCount - UInt64(end)

    var machine = RecordStateMachine(
      limits: indexer.limits, delimiter: indexer.dialect.delimiter)
    var unread = 0
    while true {
      let scanEnd = unsafe RecordIndexer.scannedEnd(base, from: unread, to: end, ending: ending)
      let lineEnd = unsafe machine.read(base, from: unread, to: scanEnd, fieldEnds: nil)
      if let lineEnd {
        start = unsafe RecordIndexer.behindLineEnd(base, at: lineEnd, end: end)
        break
      }
      if ending != .open {
        unsafe machine.finish(at: scanEnd, ending: ending, fieldEnds: nil)
        start = end
        break
      }
      // Forgets what lies between the bytes to keep and the ones not read yet (at most a CR).
      let kept = min(scanEnd, keptLimit)
      let heldBack = end - scanEnd
      unsafe (storage + Self.paddingByteCount + kept).update(from: base + scanEnd, count: heldBack)
      end = kept + heldBack
      unread = kept
      unsafe fill(from: source)
    }

    indexer.setSingleRecord(machine, keptByteCount: min(machine.byteCount, keptLimit))
    let block = unsafe indexer.block(base: base, firstByteOffset: recordOffset, firstLine: line)
    line += UInt64(machine.quotedLineEndCount) + 1
    return block
  }

  // MARK: Buffer

  private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
    let byteCount = capacity + 2 * paddingByteCount
    let storage = UnsafeMutablePointer<UInt8>.allocate(capacity: byteCount)
    // Only the padding: whoever reads over the ends must not read what was never written.
    unsafe storage.initialize(repeating: 0, count: paddingByteCount)
    unsafe (storage + paddingByteCount + capacity).initialize(repeating: 0, count: paddingByteCount)
    return unsafe storage
  }

  private mutating func resize(to newCapacity: Int) {
    let larger = unsafe Self.allocate(newCapacity)
    unsafe (larger + Self.paddingByteCount).update(from: base, count: end)
    unsafe storage.deallocate()
    unsafe storage = larger
    capacity = newCapacity
  }

  private mutating func moveToFront() {
    guard start > 0 else { return }
    unsafe (storage + Self.paddingByteCount).update(from: base + start, count: end - start)
    end -= start
    start = 0
  }

  private mutating func fill<Failure: Error>(
    from source: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) {
    while ending == .open && end < capacity {
      let room = unsafe UnsafeMutableRawBufferPointer(
        start: storage + Self.paddingByteCount + end, count: capacity - end)
      do throws(Failure) {
        let count = try unsafe source(room)
        precondition(count >= 0 && count <= room.count, "the source wrote past its room")
        if count == 0 { ending = .complete }
        end += count
        readByteCount += UInt64(count)
      } catch {
        failure = error
        ending = .failed
      }
    }
  }

  private mutating func skipByteOrderMark() {
    guard isAtStreamStart else { return }
    isAtStreamStart = false
    let mark = Dialect.byteOrderMark
    guard end - start >= mark.count else { return }
    for (index, byte) in mark.enumerated() where unsafe base[start + index] != byte { return }
    start += mark.count
  }
}

// The reader owns its memory alone and cannot be copied, so whoever holds it is the only one who
// reaches that memory; handing the reader to another task hands all of it over. The blocks that it
// lends are not Sendable.
extension RecordReader: @unchecked Sendable {}
