import Foundation
import TestSupport
import Testing

/// One row is `1 row`, in every text for people.
@Suite struct CountedNounTests {
  private static let nouns =
    "rows|files|findings|accounts|minutes|days|hours|logins|attempts|requests|entries|inputs|records|addresses|lines|bytes|values|times|fields|columns|gaps|indicators|Ids|zeros|exports|ledgers|applications|rules"

  /// Counts with a noun that does not agree with them.
  private static func disagreements(in text: String) throws -> Set<String> {
    // The one stands alone, or is the end of "1 of 1".
    let one = try Regex(
      "(^|[ (=,>])1 (?!(of|with|by) )([a-zA-Z]+ )?(\(nouns)|are|have|do|lack|occur|join)\\b")
    return Set(text.matches(of: one).map { String(text[$0.range]) })
  }

  /// Every column that can hold something unreadable does so in one row.
  @Test func ofOneRowNothingIsSaidAsOfSeveral() throws {
    let folder = try TestFolder()
    let exports = folder.path("exports")
    try FileManager.default.createDirectory(atPath: exports, withIntermediateDirectories: true)
    func write(_ name: String, _ lines: [String]) throws {
      try (lines.joined(separator: "\n") + "\n").write(
        toFile: exports + "/" + name, atomically: false, encoding: .utf8)
    }
    try write(
      "LoginHistory.csv",
      [
        "Id,UserId,LoginTime,LoginType,LoginSubType,Status,SourceIp,Application,Browser",
        "0YaHn0000000001KAA,005Hn00000007qoIAA,2026-03-01T00:15:03Z,Application,UI Username-Password,Success,192.0.2.1,Browser,Firefox",
        "0YaHn0000000002KAA,005Hn00000007qoIAA,2026-03-02T00:15:03Z,Other Apex API,,Success,192.0.2.1,,Java",
        "0YaHn0000000003KAA,005Hn00000007qoIAA,2026-03-02T00:16:03Z,Remote Access 2.0,,Success,192.0.2.1,,Java",
        "0YaHn0000000004KAA,005Hn00000007qoIAA,2026-03-02T00:17:03Z,Nothing Known,,Whatever,192.0.2.1,,Java",
        "0YaHn0000000005KAA,005Hn00000007qoIAA,2026-03-02T00:18:03Z",
        "0YaHn0000000006KAA,005Hn00000007qoIAA,never,Application,,Success,192.0.2.1,Browser,Firefox",
        "Id,UserId,LoginTime,LoginType,LoginSubType,Status,SourceIp,Application,Browser",
      ])
    try write(
      "User-2026-02-25.csv",
      [
        "Id,Username,Name,IsActive,UserType,ProfileId",
        "005Hn00000007qoIAA,etl@example.com,Data Loader,perhaps,Standard,00eHn000000001fIAA",
      ])
    let forms = ["text", "brief", "html", "jsonl"]
    let scan = try Program.run(
      "postern",
      ["scan", exports, "--now", "2026-03-03", "-v", "--ledger", folder.path("ledger")]
        + forms.flatMap { ["-o", "\($0):\(folder.path($0))"] })
    #expect(scan.code == 2, "\(scan.errors)")
    #expect(scan.errors.contains("1 row invalid_time, the first in line 7"), "\(scan.errors)")
    var texts = [("errors", scan.errors)]
    for form in forms where form != "jsonl" {
      texts.append((form, try String(contentsOfFile: folder.path(form), encoding: .utf8)))
    }
    let results = try Results(
      .init(
        code: 0, output: try Data(contentsOf: URL(filePath: folder.path("jsonl"))), errors: ""))
    for finding in results.of("finding") {
      let id = try #require(finding["finding_id"] as? String)
      let explained = try Program.run("postern", ["explain", id, folder.path("jsonl")])
      texts.append(("explain \(id)", explained.text))
    }
    for verb in [
      ["inspect"], ["account", "005Hn00000007qoIAA"], ["apps"], ["events", "--by", "application"],
      ["events", "--privileged"], ["events", "--application", "x"], ["events", "--class", "human"],
      ["pivot", "address", "192.0.2.1"], ["pivot", "user", "005Hn00000007qoIAA"],
    ] {
      let ended = try Program.run("postern", verb + [exports])
      texts.append((verb.joined(separator: " "), ended.text + ended.errors))
    }
    texts.append(
      (
        "diff",
        try Program.run("postern", ["diff", folder.path("jsonl"), folder.path("jsonl")]).text
      ))
    for (name, text) in texts {
      let found = try Self.disagreements(in: text)
      #expect(found.isEmpty, "\(name): \(found.sorted())")
      #expect(!text.isEmpty, "\(name)")
    }
    let inspected = try Program.run("postern", ["inspect", exports]).text
    #expect(inspected.contains("1 row: invalid_time"), "\(inspected)")
  }

  /// A count that stands before a noun in a text takes its form from `counted(_:)`.
  @Test func nounsBehindCountsAgreeByOneFunction() throws {
    let nested = "(?:[^()]|\\((?:[^()]|\\([^()]*\\))*\\))*"
    let plural = try Regex(
      "\\\\\\((\(nested))\\) (?!with )(?:[a-zA-Z]+ )?(?:\(Self.nouns))\\b(?! of\\b)")
    let byHand = try Regex("== 1 \\? \"(?:e?s)?\" : \"")
    let root = Program.repository + "/Sources"
    var (found, counted): ([String], Int) = ([], 0)
    for file in try FileManager.default.subpathsOfDirectory(atPath: root)
    where file.hasSuffix(".swift") && !file.hasPrefix("postern-synth/") {
      let text = try String(contentsOfFile: root + "/" + file, encoding: .utf8)
      counted += text.matches(of: /\.counted\("|FigureText\.count\(/).count
      for line in text.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("//")
      {
        if line.firstMatch(of: byHand) != nil { found.append("\(file): \(line)") }
        for match in line.matches(of: plural) {
          let value = String(line[match.range])
          // Words, not numbers.
          if !value.contains(".takes(") && !value.contains("rawValue)") {
            found.append("\(file): \(value)")
          }
        }
      }
    }
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    #expect(counted > 100)
  }
}
