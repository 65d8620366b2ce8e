import CZlib
import Crypto
import Decompression

/// The container of a ledger file (docs/ledger-format.md): a mark, blocks that are compressed and
/// checked one by one, and a digest over everything.
enum LedgerFile {
  /// The first bytes.
  static let mark = LedgerInput.mark
  /// The form of everything behind.
  static let version: UInt16 = 1
  /// The most bytes that a block inflates to.
  static let blockByteCount = 1 << 20
  /// The most bytes that a block takes: what zlib needs for bytes that do not compress.
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

/// Writes a ledger file block by block.
final class LedgerFileWriter {
  private let output: OutputFile
  private var digest = SHA256()
  private var byteCount: UInt64 = 0
  private var failure: OutputError?

  /// Begins a file.
  init(_ output: OutputFile) {
    self.output = output
    write(LedgerFile.mark + LedgerFile.bytes(LedgerFile.version))
  }

  private func write(_ bytes: [UInt8]) {
    digest.update(data: bytes)
    guard failure == nil else { return }
    do { try output.write(bytes) } catch { failure = error }
  }

  /// Adds content of any length; what goes wrong is told by ``finish()``.
  func add(_ content: [UInt8]) {
    var rest = content[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(LedgerFile.blockByteCount))
      rest = rest.dropFirst(piece.count)
      byteCount += UInt64(piece.count)
      let stored = Self.compressed(piece)
      write(
        [LedgerFile.dataBlock] + LedgerFile.bytes(UInt32(stored.count))
          + LedgerFile.bytes(UInt32(piece.count))
          + LedgerFile.bytes(LedgerFile.checksum(stored)))
      write(stored)
    }
  }

  /// Ends the file, and gives it its name.
  func finish() throws(OutputError) {
    write([LedgerFile.endBlock] + LedgerFile.bytes(byteCount))
    let whole = Array(digest.finalize())
    write(whole)
    if let failure { throw failure }
    try output.finish()
  }

  private static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    var count = compressBound(UInt(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(count))
    let status = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe result.withUnsafeMutableBufferPointer { room in
        unsafe compress2(room.baseAddress, &count, bytes.baseAddress, UInt(bytes.count), 6)
      }
    }
    precondition(status == Z_OK, "zlib is out of memory")
    return Array(result.prefix(Int(count)))
  }
}

/// Reads a ledger file block by block, in the memory of one block.
final class LedgerFileReader {
  private let source: () throws(DecompressionError) -> [UInt8]
  private var buffer: ArraySlice<UInt8>
  private var digest = SHA256()
  private var position: UInt64 = 0
  private var byteCount: UInt64 = 0
  private var hasBegun = false
  private var hasEnded = false
  /// Why reading ended early; `nil` when it did not.
  private(set) var problem: String?

  /// Makes a reader.
  ///
  /// - Parameters:
  ///   - prefix: Bytes that were read already.
  ///   - source: Gives what follows; nothing at the end.
  init(
    prefix: [UInt8] = [], source: @escaping () throws(DecompressionError) -> [UInt8]
  ) {
    buffer = prefix[...]
    self.source = source
  }

  /// The content of the next block; nothing at the end and where there is a problem.
  func next() -> [UInt8] {
    if hasEnded || problem != nil { return [] }
    if !hasBegun {
      hasBegun = true
      guard let head = take(LedgerFile.mark.count + 2) else { return [] }
      guard head.starts(with: LedgerFile.mark) else { return fail("is no ledger") }
      let version: UInt16 = LedgerFile.number(head[LedgerFile.mark.count...])
      guard version == LedgerFile.version else {
        return fail(
          "is a ledger of form \(version), and this release reads form \(LedgerFile.version): "
            + (version > LedgerFile.version
              ? "take a newer release of Postern"
              : "make the ledger again from its exports"))
      }
    }
    let start = position
    guard let kind = take(1)?.first else { return [] }
    switch kind {
    case LedgerFile.dataBlock: return block(from: start)
    case LedgerFile.endBlock: return end()
    default: return fail("is a damaged ledger: no block begins at byte \(start)")
    }
  }

  private func block(from start: UInt64) -> [UInt8] {
    guard let head = take(12) else { return [] }
    let stored: UInt32 = LedgerFile.number(head[0..<4])
    let content: UInt32 = LedgerFile.number(head[4..<8])
    let checksum: UInt32 = LedgerFile.number(head[8..<12])
    guard stored > 0, stored <= LedgerFile.storedByteCount, content > 0,
      content <= LedgerFile.blockByteCount
    else {
      return fail("is a damaged ledger: the block at byte \(start) has no length that can be")
    }
    guard let bytes = take(Int(stored)) else { return [] }
    guard LedgerFile.checksum(bytes) == checksum, let result = Self.inflated(bytes, Int(content))
    else {
      return fail("is a damaged ledger: the checksum of the block at byte \(start) is another")
    }
    byteCount += UInt64(content)
    return result
  }

  private func end() -> [UInt8] {
    guard let head = take(8) else { return [] }
    let expected: UInt64 = LedgerFile.number(head[...])
    let whole = Array(digest.finalize())
    guard let stated = take(whole.count) else { return [] }
    guard stated == whole, expected == byteCount else {
      return fail("is a damaged ledger: the digest of the file is another")
    }
    hasEnded = true
    if take(1, isOptional: true) != nil {
      return fail("is a damaged ledger: something follows its end at byte \(position - 1)")
    }
    return []
  }

  /// Reads to the end, and tells whether all of it is sound.
  func drain() -> Bool {
    while !next().isEmpty {}
    return problem == nil && hasEnded
  }

  private func fail(_ text: String) -> [UInt8] {
    problem = problem ?? text
    return []
  }

  private func take(_ count: Int, isOptional: Bool = false) -> [UInt8]? {
    var result: [UInt8] = []
    while result.count < count {
      if buffer.isEmpty {
        do throws(DecompressionError) {
          buffer = try source()[...]
        } catch {
          _ = fail(error.placedDetail)
          return nil
        }
        if buffer.isEmpty {
          if !isOptional {
            _ = fail("is a ledger that was cut: it ends at byte \(position + UInt64(result.count))")
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

  private static func inflated(_ bytes: [UInt8], _ byteCount: Int) -> [UInt8]? {
    var count = UInt(byteCount)
    var result = [UInt8](repeating: 0, count: byteCount)
    let status = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe result.withUnsafeMutableBufferPointer { room in
        unsafe uncompress(room.baseAddress, &count, bytes.baseAddress, UInt(bytes.count))
      }
    }
    return status == Z_OK && Int(count) == byteCount ? result : nil
  }
}
