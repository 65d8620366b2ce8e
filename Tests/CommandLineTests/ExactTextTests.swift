import Foundation
import TestSupport
import Testing

/// What files say is compared by bytes: `String` calls texts equal that are not (`ExactText`).
struct ExactTextTests {
  /// Files with keys of type `String`, all of which are texts of the program or in a form that it gives
  /// them: names of columns and rules, words of a table, canonical networks.
  private static let ours: Set<String> = [
    "APIRequestFold", "AccountClass", "BooleanColumn", "Catalogue", "DayPeriod",
    "EffectivePermissions", "EventRows", "FileKind", "Finding", "FoldWorker", "HumanLogins",
    "Impersonations", "IndicatorMatched", "LocalTimeText", "LoginFileColumns",
    "LoginShapeDecoder", "LoginStatus", "LoginType", "MethodGrade", "MissingValue", "OrgPast",
    "PageHours", "PrivilegedIntegrationAccount", "RuleContext", "RuleEngine", "SessionFold",
    "ShapeTraits", "SnapshotSeries", "UnreadableValues", "VerificationFold", "ZoneWord",
  ]

  private static func lines() throws -> [(file: String, line: Substring)] {
    try ["Accounts", "Findings", "SalesforceExports"].flatMap { target in
      let root = Program.repository + "/Sources/" + target
      return try FileManager.default.subpathsOfDirectory(atPath: root)
        .filter { $0.hasSuffix(".swift") }.flatMap { file in
          let name = String(file.split(separator: "/").last?.dropLast(6) ?? "")
          return try String(contentsOfFile: root + "/" + file, encoding: .utf8)
            .split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
            .map { (name, $0) }
        }
    }
  }

  @Test func keysThatComeFromFilesAreExact() throws {
    let keyed = Set(
      try Self.lines().filter { $0.line.contains(/\[String: |Set<String>/) }.map(\.file))
    #expect(keyed.subtracting(Self.ours).sorted() == [], "take ExactText for what files say")
    #expect(Self.ours.subtracting(keyed).sorted() == [], "has no such keys")
  }

  @Test func valuesOfRowsAreNotComparedAsUnicode() throws {
    let value =
      /\b(application|applicationName|browser|platform|country|username|profileName)\)? (==|!=) [a-z$]/
    // Of a kind of shapes it is a number.
    let compared = try Self.lines().filter {
      $0.line.contains(value) && !$0.line.contains("kinds[")
    }
    #expect(compared.isEmpty, "use hasBytes(of:): \(compared)")
    let grouped = try Self.lines().filter {
      $0.line.contains(/Dictionary\(grouping: .*\) \{ *\$0\.shape\./)
    }
    #expect(grouped.isEmpty, "group by ExactText: \(grouped)")
  }

  /// Names that people give are folded by ASCII alone, wherever they are keys or are matched.
  @Test func namesAreNotFoldedAsUnicode() throws {
    let root = Program.repository + "/Sources/"
    for file in [
      "Accounts/Folding/RareKeyReader", "Accounts/Events/EventRows",
      "Accounts/Snapshots/Snapshots",
      "Configuration/NamePattern", "Configuration/AccountPattern", "Configuration/Configuration",
      "Configuration/ConfigurationReader", "Postern/Run/IndicatorTable",
    ] {
      let text = try String(contentsOfFile: root + file + ".swift", encoding: .utf8)
      #expect(text.contains("asciiLowercased"), "\(file)")
      #expect(!text.contains("lowercased()"), "\(file): fold by ASCII alone")
    }
  }
}
