import Accounts
import Delimited
import Findings
import SalesforceExports
import Testing

/// Findings about exports that stand in a test as text, judged without the program.
///
/// What follows `#` in a line is left out, and lines of nothing else too, so that rows can say what
/// they are there for.
struct JudgedExports {
  var logins: String
  var users: String?
  var verifications: String?
  /// A `PermissionSetAssignment` export.
  var assignments: String?
  /// A `PermissionSetLicenseAssign` export.
  var licenses: String?
  /// An `OauthToken` export.
  var tokens: String?
  /// An event log of pages, and one of administrators inside other accounts.
  var pages: String?
  var impersonations: String?
  /// What a configuration would state about accounts.
  var statements = AccountOverrides()
  var evaluationTime = "2026-09-01T00:00:00.000Z"
  /// Whether rows are looked up among the verifications once more, though none of these is another user's.
  var looksUpAgain = false
  /// Settings that a configuration would make.
  var configure: (inout RuleContext) -> Void = { _ in }

  /// Findings about accounts and then about the org, each in the order of ids.
  func findings() throws -> [Finding] {
    let verified = verifications.map(Self.verificationTable)
    let ledger = AccountLedger()
    let worker = FoldWorker(ledger)
    let (header, rows) = Self.content(logins)
    let names = ColumnNames(
      header.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
    let fold = LoginFold(
      columns: LoginColumns(kind: .loginHistory, header: names), file: 0,
      header: Array(header.utf8), times: TimestampReader(), selection: RowSelection(),
      seen: LoginIDSet(), verified: verified, worker: worker)
    Self.read(rows) { block in
      fold.fold(block) { Issue.record("a row was set aside: \($0.reason)") }
    }
    worker.finish()
    var snapshots = Snapshots()
    if let users { Self.add(users, .user, to: &snapshots) }
    if let assignments { Self.add(assignments, .permissionSetAssignment, to: &snapshots) }
    if let licenses { Self.add(licenses, .permissionSetLicenseAssign, to: &snapshots) }
    if let tokens { Self.add(tokens, .oauthToken, to: &snapshots) }
    snapshots.close()
    let now = Self.instant(evaluationTime)
    let judgement = Judgement(
      ledger: ledger, snapshots: snapshots, verifications: verified,
      events: eventTables(snapshots), statements: statements, evaluationTime: now,
      isVerifiedByOwnAlone: !looksUpAgain && !ledger.namesOthers)
    var context = RuleContext(judgement: judgement, evaluationTime: now)
    if users != nil { context.inputs.formUnion([.users, .permissions]) }
    if TrackedPermission.unapprovedApplications.contains(where: snapshots.hasColumn) {
      context.inputs.insert(.clientPermissions)
    }
    if verifications != nil {
      context.inputs.formUnion([.verifications, .verificationHistory])
    }
    if tokens != nil { context.inputs.insert(.oauthTokens) }
    if pages != nil { context.inputs.insert(.pages) }
    if impersonations != nil { context.inputs.insert(.impersonations) }
    configure(&context)
    var engine = RuleEngine(context: context, organizationID: "")
    let perAccount = judgement.results(threads: 1) { [engine] facts in
      (AccountSummary(facts), engine.judge(facts))
    }
    for (summary, findings) in perAccount {
      engine.note(summary)
      engine.note(rules: Set(findings.map(\.rule.id)))
    }
    return perAccount.flatMap(\.1) + engine.judge(RunFacts())
  }

  /// What one rule found.
  func findings<R: Rule>(of rule: R.Type) throws -> [Finding] {
    try findings().filter { $0.rule === R.description }
  }

  private static func add(_ text: String, _ kind: FileKind, to snapshots: inout Snapshots) {
    let (header, rows) = content(text)
    let names = ColumnNames(header.split(separator: ",").map(String.init))
    #expect(FileKind.recognize(names) == kind)
    let forms = SnapshotForms(names)
    read(rows) { block in for record in block { forms.note(record) } }
    snapshots.noteFile(1, kind: kind, date: nil, columns: names)
    var fold = SnapshotFold(
      file: 1, kind: kind, header: names, headerBytes: Array(header.utf8),
      times: TimestampReader(), forms: forms)
    read(rows) { block in
      fold.fold(block, into: &snapshots) { Issue.record("a row was set aside: \($0.reason)") }
    }
  }

  private func eventTables(_ snapshots: Snapshots) -> EventTables {
    var tables = EventTables()
    if let pages {
      let (rows, text) = Self.eventRows(pages)
      var fold = PageFold(rows: rows)
      Self.read(text) { block in
        fold.fold(block, into: &tables.pages) {
          Issue.record("a row was set aside: \($0.reason)")
        }
      }
      tables.pages.close(snapshots)
    }
    if let impersonations {
      let (rows, text) = Self.eventRows(impersonations)
      var fold = ImpersonationFold(rows: rows)
      Self.read(text) { block in
        fold.fold(block, into: &tables.impersonations) {
          Issue.record("a row was set aside: \($0.reason)")
        }
      }
      tables.impersonations.close(snapshots)
    }
    return tables
  }

  /// What an event log holds, by its header and its first row.
  private static func eventRows(_ text: String) -> (rows: EventRows, text: String) {
    let (header, rows) = content(text)
    let names = ColumnNames(header.split(separator: ",").map(String.init))
    let type = String(rows.prefix { $0 != "," })
    let kind = FileKind.recognize(names)?.corrected(byEventType: type) ?? .otherEvents
    return (
      EventRows(
        file: 3, kind: kind, header: names, headerBytes: Array(header.utf8),
        times: TimestampReader(), selection: nil), rows
    )
  }

  private static func instant(_ text: String) -> Instant {
    guard case .instant(let instant, _) = TimestampReader().read(text) else {
      preconditionFailure("\(text) is no time")
    }
    return instant
  }

  private static func content(_ text: String) -> (header: String, rows: String) {
    let lines = text.split(separator: "\n").map { line in
      String(line.prefix { $0 != "#" }.reversed().drop { $0 == " " }.reversed())
    }.filter { !$0.isEmpty }
    return (lines[0], lines.dropFirst().map { $0 + "\n" }.joined())
  }

  private static func read(_ text: String, _ body: (RecordBlock) -> Void) {
    let bytes = Array(text.utf8)
    var reader = RecordReader(dialect: .comma)
    var position = 0
    while let block = unsafe reader.next(from: { room in
      let count = min(room.count, bytes.count - position)
      unsafe room.copyBytes(from: bytes[position..<position + count])
      position += count
      return count
    }) { body(block) }
  }

  private static func verificationTable(_ text: String) -> VerificationTable {
    let (header, rows) = content(text)
    var table = VerificationTable(keepsPlaces: false)
    var fold = VerificationFold(
      file: 2, header: ColumnNames(header.split(separator: ",").map(String.init)),
      headerBytes: Array(header.utf8), times: TimestampReader())
    read(rows) { block in
      fold.fold(block, into: &table) { Issue.record("a row was set aside: \($0.reason)") }
    }
    table.close()
    return table
  }
}
