import Configuration
import Findings
package import Reports

/// `explain`: one finding of saved results.
package struct SavedFinding {
  /// The finding with its rows.
  package let finding: FindingRecord
  /// The run that found it.
  package let run: RunRecord
  /// Names of files with rows of it that are not where they were.
  package let goneFiles: Set<String>

  /// Most findings that a message lists.
  private static let listLimit = 10

  /// Looks for a finding.
  ///
  /// - Parameters:
  ///   - text: Its id, or as much of it as no other has, with or without `pf1:`.
  ///   - path: The results; `-` is standard input.
  /// - Throws: `ResultsError` when results cannot be used; ``UsageError`` when no finding or
  ///   several have the id, with what may have been meant.
  package init(_ text: String, in path: String) throws {
    let document = try ResultsFile.read(path, keeping: TemporaryFolder(besides: []))
    let wanted = text.lowercased()
    let prefix = wanted.hasPrefix("pf1:") ? wanted : "pf1:" + wanted
    var matches: [Int] = []
    var related: [String] = []
    var ids: [String] = []
    var index = 0
    try document.forEachFinding(includingEvidence: false) { finding in
      if finding.id.hasPrefix(prefix), prefix.utf8.count > 4 { matches.append(index) }
      if Self.isRelated(finding, wanted) { related.append(Self.line(finding)) }
      ids.append(finding.id)
      index += 1
    }
    let gone = try matches.isEmpty ? document.goneFindings().filter { $0.id.hasPrefix(prefix) } : []
    if gone.count == 1, prefix.utf8.count > 4 {
      finding = gone[0]
      run = document.run
      goneFiles = []
      return
    }
    guard let match = matches.first else {
      throw Self.unknown(text, prefix: prefix, related: related, ids: ids, name: document.name)
    }
    guard matches.count == 1 else {
      let lines = try matches.prefix(Self.listLimit).map {
        Self.line(try document.finding(at: $0, includingEvidence: false))
      }
      throw UsageError(
        "\(matches.count) findings begin with \(text); give more of the id:" + Self.list(lines)
          + Self.rest(matches.count))
    }
    finding = try document.finding(at: match)
    run = document.run
    let named = Set(finding.evidence.map(\.file))
    goneFiles = Set(
      document.run.inputs.filter {
        named.contains($0.name) && $0.name != "-" && !FileStamp.isThere($0.name)
      }.map(\.name))
  }

  private static func unknown(
    _ text: String, prefix: String, related: [String], ids: [String], name: String
  ) -> UsageError {
    let start = "no finding \(text) in \(name)"
    if !related.isEmpty {
      return UsageError(
        "\(start); it is no id, but these have to do with it:"
          + list(Array(related.prefix(listLimit))) + rest(related.count))
    }
    if ids.isEmpty { return UsageError("\(start), which has no findings at all") }
    if let nearest = NameSuggestion.nearest(to: prefix, among: ids) {
      return UsageError("\(start); did you mean \(nearest)?")
    }
    // Ids are digests: what shares most of its beginning is the best guess.
    let closest = ids.map { ($0, shared($0, prefix)) }.sorted {
      $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0
    }.prefix(3).map(\.0)
    return UsageError(
      "\(start); the nearest ids are \(closest.joined(separator: ", ")); "
        + "postern report \(name) -o csv lists all")
  }

  private static func shared(_ one: String, _ other: String) -> Int {
    zip(one.utf8, other.utf8).prefix { $0 == $1 }.count
  }

  /// Whether somebody gave the rule or the account instead of the id.
  private static func isRelated(_ finding: FindingRecord, _ wanted: String) -> Bool {
    let rule = finding.ruleID.lowercased()
    if rule == wanted || rule == "pst-" + wanted { return true }
    guard let account = finding.account else { return false }
    return account.key.lowercased() == wanted || account.username.lowercased() == wanted
  }

  private static func line(_ finding: FindingRecord) -> String {
    "\(finding.id)  \(finding.severity.name)  \(finding.ruleID)  "
      + (finding.account?.shownName ?? "the org")
  }

  private static func list(_ lines: [String]) -> String {
    lines.map { "\n  " + $0.replacing("\n", with: " ") }.joined()
  }

  private static func rest(_ count: Int) -> String {
    count > listLimit ? "\n  and \(count - listLimit) more" : ""
  }
}
