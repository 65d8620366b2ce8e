import Glibc

/// Memory for the many short lists of a ledger, in large pieces of huge pages.
///
/// The fold meets accounts in no order, so with small pages nearly each row would miss the table that
/// translates addresses. Freed lists are used again for lists of the same size, or are cut into lines:
/// lists that doubled leave about as much behind as they hold, and lines of minutes are asked for as
/// long as there are rows. All is given back with the ledger.
@safe
final class ListMemory {
  /// Bytes of a cache line, to which all sizes are rounded.
  private static let lineByteCount = 64
  private static let pieceByteCount = 2 << 20
  /// Lists above this size get memory of their own.
  private static let largestShared = 256 << 10

  /// Addresses of pieces and of lists with memory of their own.
  private var pieces: [UInt] = []
  private var own: Set<UInt> = []
  private var next: UnsafeMutableRawPointer?
  private var left = 0
  /// Addresses of freed lists by size class, 0 for none; each begins with the one freed before.
  private var freed = [UInt](repeating: 0, count: 160)

  /// Bytes of what freed lists are cut into: a line of minutes.
  private static let cutByteCount = MinuteCounts.lineByteCount
  /// The first size class that is not cut: from here on a class's number is not its count of lines.
  private static let uncutClass = 32
  /// No smaller class has freed lists that can be cut.
  private var cuttable = uncutClass

  init() { unsafe next = nil }

  deinit {
    for address in pieces + own { unsafe free(UnsafeMutableRawPointer(bitPattern: address)) }
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

  /// Whether a list that asks for some bytes shares a piece with others.
  static func isShared(_ byteCount: Int) -> Bool { rounded(byteCount) <= largestShared }

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
      let list = unsafe Self.aligned(size, to: Self.lineByteCount)
      own.insert(UInt(bitPattern: list))
      return unsafe list
    }
    if size > left { addPiece() }
    guard let list = unsafe next else { preconditionFailure("a piece was just made") }
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

  private func addPiece() {
    // The first piece is small: most scans in tests and of small orgs need no more.
    let size = pieces.isEmpty ? Self.largestShared : Self.pieceByteCount
    let piece = unsafe Self.aligned(size, to: size)
    if size == Self.pieceByteCount { unsafe Self.adviseHugePages(piece, size) }
    pieces.append(UInt(bitPattern: piece))
    unsafe next = piece
    left = size
  }

  private static func aligned(_ byteCount: Int, to alignment: Int) -> UnsafeMutableRawPointer {
    var memory: UnsafeMutableRawPointer?
    guard unsafe posix_memalign(&memory, alignment, byteCount) == 0, let memory = unsafe memory
    else { preconditionFailure("out of memory for the ledger") }
    return unsafe memory
  }

  /// Asks for huge pages; without them all is the same but slower.
  static func adviseHugePages(_ memory: UnsafeMutableRawPointer, _ byteCount: Int) {
    _ = unsafe madvise(memory, byteCount, MADV_HUGEPAGE)
  }
}
