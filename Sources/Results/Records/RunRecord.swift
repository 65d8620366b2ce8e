package import Accounts
import Platform
package import SalesforceExports

/// What a run was, as far as it is known before the first account is judged (`postern.run/2`).
package struct RunRecord: Sendable, Equatable {
  package static let schema = "postern.run/2"

  /// Inputs as the user named them, for commands that are shown.
  package var arguments: [String] = []
  /// Evaluation time of the earlier run that findings are compared with; `nil` without one.
  package var baselineTime: Instant?
  /// Dates of Salesforce's in force, by name of the calendar entry.
  package var calendars: [String: Instant] = [:]
  package var catalogueDigest = ""
  package var configurationDigest: String?
  package var decompressor = ""
  package var evaluationTime = Instant(milliseconds: 0)
  /// Time before which detail was dropped; `nil` when nothing was.
  package var forgottenBefore: Instant?
  package var ignored: [IgnoredRecord] = []
  package var inputs: [InputRecord] = []
  package var ledgers: [LedgerRecord] = []
  /// Options that decide how inputs are read and judged, words as in `argv`; for the same commands.
  package var options: [String] = []
  /// Id and name of the org, as far as the configuration, a ledger or an event log tells; else empty.
  package var organizationID = ""
  package var organizationName = ""
  package var snapshots: [SnapshotRecordSummary] = []
  package var thresholds: [String: Double] = [:]
  package var version = ""
  /// Stretches that the verification export does not cover although it reaches over them.
  package var verificationHoles: [ActivityGaps.Gap] = []
  /// The window asked for, and the first and last row in it.
  package var since: Instant?
  package var until: Instant?
  package var first: Instant?
  package var last: Instant?

  /// Makes a blank record.
  package init() {}

  /// Codes all members.
  package mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.strings("arguments", &arguments)
    coder.whenPresent("baseline_evaluation_time", baselineTime != nil) {
      $0.instant("baseline_evaluation_time", &baselineTime)
    }
    coder.instants("calendars", &calendars)
    coder.string("catalogue_sha256", &catalogueDigest)
    coder.string("config_sha256", &configurationDigest)
    coder.string("decompressor", &decompressor)
    coder.instant("evaluation_time", &evaluationTime)
    coder.whenPresent("forgotten_before", forgottenBefore != nil) {
      $0.instant("forgotten_before", &forgottenBefore)
    }
    coder.objects("ignored", &ignored, blank: IgnoredRecord()) { $1.code(&$0) }
    coder.objects("inputs", &inputs, blank: InputRecord()) { $1.code(&$0) }
    coder.whenPresent("ledgers", !ledgers.isEmpty) { coder in
      coder.objects("ledgers", &ledgers, blank: LedgerRecord()) { $1.code(&$0) }
    }
    coder.strings("options", &options)
    coder.whenPresent("org", !organizationID.isEmpty || !organizationName.isEmpty) { coder in
      coder.object("org") { coder in
        coder.string("id", &organizationID)
        coder.string("name", &organizationName)
      }
    }
    coder.objects("snapshots", &snapshots, blank: SnapshotRecordSummary()) { $1.code(&$0) }
    coder.numbers("thresholds", &thresholds)
    coder.object("tool") { coder in
      var name = "postern"
      coder.string("name", &name)
      coder.string("version", &version)
      if !name.hasBytes(of: "postern") { coder.fail("name", "is that of another program") }
    }
    coder.objects(
      "verification_holes", &verificationHoles, blank: ActivityGaps.Gap(from: .zero, until: .zero)
    ) { $1.code(&$0) }
    coder.object("window") { coder in
      coder.instant("first", &first)
      coder.instant("last", &last)
      coder.instant("since", &since)
      coder.instant("until", &until)
    }
  }
}

/// A ledger among the inputs of a run.
package struct LedgerRecord: Sendable, Equatable {
  package var name = ""
  package var byteCount = 0
  package var sha256 = ""
  /// Release that wrote it.
  package var version = ""
  /// Rows that went into it.
  package var rows = RowAccounting()
  /// Time before which detail was dropped from it.
  package var forgottenBefore: Instant?

  /// Makes a blank record.
  package init() {}

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.count("bytes", &byteCount)
    coder.instant("forgotten_before", &forgottenBefore)
    coder.string("name", &name)
    coder.object("rows") { rows.code(&$0) }
    coder.string("sha256", &sha256)
    coder.string("version", &version)
  }
}

/// A snapshot that was used.
package struct SnapshotRecordSummary: Sendable, Equatable {
  package var kind = FileKind.user
  package var date: Instant?
  package var files: [String] = []
  package var rows = 0

  /// Makes a blank summary.
  package init() {}

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.instant("date", &date)
    coder.strings("files", &files)
    coder.choice("kind", &kind)
    coder.count("rows", &rows)
  }
}
