import Platform
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

}

/// How a finding stands to an earlier run.
package struct FindingLifecycle: Sendable, Equatable {
  /// What became of it.
  package var change = FindingChange.new
  /// Whether it changed for the worse; false unless it changed.
  package var isWorse = false
  /// What the last run that had it knew; blank where it is not gone, and of its kinds aside where it is
  /// resolved.
  package var detection = FindingDetection()
  /// Evaluation times of the first and the last run that had it, as far as results tell.
  package var firstDetected = Instant(milliseconds: 0)
  package var lastDetected = Instant(milliseconds: 0)
  /// Rows that the earlier run did not have; 0 unless it recurred.
  package var newRows = 0
  /// What the run lacked to show it, where it was not evaluated.
  package var reasons: [String] = []

  /// Makes a blank lifecycle.
  package init() {}

  /// Whether it is news: somebody should look at it again.
  ///
  /// What got better is none.
  package var isNews: Bool {
    switch change {
    case .new, .recurred: true
    case .changed: isWorse
    case .persisting, .resolved, .notEvaluated: false
    }
  }

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.choice("change", &change)
    coder.whenPresent("detected", change == .notEvaluated && !detection.isBlank) { coder in
      coder.object("detected") { detection.code(&$0) }
    }
    coder.whenPresent("detected_with", change.isGone) { coder in
      // A kind that this release does not know was given to no run of it.
      var kinds = (detection.kinds.map(\.rawValue) + detection.otherKinds).sorted {
        $0.precedes($1)
      }
      coder.strings("detected_with", &kinds)
      if zip(kinds, kinds.dropFirst()).contains(where: { !$0.precedes($1) }) {
        coder.fail("detected_with", "is not in the order in which it was written")
      }
      detection.kinds = Set(kinds.compactMap(FileKind.init))
      detection.otherKinds = kinds.filter { FileKind(rawValue: $0) == nil }
    }
    coder.instant("first_detected", &firstDetected)
    coder.instant("last_detected", &lastDetected)
    coder.whenPresent("new_rows", change == .recurred) { $0.count("new_rows", &newRows) }
    coder.whenPresent("reasons", change.isGone) { $0.strings("reasons", &reasons) }
    coder.whenPresent("worse", change == .changed) { $0.bool("worse", &isWorse) }
  }
}
