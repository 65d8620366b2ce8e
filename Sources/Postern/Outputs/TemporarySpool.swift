import Platform
import Results

/// Bytes that wait until it is known what goes before them, or that are read again: in memory
/// first, then in a nameless file.
final class TemporarySpool: Sendable {
  private struct Storage {
    var bytes: [UInt8] = []
    var overflow: AnonymousFile?
    /// Bytes in the file, before those in memory.
    var spilledCount = 0
  }

  private let folder: TemporaryFolder
  private let memoryBound: Int
  private let storage = Locked(Storage())

  /// Makes an empty spool, whose file would lie in `folder`.
  ///
  /// - Parameter memoryBound: Bytes that wait in memory.
  init(in folder: TemporaryFolder, memoryBound: Int = 4 << 20) {
    self.folder = folder
    self.memoryBound = memoryBound
  }

  /// Adds bytes, and what ends them.
  func add(_ more: [UInt8], _ end: [UInt8] = []) throws {
    try storage.withLock { storage in
      storage.bytes.append(contentsOf: more)
      storage.bytes.append(contentsOf: end)
      if storage.bytes.count > memoryBound { try spill(&storage) }
    }
  }

  private func spill(_ storage: inout Storage) throws {
    let file = try storage.overflow ?? AnonymousFile(in: folder)
    storage.overflow = file
    try unsafe storage.bytes.withUnsafeBytes { bytes in try unsafe file.append(bytes) }
    storage.spilledCount += storage.bytes.count
    storage.bytes.removeAll(keepingCapacity: true)
  }

  /// Gives all bytes to `body`, piece by piece, as often as wanted.
  func forEachPiece(_ body: ([UInt8]) throws -> Void) throws {
    var position = 0
    while true {
      let piece = try bytes(at: position, count: 1 << 20)
      if piece.isEmpty { return }
      position += piece.count
      try body(piece)
    }
  }
}

extension TemporarySpool: ResultsSource {
  /// Gives up to `count` bytes from `byteOffset`.
  func bytes(at byteOffset: Int, count: Int) throws -> [UInt8] {
    try storage.withLock { storage in
      if byteOffset >= storage.spilledCount {
        let start = min(byteOffset - storage.spilledCount, storage.bytes.count)
        return Array(storage.bytes[start..<min(start + count, storage.bytes.count)])
      }
      guard let overflow = storage.overflow else { return [] }
      let wanted = min(count, storage.spilledCount - byteOffset)
      return try unsafe [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
        try unsafe overflow.read(into: UnsafeMutableRawBufferPointer(buffer), at: byteOffset)
        filled = wanted
      }
    }
  }
}
