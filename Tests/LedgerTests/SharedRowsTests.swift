import Foundation
import TestSupport
import Testing

/// Parts that hold the same rows: which of them counts a row is settled by Ids before they are brought
/// together.
@Suite struct SharedRowsTests {
  /// The lines of a file of Ids that some other file has too.
  private static func shared(_ path: String, _ others: [String]) throws -> String {
    func ids(_ path: String) throws -> Set<String> {
      var result: Set<String> = []
      for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
        let parts = line.split(separator: "\t")
        if parts[0] == "columns" { continue }
        if parts.count == 1 {
          result.insert(String(line))
          continue
        }
        let pairs = Array(parts[1])
        for start in stride(from: 0, to: pairs.count, by: 2) {
          result.insert(parts[0] + "\t" + String(pairs[start..<(start + 2)]))
        }
      }
      return result
    }
    let known = try others.map(ids).reduce(into: Set()) { $0.formUnion($1) }
    return try ids(path).intersection(known).sorted().map { $0 + "\n" }.joined()
  }

  @Test(arguments: [
    (seed: 21, options: ["--compression", "gzip"]),
    (seed: 22, options: ["--incidents", "all"]),
    (seed: 23, options: ["--faults", "bad-time,bad-id,short-row"]),
  ])
  func partsThatKnowOneAnothersIdsSayWhatAScanOfAllSays(
    seed: Int, options: [String]
  ) throws {
    let folder = try Program.synthesise(
      [
        "--seed", "\(seed)", "--rows", "2000", "--users", "45", "--days", "40", "--files", "4",
        "--overlap", "120",
      ] + options)
    let files = try folder.files()
    let logins = files.filter { $0.contains("LoginHistory") }
    let others = files.filter { !$0.contains("LoginHistory") }
    try #require(logins.count == 4)
    let whole = try Program.scan(files)
    // The last file counts what it shares, so that every other has copies, in an earlier place.
    var ledgers: [String] = []
    var ids: [String] = []
    for file in logins.reversed() {
      let name = URL(filePath: file).lastPathComponent
      let (ledger, path) = (folder.path("\(name).ledger"), folder.path("\(name).ids"))
      try Program.ledger(ledger, [file], ["--ids", path])
      let known = try Self.shared(path, ids)
      #expect(known.isEmpty == ids.isEmpty, "\(name)")
      let knownPath = try folder.write("\(name).known", known)
      let settled = folder.path("\(name).own")
      // A ledger takes the place of none that it was not made from.
      try FileManager.default.removeItem(atPath: ledger)
      try Program.ledger(
        ledger, [file], ["--known-ids", knownPath, "--ids", settled])
      #expect(try Self.shared(settled, ids).isEmpty, "what is known elsewhere is not its own")
      ledgers.append(ledger)
      ids.append(path)
    }
    let merged = try Program.scan(ledgers + others)
    #expect(merged.records == whole.records, "seed \(seed): \(merged.errors)")
    #expect(try merged.rows() == whole.rows())
    #expect(merged.code == whole.code)
  }

  @Test func idsOfAnotherFormAreSettledToo() throws {
    let folder = try TestFolder()
    let header = "Id,UserId,LoginTime,LoginType,Status,SourceIp\n"
    func row(_ id: String) -> String {
      "\(id),0055g00000AbCdEAAV,2026-08-01T10:00:00.000Z,Application,Success,192.0.2.1\n"
    }
    let one = try folder.write("a.csv", header + row("login-1") + row("login-2"))
    let two = try folder.write("b.csv", header + row("login-2") + row("login-3"))
    let whole = try Program.scan([one, two])
    let (a, b) = (folder.path("a.ledger"), folder.path("b.ledger"))
    try Program.ledger(a, [one], ["--ids", folder.path("a.ids")])
    try Program.ledger(b, [two], ["--known-ids", folder.path("a.ids")])
    let merged = try Program.scan([a, b])
    #expect(merged.records == whole.records, "\(merged.errors)")
    #expect(
      try merged.rows()
        == ["read": 4, "analysed": 3, "duplicate": 1, "filtered": 0, "rejected": 0])
  }

  /// Which of two copies is read first depends on the threads; which one is named must not.
  @Test func copiesWithIdsOfAnotherFormHaveOnePlace() throws {
    let folder = try TestFolder()
    var first = "Id,UserId,LoginTime,LoginType,Status,SourceIp\n"
    var second = first
    for number in 0..<8_000 {
      let (hour, minute, second60) = (number / 3_600, number / 60 % 60, number % 60)
      let time =
        "2026-08-01T1\(hour):\(minute < 10 ? "0" : "")\(minute)"
        + ":\(second60 < 10 ? "0" : "")\(second60).000Z"
      let type = number % 3 == 0 ? "Remote Access 2.0" : "Application"
      let row = "login-\(number),0055g00000AbCd\(number % 9),\(time),\(type),Success,192.0.2.1\n"
      first += row
      second += row
    }
    // Files that are equal to the last byte are read once; these are not.
    first += "login-8000,0055g00000AbCd1,2026-08-01T13:00:00.000Z,Application,Success,192.0.2.1\n"
    let files = [try folder.write("a.csv", first), try folder.write("b.csv", second)]
    let whole = try Program.scan(files + ["--threads", "1"])
    #expect(try whole.rows()["duplicate"] == 8_000)
    #expect(!whole.records.contains { $0.contains(#"b.csv","grade""#) })
    for threads in ["2", "8"] {
      for _ in 0..<3 {
        let other = try Program.scan(files + ["--threads", threads])
        #expect(other.records == whole.records, "\(threads) threads")
      }
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let folder = try Program.synthesise(["--seed", "24", "--rows", "600"])
    let files = try folder.files()
    let (ledger, ids) = (folder.path("a.ledger"), folder.path("a.ids"))
    try Program.ledger(ledger, files, ["--ids", ids])

    let other = folder.path("other.ledger")
    let alone = try Program.scan(files, ["--ids", ids])
    #expect(alone.code == 64)
    #expect(alone.errors.contains("state --ledger too"))
    let unread = try Program.scan(files, ["--known-ids", folder.path("none"), "--ledger", other])
    #expect(unread.code == 64)
    #expect(unread.errors.contains("there is no such file"))
    let known = try Program.scan([ledger], ["--known-ids", ids, "--ledger", ledger])
    #expect(known.code == 64)
    #expect(known.errors.contains("is for exports alone"))
    let overwritten = try Program.scan(files, ["--known-ids", ids, "--ledger", ids])
    #expect(overwritten.code == 64)
    for line in [
      "0Ya00000000", "0Ya0000000000\t1", "0Ya0000000000\t1?", "=4", "=zz", "columns\t1\ta",
    ] {
      let path = try folder.write("bad.ids", "0Ya0000000000\t01\n\(line)\n")
      let bad = try Program.scan(files, ["--known-ids", path, "--ledger", other])
      #expect(bad.code == 64, "\(line)")
      #expect(bad.errors.contains("line 2 is not as --ids writes it"), "\(line): \(bad.errors)")
    }
  }
}
