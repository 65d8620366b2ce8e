import Foundation
import Testing

/// Where memory is handled by hand is written down with the reason, file by file.
///
/// The compiler refuses such code without the word `unsafe`; this test refuses a file that has it and
/// is not explained, and an explanation whose file has lost it.
struct UnsafeCodeTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test func everyFileWithUnsafeCodeIsExplained() throws {
    let page = try String(
      contentsOf: Self.root.appending(path: "docs/reliability.md"), encoding: .utf8)
    let start = try #require(page.range(of: "## Memory handled by hand\n"))
    let section = page[start.upperBound...].prefix(
      upTo: page[start.upperBound...].firstRange(of: "\n## ")?.lowerBound ?? page.endIndex)
    var explained: [String: Int] = [:]
    for row in section.split(separator: "\n") where row.hasPrefix("| `") {
      let files = row.dropFirst().prefix { $0 != "|" }
      for match in files.matches(of: /`([A-Za-z+-]+)`/) {
        explained[String(match.1), default: 0] += 1
      }
    }
    #expect(explained.filter { $0.value > 1 }.isEmpty, "explained twice")
    let found = Set(try Self.filesWithUnsafeCode())
    try #require(found.contains("RecordReader"), "the search finds nothing")
    #expect(found.subtracting(explained.keys).sorted() == [], "explain it in docs/reliability.md")
    #expect(Set(explained.keys).subtracting(found).sorted() == [], "no longer unsafe")
  }

  /// Names, without `.swift`, of files of the program that say `unsafe` outside comments.
  private static func filesWithUnsafeCode() throws -> [String] {
    let sources = root.appending(path: "Sources")
    let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path)
      .filter { $0.hasSuffix(".swift") && !$0.hasPrefix("postern-synth/") }
    return try files.filter { file in
      let text = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
      return text.split(separator: "\n").contains { line in
        !line.drop { $0 == " " }.hasPrefix("//") && line.contains(/\bunsafe\b/)
      }
    }.map { String($0.split(separator: "/").last?.dropLast(6) ?? "") }
  }
}
