import Glibc

/// Memory for the many short lists of a part of a ledger.
///
/// Freed lists are used again for lists of the same size, or are cut into lines: lists that grew leave more
/// behind than they hold, and lines of minutes and of logged rows are asked for as long as there are
/// rows. One thread at a time uses it; what it has is given back with the ledger.
@safe
final class ListAllocator {
  /// Bytes of a cache line, to which all sizes are rounded.
  private static let lineByteCount = 64
  /// Lists above this size get memory of their own.
  private static let largestShared = 16 << 10

  private let source: ChunkArena
  /// Addresses of lists with memory of their own.
  private var own: Set<UInt> = []
  private var next: UnsafeMutableRawPointer?
  private var left = 0
  /// Addresses of freed lists by size class, 0 for none; each begins with the one freed before.
  private var freed = [UInt](repeating: 0, count: 96)

  /// Bytes of what freed lists are cut into: a line of minutes, or of logged rows.
  private static let cutByteCount = MinuteCounts.lineByteCount
  /// The first size class that is not cut: from here on a class's number is not its count of lines.
  private static let uncutClass = 32
  /// No smaller class has freed lists that can be cut.
  private var cuttable = uncutClass

  init(_ source: ChunkArena) {
    self.source = source
    unsafe next = nil
  }

  deinit {
    for address in own { unsafe free(UnsafeMutableRawPointer(bitPattern: address)) }
  }

  /// The size that a list gets that asks for some bytes.
  static func rounded(_ byteCount: Int) -> Int {
    if byteCount <= 16 * lineByteCount {
      return (byteCount + lineByteCount - 1) / lineByteCount * lineByteCount
    }
    // Sixteenths of the power of two below, so that at most a sixteenth is lost.
    let step = 1 << (Int.bitWidth - byteCount.leadingZeroBitCount - 5)
    return (byteCount + step - 1) / step * step
  }

  /// Number of a rounded size; `nil` for lists with memory of their own.
  private static func sizeClass(_ rounded: Int) -> Int? {
    if rounded <= 16 * lineByteCount { return rounded / lineByteCount }
    if rounded > largestShared { return nil }
    let exponent = Int.bitWidth - 1 - rounded.leadingZeroBitCount
    // 1,024 is the sixteenth line; from there sixteen sizes to each power of two.
    return 16 + (exponent - 10) * 16 + (rounded >> (exponent - 4) & 15)
  }

  /// Memory at the start of a cache line.
  func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let size = Self.rounded(byteCount)
    if let index = Self.sizeClass(size),
      let list = unsafe UnsafeMutableRawPointer(bitPattern: freed[index])
    {
      freed[index] = unsafe list.load(as: UInt.self)
      return unsafe list
    }
    if size == Self.cutByteCount, let line = unsafe cutLine() { return unsafe line }
    if size > Self.largestShared {
      let list = unsafe ChunkArena.aligned(size, to: Self.lineByteCount)
      own.insert(UInt(bitPattern: list))
      return unsafe list
    }
    if size > left {
      unsafe next = source.chunk()
      left = ChunkArena.chunkByteCount
    }
    guard let list = unsafe next else { preconditionFailure("a chunk was just taken") }
    unsafe next = list + size
    left -= size
    return unsafe list
  }

  /// A line cut from a freed list, whose rest is freed line by line; `nil` when no list is free.
  private func cutLine() -> UnsafeMutableRawPointer? {
    while cuttable < Self.uncutClass {
      guard let list = unsafe UnsafeMutableRawPointer(bitPattern: freed[cuttable]) else {
        cuttable += 1
        continue
      }
      freed[cuttable] = unsafe list.load(as: UInt.self)
      let lineCount = cuttable * Self.lineByteCount / Self.cutByteCount
      for line in 1..<lineCount {
        unsafe release(list + line * Self.cutByteCount, Self.cutByteCount)
      }
      let cutCount = lineCount * Self.cutByteCount
      if cuttable * Self.lineByteCount > cutCount {
        unsafe release(list + cutCount, Self.lineByteCount)
      }
      return unsafe list
    }
    return nil
  }

  /// Takes a list back.
  func release(_ list: UnsafeMutableRawPointer, _ byteCount: Int) {
    let size = Self.rounded(byteCount)
    if let index = Self.sizeClass(size) {
      unsafe list.storeBytes(of: freed[index], as: UInt.self)
      freed[index] = UInt(bitPattern: list)
      if index > Self.cutByteCount / Self.lineByteCount { cuttable = min(cuttable, index) }
    } else if size > Self.largestShared {
      own.remove(UInt(bitPattern: list))
      unsafe free(list)
    }
  }
}
