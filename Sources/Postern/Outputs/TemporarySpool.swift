import Foundation

/// Bytes that wait until it is known what goes before them: in memory first, then in a nameless
/// file.
final class TemporarySpool {
  private static let memoryBound = 4 << 20

  private var bytes: [UInt8] = []
  private var overflow: FileHandle?

  /// Adds bytes.
  func add(_ more: [UInt8]) throws {
    bytes.append(contentsOf: more)
    if bytes.count > Self.memoryBound { try spill() }
  }

  private func spill() throws {
    if overflow == nil {
      let path = NSTemporaryDirectory() + "/.postern-\(UUID().uuidString).tmp"
      guard FileManager.default.createFile(atPath: path, contents: nil),
        let handle = FileHandle(forUpdatingAtPath: path)
      else { throw OutputError(path: path, detail: "a temporary file cannot be made") }
      // Nameless from here on: it vanishes with the process, however that ends.
      unsafe unlink(path)
      overflow = handle
    }
    do {
      try overflow?.write(contentsOf: Data(bytes))
    } catch {
      throw OutputError(path: NSTemporaryDirectory(), detail: "a temporary file cannot be written")
    }
    bytes.removeAll(keepingCapacity: true)
  }

  /// Gives all bytes to `body`, piece by piece, as often as wanted.
  func forEachPiece(_ body: ([UInt8]) throws -> Void) throws {
    if let overflow {
      try overflow.seek(toOffset: 0)
      while let data = try overflow.read(upToCount: 1 << 20), !data.isEmpty {
        try body([UInt8](data))
      }
    }
    if !bytes.isEmpty { try body(bytes) }
  }
}
