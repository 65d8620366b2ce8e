import Accounts
import Findings
import Platform
import Results
import SalesforceExports

/// `-o ocsf`: findings as Detection Finding (class 2004), one a line, in the order of results, and
/// behind them those that are resolved.
struct OCSFForm: ReportForm {
  private let subject: ReportSubject

  init(_ subject: ReportSubject) { self.subject = subject }

  var detail: RecordDetail { [.evidence, .reasoning, .replay] }

  func render(_ group: inout ResultsGroup, _ part: inout Void, into text: inout ByteText) {
    for place in group.findings.indices {
      if group.subject == .gone, group.findings[place].lifecycle?.change != .resolved { continue }
      OCSFWriter.object(into: &text) { write(group.findings[place], &$0) }
      text.append(UInt8(ascii: "\n"))
    }
  }

  func close(_ parts: [Void], _ end: EndRecord, into text: inout ByteText) {}

  /// Writes the event of one finding.
  ///
  /// A finding that a baseline also has is an update, and one that is resolved is closed; all others
  /// are new.
  private func write(_ finding: FindingRecord, _ writer: inout OCSFWriter) {
    let change = finding.lifecycle?.change ?? .new
    let isUpdate = change != .new
    let isResolved = change == .resolved
    let activity =
      isResolved
      ? (id: 3, name: "Close") : isUpdate ? (id: 2, name: "Update") : (id: 1, name: "Create")
    let evaluated = subject.run.evaluationTime
    writer.int("activity_id", activity.id)
    writer.string("activity_name", activity.name)
    writer.string("category_name", "Findings")
    writer.int("category_uid", 2)
    writer.string("class_name", "Detection Finding")
    writer.int("class_uid", 2004)
    writer.string("confidence", finding.confidence.map { Self.name($0) })
    writer.int("confidence_id", finding.confidence.map { $0 == .low ? 1 : $0 == .medium ? 2 : 3 })
    writer.time("end_time", finding.lastSeen)
    writer.array("evidences") { evidences(finding, &$0) }
    writer.object("finding_info") { info(finding, &$0) }
    writer.bool("is_alert", finding.isOpenFail && !isResolved)
    writer.string(
      "message",
      "\(finding.ruleID): \(finding.ruleTitle)"
        + (finding.account.map { ": \($0.shownName)" } ?? ""))
    writer.object("metadata") { metadata(finding, &$0) }
    writer.array("observables") { observables(finding, &$0) }
    writer.object("remediation") { writer in
      writer.string("desc", finding.remediation)
      writer.strings("kb_articles", finding.references)
    }
    writer.array("resources") { writer in
      if let account = finding.account { writer.element { resource(account, &$0) } }
    }
    writer.string("severity", Self.name(finding.severity))
    writer.int("severity_id", Self.severityID(finding.severity))
    writer.time("start_time", finding.firstSeen)
    status(finding, isUpdate: isUpdate, isResolved: isResolved, &writer)
    writer.time("time", finding.lastSeen ?? evaluated)
    writer.string("type_name", "Detection Finding: \(activity.name)")
    writer.int("type_uid", 200_400 + activity.id)
    writer.object("unmapped") { unmapped(finding, &$0) }
  }

  private func status(
    _ finding: FindingRecord, isUpdate: Bool, isResolved: Bool, _ writer: inout OCSFWriter
  ) {
    let status =
      isResolved
      ? (id: 4, name: "Resolved")
      : finding.suppression != nil
        ? (id: 3, name: "Suppressed")
        : isUpdate ? (id: 2, name: "In Progress") : (id: 1, name: "New")
    writer.string("status", status.name)
    writer.string("status_code", finding.status.rawValue)
    writer.string(
      "status_detail",
      finding.suppression.map { "accepted by \($0.owner) until \($0.expires.text): \($0.reason)" })
    writer.int("status_id", status.id)
  }

  private func metadata(_ finding: FindingRecord, _ writer: inout OCSFWriter) {
    writer.time("processed_time", subject.run.evaluationTime)
    writer.object("product") { OCSF.product(version: subject.run.version, &$0) }
    writer.strings("profiles", ["security_control"])
    writer.string("tenant_uid", subject.run.organizationID)
    writer.string("uid", finding.id)
    writer.string("version", OCSF.version)
  }

  private func info(_ finding: FindingRecord, _ writer: inout OCSFWriter) {
    writer.object("analytic") { writer in
      writer.string("name", finding.ruleTitle)
      writer.string("type", "Rule")
      writer.int("type_id", 1)
      writer.string("uid", finding.ruleID)
      writer.string("version", String(finding.ruleVersion))
    }
    writer.array("attacks") { writer in
      for id in finding.attack { writer.element { Self.attack(id, &$0) } }
    }
    writer.time("created_time", subject.run.evaluationTime)
    writer.strings("data_sources", finding.evidence.map(\.file).distinctByBytes())
    writer.string(
      "desc", finding.conditions.map { "\($0.name): \($0.value)" }.joined(separator: "; "))
    writer.time("first_seen_time", finding.firstSeen)
    writer.time("last_seen_time", finding.lastSeen)
    writer.int("related_events_count", finding.evidenceTotal)
    writer.string("title", finding.ruleTitle)
    writer.string("uid", finding.id)
  }

  private static func attack(_ id: String, _ writer: inout OCSFWriter) {
    func technique(_ id: String, _ writer: inout OCSFWriter) {
      writer.string("name", techniqueNames[id])
      writer.string("uid", id)
    }
    let parent = id.utf8.prefix { $0 != UInt8(ascii: ".") }
    if parent.count < id.utf8.count { writer.object("sub_technique") { technique(id, &$0) } }
    writer.object("technique") { technique(String(Substring(parent)), &$0) }
  }

  /// Names that MITRE ATT&CK (Enterprise) gives the techniques of the catalogue and their parents;
  /// some consumers require them.
  private static let techniqueNames = [
    "T1078": "Valid Accounts", "T1078.004": "Cloud Accounts", "T1090": "Proxy",
    "T1098": "Account Manipulation", "T1098.005": "Device Registration", "T1110": "Brute Force",
    "T1110.001": "Password Guessing", "T1110.003": "Password Spraying",
    "T1111": "Multi-Factor Authentication Interception", "T1119": "Automated Collection",
    "T1499": "Endpoint Denial of Service", "T1528": "Steal Application Access Token",
    "T1530": "Data from Cloud Storage", "T1550": "Use Alternate Authentication Material",
    "T1550.001": "Application Access Token", "T1556": "Modify Authentication Process",
    "T1556.006": "Multi-Factor Authentication", "T1557": "Adversary-in-the-Middle",
    "T1566": "Phishing", "T1566.004": "Spearphishing Voice",
  ]

  /// What a SIEM joins the finding with other events by.
  private func observables(_ finding: FindingRecord, _ writer: inout OCSFWriter) {
    if let account = finding.account {
      writer.element {
        OCSF.observable(username: account.shownUsername, at: "evidences[].user", &$0)
      }
      writer.element { OCSF.observable(id: account.shownID, at: "resources[].uid", &$0) }
    }
    var addresses: Set<ExactText> = []
    var last = ""
    for place in finding.evidence.indices where !finding.evidence[place].sourceIP.hasBytes(of: last)
    {
      last = finding.evidence[place].sourceIP
      guard addresses.insert(ExactText(last)).inserted, NetworkAddress(last) != nil else {
        continue
      }
      writer.element { OCSF.observable(address: last, at: "evidences[].src_endpoint.ip", &$0) }
    }
  }

  /// The rows; of a finding about an account that rests on none, the account alone.
  private func evidences(_ finding: FindingRecord, _ writer: inout OCSFWriter) {
    var user: Range<Int>?
    for place in finding.evidence.indices {
      writer.element { evidence(finding.evidence[place], finding.account, &user, &$0) }
    }
    guard finding.evidence.isEmpty, let account = finding.account else { return }
    writer.element { writer in
      writer.string("name", "account")
      writer.object("user") { self.user(account, &$0) }
    }
  }

  private func user(_ account: FindingAccountRecord, _ writer: inout OCSFWriter) {
    OCSF.user(id: account.id, username: account.shownUsername, account.accountClass, &writer)
  }

  /// Writes a row.
  ///
  /// - Parameter user: Where the account stands, which is the same in all rows of a finding.
  private func evidence(
    _ row: EvidenceRecord, _ account: FindingAccountRecord?, _ user: inout Range<Int>?,
    _ writer: inout OCSFWriter
  ) {
    writer.object("data") { writer in
      writer.string("application", row.application)
      writer.string("basis", row.basis)
      writer.string("browser", row.browser)
      writer.string("file", row.file)
      writer.string("grade", row.grade)
      writer.int("line", row.line)
      writer.string("login_sub_type", row.loginSubType)
      writer.string("login_type", row.loginType)
      writer.string("mfa", row.mfa?.rawValue)
      writer.string("platform", row.platform)
      writer.string("status", row.status)
      writer.time("time", row.time)
    }
    writer.string("name", row.label)
    writer.object("src_endpoint") {
      OCSF.source(address: row.sourceIP, country: row.country, &$0)
    }
    writer.string("uid", row.recordID)
    guard let account else { return }
    if let user {
      writer.object("user", again: user)
    } else {
      user = writer.object("user") { self.user(account, &$0) }
    }
  }

  private func resource(_ account: FindingAccountRecord, _ writer: inout OCSFWriter) {
    writer.strings("labels", ["class:" + account.accountClass.rawValue])
    writer.string("name", account.username)
    writer.string("role", "Affected")
    writer.int("role_id", 3)
    writer.string("type", "Salesforce user")
    writer.string("uid", account.shownID)
  }

  private func unmapped(_ finding: FindingRecord, _ writer: inout OCSFWriter) {
    writer.counts("counts", finding.counts)
    writer.strings("data_quality", finding.dataQuality)
    writer.string("discriminator", finding.discriminator)
    writer.string("replay", finding.replay)
    writer.strings("severity_reasons", finding.severityReasons)
  }

  private static func severityID(_ severity: Severity) -> Int {
    switch severity {
    case .info: 1
    case .low: 2
    case .medium: 3
    case .high: 4
    case .critical: 5
    }
  }

  private static func name(_ severity: Severity) -> String {
    switch severity {
    case .info: "Informational"
    case .low: "Low"
    case .medium: "Medium"
    case .high: "High"
    case .critical: "Critical"
    }
  }

  private static func name(_ confidence: Confidence) -> String {
    switch confidence {
    case .low: "Low"
    case .medium: "Medium"
    case .high: "High"
    }
  }
}

extension FindingAccountRecord {
  /// The name, also of an account that is known by nothing else.
  fileprivate var shownUsername: String {
    let prefix = "username:"
    guard username.isEmpty, key.hasPrefix(prefix) else { return username }
    return String(key.dropFirst(prefix.count))
  }

  fileprivate var shownID: String { id.isEmpty ? key : id }
}
