import Accounts
import Crypto
import Decompression
import Delimited
import Findings
import Reports
import SalesforceExports

/// What a run has gathered so far.
struct RunState {
  let inputs: [ProbedInput]
  let spools: [RejectSpool]
  let ignored: [IgnoredRecord]
  private let problems: [InputProblem]
  /// Records of the inputs, by number.
  var records: [InputRecord]
  private var loginCounts: [Int: LoginFold.Counts] = [:]
  /// How times of this run are read.
  var times = TimestampReader()
  var snapshots = Snapshots()
  var verifications: VerificationTable?
  var events = EventTables()
  /// Event logs from which API requests are counted.
  var requestSources: Set<FileKind> = []
  var ledger = AccountLedger()
  private var archiveDigests: [String: String] = [:]

  init(_ set: InputSet, keepsRejects: Bool, options: ScanOptions) {
    inputs = set.inputs
    ignored = set.ignored
    problems = set.problems
    let temporary = options.temporaryFolder
    spools = set.inputs.map {
      RejectSpool(fileName: $0.candidate.name, isKept: keepsRejects, temporary: temporary)
    }
    records = set.inputs.map { input in
      var record = InputRecord(
        name: input.candidate.name, path: input.candidate.path, entry: input.candidate.entry?.name,
        compression: input.candidate.entry != nil ? "zip" : input.compression.rawValue,
        kind: input.kind, byteCount: 0, sha256: "")
      record.delimiter = String(UnicodeScalar(input.dialect.delimiter))
      if input.kind.isSnapshot {
        record.date =
          options.snapshotTimes[input.candidate.name] ?? options.snapshotTimes[input.candidate.path]
          ?? SnapshotDate.inName(input.candidate.name)
      }
      return record
    }
  }

  /// Notes how reading a file ended.
  mutating func note(_ number: Int, _ outcome: ReadOutcome, read: Int, rejected: Int) {
    records[number].byteCount = outcome.byteCount
    records[number].sha256 = digest(number, outcome.sha256)
    records[number].problem = outcome.problem
    records[number].read = read
    records[number].rejected = rejected
  }

  /// Notes what folding a login file gave.
  mutating func note(_ number: Int, _ counts: LoginFold.Counts, _ outcome: ReadOutcome) {
    loginCounts[number] = counts
    records[number].byteCount = outcome.byteCount
    records[number].sha256 = digest(number, outcome.sha256)
    records[number].problem = outcome.problem
    records[number].read = counts.read
    records[number].filtered = counts.filtered
    records[number].rejected = counts.rejected
    records[number].first = counts.first
    records[number].last = counts.last
    records[number].ambiguousTimes = counts.ambiguousTimes
    records[number].repeatedHeaders = counts.repeatedHeaders
    let columns = LoginColumns(kind: inputs[number].kind, header: inputs[number].header)
    let used = columns.used
    let names = inputs[number].header.original
    records[number].columnsUsed = names.indices.filter { used.contains($0) }.map { names[$0] }
    records[number].columnsIgnored = names.indices.filter { !used.contains($0) }.map { names[$0] }
    records[number].columnsMissing = columns.missing
  }

  private mutating func digest(_ number: Int, _ sha256: String) -> String {
    guard inputs[number].candidate.entry != nil else { return sha256 }
    let path = inputs[number].candidate.path
    if let known = archiveDigests[path] { return known }
    let digest = FileDigest.sha256(path: path)
    archiveDigests[path] = digest
    return digest
  }

  /// Notes how reading a file of events ended.
  mutating func note(_ number: Int, _ outcome: ReadOutcome, _ rows: EventRows) {
    note(number, outcome, read: rows.readCount, rejected: rows.rejectedCount)
    records[number].filtered = rows.filteredCount
    records[number].repeatedHeaders = rows.repeatedHeaderCount
    records[number].first = rows.first
    records[number].last = rows.last
  }

  /// Notes which columns of a file beside logins are used, and which it lacks.
  mutating func noteColumns(_ number: Int, used: Set<String>, missing: [String] = []) {
    let names = inputs[number].header.original
    func isUsed(_ name: String) -> Bool {
      let folded = ColumnNames.fold(name)
      return used.contains(folded)
        || TrackedPermission.allCases.contains { folded.hasSuffix("permissions" + $0.foldedName) }
    }
    records[number].columnsUsed = names.filter(isUsed)
    records[number].columnsIgnored = names.filter { !isUsed($0) }
    records[number].columnsMissing = missing
  }

  /// The accounting of all login rows.
  var rows: RowAccounting {
    var rows = RowAccounting()
    for counts in loginCounts.values {
      rows.read += counts.read
      rows.analysed += counts.analysed
      rows.duplicate += counts.duplicate
      rows.filtered += counts.filtered
      rows.rejected += counts.rejected
    }
    return rows
  }

  /// Whether every row that was read met one end, and every row that was analysed is an attempt of
  /// some account.
  ///
  /// The two sums are made apart: rows are counted as they are read, attempts from the ledger.
  func isBalanced(_ totals: ResultTotals) -> Bool {
    let attempts =
      totals.human.attempted + totals.api.attempted + totals.unclassified.attempted
    return rows.isBalanced && rows.analysed == attempts
  }

  /// Inputs that could not be read, or not to their end.
  var problemTexts: [String] {
    problems.map { "\($0.name): \($0.detail)" }
      + records.compactMap { record in
        record.problem.map { $0.hasPrefix(record.name) ? $0 : "\(record.name): \($0)" }
      }
  }

  /// Why the run is incomplete; empty when it is not.
  func incompleteReasons(_ options: ScanOptions) -> [String] {
    var reasons = problemTexts
    if options.rejectLimit.isShare {
      for record in records
      where !options.rejectLimit.tolerates(rejected: record.rejected, of: record.read) {
        reasons.append(
          "\(record.name): \(record.rejected) of \(record.read) rows rejected, over --max-rejects")
      }
    } else {
      let rejected = records.reduce(0) { $0 + $1.rejected }
      if !options.rejectLimit.tolerates(rejected: rejected, of: 0) {
        reasons.append("\(rejected) rows rejected, over --max-rejects")
      }
    }
    let rows = rows
    if rows.read == 0 {
      reasons.append("no login rows: none of the inputs gave any")
    } else if rows.read == rows.rejected {
      reasons.append("no login rows could be read: all are rejected")
    } else if rows.analysed == 0 {
      reasons.append("no login rows in the window")
    }
    return reasons
  }

  /// What the user should know beside the results.
  var messages: [String] {
    var messages: [String] = []
    for record in records where record.repeatedHeaders > 0 {
      messages.append(
        "\(record.name): the header row occurs \(record.repeatedHeaders) more times; concatenated "
          + "exports are read as one")
    }
    let uncounted = events.kinds.filter { $0.holdsRequests }.subtracting(requestSources)
    if !requestSources.isEmpty, !uncounted.isEmpty {
      func names(_ kinds: Set<FileKind>) -> String {
        kinds.compactMap(\.eventType).sorted().joined(separator: ", ")
      }
      messages.append(
        "API requests are counted from \(names(requestSources)) alone, so that none counts twice; "
          + "rows of \(names(uncounted)) stand under by_source")
    }
    for record in records where record.ambiguousTimes > 0 {
      messages.append(
        "\(record.name): \(record.ambiguousTimes) local times occur twice; taken as the earlier")
    }
    return messages
  }

  /// The columns of each login file.
  var loginColumns: [LoginColumns] {
    inputs.filter(\.kind.holdsLogins).map { LoginColumns(kind: $0.kind, header: $0.header) }
  }

  /// What each input was.
  var details: [String] {
    records.map { record in
      "\(record.name): \(record.kind?.rawValue ?? "unknown"), \(record.read) rows"
        + (record.rejected > 0 ? ", \(record.rejected) rejected" : "")
    } + ignored.map { "\($0.name): ignored, \($0.reason)" }
  }

  /// The files as rules about data see them.
  func runFacts() -> RunFacts {
    var facts = RunFacts()
    facts.inputs = records.indices.map { number in
      let record = records[number]
      let input = inputs[number]
      var fact = InputFacts(
        name: record.name, kind: input.kind, rowsRead: record.read,
        hasIDs: !input.kind.holdsLogins && !input.kind.holdsRequests
          || LoginColumns(kind: input.kind, header: input.header).id >= 0)
      fact.rejects = spools[number].counts
      fact.missingColumns = input.kind.holdsEvents ? record.columnsMissing : []
      fact.first = record.first
      fact.last = record.last
      return fact
    }
    return facts
  }

  /// The run record, but for the elapsed time.
  func runRecord(
    _ options: ScanOptions, _ rules: [RuleState], _ totals: ResultTotals
  ) -> RunRecord {
    var run = RunRecord()
    run.version = options.version
    run.catalogueDigest = Catalogue.digest
    if !options.configuration.sources.isEmpty {
      var hash = SHA256()
      for source in options.configuration.sources { hash.update(data: source.bytes) }
      run.configurationDigest = hexadecimal(hash.finalize())
    }
    run.since = options.since
    run.until = options.until
    run.first = totals.first
    run.last = totals.last
    run.inputs = records
    run.verificationHoles = verifications?.holes ?? []
    run.ignored = ignored
    run.arguments = options.inputs
    run.options = options.readingArguments
    run.snapshots = snapshotSummaries
    run.thresholds = options.thresholds
    run.calendars = options.calendars
    run.rules = rules
    run.evaluationTime = options.now
    run.decompressor = InflateBackEnd.inUse.rawValue
    run.threads = options.threads
    return run
  }

  private var snapshotSummaries: [SnapshotRecordSummary] {
    var result: [SnapshotRecordSummary] = []
    func add<Row>(_ series: SnapshotSeries<Row>, _ kind: FileKind) {
      for table in series.tables {
        result.append(
          SnapshotRecordSummary(
            kind: kind, date: table.date, files: table.files.map { records[Int($0)].name },
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
    if let verifications {
      result.append(
        SnapshotRecordSummary(
          kind: .verificationHistory, date: nil,
          files: records.filter { $0.kind == .verificationHistory }.map(\.name),
          rows: verifications.rowCount))
    }
    return result
  }

  /// Writes the rejected rows of all files, in the order of files and lines.
  func writeRejects(to path: String) throws {
    let file = try OutputFile(path: path == "-" ? nil : path)
    for spool in spools { try spool.forEachPiece { try file.write($0) } }
    try file.finish()
  }
}
