import Foundation
import TestSupport
import Testing

/// Two rows of one login that say different things are on the first screen, not in the list of findings alone.
@Suite struct ContradictionTests {
  private static func exports(_ status: String) throws -> TestFolder {
    let folder = try TestFolder()
    let row = "\(Exports.one),2026-08-01T10:00:00.000Z,Application,"
    try folder.write(
      "l.csv",
      "Id,UserId,LoginTime,LoginType,Status,SourceIp\n"
        + "0YaHn0000000001KAA,\(row)Success,192.0.2.1\n"
        + "0YaHn0000000001KAA,\(row)\(status),192.0.2.1\n")
    return folder
  }

  @Test(arguments: ["text", "html"]) func theFirstScreenSaysSo(format: String) throws {
    func opening(_ folder: TestFolder) throws -> String {
      let page = try Program.run(
        "postern", ["scan", folder.path, "--now", "2026-09-01", "-o", format, "-q"]
      ).text
      // Up to the list of findings, which has the rule's id.
      let end = page.range(of: "PST-DATA-00")?.lowerBound ?? page.endIndex
      let start = try #require(page.range(of: "What cannot be told"))
      return start.lowerBound < end ? String(page[start.lowerBound..<end]) : ""
    }
    let told = "rows with one login Id say different things"
    #expect(try opening(Self.exports("Invalid Password")).contains(told))
    #expect(try !opening(Self.exports("Success")).contains(told))
  }
}
