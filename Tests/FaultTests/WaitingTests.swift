import Foundation
import TestSupport
import Testing

/// A run that waits for somebody else ends when it is asked to.
@Suite struct WaitingTests {
  /// Where a FIFO stands to which nobody comes.
  enum Place: String, CaseIterable, Sendable {
    case input, inputBehindOthers, standardInput, inputOfManyThreads, configuration, baseline
    case rejects, output, results, inspect
  }

  @Test(arguments: Place.allCases, [SIGTERM, SIGINT])
  func aSignalEndsARunThatWaitsForAFIFO(place: Place, signal: Int32) throws {
    let seed = UInt64.random(in: 1...1_000_000)
    let trial = try Trial()
    let sound = try trial.input("l.csv", Rows.soundBytes)
    let fifo = trial.root + "/fifo"
    #expect(unsafe mkfifo(fifo, 0o600) == 0)
    let process = Process()
    process.executableURL = URL(filePath: Trial.program)
    var input: Pipe?
    switch place {
    case .input: process.arguments = ["scan", fifo]
    case .inputBehindOthers: process.arguments = ["scan", sound, fifo]
    case .standardInput:
      // A pipe that has a writer, which says nothing.
      input = Pipe()
      process.arguments = ["scan", sound, "-"]
    case .inputOfManyThreads:
      // Enough for the probe; the rest is waited for by one of the workers.
      input = Pipe()
      process.arguments = ["scan", "-", "--threads", "4"]
    case .configuration: process.arguments = ["scan", sound, "--config", fifo]
    case .baseline: process.arguments = ["scan", sound, "--baseline", fifo]
    case .rejects: process.arguments = ["scan", sound, "--rejects", fifo]
    case .output: process.arguments = ["scan", sound, "-o", "csv:" + fifo]
    case .results: process.arguments = ["report", fifo]
    case .inspect: process.arguments = ["inspect", fifo]
    }
    if let input {
      process.standardInput = input
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    if place == .inputOfManyThreads, let input {
      let text = Rows.header + Rows.rows(1...20_000)
      try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    }
    // By now it waits, or else will be asked before it does.
    var random = SeededGenerator(seed: seed)
    usleep(UInt32.random(in: 300_000...1_200_000, using: &random))
    kill(process.processIdentifier, signal)
    let deadline = ContinuousClock.now + .seconds(30)
    while process.isRunning, ContinuousClock.now < deadline { usleep(10_000) }
    let isStuck = process.isRunning
    if isStuck { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    #expect(!isStuck, "seed \(seed)")
    #expect(process.terminationReason == .exit, "seed \(seed)")
    #expect(process.terminationStatus == 128 + signal, "seed \(seed)")
    try input?.fileHandleForWriting.close()
  }
}
