import Foundation
import TestSupport
import Testing

/// The same input gives the same bytes, whoever runs it and wherever.
@Suite struct DeterminismTests {
  private static let exports = Trial.repository + "/samples/exports"

  private static func results(
    _ inputs: [String], options: [String] = [], environment: [String: String] = [:],
    code: Int32 = 0
  ) throws -> [Data] {
    let command =
      [Trial.program, "scan"] + inputs + options + ["--now", "2026-09-01", "-o", "jsonl"]
    let seen = try Trial.run(command, environment: environment)
    #expect(seen.code == code, "\(seen.errors)")
    // The end record has the elapsed time and the number of workers; the digest is of all lines.
    let lines = seen.output.split(separator: UInt8(ascii: "\n")).map { Data($0) }
    guard let end = lines.last else { return [] }
    let text = String(decoding: end, as: UTF8.self)
      .replacing(/"elapsed_seconds":[0-9.e-]+,/, with: "").replacing(/"threads":[0-9]+/, with: "")
    // Arguments and inputs stand in the run record in the order in which they were given.
    return lines.dropFirst().dropLast() + [
      Data(text.replacing(/"records_sha256":"[0-9a-f]+",/, with: "").utf8)
    ]
  }

  @Test(arguments: ["1", "2", "3", "8"])
  func threadsChangeNothing(threads: String) throws {
    let one = try Self.results([Self.exports], options: ["--threads", "1"])
    #expect(one.count > 50)
    #expect(try Self.results([Self.exports], options: ["--threads", threads]) == one)
  }

  /// From 16 MiB on kinds of snapshots are read side by side; rows that are repeated make small ones large.
  @Test func largeSnapshotsSayTheSameWhoeverReadsThem() throws {
    let folder = try TestFolder()
    for name in try FileManager.default.contentsOfDirectory(atPath: Self.exports).sorted() {
      var text = try Data(contentsOf: URL(filePath: Self.exports + "/" + name))
      if ["User", "PermissionSetAssignment", "TwoFactor"].contains(where: name.hasPrefix),
        let end = text.firstIndex(of: UInt8(ascii: "\n"))
      {
        let rows = text[(end + 1)...]
        while text.count < 7 << 20 { text.append(rows) }
        // Another row about somebody who stands there, and one that cannot be read.
        if let row = rows.split(separator: UInt8(ascii: "\n")).first {
          let words = String(decoding: row, as: UTF8.self)
          text.append(contentsOf: (words.replacing("true", with: "false") + "\n").utf8)
          text.append(contentsOf: (String(words.dropFirst(words.count / 2)) + "\n").utf8)
        }
      }
      try text.write(to: URL(filePath: folder.path(name)))
    }
    let inputs = [folder.path]
    let one = try Self.results(inputs, options: ["--threads", "1"], code: 2)
    #expect(one.count > 50)
    for threads in ["2", "3", "8"] {
      let several = try Self.results(inputs, options: ["--threads", threads], code: 2)
      #expect(several == one, "\(threads) threads")
    }
  }

  @Test(arguments: [
    ["TZ": "Pacific/Kiritimati"], ["TZ": "America/St_Johns", "LC_ALL": "de_DE.UTF-8"],
    ["LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"], ["LC_ALL": "C"], ["TZ": ":nonsense"],
    ["LC_ALL": "ar_EG.UTF-8", "LC_NUMERIC": "ar_EG.UTF-8"],
    ["SWIFT_DETERMINISTIC_HASHING": "1"], ["MALLOC_PERTURB_": "165"],
  ])
  func zoneLocaleHashesAndMemoryChangeNothing(environment: [String: String]) throws {
    let usual = try Self.results([Self.exports])
    #expect(try Self.results([Self.exports], environment: environment) == usual)
  }

  @Test func theOrderOfInputsChangesNothing() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.exports).sorted()
    let paths = names.map { Self.exports + "/" + $0 }
    let usual = try Self.results(paths)
    #expect(try Self.results(paths.reversed()) == usual)
    let seed = UInt64.random(in: 1...1_000_000)
    var state = seed
    for _ in 0..<3 {
      let shuffled = paths.map { path in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33, path)
      }.sorted { $0.0 < $1.0 }.map(\.1)
      #expect(try Self.results(shuffled) == usual, "seed \(seed)")
    }
  }

  /// Whichever library inflates, a cut file gives all that zlib can get out of it, and no more.
  @Test func aCutFileGivesTheSameRowsWhicheverLibraryInflates() throws {
    let text = Array((Rows.header + Rows.rows(1...6_000)).utf8)
    let whole = Archives.gzip(text)
    for part in [3, 7, 11, 14] {
      let cut = whole.count * part / 15
      let inflated = Archives.inflated(whole[10..<cut], atMost: text.count)
      let lines = inflated.count { $0 == UInt8(ascii: "\n") }
      let trial = try Trial()
      trial.arguments = [try trial.input("l.gz", whole.prefix(cut))]
      for threads in ["1", "3"] {
        trial.arguments = [trial.path("l.gz"), "--threads", threads]
        let seen = try trial.run()
        let rows = try #require(try seen.end()?["rows"] as? [String: Int])
        #expect(seen.code == 2)
        #expect(rows["analysed"] == lines - 1, "cut at \(cut)")
        #expect(rows["rejected"] == (inflated.last == UInt8(ascii: "\n") ? 0 : 1))
      }
    }
  }

  /// Every form is the same for any number of threads, and the same a second time.
  @Test(arguments: ["csv", "csv-accounts", "ocsf"])
  func formsAreTheSameEachTime(form: String) throws {
    func output(_ threads: String) throws -> Data {
      let seen = try Trial.run([
        Trial.program, "scan", Self.exports, "--now", "2026-09-01", "-o", form, "--threads",
        threads,
      ])
      #expect(seen.code == 0 && !seen.output.isEmpty)
      return seen.output
    }
    let one = try output("1")
    for threads in ["2", "3", "8"] { #expect(try output(threads) == one) }
  }
}
