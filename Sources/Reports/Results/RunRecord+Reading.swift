import Accounts
import Findings
import SalesforceExports

extension RunRecord {
  static let schema = "postern.run/1"

  /// Reads the members back.
  ///
  /// What results do not hold (columns used, delimiters, places of archives) stays empty.
  init(_ members: RecordMembers) throws(RecordDefect) {
    self.init()
    version = try members.object("tool").string("version")
    catalogueDigest = try members.string("catalogue_sha256")
    configurationDigest = try members.optionalString("config_sha256")
    let window = try members.object("window")
    since = try window.optionalInstant("since")
    until = try window.optionalInstant("until")
    first = try window.optionalInstant("first")
    last = try window.optionalInstant("last")
    if try members.stringIfPresent("forgotten_before") != nil {
      forgottenBefore = try members.instant("forgotten_before")
    }
    for input in try members.objects("inputs") { inputs.append(try InputRecord(input)) }
    for gap in try members.objects("gaps") { gaps.append(try ActivityGaps.Gap(gap)) }
    for hole in try members.objectsIfPresent("verification_holes") {
      verificationHoles.append(try ActivityGaps.Gap(hole))
    }
    for file in try members.objects("ignored") {
      ignored.append(
        IgnoredRecord(name: try file.string("name"), reason: try file.string("reason")))
    }
    arguments = try members.stringsIfPresent("arguments")
    options = try members.stringsIfPresent("options")
    for snapshot in try members.objects("snapshots") {
      // A kind that only a later release knows has no rules here that could ask for it.
      guard let kind = FileKind(rawValue: try snapshot.string("kind")) else { continue }
      snapshots.append(
        SnapshotRecordSummary(
          kind: kind, date: try snapshot.optionalInstant("date"),
          files: try snapshot.strings("files"), rows: try snapshot.count("rows")))
    }
    for suppression in try members.objectsIfPresent("suppressions") {
      suppressions.append(
        SuppressionRecord(
          rule: try suppression.string("rule"), account: try suppression.string("account"),
          owner: try suppression.string("owner"), reason: try suppression.string("reason"),
          expires: try suppression.instant("expires"),
          state: try suppression.choice("state", of: SuppressionRecord.State.self),
          findings: try suppression.count("findings")))
    }
    thresholds = try members.numbers("thresholds")
    if let dates = try members.objectIfPresent("calendars") {
      for name in dates.names { calendars[name] = try dates.instant(name) }
    }
    for rule in try members.objects("rules") {
      let state = try rule.choice("state", of: RuleState.State.self)
      rules.append(
        RuleState(
          id: try rule.string("id"), version: try rule.count("version"), state: state,
          missing: try rule.strings("missing")))
    }
    evaluationTime = try members.instant("evaluation_time")
    decompressor = try members.string("decompressor")
    threads = try members.count("threads")
    elapsedSeconds = try members.number("elapsed_seconds")
  }
}

extension InputRecord {
  fileprivate init(_ input: RecordMembers) throws(RecordDefect) {
    let name = try input.string("name")
    let kindName = try input.optionalString("kind") ?? ""
    self.init(
      name: name, path: name, entry: nil, compression: try input.string("compression"),
      kind: FileKind(rawValue: kindName), byteCount: try input.count("bytes"),
      sha256: try input.optionalString("sha256") ?? "")
    self.kindName = kindName
    read = try input.count("read")
    filtered = try input.count("filtered")
    rejected = try input.count("rejected")
    first = try input.optionalInstant("first")
    last = try input.optionalInstant("last")
    columnsIgnored = try input.strings("columns_ignored")
    columnsMissing = try input.strings("columns_missing")
    date = try input.optionalInstant("date")
    ambiguousTimes = try input.count("ambiguous_local_times")
    repeatedHeaders = try input.count("repeated_headers")
    problem = try input.optionalString("problem")
  }
}

extension ActivityGaps.Gap {
  fileprivate init(_ gap: RecordMembers) throws(RecordDefect) {
    self.init(from: try gap.instant("from"), until: try gap.instant("until"))
  }
}

extension EndRecord {
  static let schema = "postern.end/1"

  /// Reads the members back.
  init(_ members: RecordMembers) throws(RecordDefect) {
    self.init()
    let rows = try members.object("rows")
    self.rows.read = try rows.count("read")
    self.rows.analysed = try rows.count("analysed")
    self.rows.duplicate = try rows.count("duplicate")
    self.rows.filtered = try rows.count("filtered")
    self.rows.rejected = try rows.count("rejected")
    accounts = try members.count("accounts")
    let findings = try members.object("findings")
    let bySeverity = try findings.object("by_severity")
    for severity in Severity.allCases {
      self.bySeverity[severity] = try bySeverity.count(severity.name)
    }
    let byStatus = try findings.object("by_status")
    for status in FindingStatus.allCases {
      self.byStatus[status] = try byStatus.count(status.rawValue)
    }
    guard self.bySeverity.values.reduce(0, +) == (try findings.count("total")) else {
      throw findings.defect("total", "is not the sum over severities")
    }
    suppressed = try findings.count("suppressed")
    if let gone = try members.objectIfPresent("gone_findings") {
      self.gone = [
        .notEvaluated: try gone.count("not_evaluated"), .resolved: try gone.count("resolved"),
      ]
    }
    incompleteReasons = try members.strings("incomplete_reasons")
    guard isComplete == (try members.bool("complete")) else {
      throw members.defect("complete", "does not fit incomplete_reasons")
    }
    overThreshold = try members.count("findings_over_threshold")
    guard let exit = Int32(exactly: try members.count("exit")) else {
      throw members.defect("exit", "is no exit code")
    }
    self.exit = exit
    recordsDigest = try members.stringIfPresent("records_sha256")
  }
}
