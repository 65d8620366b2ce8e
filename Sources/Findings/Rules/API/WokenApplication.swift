package import Accounts
import Platform
import SalesforceExports

package struct WokenApplication: Rule {
  private static let days = RuleThreshold(
    "application_silence_days", 60,
    "days with rows of the org without a login of an application, after which it is dormant")

  package static let description = RuleDescription(
    id: "PST-API-015", title: "an application logs in again that the org had not seen for long",
    severity: .medium, onePer: "org, application", needsColumns: ["Application"],
    condition:
      "an API login of an application (without the version of the client) succeeds after at least 60 "
      + "covered days (UTC days with rows of the org) in a row on which no login of it did, and one "
      + "had before. Clients that people use (user_facing_clients) are left out: people come and go. Low "
      + "confidence where no API login of anybody is known in between",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "of each account the first and the last login of the application since it woke up",
    remediation:
      "Ask the owner of the application why it is back: a credential that was never retired is the way "
      + "in that nobody watches. If nobody knows, revoke its tokens and block or delete it (Setup > "
      + "Connected Apps OAuth Usage; for external client apps Setup > External Client App Manager).",
    references: [Reference.vishing, Reference.loginHistory], attack: ["T1550.001", "T1078.004"],
    thresholds: [days])

  /// Silences of an application from which it woke up in the run.
  ///
  /// - Parameter past: The application by all rows that were read.
  package static func silences(
    of application: ApplicationFacts, _ past: ApplicationFacts, _ context: RuleContext
  ) -> [ApplicationFacts.Silence] {
    guard !application.isUserFacing else { return [] }
    // Rows of a file without the column may be logins of any application.
    let told = context.history(from: past.first, telling: ["Application"]).day
    return past.silences(
      of: Int(context.value(of: days)), among: context.judgement.wholeHistory.coveredDays,
      wakingOn: application.apiDays
    ).filter { $0.before >= told }
  }

  /// Whether an application was silent for as long up to the end.
  package static func isDormant(_ past: ApplicationFacts, _ context: RuleContext) -> Bool {
    guard let last = past.days.last,
      last >= context.history(from: past.first, telling: ["Application"]).day
    else { return false }
    return past.silentDays(among: context.judgement.wholeHistory.coveredDays)
      >= Int(context.value(of: days))
  }

  package func findings(for run: RunFacts, in context: RuleContext) -> [FindingDraft] {
    let whole = context.judgement.wholeApplications(run.applications)
    return run.applications.compactMap { application in
      let past = whole[application.name] ?? application
      let silences = Self.silences(of: application, past, context)
      guard let silence = silences.last else { return nil }
      return draft(application, silence, silences.count, run, context)
    }
  }

  private func draft(
    _ application: ApplicationFacts, _ silence: ApplicationFacts.Silence, _ count: Int,
    _ run: RunFacts, _ context: RuleContext
  ) -> FindingDraft {
    let start = Instant(milliseconds: silence.wokeOn * Instant.dayMilliseconds)
    var names: Set<ExactText> = []
    var rows: [EvidenceRow] = []
    for account in application.accounts where account.last >= start && account.successes > 0 {
      let key = context.judgement.key(atPlace: account.place)
      let name = run.account(key)?.shownName ?? key.text
      for entry in context.judgement.shapes(atPlace: account.place)
      where entry.shape.applicationName.hasBytes(of: application.name)
        && entry.shape.outcome == .succeeded
      {
        let shown = [entry.use.first, entry.use.last].filter { $0.time >= start }
          .map { AccountLedger.ShapedRow(row: $0, shape: entry.code) }.withoutRepeats
        if !shown.isEmpty { names.insert(name) }
        rows += shown.map { context.evidence($0, "login as \(name)") }
      }
    }
    var draft = FindingDraft()
    draft.discriminator = "application=\(application.name)"
    draft.firstSeen = start
    draft.lastSeen = rows.map(\.row.time).max()
    draft.counts = [
      "accounts": names.count, "silent_days": silence.coveredDays,
      "times": count,
    ]
    let (before, after) = (
      CivilDate(day: silence.before).text, CivilDate(day: silence.wokeOn).text
    )
    draft.conditions = [
      Condition(
        "covered days without a login between \(before) and \(after)", "\(silence.coveredDays)",
        threshold: "\(Int(context.value(of: Self.days))) or more",
        source: "Application of the login rows, and the days with rows of the org",
        wouldChange: "logins of the application in between, or exports of that time"),
      Condition(
        "accounts that it logs in to since", names.sorted().map(\.string).firstNames,
        source: "login rows"),
    ]
    if silence.wokeOn - silence.before > 1,
      !context.judgement.wholeHistory.hasAPILogins(silence.before + 1...silence.wokeOn - 1)
    {
      draft.confidence = .low
      draft.dataQuality.append(DormantIntegrationAccount.lacksAPILogins)
    }
    draft.evidence = rows
    draft.evidenceTotal = rows.count
    draft.origins = (Set(rows.map(\.address)), Set(application.byName.keys))
    return draft
  }
}
