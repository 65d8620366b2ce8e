import Glibc
import Platform

/// Gives the parts of a ledger chunks of memory, cut from large pieces of huge pages.
///
/// The fold meets accounts in no order, so with small pages nearly each row would miss the table that
/// translates addresses; and a piece for each part would leave most of it unused. All is given back
/// with the ledger.
@safe
final class ChunkArena {
  /// Bytes of a chunk.
  static let chunkByteCount = 64 << 10
  private static let pieceByteCount = 2 << 20

  private struct State {
    /// Addresses of pieces.
    var pieces: [UInt] = []
    var next: UInt = 0
    var left = 0
  }

  private let state = Locked(State())

  deinit {
    for address in state.withLock({ $0.pieces }) {
      unsafe free(UnsafeMutableRawPointer(bitPattern: address))
    }
  }

  /// Memory of ``chunkByteCount`` bytes at the start of a cache line.
  func chunk() -> UnsafeMutableRawPointer {
    let address = state.withLock { state in
      if state.left == 0 {
        // The first piece is small: most scans in tests and of small orgs need no more.
        let size = state.pieces.isEmpty ? 4 * Self.chunkByteCount : Self.pieceByteCount
        let piece = unsafe Self.aligned(size, to: size)
        if size == Self.pieceByteCount { unsafe Self.adviseHugePages(piece, size) }
        state.next = UInt(bitPattern: piece)
        state.pieces.append(state.next)
        state.left = size
      }
      defer {
        state.next += UInt(Self.chunkByteCount)
        state.left -= Self.chunkByteCount
      }
      return state.next
    }
    guard let chunk = unsafe UnsafeMutableRawPointer(bitPattern: address) else {
      preconditionFailure("a piece was just made")
    }
    return unsafe chunk
  }

  /// Memory that begins at a multiple of `alignment`.
  static func aligned(_ byteCount: Int, to alignment: Int) -> UnsafeMutableRawPointer {
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
