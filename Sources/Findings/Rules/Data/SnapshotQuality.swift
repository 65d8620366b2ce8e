import Accounts
import Platform
import SalesforceExports

struct SnapshotQuality: Rule {
  static let description = RuleDescription(
    id: "PST-DATA-002", title: "snapshot missing, stale, undated among dated, or incomplete",
    status: .info, severity: .info, onePer: "org, kind",
    condition:
      "a snapshot that rules need is missing, is more than 30 days from the logins, is undated "
      + "beside dated ones, lacks columns that rules need, holds values that cannot be read and so "
      + "are not available, or holds rows that contradict each other; or login files lack columns that "
      + "rules need, or logins by OAuth name no application",
    evidence: "none: the finding is about a kind of export",
    remediation: "Export the kind again as the guide to exporting says, on the day of the logins.")

  func findings(for run: RunFacts, in context: RuleContext) -> [FindingDraft] {
    let snapshots = context.judgement.snapshots
    var drafts: [FindingDraft] = []
    func judge<Row>(
      _ series: SnapshotSeries<Row>, _ kind: FileKind, isNeeded: Bool, columns: [String]
    ) {
      let problems =
        Self.problems(
          series, isNeeded: isNeeded, columns: columns, run,
          limit: context.value(of: RuleEngine.staleSnapshot))
        + Self.unreadableValues(of: kind, run)
      guard !problems.isEmpty else { return }
      var draft = FindingDraft()
      draft.discriminator = kind.rawValue
      draft.conditions = problems
      draft.counts = ["problems": problems.count]
      draft.dataQuality = problems.map { "\(kind.rawValue): \($0.name) \($0.value)" }
      drafts.append(draft)
    }
    let permissions = TrackedPermission.allCases.filter {
      [.apiUserOnly, .forceTwoFactor, .bypassMFAForUILogins, .twoFactorAPI].contains($0)
        || TrackedPermission.privileged.contains($0)
    }
    let own = permissions.map { "permissions" + $0.foldedName }
    let userColumns = snapshots.users.newest?.columnNames ?? []
    let hasProfileInUsers = own.contains { userColumns.contains("profile." + $0) }
    let assignmentColumns = snapshots.assignments.newest?.columnNames ?? []
    let hasSetsInAssignments = own.contains { assignmentColumns.contains("permissionset." + $0) }
    judge(
      snapshots.users, .user, isNeeded: true,
      columns: ["username", "name", "isactive", "usertype"]
        + (hasProfileInUsers ? own.map { "profile." + $0 } : ["profileid|profile.name"]))
    judge(snapshots.profiles, .profile, isNeeded: !hasProfileInUsers, columns: own)
    judge(snapshots.permissionSets, .permissionSet, isNeeded: !hasSetsInAssignments, columns: own)
    judge(snapshots.assignments, .permissionSetAssignment, isNeeded: true, columns: [])
    judge(snapshots.groups, .permissionSetGroup, isNeeded: false, columns: [])
    // Needed by what other files refer to.
    let referred = context.missingPermissionFiles
    judge(
      snapshots.components, .permissionSetGroupComponent,
      isNeeded: referred.contains(.permissionSetGroupComponent), columns: [])
    judge(
      snapshots.mutings, .mutingPermissionSet, isNeeded: referred.contains(.mutingPermissionSet),
      columns: [])
    judge(snapshots.methods, .twoFactorMethodsInfo, isNeeded: false, columns: [])
    judge(snapshots.sessionLevels, .profileSessionSetting, isNeeded: false, columns: [])
    judge(snapshots.userLogins, .userLogin, isNeeded: false, columns: [])
    judge(snapshots.tokens, .oauthToken, isNeeded: false, columns: [])
    judge(snapshots.licenseAssignments, .permissionSetLicenseAssign, isNeeded: false, columns: [])
    if context.judgement.verifications == nil {
      var draft = FindingDraft()
      draft.discriminator = FileKind.verificationHistory.rawValue
      draft.counts = ["problems": 1]
      draft.conditions = [
        Condition(
          "snapshot", "missing", source: "inputs", wouldChange: "a VerificationHistory export")
      ]
      draft.dataQuality = ["VerificationHistory: missing, so direct logins have no MFA verdict"]
      drafts.append(draft)
    }
    return drafts + Self.incompleteEvents(run) + Self.incompleteLogins(context)
  }

  /// Columns of a kind's files with values that cannot be read, one condition a column and file.
  private static func unreadableValues(of kind: FileKind, _ run: RunFacts) -> [Condition] {
    run.inputs.filter { $0.kind == kind }.flatMap { input in
      input.unreadable.columns.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
        name, column in
        Condition(
          "\(name) not available", "\(column.count.counted("row")): \(column.text)",
          source: input.name,
          wouldChange: "an export in which these values have the form that Salesforce writes")
      }
    }
  }

  /// Files of events that lack columns which verdicts or figures need, one draft a kind.
  private static func incompleteEvents(_ run: RunFacts) -> [FindingDraft] {
    let files = Dictionary(grouping: run.inputs.filter { !$0.missingColumns.isEmpty }, by: \.kind)
    return files.sorted { $0.key.rawValue < $1.key.rawValue }.map { kind, files in
      let missing = Set(files.flatMap(\.missingColumns)).sorted().joined(separator: ", ")
      var draft = FindingDraft()
      draft.discriminator = kind.rawValue
      draft.counts = ["problems": 1]
      draft.conditions = [
        Condition(
          "missing columns", missing, source: "header", wouldChange: "an export with these columns")
      ]
      draft.dataQuality = ["\(kind.rawValue): missing columns \(missing)"]
      return draft
    }
  }

  private static func problems<Row>(
    _ series: SnapshotSeries<Row>, isNeeded: Bool, columns: [String], _ run: RunFacts,
    limit: Double
  ) -> [Condition] {
    guard let newest = series.newest else {
      return isNeeded
        ? [
          Condition("snapshot", "missing", source: "inputs", wouldChange: "an export of this kind")
        ]
        : []
    }
    var problems: [Condition] = []
    if series.tables.count > 1, series.tables.contains(where: { $0.date == nil }) {
      problems.append(
        Condition(
          "date", "undated among dated ones", source: "file names",
          wouldChange: "a date in the file name, or --snapshot-time"))
    }
    if let date = newest.date, let first = run.first, let last = run.last {
      let days = RuleContext.days(from: date, to: first, last)
      if days > limit {
        problems.append(
          Condition(
            "newest export", "\(Int(days).counted("day")) from the nearest login",
            threshold: Int(limit).counted("day"), source: "file names",
            wouldChange: "a newer export"))
      }
    }
    let missing = columns.filter { group in
      !group.split(separator: "|").contains { newest.columnNames.contains(String($0)) }
    }
    if !missing.isEmpty {
      problems.append(
        Condition(
          "missing columns", missing.sorted().joined(separator: ", "), source: "header",
          wouldChange: "an export with these columns"))
    }
    var unreadable: [UnreadableValue: Int] = [:]
    for table in series.tables { unreadable.merge(table.unreadable) { $0 + $1 } }
    for (value, count) in unreadable.sorted(by: { $0.key < $1.key }) {
      problems.append(
        Condition(
          "unreadable value of \(value.column)",
          "\u{201C}\(value.value)\u{201D}, \(count.counted("row"))",
          threshold: "true or false", source: "rows of the snapshot",
          wouldChange: "an export with true and false"))
    }
    let contradictions = series.tables.reduce(0) { $0 + $1.contradictions.count }
    if contradictions > 0 {
      problems.append(
        Condition(
          "contradictory rows", "\(contradictions)", source: "rows of one snapshot",
          wouldChange: "one export instead of several of different times"))
    }
    return problems
  }
}
