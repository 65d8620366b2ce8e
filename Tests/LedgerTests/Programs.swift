import Foundation
import TestSupport
import Testing

extension Program.Outcome {
  /// Records of accounts and findings as they stand, in their order.
  var records: [String] { Self.records(in: output) }

  /// The same of results that a run wrote to a file.
  static func records(in results: Data) -> [String] {
    String(decoding: results, as: UTF8.self).split(separator: "\n").map(String.init).filter {
      $0.hasPrefix("{\"schema\":\"postern.account/")
        || $0.hasPrefix("{\"schema\":\"postern.finding/")
    }
  }

  /// The one record with a schema.
  func record(_ schema: String) throws -> [String: Any] {
    let line = try #require(
      String(decoding: output, as: UTF8.self).split(separator: "\n").first {
        $0.hasPrefix("{\"schema\":\"\(schema)\"")
      })
    return try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }

  /// The accounting of the end record.
  func rows() throws -> [String: Int] {
    try #require(try record("postern.end/2")["rows"] as? [String: Int])
  }
}

extension Program {
  static func scan(_ inputs: [String], _ options: [String] = []) throws -> Outcome {
    try run("postern", ["scan"] + inputs + ["--now", "2026-09-01", "-o", "jsonl"] + options)
  }

  /// Scans to a ledger.
  @discardableResult
  static func ledger(_ path: String, _ inputs: [String], _ options: [String] = []) throws -> Outcome
  {
    let ended = try scan(inputs, ["--ledger", path] + options)
    try #require(FileManager.default.fileExists(atPath: path), "\(ended.errors)")
    return ended
  }

  static func synthesise(_ arguments: [String]) throws -> TestFolder {
    let folder = try TestFolder()
    let ended = try run("postern-synth", [folder.path, "--quiet"] + arguments)
    try #require(ended.code == 0, "\(ended.errors)")
    return folder
  }
}
