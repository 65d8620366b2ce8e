import Accounts
import Findings
import SalesforceExports

/// The findings of an earlier run, to say of each one now whether it is new.
package struct ResultsBaseline: Sendable {
  /// What a difference is judged by.
  struct Judgement: Sendable, Equatable {
    let status: FindingStatus
    let severity: Severity
    let confidence: Confidence

    init(_ finding: FindingRecord) {
      status = finding.status
      severity = finding.severity
      confidence = finding.confidence
    }
  }

  /// How a finding stands to the earlier run.
  package enum Change: String, Sendable, CaseIterable {
    /// It was not there.
    case new
    /// It was there with another status, severity or confidence.
    case changed
    /// It was there as it is.
    case persisting
  }

  private let judgements: [String: Judgement]
  private let firstDetected: [String: Instant]

  /// Takes the findings of earlier results.
  ///
  /// - Throws: ``ResultsError`` when they cannot be read.
  package init(_ document: ResultsDocument) throws {
    var judgements: [String: Judgement] = [:]
    var firstDetected: [String: Instant] = [:]
    try document.forEachFinding(includingEvidence: false) {
      judgements[$0.id] = Judgement($0)
      firstDetected[$0.id] = $0.lifecycle?.firstDetected ?? document.run.evaluationTime
    }
    self.judgements = judgements
    self.firstDetected = firstDetected
  }

  /// How a finding of a run stands to the earlier one.
  func lifecycle(_ finding: FindingRecord, at time: Instant) -> FindingLifecycle {
    FindingLifecycle(
      change: change(finding), firstDetected: firstDetected[finding.id] ?? time,
      lastDetected: time)
  }

  /// How a finding stands to the earlier run.
  package func change(_ finding: FindingRecord) -> Change {
    guard let old = judgements[finding.id] else { return .new }
    return old == Judgement(finding) ? .persisting : .changed
  }
}
