import Foundation
import TestSupport
import Testing

/// For any split of exports into A, B and C a scan with ledgers of some parts says the same about
/// accounts and findings as a scan of everything.
@Suite struct LedgerLawTests {
  /// An org, and whether its login files share rows.
  struct Org: Sendable, CustomTestStringConvertible {
    let seed: UInt64
    let options: [String]
    var overlaps = false

    var testDescription: String { "seed \(seed) \(options.joined(separator: " "))" }
  }

  static let orgs = [
    Org(seed: 1, options: ["--files", "4", "--snapshots", "2"]),
    Org(
      seed: 2,
      options: [
        "--files", "3", "--snapshots", "3", "--incidents", "all", "--events", "all",
        "--verification", "holes",
      ]),
    Org(
      seed: 3,
      options: ["--shape", "elf-2026", "--files", "3", "--events", "all", "--incidents", "all"]),
    Org(seed: 4, options: ["--shape", "all", "--files", "2", "--events", "all"]),
    Org(seed: 5, options: ["--files", "4", "--faults", "bad-time,bad-id,short-row,open-quote"]),
    Org(
      seed: 6, options: ["--files", "4", "--overlap", "60", "--compression", "zip"], overlaps: true),
  ]

  @Test(arguments: orgs)
  func ledgersOfPartsSayWhatAScanOfAllSays(org: Org) throws {
    let folder = try Program.synthesise(
      ["--seed", "\(org.seed)", "--rows", "2000", "--users", "45", "--days", "40"] + org.options)
    let files = try folder.files()
    var generator = SeededGenerator(seed: org.seed)
    for trial in 0..<2 {
      var parts = [[String]](repeating: [], count: 3)
      for file in files { parts[Int.random(in: 0..<3, using: &generator)].append(file) }
      let (a, b, c) = (parts[0], parts[1], parts[2])
      let whole = try Program.scan(a + b + c)
      try #require(whole.records.count > 40)
      func ledger(_ inputs: [String]) throws -> [String] {
        if inputs.isEmpty { return [] }
        let path = folder.path("\(UUID().uuidString).ledger")
        let threads = Bool.random(using: &generator) ? "1" : "2"
        try Program.ledger(path, inputs, ["--threads", threads])
        return [path]
      }
      var cases = [
        ("a BC", try ledger(a) + b + c), ("A b C", try a + ledger(b) + c),
        ("(a B) C", try ledger(ledger(a) + b) + c),
      ]
      // Of rows in two ledgers one cannot be taken back.
      if !org.overlaps {
        cases += [
          ("a b c", try ledger(a) + ledger(b) + ledger(c)),
          ("(a b) c", try ledger(ledger(a) + ledger(b)) + ledger(c)),
          ("a (b c)", try ledger(a) + ledger(ledger(b) + ledger(c))),
        ]
      }
      for (name, inputs) in cases {
        let ended = try Program.scan(inputs, ["--threads", trial == 0 ? "2" : "1"])
        let isSame = ended.records == whole.records
        if !isSame {
          for (one, other) in zip(whole.records, ended.records) where one != other {
            print("whole: \(one.prefix(600))\nparts: \(other.prefix(600))")
            break
          }
        }
        #expect(isSame, "seed \(org.seed), trial \(trial), \(name): \(ended.errors)")
        #expect(try ended.rows() == whole.rows(), "seed \(org.seed), trial \(trial), \(name)")
      }
    }
  }

  @Test(arguments: [
    ["--since", "2026-03-20", "--until", "2026-05-01T12:00"], ["--since", "2026-04-01"],
    ["--until", "2026-03-10"],
  ])
  func aWindowBelongsToALedgerThatKnowsWhoAccountsAre(window: [String]) throws {
    let folder = try Program.synthesise([
      "--seed", "8", "--rows", "1500", "--files", "3", "--overlap", "60",
    ])
    let files = try folder.files()
    // Logins outside the window say who an account is.
    let whole = try Program.scan(files, window)
    let (first, both) = (folder.path("first.ledger"), folder.path("both.ledger"))
    try Program.ledger(first, Array(files.prefix(2)), window)
    let parts = try Program.scan([first] + files.dropFirst(2), window)
    #expect(parts.records == whole.records)
    try Program.ledger(both, [first] + files.dropFirst(2), window)
    let again = try Program.scan([both], window)
    #expect(again.records == whole.records)
    #expect(try again.rows() == whole.rows())
  }

  private static let header = "Id,UserId,LoginTime,LoginType,Status,SourceIp\n"

  /// A row with an Id of this number; an API login where it is odd.
  private static func row(
    _ number: Int, day: String = "2026-08-01", status: String = "Success",
    address: String = "192.0.2.1"
  ) -> String {
    let type = number.isMultiple(of: 2) ? "Application" : "Other Apex API"
    return "0Ya5g00000AbC\(number),0055g00000AbCdEAAV,\(day)T10:0\(number % 10):00.000Z,"
      + "\(type),\(status),\(address)\n"
  }

  @Test func aLedgerOfAWindowForgetsWhatLiesOutsideToo() throws {
    let folder = try TestFolder()
    let one = try folder.write(
      "a.csv", Self.header + Self.row(10, day: "2026-06-10") + Self.row(12))
    let two = try folder.write("b.csv", Self.header + Self.row(14, day: "2026-06-11"))
    let window = ["--since", "2026-07-20"]
    func firstLogin(_ ended: Program.Outcome) throws -> String? {
      try ended.record("postern.account/2")["first_login"] as? String
    }
    #expect(try firstLogin(Program.scan([one, two], window)) == "2026-06-10T10:00:00.000Z")
    let path = folder.path("state.ledger")
    try Program.ledger(path, [one], window + ["--forget-before", "2026-07-01"])
    // A later row from the forgotten time does not bring it back.
    let later = try Program.scan([path, two], window)
    #expect(try firstLogin(later) == "2026-08-01T10:02:00.000Z")
    #expect(try later.rows()["filtered"] == 2)
  }

  @Test func rowsThatContradictThoseOfALedgerAreToldAsInOneScan() throws {
    let folder = try TestFolder()
    let one = try folder.write(
      "a.csv", Self.header + Self.row(10) + Self.row(11) + Self.row(12))
    let two = try folder.write(
      "b.csv",
      Self.header + Self.row(10, status: "Invalid Password") + Self.row(11, address: "192.0.2.7")
        + Self.row(12))
    let three = try folder.write("c.csv", Self.header + Self.row(10) + Self.row(13))
    let whole = try Program.scan([one, two, three])
    #expect(whole.records.contains { $0.contains("PST-DATA-007") })
    let (a, b) = (folder.path("a.ledger"), folder.path("b.ledger"))
    try Program.ledger(a, [one])
    try Program.ledger(b, [a, two])
    let nights = try Program.scan([b, three])
    #expect(nights.records == whole.records)
    #expect(try nights.rows() == whole.rows())
    // Which of two rows came first is no part of a ledger.
    let ledgers = try ["1", "4"].map { threads in
      let path = folder.path("threads-\(threads).ledger")
      try Program.ledger(path, [one, two], ["--threads", threads])
      return try Data(contentsOf: URL(filePath: path))
    }
    #expect(ledgers[0] == ledgers[1])
    let (c, d) = (folder.path("c.ledger"), folder.path("d.ledger"))
    try Program.ledger(c, [two])
    try Program.ledger(d, [c, one])
    #expect(try Program.scan([d, three]).records == whole.records)
  }

  @Test func rowsOfALedgerWithMoreColumnsCountAsCopies() throws {
    let folder = try TestFolder()
    let one = try folder.write("a.csv", Self.header + Self.row(10))
    let two = try folder.write(
      "b.csv",
      "Id,UserId,LoginTime,LoginType,Status\n0Ya5g00000AbC10,0055g00000AbCdEAAV,"
        + "2026-08-01T10:00:00.000Z,Application,Success\n")
    let path = folder.path("a.ledger")
    try Program.ledger(path, [one])
    let ended = try Program.scan([path, two])
    #expect(try ended.rows()["duplicate"] == 1)
    #expect(!ended.records.contains { $0.contains("PST-DATA-007") })
  }

  @Test func aLedgerOfAnotherWindowIsRefused() throws {
    let folder = try Program.synthesise(["--seed", "8", "--rows", "500", "--files", "3"])
    let files = try folder.files()
    let path = folder.path("part.ledger")
    try Program.ledger(path, Array(files.prefix(2)), ["--since", "2026-03-20"])
    let refused = try Program.scan([path] + files.dropFirst(2))
    #expect(refused.code == 64)
    #expect(refused.errors.contains("state the same --since and --until"))
  }

  @Test func aLedgerHasTheSameBytesOnAnyNumberOfThreads() throws {
    let folder = try Program.synthesise([
      "--seed", "9", "--rows", "2000", "--files", "3", "--overlap", "40", "--events", "all",
    ])
    let files = try folder.files()
    var ledgers: [Data] = []
    for threads in ["1", "2", "5"] {
      let path = folder.path("threads-\(threads).ledger")
      try Program.ledger(path, files, ["--threads", threads])
      ledgers.append(try Data(contentsOf: URL(filePath: path)))
    }
    #expect(ledgers[0] == ledgers[1])
    #expect(ledgers[0] == ledgers[2])
    let mode = try FileManager.default.attributesOfItem(atPath: folder.path("threads-1.ledger"))
    #expect(mode[.posixPermissions] as? Int == 0o600)
  }
}
