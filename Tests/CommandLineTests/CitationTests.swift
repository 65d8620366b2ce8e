import Foundation
import TestSupport
import Testing

/// What the sources cite is there for whoever reads them.
@Suite struct CitationTests {
  @Test(arguments: ["Sources", "Tests"])
  func everyPageThatACommentCitesIsInTheRepository(folder: String) throws {
    let root = Program.repository + "/"
    var citations = 0
    for path in try FileManager.default.subpathsOfDirectory(atPath: root + folder)
    where path.hasSuffix(".swift") {
      let text = try String(contentsOfFile: root + folder + "/" + path, encoding: .utf8)
      for line in text.split(separator: "\n") where line.contains(".md") {
        guard let start = line.range(of: "//") else { continue }
        for match in line[start.upperBound...].matches(of: #/[\w\-\/.]*\w\.md\b/#) {
          citations += 1
          let name = String(match.output)
          #expect(
            FileManager.default.fileExists(atPath: root + name), "\(folder)/\(path) cites \(name)")
        }
      }
    }
    #expect(citations > 2)
  }
}
