import Accounts
import CZlib
import Crypto
import Decompression
import Platform

/// The container of a ledger file (docs/ledger-format.md): a mark, blocks that are compressed and
/// checked one by one, and a digest over everything.
enum LedgerFile {
  /// The first bytes.
  static let mark = LedgerInput.mark
  /// The form of everything behind.
  static let version: UInt16 = 4
  /// The most bytes that a block inflates to.
  static let blockByteCount = 1 << 20
  /// The most bytes that a block takes: what deflate needs for bytes that do not compress.
  static let storedByteCount = (1 << 20) + (1 << 11)
  /// Kinds of blocks.
  static let dataBlock: UInt8 = 1
  static let endBlock: UInt8 = 0

  static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<(Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  static func number<Number: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>) -> Number {
    bytes.reversed().reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
  }

  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    UInt32(
      truncatingIfNeeded: unsafe bytes.withUnsafeBufferPointer {
        unsafe crc32_z(0, $0.baseAddress, $0.count)
      })
  }
}

/// Content of a ledger in blocks that are ready to be written.
struct StoredBlocks: Sendable {
  /// The blocks with their heads.
  private(set) var bytes: [UInt8] = []
  /// Bytes of the content.
  private(set) var contentByteCount = 0

  /// Compresses content of any length.
  init(_ content: [UInt8]) { add(content) }

  /// Writes and compresses a part of a ledger.
  init(_ section: LedgerSection) {
    let sink = Locked<StoredBlocks>(StoredBlocks([]))
    var writer = LedgerWriter { content in sink.withLock { $0.add(content) } }
    section(&writer)
    writer.finish()
    self = sink.withLock { $0 }
  }

  private mutating func add(_ content: [UInt8]) {
    var rest = content[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(LedgerFile.blockByteCount))
      rest = rest.dropFirst(piece.count)
      contentByteCount += piece.count
      let stored = ZlibBlock.compressed(piece)
      bytes.append(LedgerFile.dataBlock)
      bytes.append(contentsOf: LedgerFile.bytes(UInt32(stored.count)))
      bytes.append(contentsOf: LedgerFile.bytes(UInt32(piece.count)))
      bytes.append(contentsOf: LedgerFile.bytes(LedgerFile.checksum(stored)))
      bytes.append(contentsOf: stored)
    }
  }
}

/// Writes a ledger file: parts are made and compressed by several workers, and written in order.
final class LedgerFileWriter {
  /// Compressed parts that may wait for one before them.
  private static let waitingCount = 64

  private let output: OutputFile
  private var digest = SHA256()
  private var byteCount: UInt64 = 0

  /// Begins a file.
  init(_ output: OutputFile) throws(OutputError) {
    self.output = output
    try write(LedgerFile.mark + LedgerFile.bytes(LedgerFile.version))
  }

  private func write(_ bytes: [UInt8]) throws(OutputError) {
    digest.update(data: bytes)
    try output.write(bytes)
  }

  /// Adds content.
  func add(_ blocks: StoredBlocks) throws(OutputError) {
    byteCount += UInt64(blocks.contentByteCount)
    try write(blocks.bytes)
  }

  /// Adds parts in their order.
  ///
  /// - Parameter threads: How many workers make them.
  /// - Throws: ``OutputError``.
  func add(_ sections: [LedgerSection], threads: Int) throws {
    var rest = sections[...]
    let pieces = OrderedPieces<LedgerSection, StoredBlocks> {
      rest.popFirst()
    } write: { blocks in
      try self.add(blocks)
    }
    try pieces.run(threads: threads, waiting: Self.waitingCount) {
    } _: { _, section in
      StoredBlocks(section)
    }
  }

  /// Ends the file, and gives it its name.
  ///
  /// - Parameter stamp: What may be replaced; `nil` for nothing.
  func finish(replacing stamp: FileStamp?) throws(OutputError) {
    try write([LedgerFile.endBlock] + LedgerFile.bytes(byteCount))
    let whole = Array(digest.finalize())
    try write(whole)
    try output.finish(replacing: stamp)
  }
}

/// Reads a ledger file a few blocks at a time, which several workers inflate.
final class LedgerFileReader {
  /// Bytes of content that may stand for fewer stored ones than the limit allows.
  private static let anyRatioByteCount: UInt64 = 64 << 20
  /// A block as it is stored.
  private struct Stored: Sendable {
    let start: UInt64
    let bytes: [UInt8]
    let checksum: UInt32
    let contentByteCount: Int

    /// The content; `nil` where the block is damaged.
    func inflated() -> [UInt8]? {
      guard LedgerFile.checksum(bytes) == checksum else { return nil }
      return ZlibBlock.inflated(bytes, byteCount: contentByteCount)
    }
  }

  private let source: () throws(DecompressionError) -> [UInt8]
  private let limits: InflateLimits
  private let threads: Int
  private var buffer: ArraySlice<UInt8>
  private var digest = SHA256()
  private var position: UInt64 = 0
  private var byteCount: UInt64 = 0
  private var hasBegun = false
  private var hasEnded = false
  /// Blocks that were inflated and not given yet.
  private var ready: ArraySlice<[UInt8]> = []
  /// What is wrong behind them.
  private var failure: String?
  /// Why reading ended early; `nil` when it did not.
  private(set) var problem: String?

  /// Makes a reader.
  ///
  /// - Parameters:
  ///   - prefix: Bytes that were read already.
  ///   - limits: How much more than what is stored the content may be.
  ///   - threads: How many workers inflate.
  ///   - source: Gives what follows; nothing at the end.
  init(
    prefix: [UInt8] = [], limits: InflateLimits = InflateLimits(), threads: Int = 1,
    source: @escaping () throws(DecompressionError) -> [UInt8]
  ) {
    buffer = prefix[...]
    self.limits = limits
    self.threads = max(1, threads)
    self.source = source
  }

  /// The content of the next block; nothing at the end and where there is a problem.
  func next() -> [UInt8] {
    if ready.isEmpty, !hasEnded, failure == nil { fill() }
    if let block = ready.popFirst() { return block }
    problem = failure
    return []
  }

  /// Reads some blocks, and inflates them side by side.
  private func fill() {
    var blocks: [Stored] = []
    if !hasBegun {
      hasBegun = true
      readHead()
    }
    while blocks.count < 2 * threads, failure == nil, !hasEnded {
      if let block = readBlock() { blocks.append(block) }
    }
    let stored = blocks
    let contents = Locked([[UInt8]?](repeating: nil, count: stored.count))
    let workerCount = max(1, min(threads, stored.count))
    WorkerThreads.run(workerCount) { worker in
      for number in stride(from: worker, to: stored.count, by: workerCount) {
        let content = stored[number].inflated()
        contents.withLock { $0[number] = content }
      }
    }
    for (block, content) in zip(stored, contents.withLock { $0 }) {
      guard let content else {
        // It comes before whatever was found behind it.
        failure =
          "is a damaged ledger: checksum mismatch in the block at byte \(block.start)"
        hasEnded = false
        return
      }
      ready.append(content)
    }
  }

  private func readHead() {
    guard let head = take(LedgerFile.mark.count + 2) else { return }
    guard head.starts(with: LedgerFile.mark) else { return fail("is no ledger") }
    let version: UInt16 = LedgerFile.number(head[LedgerFile.mark.count...])
    guard version != LedgerFile.version else { return }
    fail(
      "has ledger format version \(version), and this release reads version \(LedgerFile.version): "
        + (version > LedgerFile.version
          ? "take a newer release of Postern"
          : "make the ledger again from its exports"))
  }

  private func readBlock() -> Stored? {
    let start = position
    guard let kind = take(1)?.first else { return nil }
    if kind == LedgerFile.endBlock {
      readEnd()
      return nil
    }
    guard kind == LedgerFile.dataBlock else {
      fail("is a damaged ledger: no block begins at byte \(start)")
      return nil
    }
    guard let head = take(12) else { return nil }
    let stored: UInt32 = LedgerFile.number(head[0..<4])
    let content: UInt32 = LedgerFile.number(head[4..<8])
    let checksum: UInt32 = LedgerFile.number(head[8..<12])
    guard stored > 0, stored <= LedgerFile.storedByteCount, content > 0,
      content <= LedgerFile.blockByteCount
    else {
      fail("is a damaged ledger: the block at byte \(start) has an invalid length")
      return nil
    }
    guard let bytes = take(Int(stored)) else { return nil }
    byteCount += UInt64(content)
    let isExpanding = byteCount / UInt64(limits.expansionRatio) > position
    if isExpanding, byteCount >= Self.anyRatioByteCount {
      fail(
        "is a ledger whose content is more than \(limits.expansionRatio) times what is stored, as "
          + "none that a run writes; limits.expansion_ratio of the configuration allows more")
      return nil
    }
    return Stored(
      start: start, bytes: bytes, checksum: checksum, contentByteCount: Int(content))
  }

  private func readEnd() {
    guard let head = take(8) else { return }
    let expected: UInt64 = LedgerFile.number(head[...])
    let whole = Array(digest.finalize())
    guard let stated = take(whole.count) else { return }
    guard stated == whole, expected == byteCount else {
      return fail("is a damaged ledger: SHA-256 mismatch")
    }
    hasEnded = true
    if take(1, isOptional: true) != nil {
      fail("is a damaged ledger: something follows its end at byte \(position - 1)")
    }
  }

  /// Reads to the end, and tells whether all of it is sound.
  func drain() -> Bool {
    while !next().isEmpty {}
    return problem == nil && hasEnded
  }

  private func fail(_ text: String) { failure = failure ?? text }

  private func take(_ count: Int, isOptional: Bool = false) -> [UInt8]? {
    var result: [UInt8] = []
    while result.count < count {
      if buffer.isEmpty {
        do throws(DecompressionError) {
          buffer = try source()[...]
        } catch {
          fail(error.placedDetail)
          return nil
        }
        if buffer.isEmpty {
          if !isOptional {
            fail("is a ledger that was cut: it ends at byte \(position + UInt64(result.count))")
          }
          return nil
        }
      }
      let step = min(buffer.count, count - result.count)
      result.append(contentsOf: buffer.prefix(step))
      buffer = buffer.dropFirst(step)
    }
    position += UInt64(count)
    digest.update(data: result)
    return result
  }
}
