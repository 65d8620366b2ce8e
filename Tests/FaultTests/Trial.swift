import Foundation
import Testing

/// One run of the program on one fault, in folders that vanish with it.
final class Trial {
  let root: String
  /// What follows `scan`; a folder of all inputs unless the fault says otherwise.
  var arguments: [String]
  /// What starts the program, such as `prlimit --fsize=1000`.
  var prefix: [String] = []
  var standardInput: [UInt8]?
  var environment: [String: String] = [:]
  /// Whether results go to standard output as JSON Lines.
  var printsResults = true

  init() throws {
    root = NSTemporaryDirectory() + "/postern-fault-\(UUID().uuidString)"
    arguments = [root + "/in"]
    for folder in ["in", "out"] {
      try FileManager.default.createDirectory(
        atPath: root + "/" + folder, withIntermediateDirectories: true)
    }
  }

  deinit {
    _ = try? Self.run(["chmod", "-R", "u+rwx", root])
    try? FileManager.default.removeItem(atPath: root)
  }

  /// Writes an input and gives its path.
  @discardableResult
  func input(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let path = root + "/in/" + name
    let folder = URL(filePath: path).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  /// The path of an output.
  func output(_ name: String) -> String { root + "/out/" + name }

  /// The path of an input.
  func path(_ name: String) -> String { root + "/in/" + name }

  /// Names of what lies among the outputs.
  var outputs: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: root + "/out")) ?? []).sorted()
  }

  /// Scans.
  func run() throws -> Observation {
    var command = prefix + [Self.program, "scan"] + arguments + ["--now", "2026-09-01"]
    if printsResults { command += ["-o", "jsonl"] }
    return try Self.run(command, input: standardInput, environment: environment)
  }

  static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// The program of the build that these tests are part of.
  static let program: String = {
    let runner = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let build = URL(filePath: runner ?? "").deletingLastPathComponent()
    let program = build.appending(path: "postern").path
    return FileManager.default.isExecutableFile(atPath: program)
      ? program : repository + "/.build/debug/postern"
  }()

  /// Runs a command and waits for it.
  static func run(
    _ command: [String], input: [UInt8]? = nil, environment: [String: String] = [:]
  ) throws -> Observation {
    let folder = NSTemporaryDirectory() + "/postern-run-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let files = ["stdout", "stderr", "stdin"].map { folder + "/" + $0 }
    for file in files { try Data(input ?? []).write(to: URL(filePath: file)) }
    for file in files.prefix(2) { try Data().write(to: URL(filePath: file)) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = FileHandle(forWritingAtPath: files[0])
    process.standardError = FileHandle(forWritingAtPath: files[1])
    process.standardInput = FileHandle(forReadingAtPath: files[2])
    let start = ContinuousClock.now
    try process.run()
    process.waitUntilExit()
    return Observation(
      code: process.terminationStatus, isSignal: process.terminationReason == .uncaughtSignal,
      output: try Data(contentsOf: URL(filePath: files[0])),
      errors: String(decoding: try Data(contentsOf: URL(filePath: files[1])), as: UTF8.self),
      elapsed: ContinuousClock.now - start)
  }
}

/// What a run gave.
struct Observation {
  typealias Object = [String: Any]

  let code: Int32
  let isSignal: Bool
  let output: Data
  let errors: String
  let elapsed: Duration

  /// The records of the results.
  func records() throws -> [Object] {
    try output.split(separator: UInt8(ascii: "\n")).map {
      try #require(try JSONSerialization.jsonObject(with: Data($0)) as? Object)
    }
  }

  /// The end record; `nil` when there are no results.
  func end() throws -> Object? {
    try records().last { $0["schema"] as? String == "postern.end/2" }
  }

  /// Why the run is incomplete.
  func reasons() throws -> [String] { try end()?["incomplete_reasons"] as? [String] ?? [] }
}
