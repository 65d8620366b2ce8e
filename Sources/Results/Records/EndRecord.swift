package import Accounts
package import Findings
import SalesforceExports

/// How many rows met which end.
package struct RowAccounting: Sendable, Equatable {
  package var read = 0
  package var analysed = 0
  package var duplicate = 0
  package var filtered = 0
  package var rejected = 0

  /// Counts nothing.
  package init() {}

  /// Whether no row is missing.
  package var isBalanced: Bool { read == analysed + duplicate + filtered + rejected }

  package mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.count("analysed", &analysed)
    coder.count("duplicate", &duplicate)
    coder.count("filtered", &filtered)
    coder.count("read", &read)
    coder.count("rejected", &rejected)
  }
}

/// How a run ended, and what only the whole of it tells (`postern.end/2`).
package struct EndRecord: Sendable, Equatable {
  package static let schema = "postern.end/2"

  package var accounts = 0
  package var applications = 0
  package var elapsedSeconds = 0.0
  package var exit = 0
  package var bySeverity: [Severity: Int] = [:]
  package var byStatus: [FindingStatus: Int] = [:]
  package var suppressed = 0
  /// Findings at or over `--fail-on`.
  package var overThreshold = 0
  /// Stretches without rows in which the org is usually busy.
  package var gaps: [ActivityGaps.Gap] = []
  /// Findings of earlier runs that this one does not have; `nil` without a baseline.
  package var gone: [FindingChange: Int]?
  package var incompleteReasons: [String] = []
  /// New, changed and recurred findings at or over `--fail-on-new`; `nil` where it was not asked for.
  package var newOverThreshold: Int?
  /// SHA-256 over all lines with their ends, these digits left out, in hex.
  package var recordsDigest = ""
  package var rows = RowAccounting()
  package var rules: [RuleState] = []
  /// Suppressions in the order of the configuration.
  package var suppressions: [SuppressionRecord] = []
  package var threads = 1

  /// Makes a blank record.
  package init() {}

  /// Whether everything was read.
  package var isComplete: Bool { incompleteReasons.isEmpty }

  /// All findings.
  package var findings: Int { bySeverity.values.reduce(0, +) }

  /// Codes all members.
  package mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.count("accounts", &accounts)
    coder.count("applications", &applications)
    var complete = isComplete
    coder.bool("complete", &complete)
    coder.number("elapsed_seconds", &elapsedSeconds)
    // A thousandth is the least that is told; a rate is made of it.
    if elapsedSeconds != 0, !(0.001...1e9).contains(elapsedSeconds) {
      coder.fail("elapsed_seconds", "is no time that a run takes")
    }
    coder.count("exit", &exit)
    coder.object("findings") { coder in
      coder.object("by_severity") { coder in
        coder.count("critical", &bySeverity[.critical, default: 0])
        coder.count("high", &bySeverity[.high, default: 0])
        coder.count("info", &bySeverity[.info, default: 0])
        coder.count("low", &bySeverity[.low, default: 0])
        coder.count("medium", &bySeverity[.medium, default: 0])
      }
      coder.object("by_status") { coder in
        coder.count("fail", &byStatus[.fail, default: 0])
        coder.count("info", &byStatus[.info, default: 0])
        coder.count("unknown", &byStatus[.unknown, default: 0])
      }
      coder.count("suppressed", &suppressed)
      var total = findings
      coder.count("total", &total)
      if total != findings || total != byStatus.values.reduce(0, +) {
        coder.fail("total", "is not the sum of its parts")
      }
    }
    coder.count("findings_over_threshold", &overThreshold)
    coder.objects("gaps", &gaps, blank: ActivityGaps.Gap(from: .zero, until: .zero)) {
      $1.code(&$0)
    }
    coder.whenPresent("gone_findings", gone != nil) { coder in
      var counts = gone ?? [:]
      coder.object("gone_findings") { coder in
        coder.count("not_evaluated", &counts[.notEvaluated, default: 0])
        coder.count("resolved", &counts[.resolved, default: 0])
      }
      gone = counts
    }
    coder.strings("incomplete_reasons", &incompleteReasons)
    coder.whenPresent("new_findings_over_threshold", newOverThreshold != nil) { coder in
      var count = newOverThreshold ?? 0
      coder.count("new_findings_over_threshold", &count)
      newOverThreshold = count
    }
    coder.string("records_sha256", &recordsDigest)
    coder.object("rows") { rows.code(&$0) }
    coder.objects("rules", &rules, blank: RuleState(id: "", version: 1, state: .none, missing: []))
    {
      Self.code(&$1, &$0)
    }
    coder.objects("suppressions", &suppressions, blank: SuppressionRecord()) { $1.code(&$0) }
    coder.count("threads", &threads)
    if complete != isComplete { coder.fail("complete", "does not fit the reasons") }
  }

  private static func code<Coder: RecordCoder & ~Copyable>(
    _ rule: inout RuleState, _ coder: inout Coder
  ) {
    var (id, missing, state, version) = (rule.id, rule.missing, rule.state, rule.version)
    coder.string("id", &id)
    coder.strings("missing", &missing)
    coder.choice("state", &state)
    coder.count("version", &version)
    rule = RuleState(id: id, version: version, state: state, missing: missing)
  }
}

extension ActivityGaps.Gap {
  package mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    var (from, until) = (from, until)
    coder.instant("from", &from)
    coder.instant("until", &until)
    self = ActivityGaps.Gap(from: from, until: until)
  }
}

extension Instant {
  /// 1970-01-01: what a member holds before it is read.
  static let zero = Instant(milliseconds: 0)
}
