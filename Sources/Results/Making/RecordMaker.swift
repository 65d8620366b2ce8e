package import Accounts
package import Findings
import Platform
import SalesforceExports

/// Makes records of what was judged.
///
/// One worker makes an account's records once, and every form is rendered from them.
package struct RecordMaker: Sendable {
  private let fileNames: [String]
  private let replay: @Sendable (_ conditions: [String]) -> String
  private let baseline: FindingsBaseline?
  private let evaluationTime: Instant
  private let organizationID: String
  /// The window of the run, as options of the command that shows rows.
  private let window: [String]

  /// Makes a maker.
  ///
  /// - Parameters:
  ///   - run: The run; its inputs stand by number.
  ///   - baseline: Earlier findings, to say of each one how it stands to them.
  ///   - replay: The command that shows the rows that meet conditions of `events`.
  package init(
    run: RunRecord, baseline: FindingsBaseline?,
    replay: @escaping @Sendable (_ conditions: [String]) -> String
  ) {
    fileNames = run.inputs.map(\.name)
    self.replay = replay
    self.baseline = baseline
    evaluationTime = run.evaluationTime
    organizationID = run.organizationID
    window =
      (run.since.map { ["--since", $0.text] } ?? [])
      + (run.until.map { ["--until", $0.text] } ?? [])
  }

  /// An account with its findings, in the order of results.
  ///
  /// - Parameter detail: Members that some form wants; the others stay blank.
  package func group(
    _ facts: AccountFacts, _ findings: [Finding], _ detail: RecordDetail
  ) -> ResultsGroup {
    // Put in order before they are records, which are large.
    var order = Array(findings.indices)
    if order.count > 1 { order.sort { Self.precedes(findings[$0], findings[$1]) } }
    var records: [FindingRecord] = []
    records.reserveCapacity(findings.count)
    var account = AccountRecord()
    account.fill(facts, detail)
    // All findings name the account alike.
    var reference = FindingAccountRecord()
    reference.id = account.id
    reference.key = account.key
    reference.username = account.username
    reference.accountClass = account.accountClass
    // A record is large, and filled in where it lies.
    for (position, place) in order.enumerated() {
      records.append(FindingRecord())
      fill(&records[position], findings[place], detail, about: reference)
    }
    account.findings.reserveCapacity(order.count)
    for place in order { account.findings.append(findings[place].id) }
    return ResultsGroup(consume account, consume records)
  }

  /// The same order as ``FindingRecord/precedes(_:_:)``.
  private static func precedes(_ one: Finding, _ other: Finding) -> Bool {
    let (rule, otherRule) = (one.rule.id, other.rule.id)
    if !rule.hasBytes(of: otherRule) { return rule.precedes(otherRule) }
    return one.discriminator.precedes(other.discriminator)
  }

  /// A finding.
  ///
  /// - Parameter detail: Members that some form wants; the others stay blank.
  package func record(_ finding: Finding, _ detail: RecordDetail) -> FindingRecord {
    var reference: FindingAccountRecord?
    if let account = finding.account {
      var known = FindingAccountRecord()
      known.key = account.keyText
      if case .id = account.key { known.id = known.key }
      known.username = account.username
      known.accountClass = account.accountClass
      reference = known
    }
    var record = FindingRecord()
    fill(&record, finding, detail, about: reference)
    return record
  }

  /// Fills a blank record in.
  private func fill(
    _ record: inout FindingRecord, _ finding: Finding, _ detail: RecordDetail,
    about account: FindingAccountRecord?
  ) {
    let rule = finding.rule
    record.id = finding.id
    record.organizationID = organizationID
    record.ruleID = rule.id
    record.ruleVersion = rule.version
    record.ruleTitle = finding.title
    record.status = finding.status
    record.severity = finding.severity
    record.confidence = finding.status == .unknown ? nil : finding.confidence
    let isAboutAccount = if case .some = account { true } else { false }
    record.account = account
    record.discriminator = finding.discriminator
    record.firstSeen = finding.firstSeen
    record.lastSeen = finding.lastSeen
    record.evidenceTotal = finding.evidenceTotal
    record.suppression = finding.suppression
    record.expiredSuppression = finding.expiredSuppression
    if detail.contains(.reasoning) || !isAboutAccount {
      record.severityReasons = finding.severityReasons
      record.counts = NamedCounts(finding.counts)
      record.conditions = finding.conditions
      record.remediation = finding.remediation
      record.references = rule.references
      record.attack = rule.attack
      record.dataQuality = finding.dataQuality
    }
    if detail.contains(.evidence) {
      let rows = finding.evidence
      record.evidence.reserveCapacity(rows.count)
      // A row holds its texts, and is not copied to be looked at.
      for place in rows.indices {
        record.evidence.append(
          EvidenceRecord(
            rows[place].row, rows[place].shape, address: rows[place].address, rows[place].verdict,
            label: rows[place].label, fileNames: fileNames))
      }
    }
    if detail.contains(.replay) { record.replay = replay(of: finding, record.evidence) }
    if let baseline {
      record.lifecycle = baseline.lifecycle(
        record, isEvent: rule.isEvent, newRows: finding.newRows, at: evaluationTime)
    }
  }

  /// The command that shows the rows of a finding; empty without rows.
  ///
  /// Where these are more than the evidence holds, it names the finding, which `events` then looks for
  /// again.
  ///
  /// - Parameter evidence: Records of the rows; empty where nobody wants them.
  private func replay(of finding: Finding, _ evidence: [EvidenceRecord]) -> String {
    let rows = finding.evidence
    guard !rows.isEmpty else { return "" }
    if finding.hasMoreRows {
      let account = finding.account.map { ["--account", $0.key.text] } ?? []
      return replay(account + ["--finding", finding.id] + window)
    }
    var conditions: [String] = []
    conditions.reserveCapacity(2 * rows.count)
    var ids = Set<SalesforceID>(minimumCapacity: rows.count)
    var places: Set<ExactText> = []
    for position in rows.indices {
      let row = rows[position].row
      if !row.id.isNone {
        guard ids.insert(row.id).inserted else { continue }
        conditions.append("--id")
        conditions.append(evidence.isEmpty ? row.id.text18 : evidence[position].recordID)
      } else {
        let place = "\(fileNames[Int(row.file)]):\(row.line)"
        guard places.insert(place) else { continue }
        conditions.append("--at")
        conditions.append(place)
      }
    }
    return replay(conditions)
  }
}
