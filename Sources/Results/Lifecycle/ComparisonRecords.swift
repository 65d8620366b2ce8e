import Accounts
import Findings
import SalesforceExports

/// One finding of two runs as a line (`postern.diff/2`).
package struct ComparedFindingRecord: Sendable {
  package static let schema = "postern.diff/2"

  private var compared: ComparedFinding

  /// Makes the record.
  package init(_ compared: ComparedFinding) { self.compared = compared }

  /// Codes all members.
  package mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    var finding = compared.latest
    coder.object("account", &finding.account, blank: FindingAccountRecord()) { $1.code(&$0) }
    var change = compared.change
    coder.choice("change", &change)
    coder.string("discriminator", &finding.discriminator)
    coder.count("evidence_total", &finding.evidenceTotal)
    coder.string("finding_id", &finding.id)
    coder.instant("first_seen", &finding.firstSeen)
    coder.instant("last_seen", &finding.lastSeen)
    var new: FindingStanding? = change.isGone ? nil : FindingStanding(finding)
    coder.object("new", &new, blank: FindingStanding()) { $1.code(&$0) }
    var newRows = compared.newRows
    coder.whenPresent("new_rows", change == .recurred) { $0.count("new_rows", &newRows) }
    var old = compared.old.map(FindingStanding.init)
    coder.object("old", &old, blank: FindingStanding()) { $1.code(&$0) }
    var reasons = compared.reasons
    coder.strings("reasons", &reasons)
    coder.string("replay", &finding.replay)
    coder.object("rule") { coder in
      coder.string("id", &finding.ruleID)
      coder.string("title", &finding.ruleTitle)
      coder.count("version", &finding.ruleVersion)
    }
  }
}

/// What one of two runs says of a finding.
private struct FindingStanding {
  var status = FindingStatus.fail
  var severity = Severity.info
  var confidence: Confidence?
  var isSuppressed = false

  init() {}

  init(_ finding: FindingRecord) {
    status = finding.status
    severity = finding.severity
    confidence = finding.confidence
    isSuppressed = finding.suppression != nil
  }

  init(_ entry: FindingsBaseline.Entry) {
    status = entry.status
    severity = entry.severity
    confidence = entry.confidence
    isSuppressed = entry.isSuppressed
  }

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.choice("confidence", &confidence)
    var name = severity.name
    coder.string("severity", &name)
    coder.choice("status", &status)
    coder.bool("suppressed", &isSuppressed)
  }
}

/// How a comparison ended (`postern.diff_end/2`).
package struct ComparisonEndRecord: Sendable {
  package static let schema = "postern.diff_end/2"

  private let comparison: ResultsComparison
  private var exit: Int

  /// Makes the record.
  package init(_ comparison: ResultsComparison, exit: Int) {
    self.comparison = comparison
    self.exit = exit
  }

  /// Codes all members.
  package mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    var cautions = comparison.cautions
    coder.strings("cautions", &cautions)
    coder.count("exit", &exit)
    var counts = comparison.counts
    coder.object("findings") { coder in
      coder.count("changed", &counts[.changed, default: 0])
      coder.count("new", &counts[.new, default: 0])
      coder.count("not_evaluated", &counts[.notEvaluated, default: 0])
      coder.count("persisting", &counts[.persisting, default: 0])
      coder.count("recurred", &counts[.recurred, default: 0])
      coder.count("resolved", &counts[.resolved, default: 0])
    }
    var over = comparison.overThreshold
    coder.count("findings_over_threshold", &over)
    coder.object("new") { Self.code(comparison.new, comparison.newEnd, &$0) }
    coder.object("old") { Self.code(comparison.old, comparison.oldEnd, &$0) }
  }

  private static func code<Coder: RecordCoder & ~Copyable>(
    _ run: RunRecord, _ end: EndRecord, _ coder: inout Coder
  ) {
    var run = run
    var isComplete = end.isComplete
    coder.bool("complete", &isComplete)
    coder.instant("evaluation_time", &run.evaluationTime)
    coder.instant("first", &run.first)
    coder.instant("last", &run.last)
  }
}
