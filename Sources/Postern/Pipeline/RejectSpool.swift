import Accounts
import Foundation
import Reports

/// The rejected rows of one file, as lines of JSON, in the order of the file.
///
/// Which file comes first is only known at the end, so the lines wait.
final class RejectSpool: @unchecked Sendable {
  // Unchecked: rows are added by one worker at a time, and asked for when all have ended.

  private let fileName: String
  private let isKept: Bool
  private let lines: TemporarySpool

  /// Rejected rows by reason.
  private(set) var counts: [RejectReason: Int] = [:]
  /// The first rejected row of each reason.
  private(set) var firsts: [RejectReason: RowReject] = [:]

  init(fileName: String, isKept: Bool, temporary: TemporaryFolder) {
    lines = TemporarySpool(in: temporary)
    self.fileName = fileName
    self.isKept = isKept
  }

  func add(_ reject: RowReject) throws {
    counts[reject.reason, default: 0] += 1
    if firsts[reject.reason] == nil { firsts[reject.reason] = reject }
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
    try lines.add(
      JSONValue.object(members).line(schema: "postern.reject/1") + [UInt8(ascii: "\n")])
  }

  /// Gives all lines to `body`, piece by piece.
  func forEachPiece(_ body: ([UInt8]) throws -> Void) throws { try lines.forEachPiece(body) }
}
