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
    for finding in group.findings {
      if group.subject == .gone, finding.lifecycle?.change != .resolved { continue }
      event(finding).write(to: &text)
      text.append(UInt8(ascii: "\n"))
    }
  }

  func close(_ parts: [Void], _ end: EndRecord, into text: inout ByteText) {}

  /// The event of one finding.
  ///
  /// A finding that a baseline also has is an update, and one that is resolved is closed; all others
  /// are new.
  private func event(_ finding: FindingRecord) -> JSONValue {
    let change = finding.lifecycle?.change ?? .new
    let isUpdate = change != .new
    let isResolved = change == .resolved
    let activity =
      isResolved
      ? (id: 3, name: "Close") : isUpdate ? (id: 2, name: "Update") : (id: 1, name: "Create")
    let isSuppressed = finding.suppression != nil
    let evaluated = subject.run.evaluationTime
    return OCSF.object([
      "activity_id": .int(activity.id), "activity_name": .string(activity.name),
      "category_uid": .int(2), "category_name": .string("Findings"),
      "class_uid": .int(2004), "class_name": .string("Detection Finding"),
      "type_uid": .int(200_400 + activity.id),
      "type_name": .string("Detection Finding: \(activity.name)"),
      "time": OCSF.time(finding.lastSeen ?? evaluated),
      "start_time": OCSF.time(finding.firstSeen), "end_time": OCSF.time(finding.lastSeen),
      "severity_id": .int(Self.severityID(finding.severity)),
      "severity": .string(Self.severityName(finding.severity)),
      "status_id": .int(isResolved ? 4 : isSuppressed ? 3 : isUpdate ? 2 : 1),
      "status": .string(
        isResolved
          ? "Resolved" : isSuppressed ? "Suppressed" : isUpdate ? "In Progress" : "New"),
      "status_code": .string(finding.status.rawValue),
      "status_detail": finding.suppression.map {
        .string("accepted by \($0.owner) until \($0.expires.text): \($0.reason)")
      },
      "confidence_id": finding.confidence.map { .int($0 == .low ? 1 : $0 == .medium ? 2 : 3) },
      "confidence": finding.confidence.map {
        .string($0.rawValue.prefix(1).uppercased() + $0.rawValue.dropFirst())
      },
      "is_alert": .bool(finding.isOpenFail && !isResolved),
      "message": .string(
        "\(finding.ruleID): \(finding.ruleTitle)"
          + (finding.account.map { ": \($0.shownName)" } ?? "")),
      "metadata": metadata(finding),
      "finding_info": info(finding),
      "observables": .array(observables(finding)),
      "evidences": .array(evidences(finding)),
      "remediation": OCSF.object([
        "desc": .string(finding.remediation),
        "kb_articles": .array(finding.references.map(JSONValue.string)),
      ]),
      "resources": finding.account.map { .array([resource($0)]) },
      "unmapped": unmapped(finding),
    ])
  }

  private func metadata(_ finding: FindingRecord) -> JSONValue {
    OCSF.object([
      "version": .string(OCSF.version),
      "product": OCSF.product(version: subject.run.version),
      "profiles": .array([.string("security_control")]),
      "uid": .string(finding.id),
      "tenant_uid": .string(subject.run.organizationID),
      "processed_time": OCSF.time(subject.run.evaluationTime),
    ])
  }

  private func info(_ finding: FindingRecord) -> JSONValue {
    OCSF.object([
      "uid": .string(finding.id), "title": .string(finding.ruleTitle),
      "desc": .string(finding.conditions.map { "\($0.name): \($0.value)" }.joined(separator: "; ")),
      "analytic": OCSF.object([
        "uid": .string(finding.ruleID), "name": .string(finding.ruleTitle), "type_id": .int(1),
        "type": .string("Rule"), "version": .string(String(finding.ruleVersion)),
      ]),
      "attacks": .array(finding.attack.map(Self.attack)),
      "created_time": OCSF.time(subject.run.evaluationTime),
      "first_seen_time": OCSF.time(finding.firstSeen),
      "last_seen_time": OCSF.time(finding.lastSeen),
      "related_events_count": .int(finding.evidenceTotal),
      "data_sources": .array(
        finding.evidence.map(\.file).distinctByBytes().map(JSONValue.string)),
    ])
  }

  private static func attack(_ id: String) -> JSONValue {
    func technique(_ id: String) -> JSONValue {
      OCSF.object(["uid": .string(id), "name": JSONValue(techniqueNames[id])])
    }
    return OCSF.object([
      "technique": technique(String(id.prefix { $0 != "." })),
      "sub_technique": id.contains(".") ? technique(id) : nil,
    ])
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
  private func observables(_ finding: FindingRecord) -> [JSONValue] {
    var result: [JSONValue] = []
    if let account = finding.account {
      result.append(OCSF.observable(username: account.shownUsername, at: "evidences[].user"))
      result.append(OCSF.observable(id: account.shownID, at: "resources[].uid"))
    }
    var addresses: Set<ExactText> = []
    for row in finding.evidence where addresses.insert(ExactText(row.sourceIP)).inserted {
      if let address = OCSF.observable(address: row.sourceIP, at: "evidences[].src_endpoint.ip") {
        result.append(address)
      }
    }
    return result
  }

  /// The rows; of a finding about an account that rests on none, the account alone.
  private func evidences(_ finding: FindingRecord) -> [JSONValue] {
    guard finding.evidence.isEmpty else {
      return finding.evidence.map { evidence($0, finding.account) }
    }
    guard let account = finding.account else { return [] }
    return [OCSF.object(["name": .string("account"), "user": user(account)])]
  }

  private func user(_ account: FindingAccountRecord) -> JSONValue? {
    OCSF.user(id: account.id, username: account.shownUsername, account.accountClass)
  }

  private func evidence(_ row: EvidenceRecord, _ account: FindingAccountRecord?) -> JSONValue {
    OCSF.object([
      "uid": .string(row.recordID), "name": .string(row.label),
      "src_endpoint": OCSF.source(address: row.sourceIP, country: row.country),
      "user": account.flatMap(user),
      "data": OCSF.object([
        "file": .string(row.file), "line": .int(row.line), "time": OCSF.time(row.time),
        "login_type": .string(row.loginType), "login_sub_type": .string(row.loginSubType),
        "application": .string(row.application), "browser": .string(row.browser),
        "platform": .string(row.platform),
        "status": .string(row.status), "mfa": JSONValue(row.mfa?.rawValue),
        "basis": JSONValue(row.basis), "grade": JSONValue(row.grade),
      ]),
    ])
  }

  private func resource(_ account: FindingAccountRecord) -> JSONValue {
    OCSF.object([
      "uid": .string(account.shownID),
      "name": .string(account.username), "type": .string("Salesforce user"),
      "role_id": .int(3), "role": .string("Affected"),
      "labels": .array([.string("class:" + account.accountClass.rawValue)]),
    ])
  }

  private func unmapped(_ finding: FindingRecord) -> JSONValue {
    OCSF.object([
      "discriminator": .string(finding.discriminator),
      "severity_reasons": .array(finding.severityReasons.map(JSONValue.string)),
      "counts": .object(
        Dictionary(finding.counts.entries.map { ($0.name, .int($0.count)) }) { one, _ in one }),
      "data_quality": .array(finding.dataQuality.map(JSONValue.string)),
      "replay": .string(finding.replay),
    ])
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

  private static func severityName(_ severity: Severity) -> String {
    severity == .info
      ? "Informational" : severity.name.prefix(1).uppercased() + severity.name.dropFirst()
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
