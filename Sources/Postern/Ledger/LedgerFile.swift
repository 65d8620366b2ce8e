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
  static let version: UInt16 = 5
  /// The earliest form that is read: there no block says that a section begins with it.
  static let earliestVersion: UInt16 = 4
  /// The most bytes that a block inflates to.
  static let blockByteCount = 1 << 20
  /// The most bytes that a block takes: what deflate needs for bytes that do not compress.
  static let storedByteCount = (1 << 20) + (1 << 11)
  /// Kinds of blocks: one that continues what the block before it holds, the end, and the first of a section.
  static let dataBlock: UInt8 = 1
  static let endBlock: UInt8 = 0
  static let sectionBlock: UInt8 = 2

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

/// A section of a ledger in blocks that are ready to be written.
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
      bytes.append(bytes.isEmpty ? LedgerFile.sectionBlock : LedgerFile.dataBlock)
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

/// Reads a ledger file: its sections side by side, or one block after the other.
// Unchecked: everything that changes is reached under the monitor, and a section by the worker that took it.
final class LedgerFileReader: LedgerSectionSource, @unchecked Sendable {
  /// Bytes of content that may stand for fewer stored ones than the limit allows.
  private static let anyRatioByteCount: UInt64 = 64 << 20
  /// Stored bytes of a section that are read before a worker begins with it; of a longer one the rest is read
  /// while it works, and sections behind it wait.
  private static let sectionByteCount = 16 << 20

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

  /// A section that a worker reads.
  private final class Section {
    let number: Int
    /// Blocks that were read and not given yet.
    var blocks: [Stored]
    /// Whether more of it is in the file.
    var isOpen = false

    init(number: Int, _ first: Stored) {
      self.number = number
      blocks = [first]
    }
  }

  /// How many workers read sections.
  let threads: Int
  private let source: () throws(DecompressionError) -> [UInt8]
  private let limits: InflateLimits
  private let monitor = Monitor()
  private var buffer: ArraySlice<UInt8>
  private var digest = SHA256()
  private var position: UInt64 = 0
  private var byteCount: UInt64 = 0
  private var version: UInt16?
  private var hasEnded = false
  /// Kind of the block that comes; `nil` where it was not read.
  private var nextKind: UInt8?
  private var begunSectionCount = 0
  /// Whether a worker reads on in the file.
  private var isStreaming = false
  /// What is wrong, and where: of several things the first in the file.
  private var failure: (position: UInt64, text: String)?

  /// Makes a reader.
  ///
  /// - Parameters:
  ///   - prefix: Bytes that were read already.
  ///   - limits: How much more than what is stored the content may be.
  ///   - threads: How many workers read sections.
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

  /// Why the file is not sound, as far as it was read; `nil` where nothing was found.
  var problem: String? { monitor.withLock { failure?.text } }

  /// The content of the next block; nothing at the end and where there is a problem.
  func next() -> [UInt8] {
    let block: Stored? = monitor.withLock {
      peek()
      return nextKind == nil ? nil : readBlock()
    }
    return block.flatMap { inflated($0) } ?? []
  }

  /// Reads to the end, and tells whether all of it is sound.
  func drain() -> Bool {
    while !next().isEmpty {}
    return monitor.withLock { failure == nil && hasEnded }
  }

  private func inflated(_ block: Stored) -> [UInt8]? {
    if let content = block.inflated() { return content }
    monitor.withLock {
      fail(
        "is a damaged ledger: checksum mismatch in the block at byte \(block.start)",
        at: block.start)
    }
    return nil
  }

  // MARK: Sections

  /// Whether blocks say where sections begin.
  var isSectioned: Bool {
    monitor.withLock {
      peek()
      return version.map { $0 > LedgerFile.earliestVersion } ?? false
    }
  }

  var sectionCount: Int { monitor.withLock { begunSectionCount } }

  var hasMore: Bool {
    monitor.withLock {
      peek()
      return nextKind != nil
    }
  }

  func section(before bound: Int) -> (number: Int, source: () -> [UInt8])? {
    let taken: Section? = monitor.withLock {
      while isStreaming { monitor.wait() }
      guard failure == nil, begunSectionCount < bound else { return nil }
      peek()
      guard nextKind == LedgerFile.sectionBlock, let first = readBlock() else { return nil }
      let section = Section(number: begunSectionCount - 1, first)
      var byteCount = first.bytes.count
      peek()
      while nextKind == LedgerFile.dataBlock, byteCount < Self.sectionByteCount,
        let block = readBlock()
      {
        section.blocks.append(block)
        byteCount += block.bytes.count
        peek()
      }
      // They are given from the end.
      section.blocks.reverse()
      section.isOpen = nextKind == LedgerFile.dataBlock
      isStreaming = section.isOpen
      return section
    }
    return taken.map { section in (section.number, { self.next(of: section) }) }
  }

  /// The content of a section's next block; nothing at its end and where there is a problem.
  private func next(of section: Section) -> [UInt8] {
    if section.blocks.isEmpty, section.isOpen {
      monitor.withLock {
        if let block = readBlock() { section.blocks = [block] }
        peek()
        if nextKind != LedgerFile.dataBlock { close(section) }
      }
    }
    guard let block = section.blocks.popLast() else { return [] }
    if let content = inflated(block) { return content }
    section.blocks = []
    monitor.withLock { close(section) }
    return []
  }

  /// Lets others read on in the file; only under the monitor.
  private func close(_ section: Section) {
    guard section.isOpen else { return }
    section.isOpen = false
    isStreaming = false
    monitor.wakeAll()
  }

  // MARK: Under the monitor

  /// Reads the kind of the block that comes; at the end what ends the file.
  private func peek() {
    guard nextKind == nil, failure == nil, !hasEnded else { return }
    if version == nil { readHead() }
    guard failure == nil else { return }
    let start = position
    guard let kind = take(1)?.first else { return }
    switch kind {
    case LedgerFile.endBlock: readEnd()
    case LedgerFile.sectionBlock where version != LedgerFile.earliestVersion: nextKind = kind
    case LedgerFile.dataBlock where version == LedgerFile.earliestVersion || begunSectionCount > 0:
      nextKind = kind
    default: fail("is a damaged ledger: no block begins at byte \(start)")
    }
  }

  private func readHead() {
    guard let head = take(LedgerFile.mark.count + 2) else { return }
    guard head.starts(with: LedgerFile.mark) else { return fail("is no ledger") }
    let version: UInt16 = LedgerFile.number(head[LedgerFile.mark.count...])
    self.version = version
    let known = LedgerFile.earliestVersion...LedgerFile.version
    guard !known.contains(version) else { return }
    fail(
      "has ledger format version \(version), and this release reads versions "
        + "\(known.lowerBound) and \(known.upperBound): "
        + (version > LedgerFile.version
          ? "take a newer release of Postern"
          : "make the ledger again from its exports"))
  }

  /// Reads the block whose kind was read; `nil` where there is none.
  private func readBlock() -> Stored? {
    guard let kind = nextKind else { return nil }
    nextKind = nil
    if kind == LedgerFile.sectionBlock { begunSectionCount += 1 }
    let start = position - 1
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
        "is a ledger whose content is more than \(limits.expansionRatio.counted("time")) what is stored, as "
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

  private func fail(_ text: String, at place: UInt64? = nil) {
    let place = place ?? position
    if let known = failure, known.position <= place { return }
    failure = (place, text)
  }

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
