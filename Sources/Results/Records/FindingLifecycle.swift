package import SalesforceExports

/// What became of a finding from one run to the next.
package enum FindingChange: String, Sendable, CaseIterable {
  /// Only the new run has it.
  case new
  /// Both have it, and the new run has rows of it that the old one did not have.
  case recurred
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

  /// Whether it is news: somebody should look at it again.
  package var isNews: Bool { self == .new || self == .recurred || self == .changed }
}

/// How a finding stands to an earlier run.
package struct FindingLifecycle: Sendable, Equatable {
  /// What became of it.
  package var change = FindingChange.new
  /// Kinds of tables that the last run that had it was given; empty where it is not gone.
  package var detectedWith: [String] = []
  /// Evaluation times of the first and the last run that had it, as far as results tell.
  package var firstDetected = Instant(milliseconds: 0)
  package var lastDetected = Instant(milliseconds: 0)
  /// Rows that the earlier run did not have; 0 unless it recurred.
  package var newRows = 0
  /// What the run lacked to show it, where it was not evaluated.
  package var reasons: [String] = []

  /// Makes a blank lifecycle.
  package init() {}

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.choice("change", &change)
    coder.whenPresent("detected_with", change.isGone) {
      $0.strings("detected_with", &detectedWith)
    }
    coder.instant("first_detected", &firstDetected)
    coder.instant("last_detected", &lastDetected)
    coder.whenPresent("new_rows", change == .recurred) { $0.count("new_rows", &newRows) }
    coder.whenPresent("reasons", change.isGone) { $0.strings("reasons", &reasons) }
  }
}
