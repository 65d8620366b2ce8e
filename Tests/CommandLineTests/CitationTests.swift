import Foundation
import TestSupport
import Testing

/// What sources and pages cite is there for whoever reads them.
@Suite struct CitationTests {
  private static let root = Program.repository + "/"

  private static func text(_ path: String) throws -> String {
    try String(contentsOfFile: root + path, encoding: .utf8)
  }

  /// Titles of the sections of a page; what looks like one inside a block of code is none.
  private static func titles(_ page: String) throws -> [String] {
    var isCode = false
    return try text(page).components(separatedBy: "\n").compactMap { line in
      if line.hasPrefix("```") { isCode.toggle() }
      guard !isCode, let match = line.firstMatch(of: #/^#{1,6} +(.+?) *$/#) else { return nil }
      return String(match.1)
    }
  }

  /// What a link to a section says behind its `#`: lower case, without punctuation, blanks as hyphens.
  private static func anchor(_ title: String) -> String {
    String(
      title.lowercased().compactMap { character -> Character? in
        if character == " " { return "-" }
        return character.isLetter || character.isNumber || character == "-" || character == "_"
          ? character : nil
      })
  }

  /// Comments of a source without their marks, each block in one line.
  private static func comments(_ source: String) -> [String] {
    var blocks: [String] = []
    var isInside = false
    for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
      guard let mark = line.range(of: "//") else {
        isInside = false
        continue
      }
      let words = line[mark.upperBound...].drop { $0 == "/" }.trimmingCharacters(in: .whitespaces)
      if isInside, line[..<mark.lowerBound].allSatisfy(\.isWhitespace), let last = blocks.last {
        blocks[blocks.count - 1] = last + " " + words
      } else {
        blocks.append(words)
      }
      isInside = true
    }
    return blocks
  }

  @Test(arguments: ["Sources", "Tests"])
  func everyPageAndSectionThatACommentCitesIsThere(folder: String) throws {
    var pages = 0
    var sections = 0
    for path in try FileManager.default.subpathsOfDirectory(atPath: Self.root + folder)
    where path.hasSuffix(".swift") {
      for comment in Self.comments(try Self.text("\(folder)/\(path)")) {
        for match in comment.matches(of: #/([\w\-\/.]*\w\.md)(?:#([\w\-]+)|, ([A-Z][\w \-]*))?/#) {
          let page = String(match.1)
          pages += 1
          guard FileManager.default.fileExists(atPath: Self.root + page) else {
            Issue.record("\(folder)/\(path) cites \(page), which is not there")
            continue
          }
          let titles = try Self.titles(page)
          if let cited = match.2 {
            sections += 1
            #expect(
              titles.contains { Self.anchor($0) == cited },
              "\(folder)/\(path) cites \(page)#\(cited)")
          } else if let cited = match.3 {
            sections += 1
            // The title may be followed by other words of the sentence.
            #expect(
              titles.contains { cited == $0 || cited.hasPrefix($0 + " ") },
              "\(folder)/\(path) cites \(page), \(cited)")
          }
        }
      }
    }
    #expect(pages > 2)
    #expect(folder == "Tests" || sections > 20)
  }

  @Test func everyLinkOfAPageLeadsSomewhere() throws {
    let folders = ["", "docs/", "samples/", "samples/scale-out/", ".github/"]
    var links = 0
    for folder in folders {
      let names = try? FileManager.default.contentsOfDirectory(atPath: Self.root + folder)
      for name in names ?? [] where name.hasSuffix(".md") {
        for match in try Self.text(folder + name).matches(of: #/\]\(([^)\s]+)\)/#) {
          let target = String(match.1)
          guard !target.contains("://"), !target.hasPrefix("mailto:") else { continue }
          links += 1
          let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
          let path = parts[0].isEmpty ? folder + name : folder + parts[0]
          let file = URL(filePath: Self.root + path).standardized.path
          #expect(
            FileManager.default.fileExists(atPath: file), "\(folder)\(name) links to \(target)")
          guard parts.count == 2, file.hasSuffix(".md") else { continue }
          let page = String(file.dropFirst(Self.root.count))
          #expect(
            try Self.titles(page).contains { Self.anchor($0) == parts[1] },
            "\(folder)\(name) links to \(target)")
        }
      }
    }
    #expect(links > 40)
  }
}
