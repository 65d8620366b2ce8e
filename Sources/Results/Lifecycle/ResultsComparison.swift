import Accounts
package import Findings
import Platform
import SalesforceExports

/// One finding of two runs.
package struct ComparedFinding: Sendable {
  /// What became of it.
  package let change: FindingChange
  /// Rows that the old run did not have; at least so many.
  package let newRows: Int
  /// The finding as it is now, or as it last was; without its rows.
  package let latest: FindingRecord
  /// Whether it is news: somebody should look at it again.
  package let isNews: Bool
  /// What the old run said; `nil` when it did not have it.
  package let old: FindingsBaseline.Entry?
  /// What was lacking, of one that was not evaluated; what differs, of one that changed.
  package let reasons: [String]

  /// Whether it counts at this `--fail-on`: news, unsuppressed, and at or over it.
  package func counts(at threshold: Severity) -> Bool {
    isNews
      && threshold.counts(latest.status, latest.severity, isSuppressed: latest.suppression != nil)
  }
}

/// Two saved results, finding by finding (`postern diff`).
package struct ResultsComparison: Sendable {
  /// The runs.
  package let old: RunRecord
  package let new: RunRecord
  /// How they ended.
  package let oldEnd: EndRecord
  package let newEnd: EndRecord
  /// All findings of both, in the order of their ids.
  package let findings: [ComparedFinding]
  /// Findings that count for the exit code.
  package let overThreshold: Int

  private struct Part: Sendable {
    var findings: [ComparedFinding] = []
    var keys: Set<FindingKey> = []
    var presences: [ExactText: AccountPresence] = [:]
  }

  /// Compares two results.
  ///
  /// - Parameter failOn: Severity from which news counts; `nil` for never.
  /// - Throws: ``ResultsError`` when results cannot be read.
  /// - Complexity: O(*n*) in the bytes of both; holds the findings without their rows.
  package init(
    old: FindingsBaseline, new source: any ResultsSource, name: String, threads: Int,
    failOn: Severity?
  ) throws {
    let reader = try ResultsReader(source, name: name)
    let time = reader.run.evaluationTime
    let (end, parts) = try reader.read(detail: [.replay, .activity], threads: threads) {
      Part()
    } _: { part, _, group in
      guard group.subject != .gone else { return }
      if old.hasMore(about: group.account.key, than: group.findings) {
        part.presences[ExactText(group.account.key)] = AccountPresence(group.account)
      }
      for finding in group.findings {
        let earlier = old.entry(finding.id)
        let lifecycle = old.lifecycle(finding, at: time)
        part.findings.append(
          ComparedFinding(
            change: lifecycle.change, newRows: lifecycle.newRows, latest: finding,
            isNews: lifecycle.isNews, old: earlier,
            reasons: earlier?.differences(from: finding) ?? []))
        if let key = FindingKey(finding.id) { part.keys.insert(key) }
      }
    }
    self.old = old.run
    self.new = reader.run
    oldEnd = old.end
    newEnd = end
    var findings = parts.flatMap(\.findings)
    let presences = parts.map(\.presences).reduce(into: [:]) { $0.merge($1) { one, _ in one } }
    let check = EvaluationCheck(reader.run, end: end, accounts: presences)
    let keys = parts.reduce(into: Set<FindingKey>()) { $0.formUnion($1.keys) }
    try old.forEachGoneFinding(found: keys, check) { finding in
      guard let lifecycle = finding.lifecycle else { return }
      findings.append(
        ComparedFinding(
          change: lifecycle.change, newRows: 0, latest: finding.withoutRows, isNews: false,
          old: old.entry(finding.id), reasons: lifecycle.reasons))
    }
    findings.sort { $0.latest.id.utf8.lexicographicallyPrecedes($1.latest.id.utf8) }
    self.findings = findings
    overThreshold = failOn.map { level in findings.count { $0.counts(at: level) } } ?? 0
  }

  /// Number of findings by what became of them.
  package var counts: [FindingChange: Int] {
    var counts: [FindingChange: Int] = [:]
    for finding in findings { counts[finding.change, default: 0] += 1 }
    return counts
  }

  /// What makes the two hard to compare, for a person.
  package var cautions: [String] {
    var texts: [String] = []
    if !newEnd.isComplete {
      texts.append("the new run is incomplete: nothing that is gone counts as resolved")
    }
    if !oldEnd.isComplete {
      texts.append("the old run was incomplete: what is new may have been there before")
    }
    if old.catalogueDigest != new.catalogueDigest { texts.append("the catalogues of rules differ") }
    if old.configurationDigest != new.configurationDigest {
      texts.append("the configurations differ")
    }
    if old.thresholds != new.thresholds { texts.append("thresholds differ") }
    if old.evaluationTime > new.evaluationTime {
      texts.append("the old run was evaluated after the new one: are they the right way round?")
    }
    return texts
  }
}
