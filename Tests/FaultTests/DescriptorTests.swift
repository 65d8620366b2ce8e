import Foundation
import TestSupport
import Testing

/// A program that is started without some of its standard streams never writes to the place of one what
/// is meant for another.
@Suite struct DescriptorTests {
  private static let verbs: [[String]] = [
    ["scan", "l.csv"], ["inspect", "l.csv"], ["events", "l.csv"], ["apps", "l.csv"],
    ["account", "005Hn0000000001", "l.csv"], ["hunt", "l.csv", "--indicators", "list.txt"],
    ["report", "r.jsonl"], ["diff", "r.jsonl", "r.jsonl"], ["rules"], ["--help"], ["--version"],
    ["scan", "--help"], ["help", "scan"],
  ]

  private static let closed = [
    "<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-",
  ]

  @Test func everyVerbAnswersAsWithThemOrSaysThatItCannotWrite() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Rows.soundBytes)
    try folder.write("list.txt", "192.0.2.10\n")
    let scan = try Program.shell(
      "postern scan l.csv --now 2026-09-01 -o jsonl:r.jsonl", in: folder.path)
    try #require(scan.code == 0)
    for verb in Self.verbs {
      let command = "postern " + verb.joined(separator: " ")
      let whole = try Program.shell(command, in: folder.path)
      for streams in Self.closed {
        let ended = try Program.shell(command + " " + streams, in: folder.path)
        let isWritten = !streams.contains(" >") && !streams.hasPrefix(">")
        #expect(ended.code == (isWritten ? whole.code : 74), "\(command) \(streams)")
        if isWritten {
          // How long it took is told in few digits.
          let difference = ended.output.count - whole.output.count
          #expect(abs(difference) < 4, "\(command) \(streams)")
        }
      }
    }
  }

  @Test(arguments: ["--help", "scan --help", "--version"])
  func theHelpIsAnOutputAsAllOthers(words: String) throws {
    let ended = try Program.shell("postern \(words) > /dev/full")
    #expect(ended.code == 74)
    #expect(ended.errors.contains("No space left"))
  }
}
