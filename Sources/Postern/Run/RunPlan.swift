import Accounts
import Configuration
import Decompression
import Delimited
import Platform
import Reports
import Results
import SalesforceExports

/// What a run reads and how: all that is known before anything is analysed.
struct RunPlan: Sendable {
  let options: ScanOptions
  /// Which org the inputs are of, as far as they tell.
  let organization: OrganizationIdentity
  let limits: ReadingLimits
  /// Files by number, in the order of their names.
  let files: [RunFile]
  /// The files that are to be read.
  let unread: [UnreadFile]
  /// Ledgers among the inputs.
  var ledgers: LedgerSet
  /// The ledger that is written; `nil` for none.
  let ledgerTarget: LedgerTarget?
  /// Files that were found and are not read.
  let ignored: [IgnoredRecord]
  /// Inputs that cannot be used.
  let problems: [InputProblem]
  /// Kind of the files that give the logins; `nil` when there are none.
  let loginKind: FileKind?
  /// Login files of the other kind, which are not used.
  let leftOutLogins: [IgnoredRecord]
  /// Order of month and day in dates with slashes, where it is stated or some row decides it.
  let dateOrder: DateOrder?
  /// How times are read.
  let times: TimestampReader
  /// Time before which detail is dropped, by this run or by one that wrote a ledger.
  let floor: Instant?
  /// Ids of rows that other parts of the history hold.
  let knownIDs: LoginIDSet?

  /// Finds and recognises the inputs of a run, reads its ledgers, and refuses what cannot be done.
  ///
  /// - Throws: ``UsageError``; ``Cancelled``.
  init(_ options: ScanOptions) throws {
    if let since = options.since, let until = options.until, since >= until {
      throw UsageError("--since \(since.text) is not before --until \(until.text)")
    }
    try OutputCheck.distinct(options)
    let limits = ReadingLimits(options.configuration.limits)
    let target = options.ledgerPath.map { LedgerTarget($0) }
    var set = InputSet(
      options.inputs, limits: limits.inflate, recordLimits: limits.records, threads: options.threads
    )
    try OutputCheck.sparing(
      set.inputs.map(\.candidate.path) + options.namedFiles, outputs: options.outputFiles)
    // The ledger that is written may be one that is read: it is replaced when the run has ended.
    try OutputCheck.sparing(
      set.ledgers.map(\.candidate.path),
      outputs: options.outputFiles.filter { $0 != options.ledgerPath })
    var ledgers = LedgerSet(&set, limits: limits.inflate, threads: options.threads)
    try ledgers.check(options)
    organization = try OrganizationIdentity(options.configuration, ledgers, set.inputs)
    try target?.check(&set, &ledgers)
    knownIDs = try options.knownIDsPath.map { path throws(UsageError) in
      try LoginIDFile.read(path)
    }
    var options = options
    options.snapshotTimes = try SnapshotTimes.resolved(
      options.snapshotTimes, set.inputs.map(\.candidate.name),
      paths: set.inputs.map(\.candidate.path))
    let kind = set.chooseLogins(options.loginSource, ledgerKinds: ledgers.loginKinds)
    ledgers.choose(kind) { set.leaveOutLogins(of: $0, since: kind) }
    let check = try LocalTimeCheck(
      set.inputs, options: options, known: ledgers.dateOrders
    ) { input in
      var reader = limits.reader(input)
      // It is made when the file is read.
      reader.makesDigest = false
      return reader
    }
    set.note(check.epochUnits)
    let temporary = options.temporaryFolder
    let files = ledgers.number(set.inputs).files.map { RunFile($0, options, in: temporary) }
    self.options = options
    self.limits = limits
    self.files = files
    unread = files.enumerated().compactMap { number, file in
      guard let input = file.input, file.known == nil else { return nil }
      return UnreadFile(number: number, input: input, rejects: file.rejects)
    }
    self.ledgers = ledgers
    ledgerTarget = target
    ignored = set.ignored
    problems = set.problems
    loginKind = set.loginKind
    leftOutLogins = set.leftOutLogins
    dateOrder = check.order
    times = TimestampReader(timeZone: options.timeZone, dateOrder: check.order)
    floor = [ledgers.forgottenBefore, options.forgetBefore].compactMap(\.self).max()
  }

  /// Which login rows and events are taken.
  var selection: RowSelection { options.selection(from: floor) }

  /// By what rows with one Id are compared: what all login files have, those that ledgers were made from
  /// included.
  var rowComparison: RowComparison {
    var result = RowComparison(
      unread.filter { $0.input.kind.holdsLogins }.map {
        LoginColumns(kind: $0.input.kind, header: $0.input.header)
      })
    for entry in ledgers.entries { result.formIntersection(entry.content.comparison) }
    return result
  }

  /// Inputs as the user named them, with those that ledgers were made from in the place of the
  /// ledgers.
  var arguments: [String] { ledgers.arguments(options.inputs) }

  /// Whether a ledger is to be written, which keeps what only a later run needs.
  var keepsLedger: Bool { options.ledgerPath != nil }

  /// Reads a file whole; the rows that `fold` rejects are set aside.
  ///
  /// - Parameter isReadAgain: Whether the outcome is that of another reading, which follows.
  /// - Throws: ``Cancelled``; ``OutputError`` when a rejected row cannot be kept.
  func read(
    _ file: UnreadFile, isReadAgain: Bool = false,
    _ fold: (RecordBlock, _ first: Int, _ reject: (RowReject) -> Void) -> Void
  ) throws -> ReadOutcome {
    try Cancelled.check()
    var failure: (any Error)?
    var reader = limits.reader(file.input)
    reader.makesDigest = !isReadAgain
    return try reader.read { block, first, _ in
      try Cancelled.check()
      fold(block, first) { row in
        do { try file.rejects.add(row) } catch { failure = failure ?? error }
      }
      if let failure { throw failure }
    }
  }
}
