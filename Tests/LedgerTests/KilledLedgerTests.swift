import Foundation
import TestSupport
import Testing

/// A ledger that is replaced while the run is killed.
@Suite struct KilledLedgerTests {
  @Test(arguments: [51, 52] as [UInt64])
  func aKillLeavesTheOldOrTheNewLedgerAndNothingElse(seed: UInt64) throws {
    let folder = try Program.synthesise([
      "--seed", "\(seed)", "--rows", "3000", "--files", "2", "--snapshots", "1",
    ])
    let logins = try folder.files().filter { $0.contains("LoginHistory") }
    let place = try TestFolder()
    let state = place.path("state.ledger")
    try Program.ledger(state, [logins[0]])
    let old = try Data(contentsOf: URL(filePath: state))
    let arguments = ["scan", state, logins[1], "--ledger", state, "--now", "2026-09-01"]
    let start = Date()
    #expect(try Program.run("postern", arguments).code == 0)
    let whole = Date().timeIntervalSince(start)
    let new = try Data(contentsOf: URL(filePath: state))
    #expect(new != old)
    var random = SeededGenerator(seed: seed)
    var outcomes: Set<Bool> = []
    for trial in 0..<16 {
      try old.write(to: URL(filePath: state))
      let process = try Program.start("postern", arguments)
      Thread.sleep(forTimeInterval: Double.random(in: 0...whole * 1.1, using: &random))
      kill(process.processIdentifier, trial % 2 == 0 ? SIGKILL : SIGTERM)
      process.waitUntilExit()
      let left = try Data(contentsOf: URL(filePath: state))
      #expect(left == old || left == new, "seed \(seed), trial \(trial)")
      outcomes.insert(left == new)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: place.path) == ["state.ledger"],
        "seed \(seed), trial \(trial)")
    }
    // A run that nobody stops ends as the first did.
    try old.write(to: URL(filePath: state))
    #expect(try Program.run("postern", arguments).code == 0)
    #expect(try Data(contentsOf: URL(filePath: state)) == new)
    #expect(outcomes.contains(false), "no kill came before the end: seed \(seed)")
  }

  @Test func aLedgerThatComesThroughAPipeSaysWhatItSaysAsAFile() throws {
    let folder = try Program.synthesise(["--seed", "53", "--rows", "600"])
    let state = folder.path("state.ledger")
    try Program.ledger(state, try folder.files())
    let plain = try Program.scan([state])
    let program = Program.path("postern")
    let piped = Process()
    piped.executableURL = URL(filePath: "/bin/sh")
    piped.arguments = [
      "-c", "cat \"$2\" | \"$1\" scan - --now 2026-09-01 -o jsonl:\"$3\"", "sh", program, state,
      folder.path("piped.jsonl"),
    ]
    try piped.run()
    piped.waitUntilExit()
    #expect(piped.terminationStatus == 0)
    let records = Program.Outcome.records(
      in: try Data(contentsOf: URL(filePath: folder.path("piped.jsonl"))))
    func figures(_ records: [String]) -> [String] {
      records.map { $0.replacing(#/"replay":"[^"\\]*(\\.[^"\\]*)*"/#, with: "") }
    }
    #expect(figures(records) == figures(plain.records) && !records.isEmpty)
  }
}
