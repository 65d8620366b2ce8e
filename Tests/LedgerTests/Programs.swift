import Foundation
import Testing

/// A folder that vanishes with its last user.
final class Folder {
  let path = NSTemporaryDirectory() + "/postern-ledger-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func path(_ name: String) -> String { path + "/" + name }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    let file = URL(filePath: path(name))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return path(name)
  }

  /// All files below, in the order of their names.
  func files(_ suffixes: [String] = [".csv", ".gz", ".zip"]) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).filter { name in
      suffixes.contains { name.hasSuffix($0) }
    }.sorted().map { path($0) }
  }
}

/// How a program ended.
struct Ended {
  let code: Int32
  let output: Data
  let errors: String

  /// Records of accounts and findings as they stand, in their order.
  var records: [String] {
    String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init).filter {
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

/// The built programs.
enum Programs {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Where the products of the build are that these tests are part of.
  private static let folder: URL = {
    let runner = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let build = URL(filePath: runner ?? "").deletingLastPathComponent()
    return FileManager.default.isExecutableFile(atPath: build.appending(path: "postern").path)
      ? build : root.appending(path: ".build/debug")
  }()

  static func run(_ name: String, _ arguments: [String]) throws -> Ended {
    let process = Process()
    process.executableURL = folder.appending(path: name)
    process.arguments = arguments
    let folder = try Folder()
    let (output, errors) = (folder.path("output"), folder.path("errors"))
    for file in [output, errors] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Ended(
      code: process.terminationStatus, output: try Data(contentsOf: URL(filePath: output)),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }

  static func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Starts a program whose output nobody reads.
  static func start(_ name: String, _ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = folder.appending(path: name)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }

  static func scan(_ inputs: [String], _ options: [String] = []) throws -> Ended {
    try run("postern", ["scan"] + inputs + ["--now", "2026-09-01", "-o", "jsonl"] + options)
  }

  /// Scans to a ledger.
  @discardableResult
  static func ledger(_ path: String, _ inputs: [String], _ options: [String] = []) throws -> Ended {
    let ended = try scan(inputs, ["--ledger", path] + options)
    try #require(FileManager.default.fileExists(atPath: path), "\(ended.errors)")
    return ended
  }

  static func synthesise(_ arguments: [String]) throws -> Folder {
    let folder = try Folder()
    let ended = try run("postern-synth", [folder.path, "--quiet"] + arguments)
    try #require(ended.code == 0, "\(ended.errors)")
    return folder
  }
}

/// Random numbers of a seed, so that a failure can be had again.
struct Shuffle: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
