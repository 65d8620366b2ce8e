import Accounts
import Configuration
import Crypto
import Decompression
import Delimited
import Findings
import Platform
import Reports
import SalesforceExports

/// What a run has gathered so far.
struct RunState {
  /// Files that are given, by number; `nil` for those that are known from a ledger alone.
  let inputs: [ProbedInput?]
  /// Files whose rows a ledger holds, by number.
  let ledgered: [Int: LedgeredFile]
  /// Ledgers among the inputs.
  var ledgers: LedgerSet
  /// Time before which detail is dropped.
  let floor: Instant?
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
  /// What only a ledger needs that is to be written: Ids seen, keys of logins of event logs, rows
  /// of administrators before names became ids, and the requests of all logs.
  var seen: LoginIDSet?
  /// Ids of rows that other parts of the history hold.
  var knownIDs: LoginIDSet?
  var loginKind: FileKind?
  var leavesOutLogins = false
  var dateOrder: DateOrder?
  var keyPlaces = LoginKeyPlaces()
  var openImpersonations = ImpersonationTable()
  var requests = APIRequestLedger()
  /// Rows that were analysed before their detail was dropped.
  var forgottenRows = 0
  private var archiveDigests: [String: String] = [:]

  init(
    _ set: InputSet, _ ledgers: LedgerSet, keepsRejects: Bool, options: ScanOptions
  ) {
    var ledgers = ledgers
    let files = ledgers.number(set.inputs).files
    self.ledgers = ledgers
    floor = [ledgers.forgottenBefore, options.forgetBefore].compactMap(\.self).max()
    inputs = files.map(\.input)
    ledgered = Dictionary(
      uniqueKeysWithValues: files.enumerated().compactMap { number, file in
        file.known.map { (number, $0.file) }
      })
    ignored = set.ignored
    problems = set.problems
    let temporary = options.temporaryFolder
    spools = files.map { file in
      RejectSpool(
        fileName: file.input?.candidate.name ?? file.known?.file.record.name ?? "",
        isKept: keepsRejects, temporary: temporary)
    }
    records = files.map { file in
      if let (known, ledger) = file.known {
        var record = known.record
        record.ledger = ledger
        return record
      }
      guard let input = file.input else { preconditionFailure("a file is given or known") }
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

  /// Files that are to be read, with their numbers: those whose rows no ledger holds.
  var unread: [(number: Int, input: ProbedInput)] {
    inputs.enumerated().compactMap { number, input in
      ledgered[number] == nil ? input.map { (number, $0) } : nil
    }
  }

  /// Kinds of all files.
  var kinds: [FileKind] { records.compactMap(\.kind) }

  /// Whether login rows or requests of a file carry Ids; true of other files.
  func hasIDs(_ number: Int) -> Bool {
    if let known = ledgered[number] { return known.hasIDs }
    guard let input = inputs[number] else { return true }
    return !input.kind.holdsLogins && !input.kind.holdsRequests
      || LoginColumns(kind: input.kind, header: input.header).id >= 0
  }

  /// Rejected rows of a file by reason.
  func rejects(_ number: Int) -> [RejectReason: Int] {
    ledgered[number]?.rejects ?? spools[number].counts
  }

  /// Whether a file of a ledger was given again, whole this time, under its name: then what was
  /// wrong with it is mended.
  func isMended(_ number: Int) -> Bool {
    guard ledgered[number] != nil else { return false }
    let record = records[number]
    return records.indices.contains { other in
      other > number && records[other].name == record.name && records[other].kind == record.kind
        && records[other].problem == nil && records[other].rejected <= record.rejected
    }
  }

  /// Records of files as far as something is wrong with them still.
  private var openRecords: [InputRecord] {
    records.indices.filter { !isMended($0) }.map { records[$0] }
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
    guard let input = inputs[number] else { return }
    let columns = LoginColumns(kind: input.kind, header: input.header)
    let used = columns.used
    let names = input.header.original
    records[number].columnsUsed = names.indices.filter { used.contains($0) }.map { names[$0] }
    records[number].columnsIgnored = names.indices.filter { !used.contains($0) }.map { names[$0] }
    records[number].columnsMissing = columns.missing
  }

  private mutating func digest(_ number: Int, _ sha256: String) -> String {
    guard let candidate = inputs[number]?.candidate, candidate.entry != nil else { return sha256 }
    let path = candidate.path
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
    let names = inputs[number]?.header.original ?? []
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
    var rows = ledgers.rows
    // A file that a ledger holds and that is given again: copies, all that counted.
    for (number, known) in ledgered where inputs[number] != nil {
      guard known.record.kind?.holdsLogins ?? false else { continue }
      rows.read += known.record.read
      rows.filtered += known.record.filtered
      rows.rejected += known.record.rejected
      rows.duplicate += known.record.read - known.record.filtered - known.record.rejected
    }
    rows.analysed -= forgottenRows
    rows.filtered += forgottenRows
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
      + openRecords.compactMap { record in
        record.problem.map { $0.hasPrefix(record.name) ? $0 : "\(record.name): \($0)" }
      }
  }

  /// Why the run is incomplete; empty when it is not.
  func incompleteReasons(_ options: ScanOptions) -> [String] {
    var reasons = problemTexts
    if options.rejectLimit.isShare {
      for record in openRecords
      where !options.rejectLimit.tolerates(rejected: record.rejected, of: record.read) {
        reasons.append(
          "\(record.name): \(record.rejected) of \(record.read) rows rejected, over --max-rejects")
      }
    } else {
      let rejected = openRecords.reduce(0) { $0 + $1.rejected }
      if !options.rejectLimit.tolerates(rejected: rejected, of: 0) {
        reasons.append("\(rejected) rows rejected, over --max-rejects")
      }
    }
    if ledgers.commonRows > 0 {
      reasons.append(
        "\(ledgers.commonRows) login rows or requests are in two of the ledgers and count twice: "
          + "make one of them again from its exports with the other as an input (scan OTHER EXPORTS… "
          + "--ledger NEW)")
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

  /// Kind and missing columns of each login file.
  var loginColumns: [(kind: FileKind, missing: [String])] {
    records.compactMap { record in
      record.kind.flatMap { $0.holdsLogins ? ($0, record.columnsMissing) : nil }
    }
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
    facts.inputs = records.indices.compactMap { number in
      let record = records[number]
      guard let kind = record.kind else { return nil }
      var fact = InputFacts(
        name: record.name, kind: kind, rowsRead: record.read, hasIDs: hasIDs(number))
      fact.rejects = rejects(number)
      fact.missingColumns = kind.holdsEvents ? record.columnsMissing : []
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
      run.configurationDigest = Hexadecimal.text(hash.finalize())
    }
    run.since = options.since
    run.until = options.until
    run.first = totals.first
    run.last = totals.last
    run.inputs = records
    run.verificationHoles = verifications?.holes ?? []
    run.ignored = ignored
    run.arguments = ledgers.arguments(options.inputs)
    run.forgottenBefore = floor
    run.ledgers = ledgers.entries.map { entry in
      LedgerRecord(
        name: entry.name, byteCount: entry.byteCount, sha256: entry.sha256,
        version: entry.content.version, rows: entry.content.rows,
        forgottenBefore: entry.content.forgottenBefore)
    }
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
