import Foundation
import TestSupport
import Testing

/// `-o prometheus:PATH`.
@Suite struct HeartbeatTests {
  private static func values(_ path: String) throws -> [String: String] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var result: [String: String] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: " ")
      result[String(parts[0])] = String(try #require(parts.last))
    }
    return result
  }

  private static let header = "Id,UserId,LoginTime,LoginType,SourceIp,Status\n"

  @Test func itTellsAgeAndCompletenessAndRemembersTheLastCompleteRun() throws {
    let folder = try TestFolder()
    let row =
      "0YaHn000000000QKAQ,005Hn00000000A1IAI,2026-08-31T12:00:00Z,Application,192.0.2.1,Success\n"
    let logins = try folder.write("logins.csv", Self.header + row)
    let path = folder.path("postern.prom")
    let first = try Program.run(
      "postern",
      ["scan", logins, "--now", "2026-09-01", "-o", "prometheus:" + path])
    #expect(first.code == 0, "\(first.errors)")
    var values = try Self.values(path)
    #expect(values["postern_complete"] == "1")
    #expect(values["postern_rows{end=\"analysed\"}"] == "1")
    #expect(values["postern_newest_row_age_seconds"] == "43200")
    #expect(values["postern_last_complete_run_timestamp_seconds"] == "1788220800")
    let mode = try FileManager.default.attributesOfItem(atPath: path)
    #expect(mode[.posixPermissions] as? Int == 0o644)

    try folder.write("logins.csv", Self.header + row + "short,row\n")
    let second = try Program.run(
      "postern",
      ["scan", logins, "--now", "2026-09-02", "-o", "prometheus:" + path])
    #expect(second.code == 2)
    values = try Self.values(path)
    #expect(values["postern_complete"] == "0")
    #expect(values["postern_exit_code"] == "2")
    #expect(values["postern_run_timestamp_seconds"] == "1788307200")
    #expect(values["postern_last_complete_run_timestamp_seconds"] == "1788220800")
  }
}
