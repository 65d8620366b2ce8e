import Foundation
import TestSupport
import Testing

/// A run within too few addresses (`ulimit -v`) ends with 71 and words, wherever the limit is met.
///
/// `dev/limits` tries ten times as many.
@Suite(.serialized, .enabled(if: Need.addresses.isMet)) struct AddressLimitTests {
  private static func run(_ words: [String], within kibibytes: Int) throws -> Program.Outcome {
    try Trial.run(
      ["prlimit", "--as=\(kibibytes << 10)", "--core=0", Trial.program] + words,
      environment: ["SWIFT_BACKTRACE": "enable=no"])
  }

  /// The least limit within which the system starts the program.
  private static let least: Int = {
    var (low, high) = (1 << 10, 1 << 22)
    while high - low > 512 {
      let middle = (low + high) / 2
      if (try? run(["--version"], within: middle))?.code == 0 {
        high = middle
      } else {
        low = middle
      }
    }
    return high
  }()

  private static let exports: [UInt8] = {
    var text = Rows.header
    for number in 1...12_000 {
      text += Rows.row(
        number, .init(user: Rows.user(number % 6_000), application: "application \(number % 99)"))
    }
    return Array(text.utf8)
  }()

  @Test(arguments: ["scan", "ledger", "events", "report"])
  func everyLimitIsAmpleOrSaid(verb: String) throws {
    let trial = try Trial()
    let input = try trial.input("l.csv", Self.exports)
    let results = trial.root + "/r.jsonl"
    let outputs = [
      "-o", "html:" + trial.output("x.html"), "-o", "jsonl:" + trial.output("x.jsonl"),
    ]
    if verb == "report" {
      _ = try Trial.run([Trial.program, "scan", input, "-o", "jsonl:" + results])
    }
    let words =
      switch verb {
      case "scan": ["scan", input, "--threads", "4"] + outputs
      case "ledger": ["scan", input, "--ledger", trial.output("x.ledger")] + outputs
      case "events": ["events", input, "-o", "csv:" + trial.output("x.csv")]
      default: ["report", results] + outputs
      }
    var ended: [Int32: Int] = [:]
    for step in 0..<12 {
      let limit = Self.least + 2_048 + (Self.least * step * step) / 12
      let seen = try Self.run(words, within: limit)
      #expect(
        !seen.isSignal && [0, 71].contains(seen.code), "\(limit) KiB: \(seen.code) \(seen.errors)")
      if seen.code == 71 {
        #expect(seen.errors.contains("out of memory") && seen.errors.contains("ulimit -v"))
      }
      #expect(trial.outputs.allSatisfy { !$0.hasPrefix(".") }, "\(trial.outputs)")
      ended[seen.code, default: 0] += 1
      for name in trial.outputs { try FileManager.default.removeItem(atPath: trial.output(name)) }
    }
    #expect(ended[0] ?? 0 > 0, "no limit was ample: \(ended)")
  }
}
