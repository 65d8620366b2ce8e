package import Accounts
package import Findings
import Platform
package import SalesforceExports

/// The account of a finding.
package struct FindingAccountRecord: Sendable, Equatable {
  /// 18-character id; empty where only the username is known.
  package var id = ""
  package var key = ""
  package var username = ""
  package var accountClass = AccountClass.unknown

  /// Makes a blank account.
  package init() {}

  /// The name by which a person knows the account.
  package var shownName: String { username.isEmpty ? key : username }

  package mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.choice("class", &accountClass)
    coder.string("id", &id)
    coder.string("key", &key)
    coder.string("username", &username)
  }
}

/// One finding as results hold it; all forms show it from this.
///
/// `postern.finding/2` is a finding of the run. `postern.gone_finding/2`, with the same members, is
/// one of an earlier run that this one does not have, as it last was.
package struct FindingRecord: Sendable, Equatable {
  package static let schema = "postern.finding/2"
  package static let goneSchema = "postern.gone_finding/2"

  package var id = ""
  package var ruleID = ""
  package var ruleVersion = 1
  package var ruleTitle = ""
  package var status = FindingStatus.fail
  package var severity = Severity.info
  package var severityReasons: [String] = []
  /// How sure it is; `nil` for what cannot be told.
  package var confidence: Confidence?
  /// The account; `nil` for a finding about the org.
  package var account: FindingAccountRecord?
  package var discriminator = ""
  package var firstSeen: Instant?
  package var lastSeen: Instant?
  package var counts = NamedCounts()
  package var conditions: [Condition] = []
  /// Rows; empty where they were not asked for.
  package var evidence: [EvidenceRecord] = []
  package var evidenceTotal = 0
  package var remediation = ""
  package var references: [String] = []
  package var attack: [String] = []
  package var suppression: AppliedSuppression?
  /// A suppression that no longer holds and would apply.
  package var expiredSuppression: AppliedSuppression?
  package var dataQuality: [String] = []
  package var replay = ""
  /// How it stands to an earlier run; `nil` without one.
  package var lifecycle: FindingLifecycle?
  /// Id of the org; empty where it is not known.
  package var organizationID = ""

  /// Makes a blank record.
  package init() {}

  /// Whether the run does not have it any more.
  package var isGone: Bool { lifecycle?.change.isGone ?? false }

  /// Whether it says that something is not as it should be, and nobody accepted that.
  package var isOpenFail: Bool { status == .fail && suppression == nil }

  /// The same finding without its rows.
  package var withoutRows: FindingRecord {
    var finding = self
    finding.evidence = []
    return finding
  }

  /// The order of an account's findings: by rule, then by discriminator.
  package static func precedes(_ one: FindingRecord, _ other: FindingRecord) -> Bool {
    if !one.ruleID.hasBytes(of: other.ruleID) {
      return one.ruleID.precedes(other.ruleID)
    }
    return one.discriminator.precedes(other.discriminator)
  }

  /// Codes all members.
  package mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.object("account", &account, blank: FindingAccountRecord()) { $1.code(&$0) }
    // A finding about the org shows in every form what it rests on.
    let reasoning: RecordDetail = account == nil ? [] : .reasoning
    coder.detail("attack", reasoning) { $0.strings("attack", &attack) }
    coder.detail("conditions", reasoning) { coder in
      coder.objects("conditions", &conditions, blank: Condition("", "", source: "")) {
        Self.code(&$1, &$0)
      }
    }
    var sureness = confidence
    coder.choice("confidence", &sureness)
    confidence = sureness
    coder.detail("counts", reasoning) { $0.counts("counts", &counts) }
    coder.detail("data_quality", reasoning) { $0.strings("data_quality", &dataQuality) }
    coder.string("discriminator", &discriminator)
    coder.detail("evidence", .evidence) { coder in
      coder.objects("evidence", &evidence, blank: EvidenceRecord()) { $1.code(&$0) }
    }
    coder.count("evidence_total", &evidenceTotal)
    // Only where there is one: most findings never had a suppression.
    coder.whenPresent("expired_suppression", expiredSuppression != nil) { coder in
      coder.object("expired_suppression", &expiredSuppression, blank: Self.noSuppression) {
        Self.code(&$1, &$0)
      }
    }
    coder.string("finding_id", &id)
    coder.instant("first_seen", &firstSeen)
    coder.instant("last_seen", &lastSeen)
    // Only where there is a baseline.
    coder.whenPresent("lifecycle", lifecycle != nil) { coder in
      coder.object("lifecycle", &lifecycle, blank: FindingLifecycle()) { $1.code(&$0) }
    }
    coder.whenPresent("org", !organizationID.isEmpty) { $0.string("org", &organizationID) }
    coder.detail("references", reasoning) { $0.strings("references", &references) }
    coder.detail("remediation", reasoning) { $0.string("remediation", &remediation) }
    coder.detail("replay", .replay) { $0.string("replay", &replay) }
    coder.object("rule") { coder in
      coder.string("id", &ruleID)
      coder.string("title", &ruleTitle)
      coder.count("version", &ruleVersion)
    }
    var name = severity.name
    coder.string("severity", &name)
    if let told = Severity(name: name) {
      severity = told
    } else {
      coder.fail("severity", "is no severity")
    }
    coder.detail("severity_reasons", reasoning) {
      $0.strings("severity_reasons", &severityReasons)
    }
    coder.choice("status", &status)
    coder.object("suppression", &suppression, blank: Self.noSuppression) {
      Self.code(&$1, &$0)
    }
    coder.check("finding_id", "is no finding id", FindingKey(id) != nil)
  }

  private static let noSuppression = AppliedSuppression(
    owner: "", reason: "", expires: Instant(milliseconds: 0))

  private static func code<Coder: RecordCoder & ~Copyable>(
    _ condition: inout Condition, _ coder: inout Coder
  ) {
    coder.bool("met", &condition.isMet)
    coder.string("name", &condition.name)
    coder.string("source", &condition.source)
    coder.string("threshold", &condition.threshold)
    coder.string("value", &condition.value)
    coder.string("would_change", &condition.wouldChange)
  }

  private static func code<Coder: RecordCoder & ~Copyable>(
    _ suppression: inout AppliedSuppression, _ coder: inout Coder
  ) {
    var (owner, reason, expires) = (suppression.owner, suppression.reason, suppression.expires)
    coder.instant("expires", &expires)
    coder.string("owner", &owner)
    coder.string("reason", &reason)
    suppression = AppliedSuppression(owner: owner, reason: reason, expires: expires)
  }
}
