import Accounts
import Decompression
import Delimited

/// A run of whole records of a file, on its way from the worker that inflated it to the one that
/// folds it.
struct LoginBlock {
  let feed: LoginFeed
  /// Number of the block within its file.
  let sequence: Int
  let buffer: BlockBuffer
  /// Stored bytes of the file that were used when the block was cut.
  let storedByteCount: UInt64
  /// What comes behind it.
  let ending: StreamEnding
  /// Whether the block ends where a record does; if not, no record ends in it.
  let isCut: Bool
}

/// One login file of a pipeline: its stream, the cutting of blocks, and what came of them.
///
/// ``fill(_:)`` belongs to whoever holds the file's inflate token; the members under "chain" belong
/// to whoever holds the pipeline's lock.
final class LoginFeed {
  let number: Int
  let input: ProbedInput
  let splitter: RecordSplitter
  private let reader: ExportReader

  // MARK: Inflating

  private var stream: ByteStream?
  /// Stored bytes used when the stream had ended and was closed: a run may have more files than a
  /// process may have open.
  private var endOffset: UInt64?
  /// Whether the stream that was closed could not be read to its end.
  private var hasReadError = false
  private let digest: Digest
  private var prefix: ArraySlice<UInt8>
  /// Bytes behind the last cut, which begin the next block.
  private var carry: [UInt8] = []
  private var byteOffset: UInt64 = 0
  private var blockCount = 0
  /// Why reading ended early.
  private(set) var failure: DecompressionError?
  /// Whether the last block was given.
  private(set) var hasEnded = false

  // MARK: Chain

  /// Somebody inflates.
  var isInflating = false
  /// Blocks that were cut.
  var cutCount = 0
  /// Blocks that are known to begin at a record: all before the first that is not sound.
  var confirmedCount = 0
  /// Line of the first byte of the next block to be confirmed.
  var line: UInt64
  /// One worker reads the rest alone, because quotes stand where none may.
  var isSerial = false
  /// Blocks given back for the serial reading.
  var returned: [LoginBlock] = []
  /// Blocks whose rows are in a ledger.
  var foldedCount = 0
  /// Folds by worker.
  var folds: [WorkerFileState?]
  /// Rejected rows of blocks that wait for those before them.
  var rejects: [Int: [RowReject]] = [:]
  /// Blocks whose rejected rows were written.
  var writtenCount = 0
  /// What was done to records so that they fit the header.
  var arrangement = RecordArrangement()

  init(number: Int, input: ProbedInput, reader: ExportReader, workerCount: Int) {
    self.number = number
    self.input = input
    self.reader = reader
    digest = input.digest ?? Digest()
    splitter = RecordSplitter(dialect: input.dialect)
    prefix = input.prefix[...]
    line = UInt64(1 + input.preamble.lineCount)
    folds = [WorkerFileState?](repeating: nil, count: workerCount)
  }

  /// Fills a buffer with the next whole records.
  ///
  /// - Complexity: O(*n*) in the buffer's capacity.
  func fill(_ buffer: BlockBuffer) -> LoginBlock {
    buffer.byteOffset = byteOffset
    buffer.start = 0
    unsafe buffer.room(behind: 0).copyBytes(from: carry)
    var count = carry.count
    var ending = StreamEnding.open
    while count < buffer.capacity, ending == .open {
      let read: Int
      do throws(DecompressionError) {
        read = try unsafe self.read(into: buffer.room(behind: count))
      } catch {
        failure = error
        // The rest is read for its digest alone; a second failure adds nothing.
        try? stream?.drain()
        ending = .failed
        break
      }
      if read == 0 { ending = .complete }
      count += read
    }
    if byteOffset == 0, count >= 3,
      unsafe buffer.bytes(from: 0, to: 3).elementsEqual([0xEF, 0xBB, 0xBF])
    {
      buffer.start = 3
    }
    if byteOffset == 0 { buffer.start = max(buffer.start, min(input.preamble.byteCount, count)) }
    var cut: Int? = count
    if ending == .open {
      cut = unsafe splitter.cut(buffer.base, from: buffer.start, to: count)
    } else {
      hasEnded = true
      closeStream()
    }
    buffer.end = cut ?? count
    carry.removeAll(keepingCapacity: true)
    unsafe carry.append(contentsOf: buffer.bytes(from: buffer.end, to: count))
    byteOffset += UInt64(buffer.end)
    defer { blockCount += 1 }
    return LoginBlock(
      feed: self, sequence: blockCount, buffer: buffer,
      storedByteCount: storedByteCount, ending: ending, isCut: cut != nil)
  }

  /// The next bytes of the file; 0 at the end.
  func read(into room: UnsafeMutableRawBufferPointer) throws(DecompressionError) -> Int {
    if !prefix.isEmpty {
      let count = min(prefix.count, room.count)
      unsafe room.copyBytes(from: prefix.prefix(count))
      prefix = prefix.dropFirst(count)
      return count
    }
    if stream == nil, endOffset == nil { stream = try reader.open(digest) }
    guard let stream else { return 0 }
    return try unsafe stream.read(into: room)
  }

  /// The bytes behind the last cut, for a reader that goes on from there.
  func takeCarry() -> [UInt8] {
    defer { carry = [] }
    return carry
  }

  /// Closes the stream when a serial reading has come to the end.
  func endSerial(_ failure: (any Error)?) {
    defer { closeStream() }
    guard let failure = failure as? DecompressionError else { return }
    self.failure = failure
    try? stream?.drain()
  }

  /// Notes the end of a serial reading; under the pipeline's lock, since others look for work.
  func noteEnd() { hasEnded = true }

  /// Stored bytes used so far.
  var storedByteCount: UInt64 { stream?.compressedOffset ?? endOffset ?? 0 }

  private func closeStream() {
    endOffset = stream?.compressedOffset
    hasReadError = stream?.hasReadError ?? false
    stream = nil
  }

  /// What the file turned out to be, once it has ended.
  func outcome() -> ReadOutcome {
    // Of what could not even be opened nothing is known.
    guard stream != nil || endOffset != nil else {
      return ReadOutcome(problem: failure?.description)
    }
    return reader.outcome(
      digest: hasReadError ? nil : digest, storedByteCount: storedByteCount,
      problem: failure?.description, arrangement)
  }
}
