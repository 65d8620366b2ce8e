import Accounts
import Platform
import SalesforceExports

struct UnusedOAuthToken: Rule {
  private static let days = RuleThreshold(
    "token_unused_days", 90, "days without use after which an OAuth token is one that nobody needs")

  static let description = RuleDescription(
    id: "PST-API-016", title: "OAuth token that nobody uses, or that is used without a login",
    severity: .low, onePer: "account, application", needs: [.oauthTokens],
    condition:
      "a token of an integration or privileged account (OauthToken) was last used, or where it never "
      + "was created, at least 90 days before the application logged in again, or before the date of "
      + "the export (undated: the last login row); or it was used within the time of the logins by an "
      + "application of which they hold none",
    severitySteps: ["+1 the application is an indicator"],
    evidence: "none: the finding is about tokens",
    remediation:
      "Revoke tokens that nobody needs: they let whoever holds them in, and what was forgotten is not "
      + "missed (" + SetupPath.revokingTokens
      + "). Let refresh tokens expire when they are not used (the application's policies > Refresh "
      + "Token Policy).",
    references: [Reference.oauthToken], attack: ["T1550.001"], thresholds: [days])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard let id = facts.id, facts.accountClass == .integration || facts.isPrivileged else {
      return []
    }
    let tokens = context.judgement.snapshots.tokens(of: id).map(\.key)
    guard !tokens.isEmpty else { return [] }
    return Dictionary(grouping: tokens) { ExactText($0.application) }.sorted { $0.key < $1.key }
      .compactMap {
        draft($0.key.string, $0.value, facts, context)
      }
  }

  /// When a token was last used, or created where it never was; `nil` where the export does not tell.
  private static func lastUse(_ token: OAuthTokenRow.Key) -> Instant? {
    if token.hasUnreadableDate { return nil }
    return token.lastUsed ?? ((token.useCount ?? 0) > 0 ? nil : token.created)
  }

  private func draft(
    _ application: String, _ tokens: [OAuthTokenRow.Key], _ facts: AccountFacts,
    _ context: RuleContext
  ) -> FindingDraft? {
    let limit = context.value(of: Self.days)
    let uses = tokens.compactMap(Self.lastUse)
    let newest = uses.max()
    let asOf = Self.knownUntil(context)
    let span = Int64(limit * Double(Instant.dayMilliseconds))
    let unused = uses.filter { use in
      // A login later than the last use: the export is older than the logins, or lacks a token.
      let next = use == newest ? Self.loginBehind(use, application, facts) : nil
      // Logins before the history begins are not known, and where one follows, there may have been.
      let start = next == nil ? use : max(use, context.judgement.wholeHistory.first ?? use)
      return min(next ?? asOf, asOf).milliseconds - start.milliseconds >= span
    }
    let used = usesWithoutLogin(application, tokens, context)
    guard !unused.isEmpty || !used.isEmpty else { return nil }
    var draft = FindingDraft()
    draft.discriminator = "application=\(application)"
    draft.firstSeen = tokens.compactMap { $0.created ?? $0.lastUsed }.min()
    draft.lastSeen = tokens.compactMap { $0.lastUsed ?? $0.created }.max()
    draft.counts = [
      "tokens": tokens.count, "unused": unused.count, "used_without_login": used.count,
    ]
    draft.conditions = [
      Condition(
        "tokens without use",
        unused.isEmpty
          ? "none" : "\(unused.count), used last at \(unused.max()?.text ?? "")",
        threshold: "\(Int(limit).counted("day")) or more", isMet: !unused.isEmpty,
        source: "LastUsedDate, UseCount and CreatedDate of OauthToken",
        wouldChange: "a use of the token, or a newer export"),
      Condition(
        "used, and no login of the application",
        used.isEmpty ? "none" : "\(used.count), used last at \(used.max()?.text ?? "")",
        threshold: "within the time of the logins", isMet: !used.isEmpty,
        source: "OauthToken and Application of the login rows",
        wouldChange: "a login row of the application"),
      HumanLogins.classCondition(facts),
    ]
    // Labels of applications can differ between the two exports.
    if unused.isEmpty { draft.confidence = .medium }
    noteAge(&draft, context)
    // A token says nothing of where it is used from.
    draft.origins = ([], [ExactText(application)])
    return draft
  }

  /// The login of an application that follows a time, as far as the ledger tells.
  ///
  /// Of equal rows it keeps the first and the last: where the time lies between them, one may have followed
  /// at once.
  private static func loginBehind(
    _ time: Instant, _ application: String, _ facts: AccountFacts
  ) -> Instant? {
    let later = facts.shapes.filter { entry in
      entry.use.count > 0 && entry.shape.outcome == .succeeded
        && entry.shape.applicationName.hasBytes(of: application) && entry.use.last.time > time
    }
    if later.contains(where: { $0.use.first.time <= time && $0.use.count > 2 }) { return time }
    return later.map { $0.use.first.time > time ? $0.use.first.time : $0.use.last.time }.min()
  }

  /// Until when the export tells of uses: what came behind it, nobody knows.
  private static func knownUntil(_ context: RuleContext) -> Instant {
    let told =
      context.judgement.snapshots.tokens.newest?.date ?? context.judgement.wholeHistory.last
    return told.map { min($0, context.evaluationTime) } ?? context.evaluationTime
  }

  /// Uses within the time of the logins, where these hold no login of the application.
  private func usesWithoutLogin(
    _ application: String, _ tokens: [OAuthTokenRow.Key], _ context: RuleContext
  ) -> [Instant] {
    let history = context.judgement.wholeHistory
    guard !context.missingLoginColumns.contains("Application"), let first = history.first,
      let last = history.last
    else { return [] }
    let told = context.history(from: first, telling: ["Application"])
    let uses = tokens.compactMap(\.lastUsed).filter { $0 >= told && $0 <= last }
    guard !uses.isEmpty, history.applications[application] == nil else { return [] }
    let name = application.asciiLowercased
    return history.applications.keys.contains { $0.string.asciiLowercased.hasBytes(of: name) }
      ? [] : uses
  }

  /// Says how old the export is: a token may have been used since.
  private func noteAge(_ draft: inout FindingDraft, _ context: RuleContext) {
    guard let date = context.judgement.snapshots.tokens.newest?.date else { return }
    let age = -context.days(until: date)
    guard Double(age) > context.value(of: RuleEngine.staleSnapshot) else { return }
    draft.confidence = draft.confidence.lowered
    draft.dataQuality.append(
      "the OauthToken export of \(CivilDate(day: date.day).text) is \(Int(age).counted("day")) old: the token may "
        + "have been used since")
  }
}
