import Foundation
import Testing

/// The built programs, run for real.
enum Program {
  /// How a run ended.
  struct Outcome {
    let code: Int32
    let output: Data
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let samples = root.appending(path: "samples").path
  static let schemas = root.appending(path: "docs/schemas").path

  /// Runs a product of this package from its build folder; `make test` builds them first.
  static func run(
    _ name: String, _ arguments: [String], input: Data? = nil, environment: [String: String] = [:]
  ) throws -> Outcome {
    try run(URL(filePath: path(name)), arguments, input: input, environment: environment)
  }

  private static func run(
    _ program: URL, _ arguments: [String], input: Data?, environment: [String: String]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let folder = try Folder()
    let output = folder.path("stdout")
    let errors = folder.path("stderr")
    for path in [output, errors] { try Data().write(to: URL(filePath: path)) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    if let input {
      let path = folder.path("stdin")
      try input.write(to: URL(filePath: path))
      process.standardInput = FileHandle(forReadingAtPath: path)
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    try process.run()
    process.waitUntilExit()
    return Outcome(
      code: process.terminationStatus, output: try Data(contentsOf: URL(filePath: output)),
      errors: String(decoding: try Data(contentsOf: URL(filePath: errors)), as: UTF8.self))
  }

  /// Where the products of the build are that these tests are part of: a build with a sanitizer tests
  /// the programs that have it too.
  static let folder: URL = {
    let runner = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let build = URL(filePath: runner ?? "").deletingLastPathComponent()
    return FileManager.default.isExecutableFile(atPath: build.appending(path: "postern").path)
      ? build : root.appending(path: ".build/debug")
  }()

  /// Where a product of this package is.
  static func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Runs a command line in a POSIX shell that finds the programs.
  static func shell(_ command: String, in folder: String? = nil) throws -> Outcome {
    let paths = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let folder = folder.map { "cd '\($0)' && " } ?? ""
    return try run(
      URL(filePath: "/bin/sh"), ["-c", folder + command], input: nil,
      environment: ["PATH": Self.folder.path + ":" + paths])
  }

  /// Scans and reads the results back.
  static func scan(_ arguments: [String], input: Data? = nil) throws -> Results {
    let outcome = try run(
      "postern", ["scan"] + arguments + ["--now", "2026-09-01", "-o", "jsonl"], input: input)
    return try Results(outcome)
  }
}

/// A folder that vanishes with its last user.
final class Folder {
  let root: String

  init() throws {
    root = NSTemporaryDirectory() + "/postern-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func path(_ name: String) -> String { root + "/" + name }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: path(name)))
    return path(name)
  }

  @discardableResult
  func write(_ name: String, _ bytes: Data) throws -> String {
    try bytes.write(to: URL(filePath: path(name)))
    return path(name)
  }
}

/// Results of a scan, as JSON objects by schema.
struct Results {
  typealias Object = [String: Any]

  let code: Int32
  let errors: String
  let lines: [String]
  let records: [Object]

  init(_ outcome: Program.Outcome) throws {
    code = outcome.code
    errors = outcome.errors
    lines = outcome.text.split(separator: "\n").map(String.init)
    records = try lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? Object)
    }
  }

  func of(_ schema: String) -> [Object] {
    records.filter { ($0["schema"] as? String)?.hasPrefix("postern.\(schema)/") ?? false }
  }

  /// Days by their dates, of columns that count them from a first one.
  static func days(_ columns: Any?) -> [(date: String, counts: [String: Int])] {
    guard let columns = columns as? Object, let from = columns["from"] as? String,
      let days = columns["day"] as? [Int],
      let first = try? Date(from + "T00:00:00Z", strategy: .iso8601)
    else { return [] }
    return days.indices.map { position in
      let date = first.addingTimeInterval(Double(days[position]) * 86_400)
      var counts: [String: Int] = [:]
      for (name, column) in columns where name != "day" {
        counts[name] = (column as? [Int])?[position]
      }
      return (String(date.formatted(.iso8601).prefix(10)), counts)
    }
  }

  var run: Object { of("run").first ?? [:] }
  var end: Object { of("end").first ?? [:] }
  var rows: [String: Int] { end["rows"] as? [String: Int] ?? [:] }
  var accounts: [Object] { of("account") }

  func human(_ index: Int = 0) -> Object {
    guard index < accounts.count, let logins = accounts[index]["logins"] as? Object else {
      return [:]
    }
    return logins["human"] as? Object ?? [:]
  }

  func bases(_ index: Int = 0) -> [String: Int] {
    human(index)["by_basis"] as? [String: Int] ?? [:]
  }

  func findings(_ rule: String) -> [Object] {
    of("finding").filter { ($0["rule"] as? Object)?["id"] as? String == "PST-" + rule }
  }

  /// Everything that must not depend on how the data was stored: no run record, no places.
  var comparable: [String] {
    records.compactMap { record -> String? in
      var record = record
      let schema = record["schema"] as? String
      guard schema == "postern.account/2" || schema == "postern.finding/2" else { return nil }
      let rule = (record["rule"] as? Object)?["id"] as? String ?? ""
      if ["PST-DATA-003", "PST-DATA-005", "PST-DATA-006"].contains(rule) { return nil }
      record["replay"] = nil
      record["evidence"] = (record["evidence"] as? [Object])?.map { row in
        row.filter { $0.key != "file" && $0.key != "line" }
      }
      guard let data = try? JSONSerialization.data(withJSONObject: record, options: .sortedKeys)
      else { return nil }
      return String(decoding: data, as: UTF8.self)
    }
  }
}
