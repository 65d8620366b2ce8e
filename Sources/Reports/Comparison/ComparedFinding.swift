import Accounts
package import Findings

/// What became of a finding from one run to the next.
package enum FindingChange: String, Sendable, CaseIterable {
  /// Only the new run has it.
  case new
  /// Both have it, with another status, severity or confidence.
  case changed
  /// Only the old run has it, and the new run had all that would have shown it.
  case resolved
  /// Only the old run has it, and the new run lacked something that would have shown it.
  case notEvaluated = "not_evaluated"
  /// Both have it as it is.
  case persisting

  /// Whether the new run does not have it.
  package var isGone: Bool { self == .resolved || self == .notEvaluated }
}

/// One finding of two runs.
package struct ComparedFinding: Sendable {
  /// What became of it.
  package let change: FindingChange
  /// The finding as each run has it, without its rows; at least one is there.
  package let old: FindingRecord?
  package let new: FindingRecord?
  /// What was lacking, of one that was not evaluated; what differs, of one that changed.
  package let reasons: [String]

  /// The finding as it is now, or as it last was.
  package var latest: FindingRecord {
    // One of the two is always there: both initialisers below see to it.
    if let new { return new }
    guard let old else { preconditionFailure("a compared finding of neither run") }
    return old
  }

  /// Compares a finding that the new run has.
  init(new: FindingRecord, old: FindingRecord?) {
    self.new = new
    self.old = old
    guard let old else {
      change = .new
      reasons = []
      return
    }
    var differences: [String] = []
    func compare(_ name: String, _ before: String, _ after: String) {
      if before != after { differences.append("\(name) \(before) → \(after)") }
    }
    compare("status", old.status.rawValue, new.status.rawValue)
    compare("severity", old.severity.name, new.severity.name)
    compare("confidence", old.confidence.rawValue, new.confidence.rawValue)
    change = differences.isEmpty ? .persisting : .changed
    reasons = differences
  }

  /// Takes a finding that only the old run has.
  ///
  /// - Parameter lacking: What the new run lacked to show it.
  init(old: FindingRecord, lacking: [String]) {
    self.old = old
    new = nil
    change = lacking.isEmpty ? .resolved : .notEvaluated
    reasons = lacking
  }

  /// Whether it counts at this `--fail-on`: new or changed, unsuppressed, and at or over it.
  package func counts(at threshold: Severity) -> Bool {
    guard change == .new || change == .changed, let new else { return false }
    return threshold.counts(new.status, new.severity, isSuppressed: new.suppression != nil)
  }
}
