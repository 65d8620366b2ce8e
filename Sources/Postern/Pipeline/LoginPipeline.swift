import Accounts
import Decompression
import Delimited
import Platform
import SalesforceExports
import Synchronization

/// What a worker keeps of one file: its fold, and what brings records to the first header.
final class WorkerFileState {
  let fold: LoginFold
  /// Looks at login keys, where events that name some were given.
  var keys: LoginKeyFold?
  let arranger: RecordArranger

  init(_ fold: LoginFold, keys: LoginKeyFold?, _ input: ProbedInput) {
    self.fold = fold
    self.keys = keys
    arranger = RecordArranger(input)
  }
}

/// The lists of positions that a worker uses for block after block, whatever their file.
final class WorkerIndex {
  private var indexer: RecordIndexer
  private let limits: RecordLimits

  init(limits: RecordLimits) {
    self.limits = limits
    indexer = RecordIndexer(dialect: .comma, limits: limits)
  }

  /// Indexes a block if all its quotes stand where they may.
  func index(_ block: LoginBlock) -> RecordSplitter.Check {
    let dialect = block.feed.input.dialect
    if indexer.dialect != dialect { indexer = RecordIndexer(dialect: dialect, limits: limits) }
    let buffer = block.buffer
    // The block ends where a record does.
    return unsafe indexer.indexIfSound(
      buffer.base, from: buffer.start, to: buffer.end,
      ending: block.ending == .open ? .complete : block.ending, looksAtStart: block.sequence > 0)
  }

  /// The records of the block that was indexed last.
  func records(of buffer: BlockBuffer, firstLine: UInt64) -> RecordBlock {
    unsafe indexer.block(
      base: buffer.base, firstByteOffset: buffer.byteOffset, firstLine: firstLine)
  }
}

/// Reads login files with all workers at once: inflate, split, index, fold.
///
/// ```
///  file ── inflate + cut ──► ready blocks ── index ── confirm ── fold ──► ledger
///          one at a time      bounded       side by side  in order  side by side
/// ```
///
/// One worker at a time holds a file's inflate token; it fills a buffer and cuts it behind the last
/// line end outside quotes, going by the parity of quotes alone. Whoever takes the block indexes it,
/// which finds its fields and proves that all its quotes stand where parity and the rules of quoting
/// agree. When all blocks before have been found so, the block begins at a record for certain, its first
/// line is known, and it is folded from that index. A
/// worker inflates while a buffer is free and folds otherwise, so none is idle while there is work.
///
/// Where a quote stands that may not, cuts behind it mean nothing. The worker that finds it gathers
/// the blocks that were cut since and reads the rest of the file alone, byte by byte where it must.
// Unchecked: all members are used under the monitor's lock, but for what a feed's token holder and a
// worker's own slot own.
final class LoginPipeline: @unchecked Sendable {
  private let monitor = Monitor()
  private let workers: [FoldWorker]
  /// The index of each worker.
  private let indexes: [WorkerIndex]
  private let makeFold: (LoginFeed, FoldWorker) -> LoginFold
  private let sessions: SessionTable?
  private let keepsKeys: Bool
  private let recordLimits: RecordLimits
  private let progress: ProgressCounter
  private let spools: [RejectSpool]
  private let bufferLimit: Int
  private let blockByteCount: Int

  private var waiting: ArraySlice<LoginFeed> = []
  private var active: [LoginFeed] = []
  private var ready: ArraySlice<LoginBlock> = []
  private var freeBuffers: [BlockBuffer] = []
  private var bufferCount = 0
  private var failure: (any Error)?
  private var ended: [(feed: LoginFeed, counts: LoginFold.Counts)] = []
  /// Rows of all files run so far whose login key proves something.
  private(set) var places = SessionPlaces()
  /// Login keys of rows that can be a person's, where they are kept.
  private(set) var keys = LoginKeyPlaces()

  /// Makes a pipeline.
  ///
  /// - Parameters:
  ///   - workers: What each worker folds into.
  ///   - sessions: What events of sessions prove by login key.
  ///   - keepsKeys: Whether keys are kept of which nothing is known yet.
  ///   - spools: Receive rejected rows, by number of the file.
  ///   - blockByteCount: Bytes of a block.
  ///   - makeFold: Makes the fold of a worker for a file.
  init(
    workers: [FoldWorker], recordLimits: RecordLimits, progress: ProgressCounter,
    sessions: SessionTable?, keepsKeys: Bool, spools: [RejectSpool], blockByteCount: Int,
    makeFold: @escaping (LoginFeed, FoldWorker) -> LoginFold
  ) {
    self.workers = workers
    indexes = workers.map { _ in WorkerIndex(limits: recordLimits) }
    self.sessions = sessions
    self.keepsKeys = keepsKeys
    self.recordLimits = recordLimits
    self.progress = progress
    self.spools = spools
    self.blockByteCount = blockByteCount
    self.makeFold = makeFold
    bufferLimit = workers.count == 1 ? 1 : 2 * workers.count + 2
  }

  /// Reads files to their ends.
  ///
  /// - Returns: The files with the counts of their rows; not all of them when the run is cancelled.
  /// - Throws: What failed first; other workers stop at the end of their block.
  func run(_ feeds: [LoginFeed]) throws -> [(feed: LoginFeed, counts: LoginFold.Counts)] {
    waiting = feeds[...]
    ended = []
    WorkerThreads.run(workers.count) { slot in
      while let job = nextJob() {
        do {
          switch job {
          case .inflate(let feed, let buffer): inflate(feed, buffer)
          case .fold(let block): try take(block, slot)
          }
        } catch {
          fail(error)
        }
      }
      workers[slot].finish()
    }
    if let failure { throw failure }
    return ended
  }

  // MARK: Choosing work

  private enum Job {
    case inflate(LoginFeed, BlockBuffer)
    case fold(LoginBlock)
  }

  private func nextJob() -> Job? {
    monitor.withLock {
      while true {
        if failure != nil || Interruption.isRequested.load(ordering: .relaxed) {
          monitor.wakeAll()
          return nil
        }
        if let job = inflateJob() { return job }
        if let block = ready.popFirst() { return .fold(block) }
        if active.isEmpty, waiting.isEmpty {
          monitor.wakeAll()
          return nil
        }
        monitor.wait()
      }
    }
  }

  private func inflateJob() -> Job? {
    guard !freeBuffers.isEmpty || bufferCount < bufferLimit else { return nil }
    var feed = active.first { !$0.isInflating && !$0.hasEnded && !$0.isSerial }
    if feed == nil, active.count < workers.count, let next = waiting.popFirst() {
      active.append(next)
      feed = next
    }
    guard let feed else { return nil }
    feed.isInflating = true
    if let buffer = freeBuffers.popLast() { return .inflate(feed, buffer) }
    bufferCount += 1
    return .inflate(feed, BlockBuffer(capacity: blockByteCount))
  }

  private func fail(_ error: any Error) {
    monitor.withLock {
      failure = failure ?? error
      monitor.wakeAll()
    }
  }

  // MARK: Inflating

  private func inflate(_ feed: LoginFeed, _ buffer: BlockBuffer) {
    let block = feed.fill(buffer)
    monitor.withLock {
      feed.isInflating = false
      feed.cutCount += 1
      ready.append(block)
      monitor.wakeAll()
    }
  }

  // MARK: Folding

  private func take(_ block: LoginBlock, _ slot: Int) throws {
    let feed = block.feed
    var isParallel = false
    var lineCount = 0
    // Nothing lies behind the last block of a file that could be cut wrongly, but it may have a header.
    if block.isCut || block.ending != .open {
      let check = indexes[slot].index(block)
      lineCount = check.lineCount
      isParallel = check.isSound && !holdsOtherHeader(block, from: check.wordedRecord)
    }
    enum Turn {
      case fold(line: UInt64)
      case serial(line: UInt64)
      case none
    }
    let turn: Turn = monitor.withLock {
      while feed.confirmedCount != block.sequence, !feed.isSerial, failure == nil { monitor.wait() }
      if failure != nil { return .none }
      if feed.isSerial {
        feed.returned.append(block)
        monitor.wakeAll()
        return .none
      }
      let line = feed.line
      guard isParallel else {
        feed.isSerial = true
        monitor.wakeAll()
        return .serial(line: line)
      }
      feed.confirmedCount += 1
      feed.line += UInt64(lineCount)
      monitor.wakeAll()
      return .fold(line: line)
    }
    switch turn {
    case .fold(let line): try fold(block, firstLine: line, slot)
    case .serial(let line): try readSerially(from: block, line: line, slot)
    case .none: break
    }
  }

  /// Records that begin with a word and are no header after which a block is read in order.
  private static let wordedRecordLimit = 16

  /// Whether a block has a header other than the file's, so that what follows reads in another order.
  ///
  /// - Parameter place: The first record that begins with a word.
  private func holdsOtherHeader(_ block: LoginBlock, from place: Int?) -> Bool {
    guard var place else { return false }
    let (feed, buffer) = (block.feed, block.buffer)
    for _ in 0..<Self.wordedRecordLimit {
      var indexer = RecordIndexer(dialect: feed.input.dialect, limits: recordLimits)
      // One record is enough; a header is far shorter.
      let end = min(buffer.end, place + 1 << 16)
      let outcome = unsafe indexer.index(
        buffer.base, from: place, to: end, ending: end < buffer.end ? .open : .complete)
      let records = unsafe indexer.block(
        base: buffer.base, firstByteOffset: buffer.byteOffset, firstLine: 1)
      guard records.recordCount > 0 else { return true }
      let record = records[0]
      let isFirst = record.rawBytes.elementsEqual(feed.input.headerBytes)
      if !isFirst, RecordArranger.header(record) != nil { return true }
      let next = unsafe records.recordCount > 1 ? Int(records.records[1].start) : outcome.consumed
      guard next > place, next < buffer.end else { return false }
      let check = unsafe feed.splitter.check(
        buffer.base, from: next, to: buffer.end)
      guard let worded = check.wordedRecord else { return false }
      place = worded
    }
    return true
  }

  private func fold(of feed: LoginFeed, _ slot: Int) -> WorkerFileState {
    monitor.withLock {
      if let fold = feed.folds[slot] { return fold }
      let fold = WorkerFileState(
        makeFold(feed, workers[slot]),
        keys: LoginKeyFold(
          file: UInt32(feed.number), kind: feed.input.kind, header: feed.input.header,
          sessions: sessions, keepsKeys: keepsKeys),
        feed.input)
      feed.folds[slot] = fold
      return fold
    }
  }

  private func fold(_ block: LoginBlock, firstLine: UInt64, _ slot: Int) throws {
    let (feed, buffer) = (block.feed, block.buffer)
    let state = fold(of: feed, slot)
    let fold = state.fold
    let before = fold.counts.read
    var rejects: [RowReject] = []
    let records = state.arranger.fitted(
      indexes[slot].records(of: buffer, firstLine: firstLine))
    // The first record of a file is its header.
    let first = block.sequence == 0 ? 1 : 0
    fold.fold(records, from: first) { rejects.append($0) }
    state.keys?.fold(records, from: first)
    progress.add(
      done: block.storedByteCount, ofFile: feed.number, rows: fold.counts.read - before)
    try monitor.withLock {
      freeBuffers.append(buffer)
      feed.foldedCount += 1
      feed.rejects[block.sequence] = rejects
      while let next = feed.rejects.removeValue(forKey: feed.writtenCount) {
        feed.writtenCount += 1
        for row in next { try spools[feed.number].add(row) }
      }
      endIfDone(feed)
      monitor.wakeAll()
    }
  }

  private func endIfDone(_ feed: LoginFeed) {
    guard !feed.isInflating, feed.hasEnded, feed.foldedCount == feed.cutCount else { return }
    active.removeAll { $0 === feed }
    ended.append((feed, feed.folds.compactMap { $0?.fold.counts }.reduce(LoginFold.Counts(), +)))
    for case let fold? in feed.folds.map({ $0?.keys }) {
      places.add(fold.places)
      if let more = fold.keys { keys.add(more) }
    }
    feed.arrangement = feed.folds.compactMap { $0?.arranger.arrangement }
      .reduce(RecordArrangement(), +)
    feed.folds = []
  }

  // MARK: A file with quotes where none may be

  /// Reads a block and all that follows it in the file, in order, by this worker alone.
  private func readSerially(from block: LoginBlock, line: UInt64, _ slot: Int) throws {
    let feed = block.feed
    var blocks = monitor.withLock { () -> [LoginBlock] in
      while true {
        feed.returned.append(contentsOf: ready.filter { $0.feed === feed })
        ready.removeAll { $0.feed === feed }
        // Blocks before this one may still be folded: their rows come first, and are counted, before
        // the file ends.
        let isComplete =
          feed.returned.count == feed.cutCount - block.sequence - 1
          && feed.foldedCount == block.sequence
        if isComplete, !feed.isInflating || failure != nil { break }
        if failure != nil { break }
        monitor.wait()
      }
      // Blocks name their feed: kept there, they would keep each other for good.
      defer { feed.returned = [] }
      return feed.returned.sorted { $0.sequence < $1.sequence }
    }[...]
    let state = fold(of: feed, slot)
    let fold = state.fold
    var current: LoginBlock? = block
    var position = block.buffer.start
    var carry = feed.takeCarry()[...]
    let hasRest = !feed.hasEnded
    var records = RecordReader(
      dialect: feed.input.dialect, limits: recordLimits,
      byteOffset: block.buffer.byteOffset + UInt64(block.buffer.start), line: line)
    var isFirst = block.sequence == 0
    var read = fold.counts.read
    while let next = unsafe records.next(from: { room throws(DecompressionError) in
      while let held = current {
        let count = min(held.buffer.end - position, room.count)
        if count > 0 {
          unsafe room.copyBytes(from: held.buffer.bytes(from: position, to: position + count))
          position += count
          return count
        }
        monitor.withLock {
          freeBuffers.append(held.buffer)
          monitor.wakeAll()
        }
        if held.ending == .failed, let failure = feed.failure { throw failure }
        current = blocks.popFirst()
        position = current?.buffer.start ?? 0
      }
      if !carry.isEmpty {
        let count = min(carry.count, room.count)
        unsafe room.copyBytes(from: carry.prefix(count))
        carry = carry.dropFirst(count)
        return count
      }
      return hasRest ? try unsafe feed.read(into: room) : 0
    }) {
      if Interruption.isRequested.load(ordering: .relaxed) { return }
      let spool = spools[feed.number]
      var problem: (any Error)?
      state.arranger.forEachPart(of: next, from: isFirst ? 1 : 0) { records, first in
        fold.fold(records, from: first) { row in
          do { try spool.add(row) } catch { problem = problem ?? error }
        }
        state.keys?.fold(records, from: first)
      }
      if let problem { throw problem }
      isFirst = false
      progress.add(
        done: feed.storedByteCount, ofFile: feed.number, rows: fold.counts.read - read)
      read = fold.counts.read
    }
    if hasRest { feed.endSerial(records.failure) }
    monitor.withLock {
      if hasRest { feed.noteEnd() }
      feed.foldedCount = feed.cutCount
      endIfDone(feed)
      monitor.wakeAll()
    }
  }
}
