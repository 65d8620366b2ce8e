import Accounts
import Findings
import SalesforceExports

/// `-o csv`: one line a finding of the run, in the order of their ids.
struct FindingsTable {
  private let document: ResultsDocument

  init(_ document: ResultsDocument) { self.document = document }

  /// Writes header and all lines.
  func write(to write: ([UInt8]) throws -> Void) throws {
    let table = CSVTable<FindingRecord>(columns: columns)
    try write(table.header)
    try document.forEachFinding { try write(table.line($0)) }
  }

  /// New columns are added at the end only.
  private var columns: [CSVTable<FindingRecord>.Column] {
    [
      ("finding_id", \.id), ("rule_id", \.ruleID), ("rule_version", { String($0.ruleVersion) }),
      ("title", \.ruleTitle), ("status", \.status.rawValue), ("severity", \.severity.name),
      ("confidence", \.confidence.rawValue),
      ("account_id", { $0.account?.id ?? "" }), ("account_key", { $0.account?.key ?? "" }),
      ("username", { $0.account?.username ?? "" }),
      ("account_class", { $0.account?.accountClass.rawValue ?? "" }),
      ("discriminator", \.discriminator),
      ("first_seen", { $0.firstSeen?.text ?? "" }), ("last_seen", { $0.lastSeen?.text ?? "" }),
      ("evidence_total", { String($0.evidenceTotal) }),
      ("counts", { CellText.counts($0.counts) }),
      ("severity_reasons", { CellText.list($0.severityReasons) }),
      ("conditions", { CellText.list($0.conditions.map(Self.text)) }),
      ("data_quality", { CellText.list($0.dataQuality) }),
      ("remediation", \.remediation), ("references", { CellText.list($0.references) }),
      ("attack", { CellText.list($0.attack) }),
      (
        "suppression_state",
        { $0.suppression != nil ? "active" : $0.expiredSuppression != nil ? "expired" : "" }
      ),
      ("suppression_owner", { Self.suppression($0)?.owner ?? "" }),
      ("suppression_reason", { Self.suppression($0)?.reason ?? "" }),
      ("suppression_expires", { Self.suppression($0)?.expires.text ?? "" }),
      ("evidence", { CellText.list($0.evidence.map(Self.text)) }),
      ("replay", \.replay),
      ("change", { $0.lifecycle?.change.rawValue ?? "" }),
    ]
  }

  private static func suppression(_ finding: FindingRecord) -> AppliedSuppression? {
    finding.suppression ?? finding.expiredSuppression
  }

  private static func text(_ condition: Condition) -> String {
    "\(condition.name): \(condition.value)"
      + (condition.threshold.isEmpty ? "" : " (\(condition.threshold))")
      + (condition.isMet ? "" : " [not met]")
  }

  private static func text(_ row: EvidenceRecord) -> String {
    "\(row.time.text) \(row.file):\(row.line)" + (row.recordID.isEmpty ? "" : " \(row.recordID)")
  }
}
