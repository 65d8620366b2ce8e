import Foundation
import TestSupport
import Testing

/// What of a snapshot could not be read is known of its ledger too: nobody is said to be in no snapshot whose
/// row may be one of those, and no value is passed over in silence.
@Suite struct UnreadableRowTests {
  /// An org whose `User` export is changed, and all files of it.
  private static func org(_ change: (String) -> String) throws -> (TestFolder, [String]) {
    let folder = try Program.synthesise([
      "--seed", "31", "--rows", "900", "--users", "45", "--days", "40",
    ])
    let files = try folder.files()
    let path = try #require(files.first { $0.hasSuffix("/User.csv") })
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let changed = change(text)
    #expect(changed != text)
    try Data(changed.utf8).write(to: URL(filePath: path))
    return (folder, files)
  }

  /// The text without the ids of its first rows: the second field of `count` lines.
  private static func withoutIDs(_ text: String, by mend: (String) -> String) -> String {
    var lines = text.components(separatedBy: "\n")
    for line in 1...6 {
      let id = String(lines[line].prefix { $0 != "," })
      lines[line] = mend(id) + lines[line].dropFirst(id.count)
    }
    return lines.joined(separator: "\n")
  }

  private static let changes: [(name: String, change: @Sendable (String) -> String)] = [
    // A row that names nobody may be anybody's.
    ("ids that are none", { withoutIDs($0) { _ in "\"nobody\"" } }),
    // A field too many: the row names somebody, and cannot be read.
    ("fields too many", { withoutIDs($0) { $0 + ",\"one\",\"two\"" } }),
    ("states that are none", { $0.replacing("\"true\"", with: "\"perhaps\"", maxReplacements: 9) }),
  ]

  @Test(arguments: changes.indices) func aLedgerSaysWhatTheFilesSay(number: Int) throws {
    let (name, change) = Self.changes[number]
    let (folder, files) = try Self.org(change)
    let whole = try Program.scan(files)
    #expect(whole.code == 2, "\(name)")
    let reasons = try whole.record("postern.end/2")["incomplete_reasons"] as? [String] ?? []
    // Values of other rows stand as they do.
    let isOfValues = name.hasPrefix("states")
    #expect(reasons.contains { $0.contains("values of IsActive cannot be read") } == isOfValues)
    #expect(reasons.contains { $0.contains(" rejected, over ") } != isOfValues, "\(reasons)")
    let state = folder.path("state.ledger")
    try Program.ledger(state, files)
    let other = folder.path("other.ledger")
    try Program.ledger(other, [state])
    for ledger in [state, other] {
      let ended = try Program.scan([ledger])
      let difference = zip(whole.records, ended.records).first { $0 != $1 }
      #expect(
        difference == nil && whole.records.count == ended.records.count,
        "\(name)\n\(difference?.0 ?? "")\n\(difference?.1 ?? "")")
      #expect(ended.code == 2)
      let told = try ended.record("postern.end/2")["incomplete_reasons"] as? [String] ?? []
      // Which row was the first is known of a file alone.
      let first = /, the first in line .*/
      #expect(
        told.map { $0.replacing(first, with: "") }.sorted()
          == reasons.map { $0.replacing(first, with: "") }.sorted(), "\(name)")
    }
  }
}
