package import Accounts
package import Findings
package import SalesforceExports

/// One file of a run.
package struct InputRecord: Sendable {
  /// Name as it was given, or as it was found in a folder; `archive.zip!entry` inside an archive.
  package var name: String
  /// The file to read for a replay, and the entry of the archive.
  package var path: String
  package var entry: String?
  package var compression: String
  package var kind: FileKind?
  /// Name of the kind in results; of results read back it may be one that this release lacks.
  package var kindName = ""
  /// Size as stored; of an entry the size of the archive.
  package var byteCount: Int
  /// SHA-256 of the file as stored, in hex.
  package var sha256: String
  package var read = 0
  package var filtered = 0
  package var rejected = 0
  package var first: Instant?
  package var last: Instant?
  package var columnsUsed: [String] = []
  package var columnsIgnored: [String] = []
  package var columnsMissing: [String] = []
  package var delimiter = ""
  /// Date of a snapshot.
  package var date: Instant?
  /// Local times that occur twice, taken as the earlier.
  package var ambiguousTimes = 0
  /// Header rows repeated inside the file.
  package var repeatedHeaders = 0
  /// Why the file was not read to its end; `nil` when it was.
  package var problem: String?
  /// The ledger that its rows came with; `nil` for a file that was read.
  package var ledger: String?

  /// Makes a record of a file that was found.
  package init(
    name: String, path: String, entry: String?, compression: String, kind: FileKind?,
    byteCount: Int, sha256: String
  ) {
    self.name = name
    self.path = path
    self.entry = entry
    self.compression = compression
    self.kind = kind
    kindName = kind?.rawValue ?? ""
    self.byteCount = byteCount
    self.sha256 = sha256
  }
}

/// A file that was found and not read.
package struct IgnoredRecord: Sendable {
  package var name: String
  package var reason: String

  /// Makes a record.
  package init(name: String, reason: String) {
    self.name = name
    self.reason = reason
  }
}

/// A ledger among the inputs of a run.
package struct LedgerRecord: Sendable {
  package var name: String
  package var byteCount: Int
  package var sha256: String
  /// Release that wrote it.
  package var version: String
  /// Rows that went into it.
  package var rows: RowAccounting
  /// Time before which detail was dropped from it.
  package var forgottenBefore: Instant?

  /// Makes a record.
  package init(
    name: String, byteCount: Int, sha256: String, version: String, rows: RowAccounting,
    forgottenBefore: Instant?
  ) {
    self.name = name
    self.byteCount = byteCount
    self.sha256 = sha256
    self.version = version
    self.rows = rows
    self.forgottenBefore = forgottenBefore
  }
}

/// A snapshot that was used.
package struct SnapshotRecordSummary: Sendable {
  package var kind: FileKind
  package var date: Instant?
  package var files: [String]
  package var rows: Int

  /// Makes a summary.
  package init(kind: FileKind, date: Instant?, files: [String], rows: Int) {
    self.kind = kind
    self.date = date
    self.files = files
    self.rows = rows
  }
}

/// How a suppression of the configuration stands after a run.
package struct SuppressionRecord: Sendable, Equatable {
  /// Whether it still does something.
  package enum State: String, Sendable, CaseIterable {
    /// It holds and applies to findings.
    case active
    /// Its day has come; the findings that it is meant for count again.
    case expired
    /// It holds and is meant for no finding.
    case unused
  }

  package var rule: String
  /// The pattern of accounts.
  package var account: String
  package var owner: String
  package var reason: String
  package var expires: Instant
  package var state: State
  /// Findings that it is meant for.
  package var findings: Int

  /// Makes a record.
  package init(
    rule: String, account: String, owner: String, reason: String, expires: Instant, state: State,
    findings: Int
  ) {
    self.rule = rule
    self.account = account
    self.owner = owner
    self.reason = reason
    self.expires = expires
    self.state = state
    self.findings = findings
  }

  /// What somebody should do about it, for a person; `nil` while it does its work.
  package var complaint: String? {
    let subject = "suppression of \(rule) for \(account) by \(owner)"
    let date = CivilDate(day: expires.day).text
    switch state {
    case .active: return nil
    case .expired:
      return findings == 0
        ? "\(subject) expired on \(date) and is meant for no finding: remove it"
        : "\(subject) expired on \(date): "
          + (findings == 1 ? "1 finding counts" : "\(findings) findings count")
          + " again; renew or remove it"
    case .unused: return "\(subject) is meant for no finding of this run: remove it if it never is"
    }
  }
}

/// What a run was: its inputs, its settings and which rules ran.
package struct RunRecord: Sendable {
  package var version = ""
  package var catalogueDigest = ""
  package var configurationDigest: String?
  package var since: Instant?
  package var until: Instant?
  package var first: Instant?
  package var last: Instant?
  package var inputs: [InputRecord] = []
  package var ledgers: [LedgerRecord] = []
  /// Time before which detail was dropped; `nil` when nothing was.
  package var forgottenBefore: Instant?
  package var gaps: [ActivityGaps.Gap] = []
  /// Stretches that the verification export does not cover although it reaches over them.
  package var verificationHoles: [ActivityGaps.Gap] = []
  package var ignored: [IgnoredRecord] = []
  /// Inputs as the user named them, for commands that are shown.
  package var arguments: [String] = []
  /// Options that decide how they are read and judged, words as in `argv`; for the same commands.
  package var options: [String] = []
  package var snapshots: [SnapshotRecordSummary] = []
  /// Suppressions in the order of the configuration.
  package var suppressions: [SuppressionRecord] = []
  package var thresholds: [String: Double] = [:]
  /// Dates of Salesforce's in force, by name of the calendar entry.
  package var calendars: [String: Instant] = [:]
  package var rules: [RuleState] = []
  package var evaluationTime = Instant(milliseconds: 0)
  package var decompressor = ""
  package var threads = 1
  package var elapsedSeconds = 0.0

  /// Makes an empty record.
  package init() {}
}

/// How many rows met which end.
package struct RowAccounting: Sendable, Equatable {
  package var read = 0
  package var analysed = 0
  package var duplicate = 0
  package var filtered = 0
  package var rejected = 0

  /// Counts nothing.
  package init() {}

  /// Whether no row is missing.
  package var isBalanced: Bool { read == analysed + duplicate + filtered + rejected }
}

/// How a run ended.
package struct EndRecord: Sendable {
  package var rows = RowAccounting()
  package var accounts = 0
  package var bySeverity: [Severity: Int] = [:]
  package var byStatus: [FindingStatus: Int] = [:]
  package var suppressed = 0
  /// Findings of earlier runs that this one does not have; `nil` without a baseline.
  package var gone: [FindingChange: Int]?
  package var incompleteReasons: [String] = []
  package var overThreshold = 0
  /// New and changed findings at or over `--fail-on-new`; `nil` where it was not asked for.
  package var newOverThreshold: Int?
  package var exit: Int32 = 0
  /// SHA-256 over the lines of all accounts and findings with their ends, in hex; `nil` where it
  /// was not written.
  package var recordsDigest: String?

  /// Makes an empty record.
  package init() {}

  /// Whether everything was read.
  package var isComplete: Bool { incompleteReasons.isEmpty }
}
