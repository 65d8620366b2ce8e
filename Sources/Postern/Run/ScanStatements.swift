import Accounts
import Configuration
import Findings
import Results
import SalesforceExports

extension ScanOptions {
  /// Thresholds in force: the catalogue's with the configuration's over them.
  var thresholds: [String: Double] {
    var result: [String: Double] = [:]
    for threshold in Catalogue.thresholds { result[threshold.name] = threshold.standard }
    result.merge(configuration.thresholds) { _, stated in stated }
    return result
  }

  /// Dates in force: the calendar's with the configuration's over them; those that never come are
  /// left out.
  var calendars: [String: Instant] {
    var result = Dictionary(CalendarEntry.all.map { ($0.name, $0.date) }) { first, _ in first }
    for (name, date) in configuration.calendars { result[name] = Instant(milliseconds: date) }
    return result.filter { $0.value != .never }
  }

  /// Whether a window bounds what is judged.
  var hasWindow: Bool { since != nil || until != nil }

  /// Which login rows are taken.
  ///
  /// - Parameter floor: Time before which detail was dropped; nothing before it is taken again.
  func selection(from floor: Instant?) -> RowSelection {
    var selection = RowSelection()
    selection.since = [since, floor].compactMap(\.self).max()
    selection.until = until
    selection.forgottenBefore = floor
    selection.dropsDuplicates = dropsDuplicates
    return selection
  }

  /// What the configuration states about accounts.
  var statements: AccountOverrides {
    let configuration = configuration
    var statements = AccountOverrides()
    func match(_ list: AccountPatternList) -> AccountOverrides.Match {
      { id, username, profile in
        list.firstMatch(id15or18: id, username: username, profile: profile)?.text
      }
    }
    statements.breakGlass = match(configuration.breakGlassAccounts)
    statements.integration = match(configuration.integrationAccounts)
    statements.human = match(configuration.humanAccounts)
    statements.automation = match(configuration.uiAutomationAccounts)
    let clients = configuration.userFacingClients
    statements.isUserFacingClient = { application in
      !application.isEmpty && clients.contains { $0.matches(application) }
    }
    statements.integrationWords = Set(configuration.integrationWords.map { $0.lowercased() })
    if let range = configuration.coverage.verificationHistory {
      statements.covers = { range.contains($0.milliseconds) }
    }
    let calendar = (configuration.organization.type ?? .production).employeesCalendar
    statements.enforcementEnd = calendars[calendar]
    let numbers = thresholds
    statements.namedShare = numbers["integration_name_api_share"] ?? statements.namedShare
    statements.behaviourShare =
      numbers["integration_behaviour_api_share"] ?? statements.behaviourShare
    statements.behaviourLogins =
      numbers["integration_behaviour_logins"] ?? statements.behaviourLogins
    statements.behaviourDays = numbers["integration_behaviour_days"] ?? statements.behaviourDays
    statements.humanDays = numbers["integration_human_days"] ?? statements.humanDays
    return statements
  }

  /// What rules know beside the facts.
  ///
  /// - Parameters:
  ///   - judgement: The joined run.
  ///   - inputs: The files of the run.
  func ruleContext(_ judgement: Judgement, _ inputs: InputRecords) -> RuleContext {
    let logins = inputs.loginColumns
    var context = RuleContext(judgement: judgement, evaluationTime: now)
    context.requiresMultiFactor = configuration.mfa.requiredForDirectUILogins
    // What the rules have themselves needs no look-up.
    context.thresholds = configuration.thresholds
    context.dates = configuration.calendars.mapValues { Instant(milliseconds: $0) }
    let trusted = configuration.trustedNetworks
    if !trusted.isEmpty { context.isTrusted = { trusted.contains($0) } }
    context.indicators = IndicatorMatches(
      configuration.indicators, in: judgement,
      hasUserAgents: logins.contains { $0.kind == .eventLogLogin })
    context.organizationType = configuration.organization.type
    let configuration = configuration
    context.statedSessionLevel = { configuration.sessionLevel(ofProfile: $0)?.rawValue }
    context.allowedPrivileges = { facts in
      configuration.allowedPrivileges(
        id15or18: facts.id?.text18, username: facts.username.isEmpty ? nil : facts.username,
        profile: facts.profile.isEmpty ? nil : facts.profile)
    }
    context.loginFiles = logins
    let obstacles = IndicatorObstacles(judgement.ledger, inputs)
    context.indicatorObstacles = obstacles.ofAll(configuration.indicators)
    if !configuration.indicators.isEmpty { context.inputs.insert(.indicators) }
    if !configuration.breakGlassAccounts.isEmpty { context.inputs.insert(.breakGlassAccounts) }
    if !judgement.snapshots.methods.isEmpty { context.inputs.insert(.methods) }
    if !judgement.snapshots.tokens.isEmpty { context.inputs.insert(.oauthTokens) }
    if !configuration.sessionLevels.isEmpty || !judgement.snapshots.sessionLevels.isEmpty {
      context.inputs.insert(.sessionLevels)
    }
    let snapshots = judgement.snapshots
    if !snapshots.users.isEmpty { context.inputs.insert(.users) }
    for kind in judgement.events.kinds {
      if kind == .eventLogLoginAs || kind == .loginAsEvent {
        context.inputs.insert(.impersonations)
      }
      if kind.holdsRequests { context.inputs.insert(.apiRequests) }
      if kind.holdsPages { context.inputs.insert(.pages) }
    }
    if hasPermissions(snapshots) { context.inputs.insert(.permissions) }
    if TrackedPermission.unapprovedApplications.contains(where: snapshots.hasColumn) {
      context.inputs.insert(.clientPermissions)
    }
    let hasProviderWord = judgement.ledger.shapes.contains {
      !$0.methods.isEmpty || !$0.context.isEmpty
    }
    if judgement.verifications != nil || hasProviderWord { context.inputs.insert(.verifications) }
    if judgement.verifications != nil { context.inputs.insert(.verificationHistory) }
    let missing = missingPermissionFiles(snapshots)
    context.missingPermissionFiles =
      missing + inputs.partialPermissionFiles.filter { !missing.contains($0) }
    return context
  }

  private func hasPermissions(_ snapshots: Snapshots) -> Bool {
    if !snapshots.profiles.isEmpty || !snapshots.permissionSets.isEmpty { return true }
    return snapshots.users.history.contains {
      $0.profileName != nil || !$0.profilePermissions.isEmpty
    } || snapshots.assignments.history.contains { !$0.permissions.isEmpty }
  }

  private func missingPermissionFiles(_ snapshots: Snapshots) -> [FileKind] {
    var missing: [FileKind] = []
    if snapshots.profiles.isEmpty,
      !snapshots.users.history.contains(where: { !$0.profilePermissions.isEmpty })
    {
      missing.append(.profile)
    }
    if snapshots.permissionSets.isEmpty,
      !snapshots.assignments.history.contains(where: { !$0.permissions.isEmpty })
    {
      missing.append(.permissionSet)
    }
    if snapshots.assignments.isEmpty { missing.append(.permissionSetAssignment) }
    if snapshots.components.isEmpty, snapshots.hasUnresolvedGroups {
      missing.append(.permissionSetGroupComponent)
    }
    if snapshots.mutings.isEmpty, snapshots.hasMutingMembers {
      missing.append(.mutingPermissionSet)
    }
    return missing
  }

  /// All suppressions, by the order of the configuration.
  var suppressionRules: [SuppressionRule] {
    configuration.suppressions.map { entry in
      SuppressionRule(
        rule: entry.rule,
        suppression: AppliedSuppression(
          owner: entry.owner, reason: entry.reason,
          expires: Instant(milliseconds: entry.expires)),
        isExpired: entry.isExpired(at: now.milliseconds)
      ) { account, profile in
        guard let account else { return entry.account.subject == .everyAccount }
        var id: String?
        if case .id(let value) = account.key { id = value.text18 }
        return entry.account.matches(
          id15or18: id, username: account.username.isEmpty ? nil : account.username,
          profile: profile.isEmpty ? nil : profile)
      }
    }
  }

  /// How the suppressions stand after a run.
  ///
  /// - Parameter uses: Findings that each of them matches, by its number.
  func suppressionRecords(_ uses: [Int: Int]) -> [SuppressionRecord] {
    configuration.suppressions.enumerated().map { number, entry in
      var record = SuppressionRecord()
      record.rule = entry.rule
      record.account = entry.account.text
      record.owner = entry.owner
      record.reason = entry.reason
      record.expires = Instant(milliseconds: entry.expires)
      record.state =
        entry.isExpired(at: now.milliseconds)
        ? .expired : uses[number] == nil ? .unused : .active
      record.findings = uses[number] ?? 0
      return record
    }
  }
}
