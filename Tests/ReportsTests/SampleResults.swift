import Foundation
import Reports

/// Results in memory.
struct MemoryResults: ResultsSource {
  let all: [UInt8]
  /// Most bytes that one read gives: readers must cope with short ones.
  var pieceLimit = Int.max

  init(_ text: String) { all = Array(text.utf8) }

  init(bytes: [UInt8]) { all = bytes }

  func bytes(at byteOffset: Int, count: Int) throws -> [UInt8] {
    guard byteOffset < all.count else { return [] }
    return Array(all[byteOffset..<min(all.count, byteOffset + min(count, pieceLimit))])
  }
}

/// The expected results of the samples, and what becomes of them in other hands.
enum SampleResults {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func lines() throws -> [String] {
    let path = root.appending(path: "samples/expected/results.jsonl")
    let text = try String(contentsOf: path, encoding: .utf8)
    return text.split(separator: "\n").map(String.init)
  }

  static func document(_ lines: [String]) throws -> ResultsDocument {
    try ResultsReader.read(
      MemoryResults(lines.map { $0 + "\n" }.joined()), name: "results.jsonl")
  }

  /// The lines as an earlier release wrote them, without a digest in the end record.
  static func withoutDigest(_ lines: [String]) -> [String] {
    lines.map { $0.replacing(/"records_sha256":"[0-9a-f]{64}",/, with: "") }
  }

  /// What the reader says about the lines; `nil` when it takes them.
  static func refusal(_ lines: [String]) throws -> ResultsError? {
    try refusal(MemoryResults(lines.map { $0 + "\n" }.joined()))
  }

  static func refusal(_ source: MemoryResults) throws -> ResultsError? {
    do {
      _ = try ResultsReader.read(source, name: "results.jsonl")
      return nil
    } catch let error as ResultsError {
      return error
    }
  }
}
