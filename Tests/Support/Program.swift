package import Foundation

/// The programs of the build that the tests are part of, run for real.
package enum Program {
  /// How a run ended.
  package struct Outcome: Sendable {
    /// The exit code, or the number of the signal that ended it.
    package let code: Int32
    package let isSignal: Bool
    package let output: Data
    package let errors: String
    package let elapsed: Duration

    /// Makes an outcome, of a run that a test did in another way.
    package init(
      code: Int32, output: Data, errors: String, isSignal: Bool = false, elapsed: Duration = .zero
    ) {
      self.code = code
      self.isSignal = isSignal
      self.output = output
      self.errors = errors
      self.elapsed = elapsed
    }

    /// Standard output as text.
    package var text: String { String(decoding: output, as: UTF8.self) }

    /// The lines of standard output.
    package var lines: [String] { text.split(separator: "\n").map(String.init) }
  }

  /// The root of the repository.
  package static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// Where the products are: in the folder that `POSTERN_PROGRAMS` names, else in the build that the
  /// tests are part of, so that a build with a sanitizer tests the programs that have it too.
  package static let folder: String = {
    if let named = ProcessInfo.processInfo.environment["POSTERN_PROGRAMS"] { return named }
    let runner = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let build = URL(filePath: runner ?? "").deletingLastPathComponent()
    return FileManager.default.isExecutableFile(atPath: build.appending(path: "postern").path)
      ? build.path : repository + "/.build/debug"
  }()

  /// Where a product of this package is; `make test` builds them first.
  package static func path(_ name: String) -> String { folder + "/" + name }

  /// Runs a product of this package to its end.
  package static func run(
    _ name: String, _ arguments: [String], input: Data? = nil, environment: [String: String] = [:]
  ) throws -> Outcome {
    try run(
      URL(filePath: path(name)), arguments, input: input,
      environment: ProcessInfo.processInfo.environment.merging(environment) { $1 })
  }

  /// Runs a command, whose first word is looked for on the path.
  package static func run(
    command: [String], input: Data? = nil, environment: [String: String] = [:]
  ) throws -> Outcome {
    try run(
      URL(filePath: "/usr/bin/env"), command, input: input,
      environment: ProcessInfo.processInfo.environment.merging(environment) { $1 })
  }

  /// Runs a command line in a POSIX shell that finds the programs first.
  package static func shell(_ command: String, in folder: String? = nil) throws -> Outcome {
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = Self.folder + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
    let change = folder.map { "cd '\($0)' && " } ?? ""
    return try run(
      URL(filePath: "/bin/sh"), ["-c", change + command], input: nil, environment: environment)
  }

  /// Starts a program whose output nobody reads.
  package static func start(_ name: String, _ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: path(name))
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Standard streams are files: a pipe that is read only after the end would fill and block.
  private static func run(
    _ program: URL, _ arguments: [String], input: Data?, environment: [String: String]
  ) throws -> Outcome {
    let folder = try TestFolder()
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = environment
    let output = try folder.write("stdout", "")
    let errors = try folder.write("stderr", "")
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    if let input {
      process.standardInput = FileHandle(forReadingAtPath: try folder.write("stdin", input))
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    let start = ContinuousClock.now
    try process.run()
    process.waitUntilExit()
    return Outcome(
      code: process.terminationStatus, output: try Data(contentsOf: URL(filePath: output)),
      errors: String(decoding: try Data(contentsOf: URL(filePath: errors)), as: UTF8.self),
      isSignal: process.terminationReason == .uncaughtSignal,
      elapsed: ContinuousClock.now - start)
  }
}
