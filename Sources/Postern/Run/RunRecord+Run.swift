import Accounts
import Configuration
import Crypto
import Decompression
import Findings
import Platform
import Reports
import SalesforceExports

extension RunRecord {
  /// The record of a run, but for what the judgement and the clock add.
  init(_ plan: RunPlan, _ accounting: RunAccounting, _ judgement: Judgement) {
    let options = plan.options
    self.init()
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
      LedgerRecord(
        name: entry.name, byteCount: entry.byteCount, sha256: entry.sha256,
        version: entry.content.version, rows: entry.content.rows,
        forgottenBefore: entry.content.forgottenBefore)
    }
    self.options = options.readingArguments
    snapshots = Self.snapshots(judgement, inputs)
    thresholds = options.thresholds
    calendars = options.calendars
    evaluationTime = options.now
    decompressor = InflateBackEnd.inUse.rawValue
    threads = options.threads
  }

  private static func snapshots(
    _ judgement: Judgement, _ inputs: [InputRecord]
  ) -> [SnapshotRecordSummary] {
    let snapshots = judgement.snapshots
    var result: [SnapshotRecordSummary] = []
    func add<Row>(_ series: SnapshotSeries<Row>, _ kind: FileKind) {
      for table in series.tables {
        result.append(
          SnapshotRecordSummary(
            kind: kind, date: table.date, files: table.files.map { inputs[Int($0)].name },
            rows: table.rows.count))
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
    if let verifications = judgement.verifications {
      result.append(
        SnapshotRecordSummary(
          kind: .verificationHistory, date: nil,
          files: inputs.filter { $0.kind == .verificationHistory }.map(\.name),
          rows: verifications.rowCount))
    }
    return result
  }
}
