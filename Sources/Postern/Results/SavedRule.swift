package import Findings
package import Results

/// `explain` of a rule: its findings in saved results.
package struct SavedRule {
  /// The rule.
  package let rule: RuleDescription
  /// Its findings, worst first; what an earlier run alone had is left out.
  package let findings: [FindingRecord]
  /// Whether it ran, and what it lacked; `nil` for results of a version that does not have it.
  package let state: RuleState?

  /// Reads the findings of a rule.
  ///
  /// - Parameters:
  ///   - rule: What its id names.
  ///   - path: The results; `-` is standard input.
  ///   - threads: Workers.
  /// - Throws: `ResultsError` when results cannot be used.
  package init(_ rule: RuleDescription, in path: String, threads: Int) throws {
    let (source, name) = try ResultsFile.open(path, keeping: TemporaryFolder(besides: []))
    let reader = try ResultsReader(source, name: name)
    let (end, parts) = try reader.read(detail: [], threads: threads) {
      [FindingRecord]()
    } _: { part, _, group in
      try Cancelled.check()
      guard group.subject != .gone else { return }
      for finding in group.findings where finding.ruleID == rule.id { part.append(finding) }
    }
    self.rule = rule
    findings = parts.joined().sorted(by: Self.precedes)
    state = end.rules.first { $0.id == rule.id }
  }

  private static func precedes(_ one: FindingRecord, _ other: FindingRecord) -> Bool {
    if one.severity != other.severity { return one.severity > other.severity }
    let (name, otherName) = (one.account?.shownName ?? "", other.account?.shownName ?? "")
    if name != otherName { return name.utf8.lexicographicallyPrecedes(otherName.utf8) }
    return one.id.utf8.lexicographicallyPrecedes(other.id.utf8)
  }
}
