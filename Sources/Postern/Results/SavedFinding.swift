import Configuration
import Findings
package import Platform
package import Results
import SalesforceExports

/// `explain`: one finding of saved results.
package struct SavedFinding {
  /// The finding with its rows.
  package let finding: FindingRecord
  /// The run that found it.
  package let run: RunRecord
  /// Names of files with rows of it that are not where they were.
  package let goneFiles: Set<ExactText>

  /// Most findings that a message lists.
  private static let listLimit = 10

  /// Looks for a finding.
  ///
  /// - Parameters:
  ///   - text: Its id, or as much of it as no other has, with or without `pf1:`.
  ///   - path: The results; `-` is standard input.
  ///   - threads: Workers.
  /// - Throws: `ResultsError` when results cannot be used; ``UsageError`` when no finding or
  ///   several have the id, with what may have been meant.
  package init(_ text: String, in path: String, threads: Int) throws {
    let (source, name) = try ResultsFile.open(path, keeping: TemporaryFolder(besides: []))
    let reader = try ResultsReader(source, name: name)
    let wanted = text.lowercased()
    let prefix = wanted.hasPrefix("pf1:") ? wanted : "pf1:" + wanted
    var matches: [FindingRecord] = []
    if prefix.utf8.count > 4 {
      matches = try Self.findings(withPrefix: prefix, in: reader, threads: threads)
    }
    guard let match = matches.first else {
      throw try Self.unknown(text, prefix: prefix, in: reader, threads: threads)
    }
    guard matches.count == 1 else {
      throw UsageError(
        "\(matches.count.counted("finding")) begin with \(text); give more of the id:"
          + Self.list(matches.prefix(Self.listLimit).map(Self.line)) + Self.rest(matches.count))
    }
    finding = match
    run = reader.run
    let named: Set<ExactText> = Set(finding.evidence.map(\.file))
    goneFiles = Set(
      reader.run.inputs.filter {
        named.contains($0.name) && $0.name != "-" && !FileStamp.isThere($0.name)
      }.map(\.name))
  }

  /// Findings whose id begins with a text, in the order of their ids; only their lines are read.
  private static func findings(
    withPrefix prefix: String, in reader: ResultsReader, threads: Int
  ) throws -> [FindingRecord] {
    // No text within a line looks like this: quotes in texts are escaped.
    let search = ByteSearch(Array("\"finding_id\":\"\(prefix)".utf8))
    let found = try reader.forEachBlock(threads: threads) {
      [FindingRecord]()
    } _: { found, block in
      try Cancelled.check()
      var position = 0
      while let match = search.position(in: block.bytes, from: position) {
        let range = block.line(holding: match)
        var finding = FindingRecord()
        var line = LineReader(block.bytes, range)
        let isGone = LineKind(block.bytes, at: range.lowerBound) == .goneFinding
        do throws(LineDefect) {
          try line.line(schema: isGone ? FindingRecord.goneSchema : FindingRecord.schema) {
            finding.code(&$0)
          }
        } catch {
          throw ResultsError(name: reader.name, line: nil, detail: error.detail)
        }
        found.append(finding)
        position = range.upperBound
      }
    }
    return found.joined().sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
  }

  private static func unknown(
    _ text: String, prefix: String, in reader: ResultsReader, threads: Int
  ) throws -> UsageError {
    struct Part: Sendable {
      var related: [(id: String, line: String)] = []
      var ids: [String] = []
    }
    let wanted = text.asciiLowercased
    let parts = try reader.read(detail: [], threads: threads) {
      Part()
    } _: { part, _, group in
      for finding in group.findings where group.subject != .gone {
        if isRelated(finding, wanted) { part.related.append((finding.id, line(finding))) }
        part.ids.append(finding.id)
      }
    }.parts
    let related = parts.flatMap(\.related).sorted { $0.id < $1.id }.map(\.line)
    let ids = parts.flatMap(\.ids).sorted()
    let name = reader.name
    let start = "no finding \(text) in \(name)"
    if !related.isEmpty {
      return UsageError(
        "\(start); it is not a finding id; related findings:"
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
    return [account.key, account.username].contains { $0.asciiLowercased.hasBytes(of: wanted) }
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
