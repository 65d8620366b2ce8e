import Accounts
import Configuration
import Crypto
import Decompression
import Findings
import Platform
import Results
import SalesforceExports

extension RunRecord {
  /// The record of a run: all that is known before the first account is judged.
  ///
  /// - Parameter baseline: The earlier run that findings are compared with.
  init(
    _ plan: RunPlan, _ accounting: RunAccounting, _ judgement: Judgement,
    baseline: FindingsBaseline?
  ) {
    let options = plan.options
    self.init()
    first = judgement.history.first
    last = judgement.history.last
    baselineTime = baseline?.run.evaluationTime
    version = options.version
    catalogueDigest = Catalogue.digest
    if !options.configuration.sources.isEmpty {
      var hash = SHA256()
      for source in options.configuration.sources { hash.update(data: source.bytes) }
      configurationDigest = Hexadecimal.text(hash.finalize())
    }
    since = options.since
    until = options.until
    inputs = accounting.inputs.records
    verificationHoles = judgement.verifications?.holes ?? []
    ignored = plan.ignored
    arguments = plan.arguments
    forgottenBefore = plan.floor
    ledgers = plan.ledgers.entries.map { entry in
      var record = LedgerRecord()
      record.name = entry.name
      record.byteCount = entry.byteCount
      record.sha256 = entry.sha256
      record.version = entry.content.version
      record.rows = entry.content.rows
      record.forgottenBefore = entry.content.forgottenBefore
      return record
    }
    self.options = options.readingArguments
    organizationID = options.organizationID
    organizationName = options.configuration.organization.name ?? ""
    snapshots = Self.snapshots(judgement, inputs)
    thresholds = options.thresholds
    calendars = options.calendars
    evaluationTime = options.now
    decompressor = InflateBackEnd.inUse.rawValue
  }

  private static func snapshots(
    _ judgement: Judgement, _ inputs: [InputRecord]
  ) -> [SnapshotRecordSummary] {
    let snapshots = judgement.snapshots
    var result: [SnapshotRecordSummary] = []
    func add<Row>(_ series: SnapshotSeries<Row>, _ kind: FileKind) {
      for table in series.tables {
        var summary = SnapshotRecordSummary()
        summary.kind = kind
        summary.date = table.date
        summary.files = table.files.map { inputs[Int($0)].name }
        summary.rows = table.rows.count
        result.append(summary)
      }
    }
    add(snapshots.users, .user)
    add(snapshots.profiles, .profile)
    add(snapshots.permissionSets, .permissionSet)
    add(snapshots.assignments, .permissionSetAssignment)
    add(snapshots.groups, .permissionSetGroup)
    add(snapshots.components, .permissionSetGroupComponent)
    add(snapshots.mutings, .mutingPermissionSet)
    add(snapshots.methods, .twoFactorMethodsInfo)
    add(snapshots.sessionLevels, .profileSessionSetting)
    add(snapshots.userLogins, .userLogin)
    add(snapshots.tokens, .oauthToken)
    add(snapshots.licenseAssignments, .permissionSetLicenseAssign)
    if let verifications = judgement.verifications {
      var summary = SnapshotRecordSummary()
      summary.kind = .verificationHistory
      summary.files = inputs.filter { $0.kind == .verificationHistory }.map(\.name)
      summary.rows = verifications.rowCount
      result.append(summary)
    }
    return result
  }
}
