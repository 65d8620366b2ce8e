import Foundation
import Testing

/// A folder that vanishes with its last user.
final class Folder {
  let path = NSTemporaryDirectory() + "/postern-oracle-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path + "/" + name))
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

  /// Runs a product from its build folder; `make test` builds them first.
  static func run(_ name: String, _ arguments: [String]) throws -> (code: Int32, output: Data) {
    let process = Process()
    process.executableURL = folder.appending(path: name)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, data)
  }

  /// The exports of a made-up org.
  static func synthesise(_ arguments: [String]) throws -> Folder {
    let folder = try Folder()
    let run = try run("postern-synth", [folder.path, "--quiet"] + arguments)
    try #require(run.code == 0)
    return folder
  }

  /// The records of a scan, by schema.
  static func scan(
    _ inputs: [String], policy: Policy, options: [String] = []
  ) throws -> [String: [Comparison.Object]] {
    let records = try records("scan", inputs, policy, options)
    return Dictionary(grouping: records) { $0["schema"] as? String ?? "" }
  }

  /// The human logins, one by one.
  static func events(_ inputs: [String], policy: Policy, options: [String] = []) throws
    -> [Comparison.Object]
  {
    try records("events", inputs, policy, ["--kind", "human"] + options)
  }

  private static func records(
    _ verb: String, _ inputs: [String], _ policy: Policy, _ options: [String]
  ) throws -> [Comparison.Object] {
    let folder = try Folder()
    try folder.write("postern.yaml", policy.yaml)
    let run = try run(
      "postern",
      [verb] + inputs + ["--now", policy.now, "-o", "jsonl"]
        + (policy.yaml == "" ? [] : ["--config", folder.path + "/postern.yaml"]) + policy.options
        + options)
    return try run.output.split(separator: 0x0A).map { line in
      try #require(try JSONSerialization.jsonObject(with: line) as? Comparison.Object)
    }
  }
}
