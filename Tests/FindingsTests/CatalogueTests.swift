import Findings
import Foundation
import Testing

/// The catalogue beside the sources of the rules.
struct CatalogueTests {
  /// A declaration of a rule, as the sources have it.
  private struct Declaration: Hashable {
    let type: String
    let folder: String
    let file: String
  }

  /// The folder of the rules with each family's letters.
  private static let families = [
    "MFA": "MFA", "INT": "Integration", "API": "API", "ACC": "Account", "ORG": "Organization",
    "DATA": "Data",
  ]

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func declarations() throws -> [Declaration] {
    let folder = root.appending(path: "Sources/Findings")
    let files = try #require(
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    var found: [Declaration] = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /(?:struct|enum|class)\s+(\w+)\s*:[^{]*\bRule\b[^{]*\{/) {
        found.append(
          Declaration(
            type: String(match.output.1),
            folder: file.deletingLastPathComponent().lastPathComponent,
            file: file.deletingPathExtension().lastPathComponent))
      }
    }
    return found
  }

  @Test func everyRuleOfTheSourcesIsInTheCatalogueOnce() throws {
    let declared = try Self.declarations().map(\.type).sorted()
    let listed = Catalogue.rules.map { String(describing: type(of: $0)) }.sorted()
    #expect(declared.count > 40)
    #expect(declared == listed)
  }

  @Test func aRuleHasAFileOfItsNameInTheFolderOfItsFamily() throws {
    let declared = Dictionary(grouping: try Self.declarations(), by: \.type)
    for rule in Catalogue.rules {
      let name = String(describing: type(of: rule))
      let parts = rule.description.id.split(separator: "-").map(String.init)
      let declaration = try #require(declared[name]?.first)
      #expect(declaration.file == name)
      #expect(declaration.folder == Self.families[parts[1]], "\(rule.description.id)")
    }
  }

  /// The engine asks only these about accounts.
  @Test func whoFindsSomethingAboutAccountsSaysSo() throws {
    let declared = Dictionary(grouping: try Self.declarations(), by: \.type)
    for rule in Catalogue.rules {
      let place = try #require(declared[String(describing: type(of: rule))]?.first)
      let file = Self.root.appending(
        path: "Sources/Findings/Rules/\(place.folder)/\(place.file).swift")
      let source = try String(contentsOf: file, encoding: .utf8)
      #expect(
        source.contains("func findings(for facts: AccountFacts")
          == rule.description.onePer.hasPrefix("account"), "\(rule.description.id)")
    }
  }

  @Test func idsHaveTheirFormAndAreUnique() {
    let ids = Catalogue.rules.map(\.description.id)
    for id in ids {
      #expect(id.wholeMatch(of: /PST-(MFA|INT|API|ACC|ORG|DATA)-[0-9]{3}/) != nil, "\(id)")
    }
    #expect(Set(ids).count == ids.count)
    #expect(ids == ids.sorted())
  }

  @Test func theGuideSaysWhatChangedInEachRaisedVersion() throws {
    let path = Self.root.appending(path: "docs/results.md")
    let guide = try String(contentsOf: path, encoding: .utf8)
    let section = try #require(guide.split(separator: "## Versions of rules").last)
    var told: [String: Int] = [:]
    for line in section.prefix(while: { $0 != "#" }).split(separator: "\n") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 3, let version = Int(cells[1]) else { continue }
      for id in cells[0].split(separator: ", ") { told[String(id)] = version }
    }
    let raised = Catalogue.rules.map(\.description).filter { $0.version > 1 }
    #expect(told == Dictionary(uniqueKeysWithValues: raised.map { ($0.id, $0.version) }))
  }
}
