import Accounts
import Findings
import SalesforceExports

/// The findings of an earlier run, to say of each one now whether it is new, and of those that are
/// not found any more what became of them.
package final class ResultsBaseline: Sendable {
  /// What a difference is judged by.
  private struct Judgement: Sendable, Equatable {
    let status: FindingStatus
    let severity: Severity
    let confidence: Confidence

    init(_ finding: FindingRecord) {
      status = finding.status
      severity = finding.severity
      confidence = finding.confidence
    }
  }

  private let document: ResultsDocument
  private let judgements: [String: Judgement]
  private let firstDetected: [String: Instant]

  /// Takes the findings of earlier results.
  ///
  /// - Throws: ``ResultsError`` when they cannot be read.
  package init(_ document: ResultsDocument) throws {
    var judgements: [String: Judgement] = [:]
    var firstDetected: [String: Instant] = [:]
    try document.forEachKnownFinding(includingEvidence: false) { finding in
      judgements[finding.id] = Judgement(finding)
      firstDetected[finding.id] =
        finding.lifecycle?.firstDetected ?? document.run.evaluationTime
    }
    self.document = document
    self.judgements = judgements
    self.firstDetected = firstDetected
  }

  /// How a finding of a run stands to the earlier one.
  func lifecycle(_ finding: FindingRecord, at time: Instant) -> FindingLifecycle {
    let old = judgements[finding.id]
    return FindingLifecycle(
      change: old == nil ? .new : old == Judgement(finding) ? .persisting : .changed,
      firstDetected: firstDetected[finding.id] ?? time, lastDetected: time)
  }

  /// Gives each finding of the earlier run that a later one does not have, by id, with its rows and
  /// with what became of it.
  ///
  /// What the earlier run could not look for itself is among them: it is handed on until a run finds
  /// it again or finds it resolved.
  ///
  /// - Parameters:
  ///   - run: The later run.
  ///   - end: How that ended, as far as what it read.
  ///   - accounts: When its accounts logged in, by key.
  ///   - found: Ids of its findings.
  /// - Throws: ``ResultsError`` when the earlier results cannot be read; what `body` throws.
  /// - Complexity: O(*n*) in the bytes of the earlier results; holds one finding at a time.
  package func forEachGoneFinding(
    run: RunRecord, end: EndRecord, accounts: [String: AccountReach], found: Set<String>,
    _ body: (FindingRecord) throws -> Void
  ) throws {
    let check = EvaluationCheck(run, end: end, accounts: accounts)
    try document.forEachKnownFinding { finding in
      guard !found.contains(finding.id) else { return }
      let kinds = document.run.kinds(of: finding)
      let lacking = check.lacking(finding, detectedWith: kinds)
      var gone = finding
      gone.lifecycle = FindingLifecycle(
        change: lacking.isEmpty ? .resolved : .notEvaluated,
        firstDetected: finding.lifecycle?.firstDetected ?? document.run.evaluationTime,
        lastDetected: finding.lifecycle?.lastDetected ?? document.run.evaluationTime,
        reasons: lacking, detectedWith: kinds.map(\.rawValue).sorted())
      try body(gone)
    }
  }
}

extension RunRecord {
  /// Whether all of a finding's time lies before what a run still knows: it was forgotten, or the
  /// exports do not reach back to it any more, though nobody asked for less than all of them.
  func hasLeftBehind(_ finding: FindingRecord) -> Bool {
    guard let end = finding.lastSeen else { return false }
    if let forgottenBefore, end < forgottenBefore { return true }
    guard since == nil, let first else { return false }
    return end < first
  }

  /// Kinds of tables that the last run that had a finding was given: this one, unless this one could
  /// not look for it.
  func kinds(of finding: FindingRecord) -> Set<FileKind> {
    guard let lifecycle = finding.lifecycle, lifecycle.change.isGone else {
      return Set(snapshots.map(\.kind))
    }
    return Set(lifecycle.detectedWith.compactMap { FileKind(rawValue: $0) })
  }
}

extension FindingChange {
  /// Number of findings that are gone, by what became of them.
  package static func counts(_ gone: [FindingRecord]) -> [FindingChange: Int] {
    var counts: [FindingChange: Int] = [:]
    for case let change? in gone.map({ $0.lifecycle?.change }) { counts[change, default: 0] += 1 }
    return counts
  }
}

extension FindingRecord {
  /// The same finding without its rows.
  package var withoutRows: FindingRecord {
    var finding = self
    finding.evidence = []
    return finding
  }
}
