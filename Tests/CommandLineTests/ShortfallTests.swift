import Foundation
import TestSupport
import Testing

/// What somebody hides from a run stands on its first screen, and how to get it.
@Suite struct ShortfallTests {
  private static func firstScreen(_ inputs: [String]) throws -> String {
    let outcome = try Program.run(
      "postern", ["scan"] + inputs + ["--now", "2026-09-01", "-o", "text", "--color", "never"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let end = try #require(outcome.text.range(of: "\nFindings: "))
    return String(outcome.text[..<end.lowerBound])
  }

  /// A synthetic org, and its login history with lines left out.
  private static func org(leavingOut isHidden: (Substring) -> Bool) throws -> TestFolder {
    let folder = try TestFolder()
    #expect(
      try Program.run(
        "postern-synth",
        [
          folder.path, "--seed", "31", "--rows", "3000", "--users", "45", "--days", "30", "--quiet",
        ]
      ).code == 0)
    let path = folder.path("LoginHistory.csv")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(separator: "\n").filter { !isHidden($0) }
    try folder.write("LoginHistory.csv", lines.joined(separator: "\n") + "\n")
    return folder
  }

  @Test func aDayWithoutLoginsIsNamed() throws {
    let whole = try Self.org { _ in false }
    #expect(!(try Self.firstScreen([whole.path]).contains("no login rows from")))
    let hidden = try Self.org { $0.contains("2026-03-14T") }
    #expect(try Self.firstScreen([hidden.path]).contains("no login rows from 2026-03-1"))
  }

  @Test(arguments: ["Profile", "PermissionSet", "PermissionSetAssignment"])
  func aSnapshotThatIsNotThereIsNamedWithTheCommandThatGetsIt(kind: String) throws {
    let folder = try Self.org { _ in false }
    #expect(!(try Self.firstScreen([folder.path]).contains("\(kind): snapshot missing")))
    try FileManager.default.removeItem(atPath: folder.path(kind + ".csv"))
    let screen = try Self.firstScreen([folder.path])
    #expect(screen.contains("\(kind): snapshot missing"))
    #expect(screen.contains("--output-file \(kind).csv --query \"SELECT "))
  }

  @Test func aColumnThatRulesNeedIsNamed() throws {
    let folder = try Self.org { _ in false }
    let users = try String(contentsOfFile: folder.path("User.csv"), encoding: .utf8)
    try folder.write("User.csv", users.replacingOccurrences(of: "\"IsActive\"", with: "\"Mood\""))
    #expect(try Self.firstScreen([folder.path]).contains("User: "))
  }

  @Test func aFileThatIsNotUsedIsNamed() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([Exports.Login()]))
    #expect(!(try Self.firstScreen([folder.path]).contains("not used")))
    try folder.write("colours.csv", "Name;Colour\nx;red\n")
    #expect(try Self.firstScreen([folder.path]).contains("colours.csv"))
  }

  /// The guide and the reports give one query for each kind.
  @Test func eachCommandIsTheGuides() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([Exports.Login()]))
    let screen = try Self.firstScreen([folder.path])
    func words(_ text: some StringProtocol) -> String {
      text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }
    let guide = words(
      try String(contentsOfFile: Program.repository + "/docs/exporting.md", encoding: .utf8))
    let queries = screen.matches(of: #/SELECT [^"]*? FROM \w+/#).map { words($0.output) }
    #expect(queries.count == 5)
    for query in queries { #expect(guide.contains(query), "\(query)") }
  }
}
