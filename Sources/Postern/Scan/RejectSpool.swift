import Accounts
import Foundation
import Reports

/// The rejected rows of one file, as lines of JSON, in the order of the file.
///
/// They wait in memory, and in a nameless file when there are many: which file comes first is only
/// known at the end.
final class RejectSpool: @unchecked Sendable {
  // Unchecked: a file is read by one worker, and its spool is asked again when all have ended.

  private static let memoryBound = 4 << 20

  private let fileName: String
  private let isKept: Bool
  private var bytes: [UInt8] = []
  private var overflow: FileHandle?

  /// Rejected rows by reason.
  private(set) var counts: [RejectReason: Int] = [:]

  init(fileName: String, isKept: Bool) {
    self.fileName = fileName
    self.isKept = isKept
  }

  func add(_ reject: RowReject) throws {
    counts[reject.reason, default: 0] += 1
    guard isKept else { return }
    let text = String(decoding: reject.raw, as: UTF8.self)
    var members: [String: JSONValue] = [
      "byte_offset": .int(Int(reject.byteOffset)), "file": .string(fileName),
      "line": .int(Int(reject.line)), "raw": .string(text),
      "reason": .string(reject.reason.rawValue),
    ]
    if Array(text.utf8) != reject.raw {
      members["raw_base64"] = .string(Data(reject.raw).base64EncodedString())
    }
    bytes.append(contentsOf: JSONValue.object(members).line(schema: "postern.reject/1"))
    bytes.append(UInt8(ascii: "\n"))
    if bytes.count > Self.memoryBound { try spill() }
  }

  private func spill() throws {
    if overflow == nil {
      let path = NSTemporaryDirectory() + "/.postern-rejects-\(UUID().uuidString).tmp"
      guard FileManager.default.createFile(atPath: path, contents: nil),
        let handle = FileHandle(forUpdatingAtPath: path)
      else { throw OutputError(path: path, detail: "a temporary file cannot be made") }
      // Nameless from here on: it vanishes with the process, however that ends.
      unsafe unlink(path)
      overflow = handle
    }
    try overflow?.write(contentsOf: Data(bytes))
    bytes.removeAll(keepingCapacity: true)
  }

  /// Gives all lines to `body`, piece by piece.
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
