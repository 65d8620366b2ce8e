import Foundation
import TestSupport
import Testing

/// Files of many blocks in which quotes stand where none may: blocks that were cut by the parity of
/// quotes are wrong from there on, and must not be folded as they are.
@Suite struct DamagedQuotesTests {
  @Test(arguments: ["\n", "\r\n", "\r"])
  func everyThreadCountReadsADamagedFileAsOneReaderDoes(lineEnd: String) throws {
    let folder = try TestFolder()
    let rowCount = 60_000
    var text =
      "\"Id\",\"UserId\",\"LoginTime\",\"LoginType\",\"Status\",\"SourceIp\",\"Application\""
      + lineEnd
    var strays = 0
    for row in 0..<rowCount {
      let id = "0YaHn" + String(String(10_000_000_000 + row).dropFirst()) + "KAA"
      let user = "005Hn000000000" + String(row % 10) + "IAA"
      let time =
        "2026-08-\(10 + row * 18 / rowCount)T\(10 + row % 13):\(10 + row % 50):\(10 + row % 49).000Z"
      var application = "App \(row % 5)"
      // Well before and behind the border of a block, and a quoted line end between.
      if row % 20_011 == 7 { application = "App \" stray" }
      if row % 20_011 == 9_000 { application = "two\(lineEnd)lines \"\" quoted" }
      if application.contains("stray") { strays += 1 }
      text +=
        "\"\(id)\",\"\(user)\",\"\(time)\",\"Application\",\"Success\",\"192.0.2.\(row % 200)\","
      text += "\"\(application)\"" + lineEnd
    }
    let path = try folder.write("LoginHistory.csv", text)
    #expect(text.utf8.count > 6 << 20)
    var records: [[String]] = []
    var rejects: [Data] = []
    for threads in ["1", "2", "3", "5"] {
      let rejected = folder.path("rejects-\(threads).jsonl")
      let results = try Program.scan([path, "--threads", threads, "--rejects", rejected])
      #expect(
        results.rows == [
          "read": rowCount, "analysed": rowCount - strays, "duplicate": 0, "filtered": 0,
          "rejected": strays,
        ])
      records.append(results.comparable)
      rejects.append(try Data(contentsOf: URL(filePath: rejected)))
    }
    #expect(records.dropFirst().allSatisfy { $0 == records[0] })
    #expect(rejects.dropFirst().allSatisfy { $0 == rejects[0] })
    // Each stray quote costs its own row and no other, and its line is named.
    let lines = try String(decoding: rejects[0], as: UTF8.self).split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(
      lines.map { $0["reason"] as? String } == Array(repeating: "broken_quoting", count: strays))
    // Behind each row with two lines all numbers are one more.
    #expect(lines.map { $0["line"] as? Int } == [9, 20_021, 40_033])
  }
}
