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
}
