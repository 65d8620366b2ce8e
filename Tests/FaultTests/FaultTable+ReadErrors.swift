import Foundation
import TestSupport
import Testing

extension FaultTable {
  /// A file of many rows, of which so many bytes can be read.
  private static let long = Array((Rows.header + Rows.rows(1...20_000)).utf8)
  private static let says = "Input/output error"

  /// An error of input in one file, beside eight sound rows in another.
  private static func inFile(
    _ name: String, _ answer: Answer, file: String, _ bytes: @escaping @Sendable () -> [UInt8],
    at offset: @escaping @Sendable ([UInt8]) -> Int, options: [String] = []
  ) -> Fault {
    Fault(
      name, answer, need: .compiler,
      check: { _, seen in
        // The file and the place in it are named.
        let reasons = try seen.reasons().filter { $0.contains(says) }
        #expect(!reasons.isEmpty && reasons.allSatisfy { $0.contains("/in/" + file) }, "\(reasons)")
        let place = offset(bytes())
        #expect(place == 0 || reasons.contains { $0.contains("byte \(place))") }, "\(reasons)")
        // What was not read whole has no digest.
        let run = try #require(try seen.records().first)
        for input in try #require(run["inputs"] as? [Observation.Object]) {
          let isWhole = (input["name"] as? String)?.hasSuffix("/in/sound.csv") == true
          #expect(input["sha256"] is String == isWhole, "\(input)")
        }
      },
      make: { trial in
        let bytes = bytes()
        trial.arguments = [
          try trial.input("sound.csv", Array((Rows.header + Rows.rows(90_001...90_008)).utf8)),
          try trial.input(file, bytes),
        ]
        trial.arguments += options
        trial.environment = try ReadError.environment(trial.path(file), at: offset(bytes))
      })
  }

  /// How many whole rows begin a text of so many bytes.
  private static func wholeRows(_ bytes: some Sequence<UInt8>) -> Int {
    bytes.count { $0 == UInt8(ascii: "\n") } - 1
  }

  /// The place of byte `part` of 100 of a file.
  private static func part(_ percent: Int) -> @Sendable ([UInt8]) -> Int {
    { $0.count * percent / 100 }
  }

  private static func inflatedRows(_ bytes: [UInt8], headerByteCount: Int, percent: Int) -> Int {
    let whole = part(percent)(bytes)
    return wholeRows(
      Archives.inflated(bytes[headerByteCount..<whole], atMost: long.count))
  }

  private static let users = Array(
    ("Id,Username,Name,IsActive,UserType\n"
      + (1...9).map { "\(Rows.user($0)),u\($0)@example.com,U,true,Standard\n" }.joined()).utf8)

  static let readErrors: [Fault] = [
    inFile(
      "at the first byte of a file", .incomplete(says: says), file: "l.csv", { long },
      at: { _ in 0 }),
    inFile(
      "in the header of a file, which tells no kind", .incomplete(says: says), file: "l.csv",
      { long }, at: { _ in 30 }),
    inFile(
      "in the middle of a row",
      .incomplete(8 + wholeRows(long.prefix(100_000)), rejected: 1, says: says),
      file: "l.csv", { long }, at: { _ in 100_000 }),
    inFile(
      "behind the first MiB",
      .incomplete(8 + wholeRows(long.prefix(1_500_000)), rejected: 1, says: says),
      file: "l.csv", { long }, at: { _ in 1_500_000 }),
    inFile(
      "in the middle of a gzip file",
      .incomplete(
        8 + inflatedRows(Archives.gzip(long), headerByteCount: 10, percent: 50), rejected: 1,
        says: says), file: "l.gz", { Archives.gzip(long) }, at: part(50)),
    inFile(
      "in the checksum of a gzip file", .incomplete(20_008, says: says), file: "l.gz",
      { Archives.gzip(long) }, at: { $0.count - 6 }),
    inFile(
      "in the header of a gzip file", .incomplete(says: says), file: "l.gz",
      { Archives.gzip(long) }, at: { _ in 5 }),
    inFile(
      "in an entry of a zip archive, whose directory cannot be reached then",
      .incomplete(
        8 + inflatedRows(Archives.zip([.init(bytes: long)]), headerByteCount: 35, percent: 50),
        rejected: 1, says: says),
      file: "l.zip", { Archives.zip([.init(bytes: long)]) }, at: part(50)),
    inFile(
      "in the directory of a zip archive", .incomplete(20_008, says: says), file: "l.zip",
      { Archives.zip([.init(bytes: long)]) }, at: { $0.count - 40 }),
    inFile(
      "in a snapshot of users", .incomplete(says: says), file: "u.csv", { users }, at: part(50)),
    inFile(
      "in a file with local times, which is read twice",
      .incomplete(9, rejected: 1, says: says), file: "l.csv",
      { Array((Rows.header + Rows.row(1, .init(time: "8/13/2026 10:00:00")) + Rows.row(2)).utf8) },
      at: { $0.count - 20 }, options: ["--time-zone", "UTC"]),
    Fault(
      "in a file on standard input", .incomplete(1_000, rejected: 1, says: says), need: .compiler
    ) {
      trial in
      let path = try trial.input("l.csv", long)
      trial.arguments = ["-"]
      trial.prefix = ["sh", "-c", "exec \"$@\" < '\(path)'", "sh"]
      let offset = Rows.header.utf8.count + 1_000 * Rows.row(1).utf8.count + 10
      trial.environment = try ReadError.environment(path, at: offset)
    },
    Fault("in a ledger", .incomplete(says: says + " (at compressed byte"), need: .compiler) {
      trial in
      let path = trial.path("nightly.ledger")
      let made = try Trial.run([
        Trial.program, "scan",
        try trial.input("old", Array((Rows.header + Rows.rows(11...500)).utf8)),
        "--ledger", path, "-o", "csv:/dev/null",
      ])
      #expect(made.code == 0, "\(made.errors)")
      trial.arguments = [try trial.input("l.csv", Rows.soundBytes), path]
      let size = try Data(contentsOf: URL(filePath: path)).count
      trial.environment = try ReadError.environment(path, at: size / 2)
    },
    Fault("in a configuration", .refused(says: "cannot be read"), need: .compiler) { trial in
      let path = try trial.input("postern.yaml", "limits: {columns: 50}\n".utf8)
      trial.arguments = [try trial.input("l.csv", Rows.soundBytes), "--config", path]
      trial.environment = try ReadError.environment(path, at: 9)
    },
    Fault("in a list of indicators", .refused(says: "cannot be read"), need: .compiler) { trial in
      let list = try trial.input("list", "192.0.2.1\n192.0.2.2\n".utf8)
      let path = try trial.input("postern.yaml", "indicators: [{file: list}]\n".utf8)
      trial.arguments = [try trial.input("l.csv", Rows.soundBytes), "--config", path]
      trial.environment = try ReadError.environment(list, at: 9)
    },
    Fault("in the results that --baseline names", Answer(exit: 66, says: says), need: .compiler) {
      trial in
      let path = trial.path("old.jsonl")
      let old = try Trial.run([
        Trial.program, "scan", try trial.input("l.csv", Rows.soundBytes), "-o", "jsonl:" + path,
      ])
      #expect(old.code == 0, "\(old.errors)")
      trial.arguments = [trial.path("l.csv"), "--baseline", path]
      trial.environment = try ReadError.environment(path, at: 1_000)
    },
  ]
}
