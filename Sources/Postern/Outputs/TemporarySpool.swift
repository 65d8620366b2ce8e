import Foundation
import Reports
import Synchronization

/// Bytes that wait until it is known what goes before them, or that are read again: in memory
/// first, then in a nameless file.
final class TemporarySpool: Sendable {
  private static let memoryBound = 4 << 20

  private struct Storage {
    var bytes: [UInt8] = []
    var overflow: FileHandle?
    /// Bytes in the file, before those in memory.
    var spilledCount = 0
  }

  private let storage = Mutex(Storage())

  /// Adds bytes.
  func add(_ more: [UInt8]) throws {
    try storage.withLock { storage in
      storage.bytes.append(contentsOf: more)
      if storage.bytes.count > Self.memoryBound { try Self.spill(&storage) }
    }
  }

  private static func spill(_ storage: inout Storage) throws {
    if storage.overflow == nil {
      let path = NSTemporaryDirectory() + "/.postern-\(UUID().uuidString).tmp"
      guard FileManager.default.createFile(atPath: path, contents: nil),
        let handle = FileHandle(forUpdatingAtPath: path)
      else { throw OutputError(path: path, detail: "a temporary file cannot be made") }
      // Nameless from here on: it vanishes with the process, however that ends.
      unsafe unlink(path)
      storage.overflow = handle
    }
    do {
      try storage.overflow?.seekToEnd()
      try storage.overflow?.write(contentsOf: Data(storage.bytes))
    } catch {
      throw OutputError(path: NSTemporaryDirectory(), detail: "a temporary file cannot be written")
    }
    storage.spilledCount += storage.bytes.count
    storage.bytes.removeAll(keepingCapacity: true)
  }

  /// Exactly `count` bytes from `byteOffset`, which must be there.
  func whole(at byteOffset: Int, count: Int) throws -> [UInt8] {
    var result = try bytes(at: byteOffset, count: count)
    while result.count < count {
      let more = try bytes(at: byteOffset + result.count, count: count - result.count)
      if more.isEmpty {
        throw OutputError(path: NSTemporaryDirectory(), detail: "a temporary file was cut")
      }
      result += more
    }
    return result
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
      try overflow.seek(toOffset: UInt64(byteOffset))
      return [UInt8](try overflow.read(upToCount: wanted) ?? Data())
    }
  }
}
