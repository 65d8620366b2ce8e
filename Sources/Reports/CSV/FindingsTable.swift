import Accounts
import Findings
import Results
import SalesforceExports

/// `-o csv`: one line a finding of the run, by severity, then in the order of results.
struct FindingsTable: SeverityForm {
  private let table: CSVTable<FindingRecord>

  init(_ subject: ReportSubject) {
    table = CSVTable(columns: Self.columns + [CSVTable.organization(subject.run.organizationID)])
  }

  var detail: RecordDetail { [.evidence, .reasoning, .replay] }

  func open(into text: inout ByteText) { table.header(into: &text) }

  func render(_ group: ResultsGroup, _ severity: Severity, into text: inout ByteText) {
    guard group.subject != .gone else { return }
    for place in group.findings.indices where group.findings[place].severity == severity {
      table.line(group.findings[place], into: &text)
    }
  }

  /// New columns are added at the end only.
  private static let columns: [CSVTable<FindingRecord>.Column] = [
    ("finding_id", { $1.append($0.id) }), ("rule_id", { $1.append($0.ruleID) }),
    ("rule_version", { $1.append(decimal: $0.ruleVersion) }),
    ("title", { $1.append($0.ruleTitle) }), ("status", { $1.append($0.status.rawValue) }),
    ("severity", { $1.append($0.severity.name) }),
    ("confidence", { $1.append($0.confidence?.rawValue ?? "") }),
    ("account_id", { $1.append($0.account?.id ?? "") }),
    ("account_key", { $1.append($0.account?.key ?? "") }),
    ("username", { $1.append($0.account?.username ?? "") }),
    ("account_class", { $1.append($0.account?.accountClass.rawValue ?? "") }),
    ("discriminator", { $1.append($0.discriminator) }),
    ("first_seen", { $1.append($0.firstSeen) }), ("last_seen", { $1.append($0.lastSeen) }),
    ("evidence_total", { $1.append(decimal: $0.evidenceTotal) }),
    ("counts", { $1.list($0.counts) }),
    ("severity_reasons", { $1.list($0.severityReasons) }),
    ("conditions", { $1.list($0.conditions, Self.write) }),
    ("data_quality", { $1.list($0.dataQuality) }),
    ("remediation", { $1.append($0.remediation) }), ("references", { $1.list($0.references) }),
    ("attack", { $1.list($0.attack) }),
    (
      "suppression_state",
      {
        $1.append($0.suppression != nil ? "active" : $0.expiredSuppression != nil ? "expired" : "")
      }
    ),
    ("suppression_owner", { $1.append(Self.suppression($0)?.owner ?? "") }),
    ("suppression_reason", { $1.append(Self.suppression($0)?.reason ?? "") }),
    ("suppression_expires", { $1.append(Self.suppression($0)?.expires) }),
    ("evidence", { $1.list($0.evidence, Self.write) }),
    ("replay", { $1.append($0.replay) }),
    ("change", { $1.append($0.lifecycle?.change.rawValue ?? "") }),
    (
      "new_rows",
      { finding, text in
        if let lifecycle = finding.lifecycle, lifecycle.change == .recurred {
          text.append(decimal: lifecycle.newRows)
        }
      }
    ),
  ]

  private static func suppression(_ finding: FindingRecord) -> AppliedSuppression? {
    finding.suppression ?? finding.expiredSuppression
  }

  private static func write(_ text: inout ByteText, _ condition: Condition) {
    text.append(condition.name)
    text.append(literal: ": ")
    text.append(condition.value)
    if !condition.threshold.isEmpty {
      text.append(literal: " (")
      text.append(condition.threshold)
      text.append(UInt8(ascii: ")"))
    }
    if !condition.isMet { text.append(literal: " [not met]") }
  }

  private static func write(_ text: inout ByteText, _ row: EvidenceRecord) {
    text.append(row.time)
    text.append(UInt8(ascii: " "))
    text.append(row.file)
    text.append(UInt8(ascii: ":"))
    text.append(decimal: row.line)
    if !row.recordID.isEmpty {
      text.append(UInt8(ascii: " "))
      text.append(row.recordID)
    }
  }
}
