import Foundation
import TestSupport
import Testing

/// Paths are bytes: names that are no UTF-8 are read, written and told apart.
@Suite struct ByteNameTests {
  /// A folder with files of two, one and three rows whose names differ in a byte that is no UTF-8, and in
  /// the character that such a byte is shown as.
  private static func folder() throws -> TestFolder {
    let folder = try TestFolder()
    for (name, rows) in [("one", 1...2), ("two", 3...3), ("three", 4...6)] {
      try folder.write(name + ".csv", Array((Rows.header + Rows.rows(rows)).utf8))
    }
    let made = try Program.shell(
      """
      mkdir in && mv one.csv "in/$(printf 'a\\377.csv')" && mv two.csv "in/$(printf 'a\\376.csv')" &&
      mv three.csv "in/$(printf 'a\\364\\217\\277\\277.csv')"
      """, in: folder.path)
    try #require(made.code == 0, "\(made.errors)")
    return folder
  }

  private static func rows(_ seen: Program.Outcome) throws -> Int? {
    (try seen.end()?["rows"] as? [String: Int])?["analysed"]
  }

  @Test func allFilesOfAFolderAreReadEachUnderANameOfItsOwn() throws {
    let folder = try Self.folder()
    let seen = try Program.shell("postern scan in -o jsonl --now 2026-09-01", in: folder.path)
    #expect(seen.code == 0, "\(seen.errors)")
    #expect(try Self.rows(seen) == 6)
    let run = try #require(try seen.records().first)
    let inputs = try #require(run["inputs"] as? [[String: Any]])
    #expect(Set(inputs.compactMap { $0["name"] as? String }).count == 3)
    let shown = try Program.shell("postern inspect in", in: folder.path)
    #expect(shown.text.contains("a\\u{10FFFF}.csv") && shown.text.contains("a\\u{10FFFE}.csv"))
  }

  @Test(arguments: [("\\377", 2), ("\\376", 1), ("\\364\\217\\277\\277", 3)])
  func aFileThatIsNamedIsTheOneThatIsRead(name: String, rows: Int) throws {
    let folder = try Self.folder()
    let seen = try Program.shell(
      "postern scan \"in/$(printf 'a\(name).csv')\" -o jsonl --now 2026-09-01", in: folder.path)
    #expect(seen.code == 0, "\(seen.errors)")
    #expect(try Self.rows(seen) == rows)
  }

  @Test func outputsLedgersAndResultsHaveTheNamesThatWereGiven() throws {
    let folder = try Self.folder()
    let seen = try Program.shell(
      """
      out=$(printf 'o\\377.jsonl'); state=$(printf 's\\376.ledger'); page=$(printf 'p\\375.html')
      postern scan in --now 2026-09-01 -o "jsonl:$out" --ledger "$state" &&
      postern scan "$state" in --now 2026-09-01 --ledger "$state" -o brief >night.txt &&
      postern report "$out" --baseline "$out" -o "html:$page" -o jsonl &&
      test -s "$page" && test -s "$state"
      """, in: folder.path)
    #expect(seen.code == 0, "\(seen.errors)")
    #expect(try Self.rows(seen) == 6)
    let names = try Program.shell("ls -1A", in: folder.path).output.split(separator: 0x0A)
    #expect(names.contains { Array($0) == Array("o".utf8) + [0xFF] + Array(".jsonl".utf8) })
    #expect(names.contains { Array($0) == Array("s".utf8) + [0xFE] + Array(".ledger".utf8) })
    #expect(names.contains { Array($0) == Array("p".utf8) + [0xFD] + Array(".html".utf8) })
    #expect(names.count == 5, "\(names.map { String(decoding: $0, as: UTF8.self) })")
  }

  @Test func anOutputThatIsTheInputByItsBytesIsRefused() throws {
    let folder = try Self.folder()
    let seen = try Program.shell(
      "file=in/$(printf 'a\\377.csv'); postern scan \"$file\" -o \"jsonl:$file\"", in: folder.path)
    #expect(seen.code == 64)
    #expect(seen.errors.contains("would be overwritten"))
  }
}
