import Foundation
import TestSupport
import Testing

/// Outputs are private, whole or not there, and nothing lies about.
@Suite struct OutputTests {
  /// Exports that keep the program busy for a moment.
  private static func exports(accounts: Int) -> [UInt8] {
    var text = Rows.header
    for number in 1...accounts {
      text += Rows.row(
        number,
        .init(
          user: Rows.user(number), address: "10.0.\(number / 250).\(number % 250)",
          application: String(repeating: "a", count: 200)))
    }
    return Array(text.utf8)
  }

  private static func mode(_ path: String) -> Int? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_mode & 0o7777) : nil
  }

  @Test func outputsAreForTheirOwnerAloneWhateverTheMaskAndWhateverWasThere() throws {
    let trial = try Trial()
    try trial.input("l.csv", Rows.soundBytes)
    let forms = ["text", "jsonl", "csv", "csv-accounts", "html", "ocsf"]
    for form in forms { try Data().write(to: URL(filePath: trial.output(form))) }
    trial.prefix = ["sh", "-c", "umask 0; exec \"$@\"", "sh"]
    trial.arguments += forms.flatMap { ["-o", "\($0):\(trial.output($0))"] }
    trial.arguments += ["--rejects", trial.output("rejects")]
    #expect(try trial.run().code == 0)
    for name in forms + ["rejects"] { #expect(Self.mode(trial.output(name)) == 0o600, "\(name)") }
    for verb in ["events", "account"] {
      let words = verb == "events" ? [verb] : [verb, "005Hn0000000001"]
      let command =
        trial.prefix + [Trial.program] + words + [trial.root + "/in"]
        + ["-o", "jsonl:" + trial.output(verb)]
      #expect(try Trial.run(command).code == 0)
      #expect(Self.mode(trial.output(verb)) == 0o600)
    }
    let report = [Trial.program, "report", trial.output("jsonl")]
    #expect(try Trial.run(trial.prefix + report + ["-o", "html:" + trial.output("r")]).code == 0)
    #expect(Self.mode(trial.output("r")) == 0o600)
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGKILL, SIGHUP])
  func aSignalAtAnyMomentLeavesOutputsWholeOrAsTheyWere(signal: Int32) throws {
    let seed = UInt64.random(in: 1...1_000_000)
    var state = seed
    for round in 0..<12 {
      let trial = try Trial()
      try trial.input("l.csv", Self.exports(accounts: 400))
      let old = Data("as it was".utf8)
      for name in ["x.jsonl", "y.html"] { try old.write(to: URL(filePath: trial.output(name))) }
      let process = Process()
      process.executableURL = URL(filePath: Trial.program)
      process.arguments = [
        "scan", trial.root + "/in", "--now", "2026-09-01", "-o",
        "jsonl:" + trial.output("x.jsonl"), "-o", "html:" + trial.output("y.html"), "--rejects",
        trial.output("z"), "--progress", "never", "-q",
      ]
      process.standardError = FileHandle.nullDevice
      try process.run()
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      usleep(UInt32(state >> 33) % 1_200_000)
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      let place: Comment = "signal \(signal), seed \(seed), round \(round)"
      let results = try Data(contentsOf: URL(filePath: trial.output("x.jsonl")))
      let page = try Data(contentsOf: URL(filePath: trial.output("y.html")))
      #expect(results == old || Self.isWhole(results), place)
      #expect(page == old || page.suffix(20).contains(Array("</html>".utf8)), place)
      if process.terminationReason == .exit, process.terminationStatus != 0 {
        #expect(process.terminationStatus == 128 + signal, place)
        #expect(results == old && page == old, place)
      }
      if signal != SIGKILL && signal != SIGHUP {
        #expect(process.terminationReason == .exit, place)
        #expect(trial.outputs.allSatisfy { !$0.hasPrefix(".") }, place)
      }
    }
  }

  private static func isWhole(_ results: Data) -> Bool {
    let lines = results.split(separator: UInt8(ascii: "\n"))
    return results.last == UInt8(ascii: "\n")
      && lines.last?.starts(with: Array("{\"schema\":\"postern.end/2\"".utf8)) == true
  }

  /// Files without a name that a run holds open while it works.
  private func temporaryFiles(
    _ trial: Trial, _ arguments: [String], standardOutput: String, environment: [String: String]
  ) throws -> Set<String> {
    try Data().write(to: URL(filePath: standardOutput))
    let process = Process()
    process.executableURL = URL(filePath: Trial.program)
    process.arguments = ["scan", trial.root + "/in", "--now", "2026-09-01"] + arguments
    process.environment = environment
    process.standardOutput = FileHandle(forWritingAtPath: standardOutput)
    process.standardError = FileHandle.nullDevice
    try process.run()
    var found: Set<String> = []
    let folder = "/proc/\(process.processIdentifier)/fd"
    while process.isRunning {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
        guard
          let target = try? FileManager.default.destinationOfSymbolicLink(
            atPath: folder + "/" + name)
        else { continue }
        // The thread sanitizer has a file of its own.
        if target.hasSuffix(" (deleted)"), !target.contains("/tsan.") { found.insert(target) }
      }
      usleep(2_000)
    }
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return found
  }

  @Test func temporaryFilesLieBesideTheOutputAndHaveNoName() throws {
    let trial = try Trial()
    // Rejected rows wait until all files were read, and these are more than memory keeps.
    let bad = (1...60_000).map { Rows.row($0, Rows.Login(time: "never")) }.joined()
    try trial.input("l.csv", Array((Rows.sound + bad).utf8))
    let accepted = ["--max-rejects", "100%", "--rejects"]
    let real = URL(filePath: trial.root).resolvingSymlinksInPath().path()
    for (arguments, standardOutput) in [
      (["-o", "jsonl:" + trial.output("x")] + accepted + ["/dev/null"], "/dev/null"),
      (["-o", "jsonl"] + accepted + [trial.output("r")], trial.output("stdout")),
    ] {
      let found = try temporaryFiles(
        trial, arguments, standardOutput: standardOutput, environment: ["PATH": "/usr/bin:/bin"])
      #expect(!found.isEmpty)
      #expect(found.allSatisfy { $0.hasPrefix(real + "/out/") }, "\(found), \(real)")
    }
    // Where results go to a pipe or a device, the user's own folder takes them.
    let home = trial.root + "/home"
    try FileManager.default.createDirectory(
      atPath: home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let found = try temporaryFiles(
      trial, ["-o", "jsonl"] + accepted + ["/dev/null"], standardOutput: "/dev/null",
      environment: ["PATH": "/usr/bin:/bin", "HOME": home])
    #expect(!found.isEmpty && found.allSatisfy { $0.hasPrefix(real + "/home/") }, "\(found)")
  }

  @Test(.enabled(if: Measured.isMeaningful)) func theMemoryLimitIsHeld() throws {
    let trial = try Trial()
    var text = Rows.header
    for number in 1...60_000 { text += Rows.row(number, .init(user: Rows.user(number))) }
    try trial.input("l.csv", Array(text.utf8))
    let limit = 72 << 20
    let command = [
      Trial.program, "scan", trial.root + "/in", "--memory-limit", "72MiB", "-o",
      "jsonl:" + trial.output("x"),
    ]
    let run = try Measured.run(command)
    #expect(run.code == 71)
    #expect((limit / 2...limit).contains(run.peakBytes), "\(run.peakBytes >> 20) MiB")
    #expect(trial.outputs == [])
  }
}
