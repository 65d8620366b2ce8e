import Foundation
import TestSupport
import Testing

/// Texts that Unicode calls equivalent and that have other bytes are two texts, whoever reads them first.
@Suite struct CanonicalTwinTests {
  private static let columns = [
    "Id", "UserId", "LoginTime", "LoginType", "Status", "SourceIp", "Application", "Browser",
    "Platform", "TlsProtocol", "CountryIso", "ApiType", "ApiVersion",
  ]

  private static let twins = ["Caf\u{E9}", "Cafe\u{301}"]

  private static func row(_ number: Int, _ column: String, _ value: String) -> String {
    var values = [
      "Id": "0YaHn00000000\(10 + number)", "UserId": "005Hn0000000001",
      "LoginTime": "2026-08-03T10:\(10 + number):00.000Z", "LoginType": "Application",
      "Status": "Success", "SourceIp": "192.0.2.1", "Application": "Browser",
      "Browser": "Chrome 126", "Platform": "Windows 11", "TlsProtocol": "TLS 1.3",
      "CountryIso": "DE",
    ]
    values[column] = value
    return columns.map { values[$0] ?? "" }.joined(separator: ",") + "\n"
  }

  @Test(arguments: columns.dropFirst(3))
  func eachRowKeepsItsBytesWithAnyNumberOfThreads(column: String) throws {
    let folder = try TestFolder()
    for file in 0..<4 {
      let rows = (0..<10).map { number in
        Self.row(file * 10 + number, column, Self.twins[number % 2])
      }
      try folder.write(
        "\(file).csv", Self.columns.joined(separator: ",") + "\n" + rows.joined())
    }
    var seen: Set<[Data]> = []
    for threads in ["1", "2", "4", "8"] {
      let outputs = try ["events", "scan", "apps"].map { verb in
        let ended = try Program.run(
          "postern",
          [verb, folder.path, "-o", "jsonl", "--threads", threads, "--now", "2026-09-01"])
        #expect(ended.code == 0 || ended.code == 2, "\(ended.errors)")
        // How long it took stands in the record of the end.
        let lines = ended.output.split(separator: UInt8(ascii: "\n"))
        return verb == "scan" ? Data(lines.dropLast().joined(separator: [10])) : ended.output
      }
      seen.insert(outputs)
      for twin in Self.twins {
        let lines = outputs[0].split(separator: UInt8(ascii: "\n"))
        let count = lines.count { $0.firstRange(of: Array(twin.utf8)) != nil }
        #expect(count == 20, "\(column) on \(threads) threads")
      }
    }
    #expect(seen.count == 1, "\(column)")
  }

  @Test func anIdWithTheSignOfTheKelvinIsNoCopyOfOneWithTheLetter() throws {
    let folder = try TestFolder()
    let ids = ["row K", "row \u{212A}", "row K"]
    let rows = ids.map { Self.row(1, "Id", $0) }
    let path = try folder.write(
      "l.csv", Self.columns.joined(separator: ",") + "\n" + rows.joined())
    let ended = try Program.run("postern", ["scan", path, "-o", "jsonl", "--now", "2026-09-01"])
    let end = try #require(ended.lines.last)
    #expect(end.contains("\"analysed\":2,\"duplicate\":1,"), "\(end)")
  }

  // MARK: Names without ids

  private static let names = [
    "k@example.com", "\u{212A}@example.com", "caf\u{E9}@example.com", "cafe\u{301}@example.com",
  ]

  /// Two logins of each name, of which one is written in capitals as far as they are ASCII.
  private static func download(_ folder: TestFolder) throws -> String {
    let rows = names.enumerated().flatMap { number, name in
      [name, name.replacing("@example.com", with: "@EXAMPLE.COM").replacing("k", with: "K")].map {
        "\($0),2026-08-03T10:\(10 + number):00.000Z,Application,Success,192.0.2.\(number + 1)\n"
      }
    }
    return try folder.write(
      "l.csv", "Username,Login Time,Login Type,Status,Source IP\n" + rows.joined())
  }

  @Test func usernamesAreComparedByBytesAndWithoutTheCaseOfASCIIAlone() throws {
    let folder = try TestFolder()
    let path = try Self.download(folder)
    for threads in ["1", "4"] {
      let ended = try Program.run(
        "postern", ["scan", path, "-o", "jsonl", "--threads", threads, "--now", "2026-09-01"])
      let accounts = ended.lines.filter { $0.hasPrefix("{\"schema\":\"postern.account/") }
      #expect(accounts.count == Self.names.count)
      for name in Self.names {
        let key = Array("\"key\":\"username:\(name)\"".utf8)
        let own = accounts.filter { Array($0.utf8).firstRange(of: key) != nil }
        #expect(own.count == 1, "\(name)")
        #expect(own.first?.contains("\"total\":2") == true, "\(name)")
      }
    }
  }

  @Test(arguments: names.indices)
  func aNameFindsItsAccountAndNoTwin(number: Int) throws {
    let folder = try TestFolder()
    let path = try Self.download(folder)
    let seen = try Program.run(
      "postern", ["events", path, "--account", Self.names[number], "-o", "jsonl"])
    #expect(seen.lines.count == 2, "\(seen.errors)")
    #expect(seen.lines.allSatisfy { $0.contains("\"192.0.2.\(number + 1)\"") })
    let config = try folder.write(
      "c.yaml", "integration_accounts: [\"\(Self.names[number].uppercased())\"]\n")
    let judged = try Program.run(
      "postern",
      ["scan", path, "-o", "jsonl", "--config", config, "--now", "2026-09-01"])
    let stated = judged.lines.filter {
      $0.hasPrefix("{\"schema\":\"postern.account/") && $0.contains("\"class\":\"integration\"")
    }
    // What is no ASCII keeps its case, so a name in capitals may mean none of them.
    #expect(stated.count <= 1)
    if number == 0 { #expect(stated.count == 1) }
  }

  @Test func aSnapshotNamesTheIdOfEachTwin() throws {
    let folder = try TestFolder()
    let path = try Self.download(folder)
    let ids = ["005Hn0000000001", "005Hn0000000002", "005Hn0000000003", "005Hn0000000004"]
    let users = try folder.write(
      "User.csv",
      "Id,Username,Name,IsActive,UserType,Profile.Name\n"
        + zip(ids, Self.names).map { "\($0),\($1),\($1),true,Standard,\($1)\n" }.joined())
    var seen: Set<[String]> = []
    for threads in ["1", "2", "8"] {
      let ended = try Program.run(
        "postern",
        ["scan", path, users, "-o", "jsonl", "--threads", threads, "--now", "2026-09-01"])
      let accounts = ended.lines.filter { $0.hasPrefix("{\"schema\":\"postern.account/") }
      for (id, name) in zip(ids, Self.names) {
        let own = accounts.filter { $0.contains("\"key\":\"\(id)") }
        #expect(own.count == 1)
        #expect(own.allSatisfy { Array($0.utf8).firstRange(of: Array(name.utf8)) != nil })
      }
      seen.insert(ended.lines.dropLast())
    }
    #expect(seen.count == 1)
  }

  /// Whatever sums names up keeps both, in every form.
  @Test(arguments: ["text", "csv-accounts", "csv-applications", "html", "brief"])
  func formsAreTheSameOnAnyNumberOfThreads(form: String) throws {
    let folder = try TestFolder()
    for file in 0..<4 {
      let rows = (0..<10).map { number in
        Self.row(file * 10 + number, "Application", Self.twins[number % 2])
          .replacing(",Application,Success", with: ",Remote Access 2.0,Success")
      }
      try folder.write(
        "\(file).csv", Self.columns.joined(separator: ",") + "\n" + rows.joined())
    }
    var seen: Set<String> = []
    for threads in ["1", "2", "4", "8"] {
      let ended = try Program.run(
        "postern",
        ["scan", folder.path, "-o", form, "--threads", threads, "--now", "2026-09-01"])
      // How long it took, and on how many threads.
      let text = ended.text.replacing(/[0-9.]+ s, [0-9,]+ rows\/s, .*/, with: "")
        .replacing(/[0-9.,]+ s\b|[0-9]+ threads?/, with: "")
      seen.insert(text)
      if form == "csv-applications" {
        for twin in Self.twins {
          #expect(
            ended.output.split(separator: UInt8(ascii: "\n")).count {
              $0.starts(with: Array(twin.utf8))
            } == 1)
        }
      }
    }
    #expect(seen.count == 1, "\(form)")
  }
}
