import Accounts
package import Findings
package import Platform
import SalesforceExports

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

  /// Compares two results.
  ///
  /// - Parameter failOn: Severity from which new and changed findings count; `nil` for never.
  /// - Throws: ``ResultsError`` when results cannot be read.
  /// - Complexity: O(*n*) in the bytes of both; holds the findings without their rows.
  package init(old: ResultsDocument, new: ResultsDocument, failOn: Severity?) throws {
    self.old = old.run
    self.new = new.run
    oldEnd = old.end
    newEnd = new.end
    let check = EvaluationCheck(new.run, end: new.end, accounts: try new.reaches())
    var newFindings: [String: FindingRecord] = [:]
    try new.forEachFinding(includingEvidence: false) { newFindings[$0.id] = $0 }
    var findings: [ComparedFinding] = []
    try old.forEachKnownFinding { finding in
      let bare = finding.withoutRows
      if let now = newFindings.removeValue(forKey: finding.id) {
        findings.append(ComparedFinding(new: now, old: bare))
      } else {
        findings.append(
          ComparedFinding(
            old: bare,
            lacking: check.lacking(finding, detectedWith: old.run.kinds(of: finding))))
      }
    }
    for finding in newFindings.values { findings.append(ComparedFinding(new: finding, old: nil)) }
    findings.sort { $0.latest.id < $1.latest.id }
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

  /// 0 complete; 1 with findings over the threshold; 2 when the new run was incomplete.
  package var exit: ExitCode {
    .deciding([.incomplete: !newEnd.isComplete, .overThreshold: overThreshold > 0])
  }
}

// MARK: JSON Lines

extension ResultsComparison {
  /// Gives `postern.diff/1` of each finding, and `postern.diff_end/1`.
  package func writeLines(to write: ([UInt8]) throws -> Void) throws {
    for finding in findings {
      try write(Self.json(finding).line(schema: "postern.diff/1") + [UInt8(ascii: "\n")])
    }
    try write(endRecord.line(schema: "postern.diff_end/1") + [UInt8(ascii: "\n")])
  }

  private static func json(_ compared: ComparedFinding) -> JSONValue {
    let finding = compared.latest
    func judgement(_ finding: FindingRecord?) -> JSONValue {
      finding.map { finding in
        .object([
          "status": .string(finding.status.rawValue), "severity": .string(finding.severity.name),
          "confidence": .string(finding.confidence.rawValue),
          "suppressed": .bool(finding.suppression != nil),
        ])
      } ?? .null
    }
    return .object([
      "change": .string(compared.change.rawValue),
      "reasons": .array(compared.reasons.map(JSONValue.string)),
      "finding_id": .string(finding.id),
      "rule": .object([
        "id": .string(finding.ruleID), "version": .int(finding.ruleVersion),
        "title": .string(finding.ruleTitle),
      ]),
      "account": finding.account.map { account in
        .object([
          "id": .string(account.id), "key": .string(account.key),
          "username": .string(account.username), "class": .string(account.accountClass.rawValue),
        ])
      } ?? .null,
      "discriminator": .string(finding.discriminator),
      "first_seen": JSONValue(finding.firstSeen?.text),
      "last_seen": JSONValue(finding.lastSeen?.text),
      "evidence_total": .int(finding.evidenceTotal),
      "old": judgement(compared.old), "new": judgement(compared.new),
      "replay": .string(finding.replay),
    ])
  }

  private var endRecord: JSONValue {
    let counts = counts
    func run(_ run: RunRecord, _ end: EndRecord) -> JSONValue {
      .object([
        "evaluation_time": .string(run.evaluationTime.text), "complete": .bool(end.isComplete),
        "first": JSONValue(run.first?.text), "last": JSONValue(run.last?.text),
      ])
    }
    return .object([
      "findings": .object(
        Dictionary(
          uniqueKeysWithValues: FindingChange.allCases.map {
            ($0.rawValue, JSONValue.int(counts[$0] ?? 0))
          })),
      "old": run(old, oldEnd), "new": run(new, newEnd),
      "cautions": .array(cautions.map(JSONValue.string)),
      "findings_over_threshold": .int(overThreshold), "exit": .int(Int(exit.rawValue)),
    ])
  }
}
