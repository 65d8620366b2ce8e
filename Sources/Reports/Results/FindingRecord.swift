package import Accounts
package import Findings
package import SalesforceExports

/// A row that a finding rests on, as results hold it.
package struct EvidenceRecord: Sendable, Equatable {
  /// The row's own Id; empty where the export has none.
  package var recordID: String
  /// File and line in which it begins, 1-based.
  package var file: String
  package var line: Int
  package var time: Instant
  package var sourceIP: String
  package var loginType: String
  package var application: String
  package var status: String
  /// Verdict of a successful human login; `nil` for all other rows.
  package var mfa: VerdictState?
  /// What the verdict rests on, and the grade of the method.
  package var basis: String?
  package var grade: String?
  /// What the row shows.
  package var label: String
}

/// The account of a finding, as results hold it.
package struct FindingAccountRecord: Sendable, Equatable {
  /// 18-character id; empty where only the username is known.
  package var id: String
  package var key: String
  package var username: String
  package var accountClass: AccountClass

  /// The name by which a person knows the account.
  package var shownName: String { username.isEmpty ? key : username }
}

/// How a finding stands to an earlier run.
package struct FindingLifecycle: Sendable, Equatable {
  /// What became of it.
  package var change: FindingChange
  /// Evaluation times of the first and the last run that had it, as far as results tell.
  package var firstDetected: Instant
  package var lastDetected: Instant
  /// What the run lacked to show it, where it was not evaluated.
  package var reasons: [String] = []
  /// Kinds of tables that the last run that had it was given; empty where it is not gone.
  package var detectedWith: [String] = []
}

/// One finding as results hold it; all formats show it from this.
///
/// `postern.finding/1` is a finding of the run. `postern.gone_finding/1`, with the same members, is
/// one of an earlier run that this one does not have, as it last was.
package struct FindingRecord: Sendable, Equatable {
  package var id: String
  package var ruleID: String
  package var ruleVersion: Int
  package var ruleTitle: String
  package var status: FindingStatus
  package var severity: Severity
  package var severityReasons: [String]
  package var confidence: Confidence
  /// The account; `nil` for a finding about the org.
  package var account: FindingAccountRecord?
  package var discriminator: String
  package var firstSeen: Instant?
  package var lastSeen: Instant?
  package var counts: [String: Int]
  package var conditions: [Condition]
  /// Rows; empty where they were not asked for.
  package var evidence: [EvidenceRecord]
  package var evidenceTotal: Int
  package var remediation: String
  package var references: [String]
  package var attack: [String]
  package var suppression: AppliedSuppression?
  /// A suppression that no longer holds and would apply.
  package var expiredSuppression: AppliedSuppression?
  package var dataQuality: [String]
  package var replay: String
  /// How it stands to the baseline; `nil` where none was given.
  package var lifecycle: FindingLifecycle?

  /// Whether it says that something is not as it should be, and nobody accepted that.
  package var isOpenFail: Bool { status == .fail && suppression == nil }

  /// Whether it is one of an earlier run.
  package var isGone: Bool { lifecycle?.change.isGone ?? false }
}

// MARK: JSON

extension FindingRecord {
  static let schema = "postern.finding/1"
  static let goneSchema = "postern.gone_finding/1"

  /// The line of the record.
  package var line: [UInt8] {
    var text = JSONText(schema: isGone ? Self.goneSchema : Self.schema)
    text.key("account")
    if let account { Self.write(account, to: &text) } else { text.string(nil) }
    text.key("attack")
    text.array(attack)
    text.key("conditions")
    text.array(conditions) { Self.write($1, to: &$0) }
    text.string("confidence", confidence.rawValue)
    text.key("counts")
    text.counts(counts)
    text.key("data_quality")
    text.array(dataQuality)
    text.string("discriminator", discriminator)
    text.key("evidence")
    text.array(evidence) { Self.write($1, to: &$0) }
    text.int("evidence_total", evidenceTotal)
    // Only where there is one: most findings never had a suppression.
    if let expiredSuppression {
      text.key("expired_suppression")
      Self.write(expiredSuppression, to: &text)
    }
    text.string("finding_id", id)
    text.instant("first_seen", firstSeen)
    text.instant("last_seen", lastSeen)
    // Only where there is a baseline.
    if let lifecycle {
      text.key("lifecycle")
      text.object { text in
        text.string("change", lifecycle.change.rawValue)
        if lifecycle.change.isGone {
          text.key("detected_with")
          text.array(lifecycle.detectedWith)
        }
        text.instant("first_detected", lifecycle.firstDetected)
        text.instant("last_detected", lifecycle.lastDetected)
        if lifecycle.change.isGone {
          text.key("reasons")
          text.array(lifecycle.reasons)
        }
      }
    }
    text.key("references")
    text.array(references)
    text.string("remediation", remediation)
    text.string("replay", replay)
    text.key("rule")
    text.object { text in
      text.string("id", ruleID)
      text.string("title", ruleTitle)
      text.int("version", ruleVersion)
    }
    text.string("severity", severity.name)
    text.key("severity_reasons")
    text.array(severityReasons)
    text.string("status", status.rawValue)
    text.key("suppression")
    if let suppression { Self.write(suppression, to: &text) } else { text.string(nil) }
    return text.line()
  }

  private static func write(_ account: FindingAccountRecord, to text: inout JSONText) {
    text.object { text in
      text.string("class", account.accountClass.rawValue)
      text.string("id", account.id)
      text.string("key", account.key)
      text.string("username", account.username)
    }
  }

  private static func write(_ suppression: AppliedSuppression, to text: inout JSONText) {
    text.object { text in
      text.instant("expires", suppression.expires)
      text.string("owner", suppression.owner)
      text.string("reason", suppression.reason)
    }
  }

  private static func write(_ condition: Condition, to text: inout JSONText) {
    text.object { text in
      text.bool("met", condition.isMet)
      text.string("name", condition.name)
      text.string("source", condition.source)
      text.string("threshold", condition.threshold)
      text.string("value", condition.value)
      text.string("would_change", condition.wouldChange)
    }
  }

  private static func write(_ evidence: EvidenceRecord, to text: inout JSONText) {
    text.object { text in
      text.string("application", evidence.application)
      text.string("basis", evidence.basis)
      text.string("file", evidence.file)
      text.string("grade", evidence.grade)
      text.string("label", evidence.label)
      text.int("line", evidence.line)
      text.string("login_type", evidence.loginType)
      text.string("mfa", evidence.mfa?.rawValue)
      text.string("record_id", evidence.recordID)
      text.string("source_ip", evidence.sourceIP)
      text.string("status", evidence.status)
      text.instant("time", evidence.time)
    }
  }

  /// Reads the members back.
  init(_ members: RecordMembers, includingEvidence: Bool) throws(RecordDefect) {
    id = try members.string("finding_id")
    guard id.hasPrefix("pf1:"), id.utf8.count == 36 else {
      throw members.defect("finding_id", "is no finding id")
    }
    let rule = try members.object("rule")
    ruleID = try rule.string("id")
    ruleVersion = try rule.count("version")
    ruleTitle = try rule.string("title")
    status = try members.choice("status", of: FindingStatus.self)
    guard let severity = Severity(name: try members.string("severity")) else {
      throw members.defect("severity", "is no severity")
    }
    self.severity = severity
    severityReasons = try members.strings("severity_reasons")
    confidence = try members.choice("confidence", of: Confidence.self)
    if let account = try members.optionalObject("account") {
      self.account = FindingAccountRecord(
        id: try account.string("id"), key: try account.string("key"),
        username: try account.string("username"),
        accountClass: try account.choice("class", of: AccountClass.self))
    } else {
      account = nil
    }
    discriminator = try members.string("discriminator")
    firstSeen = try members.optionalInstant("first_seen")
    lastSeen = try members.optionalInstant("last_seen")
    counts = try members.counts("counts")
    conditions = []
    for condition in try members.objects("conditions") {
      conditions.append(
        Condition(
          try condition.string("name"), try condition.string("value"),
          threshold: try condition.string("threshold"), isMet: try condition.bool("met"),
          source: try condition.string("source"),
          wouldChange: try condition.string("would_change")))
    }
    evidence = []
    if includingEvidence {
      for row in try members.objects("evidence") { evidence.append(try EvidenceRecord(row)) }
    }
    evidenceTotal = try members.count("evidence_total")
    remediation = try members.string("remediation")
    references = try members.strings("references")
    attack = try members.strings("attack")
    suppression = try members.optionalObject("suppression").map(AppliedSuppression.init)
    expiredSuppression = try members.objectIfPresent("expired_suppression")
      .map(AppliedSuppression.init)
    dataQuality = try members.strings("data_quality")
    replay = try members.string("replay")
    if let lifecycle = try members.objectIfPresent("lifecycle") {
      self.lifecycle = FindingLifecycle(
        change: try lifecycle.choice("change", of: FindingChange.self),
        firstDetected: try lifecycle.instant("first_detected"),
        lastDetected: try lifecycle.instant("last_detected"),
        reasons: try lifecycle.stringsIfPresent("reasons"),
        detectedWith: try lifecycle.stringsIfPresent("detected_with"))
    }
  }
}

extension AppliedSuppression {
  fileprivate init(_ suppression: RecordMembers) throws(RecordDefect) {
    self.init(
      owner: try suppression.string("owner"), reason: try suppression.string("reason"),
      expires: try suppression.instant("expires"))
  }
}

extension EvidenceRecord {
  fileprivate init(_ row: RecordMembers) throws(RecordDefect) {
    recordID = try row.string("record_id")
    file = try row.string("file")
    line = try row.count("line")
    time = try row.instant("time")
    sourceIP = try row.string("source_ip")
    loginType = try row.string("login_type")
    application = try row.string("application")
    status = try row.string("status")
    if let mfa = try row.optionalString("mfa") {
      guard let state = VerdictState(rawValue: mfa) else {
        throw row.defect("mfa", "is no verdict")
      }
      self.mfa = state
    } else {
      mfa = nil
    }
    basis = try row.optionalString("basis")
    grade = try row.optionalString("grade")
    label = try row.string("label")
  }
}
