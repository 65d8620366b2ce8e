import Foundation
import TestSupport
import Testing

/// One run of the program on one fault, in folders that vanish with it.
final class Trial {
  private let folder: TestFolder
  /// Where all its files lie.
  var root: String { folder.path }
  /// What is done: a scan unless the fault says otherwise.
  var verb = "scan"
  /// What follows the verb; a folder of all inputs unless the fault says otherwise.
  var arguments: [String]
  /// What starts the program, such as `prlimit --fsize=1000`.
  var prefix: [String] = []
  var standardInput: [UInt8]?
  var environment: [String: String] = [:]
  /// Whether results go to standard output as JSON Lines.
  var printsResults = true

  init() throws {
    folder = try TestFolder()
    arguments = [folder.path + "/in"]
    for name in ["in", "out"] { try folder.makeFolder(name) }
  }

  // What the folder holds may be closed to its owner, who removes it.
  deinit { _ = try? Self.run(["chmod", "-R", "u+rwx", root]) }

  /// Writes an input and gives its path.
  @discardableResult
  func input(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try folder.write("in/" + name, bytes)
  }

  /// The path of an output.
  func output(_ name: String) -> String { root + "/out/" + name }

  /// The path of an input.
  func path(_ name: String) -> String { root + "/in/" + name }

  /// Names of what lies among the outputs.
  var outputs: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: root + "/out")) ?? []).sorted()
  }

  /// Runs the program.
  func run() throws -> Observation {
    var command = prefix + [Self.program, verb] + arguments
    if verb == "scan" { command += ["--now", "2026-09-01"] }
    if printsResults { command += ["-o", "jsonl"] }
    return try Self.run(command, input: standardInput, environment: environment)
  }

  static let repository = Program.repository

  /// The program of the build that these tests are part of.
  static let program = Program.path("postern")

  /// Runs a command and waits for it.
  static func run(
    _ command: [String], input: [UInt8]? = nil, environment: [String: String] = [:]
  ) throws -> Observation {
    try Program.run(command: command, input: Data(input ?? []), environment: environment)
  }
}

/// What a run gave.
typealias Observation = Program.Outcome

extension Program.Outcome {
  typealias Object = [String: Any]

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
