import Foundation
import TestSupport
import Testing

/// A signal ends a run at once while whoever reads its output does not.
@Suite struct StalledReaderTests {
  /// How the output is written that nobody reads.
  enum Way: String, CaseIterable, Sendable {
    case scan, scanToFIFO, scanWithOthers, rejects, events, eventsAsCSV, report, reportOfHTML, apps
  }

  /// Exports whose output in any form is more than a pipe holds.
  private static let exports: [UInt8] = {
    var text = Rows.header
    for number in 1...4_000 {
      text += Rows.row(
        number, .init(user: Rows.user(number % 400), application: "application \(number)"))
    }
    return Array(text.utf8)
  }()

  @Test(arguments: Way.allCases, [SIGTERM, SIGINT])
  func aSignalEndsARunWhoseReaderStalls(way: Way, signal: Int32) throws {
    let trial = try Trial()
    let input = try trial.input("l.csv", Self.exports)
    let results = trial.root + "/r.jsonl"
    let fifo = trial.root + "/fifo"
    if way == .report || way == .reportOfHTML {
      let made = try Trial.run([Trial.program, "scan", input, "-o", "jsonl:" + results])
      try #require(made.code == 0)
    }
    var reader: Int32 = -1
    if way == .scanToFIFO {
      #expect(unsafe mkfifo(fifo, 0o600) == 0)
      reader = unsafe open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    }
    defer { if reader >= 0 { close(reader) } }
    let words =
      switch way {
      case .scan: ["scan", input, "-o", "jsonl"]
      case .scanToFIFO: ["scan", input, "-o", "jsonl:" + fifo]
      case .scanWithOthers:
        ["scan", input, "-o", "jsonl", "-o", "html:" + trial.output("page.html")]
      case .rejects:
        [
          "scan", try trial.input("bad.csv", Self.rejected), "-o", "text:/dev/null", "--rejects",
          "-",
        ]
      case .events: ["events", input, "-o", "jsonl"]
      case .eventsAsCSV: ["events", input, "-o", "csv"]
      case .report: ["report", results, "-o", "csv-applications"]
      case .reportOfHTML: ["report", results, "-o", "html"]
      case .apps: ["apps", input, "-o", "jsonl"]
      }
    let process = Process()
    process.executableURL = URL(filePath: Trial.program)
    process.arguments = words
    // Nobody reads it, and it stays open.
    let pipe = Pipe()
    process.standardOutput = way == .scanToFIFO ? FileHandle.nullDevice : pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    // It has stalled when what the pipe holds does not grow.
    var held: Int32 = -1
    let stalling = ContinuousClock.now + .seconds(60)
    while process.isRunning, ContinuousClock.now < stalling {
      usleep(300_000)
      var now: Int32 = 0
      let descriptor = reader >= 0 ? reader : pipe.fileHandleForReading.fileDescriptor
      #expect(unsafe ioctl(descriptor, UInt(FIONREAD), &now) == 0)
      if now > 0, now == held { break }
      held = now
    }
    try #require(process.isRunning, "\(way) did not stall: its output was too short")
    let asked = ContinuousClock.now
    kill(process.processIdentifier, signal)
    while process.isRunning, ContinuousClock.now - asked < .seconds(20) { usleep(5_000) }
    let took = ContinuousClock.now - asked
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 128 + signal)
    #expect(took < .seconds(5), "\(way)")
    // Another output may be whole by then, and is that or not there.
    if way == .scanWithOthers, trial.outputs == ["page.html"] {
      #expect(
        try String(contentsOfFile: trial.output("page.html"), encoding: .utf8).hasSuffix(
          "</html>\n"))
    } else {
      #expect(trial.outputs.isEmpty, "\(trial.outputs)")
    }
    _ = pipe
  }

  private static let rejected: [UInt8] = Array(
    (Rows.sound + (1...4_000).map { Rows.row($0, Rows.Login(time: "never")) }.joined()).utf8)
}
