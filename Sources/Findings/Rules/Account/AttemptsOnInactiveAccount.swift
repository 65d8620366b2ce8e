import Accounts
import Platform
import SalesforceExports

struct AttemptsOnInactiveAccount: Rule {
  private static let many = RuleThreshold(
    "inactive_attempts_many", 10, "attempts on an inactive account that raise the finding")

  static let description = RuleDescription(
    id: "PST-ACC-001", version: 2, title: "attempts on an inactive or frozen account",
    severity: .low, onePer: "account", isEvent: true,
    condition:
      "attempts with the status \u{201C}User is inactive\u{201D} or \u{201C}User is frozen\u{201D}, "
      + "or attempts, successful ones included, while a dated snapshot in force (User, UserLogin) says "
      + "so; of an undated snapshot, which does not say since when, failed ones; medium from 10 "
      + "attempts. Less confidence where the newest snapshot is more than 30 days older than the last of them",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the attempts",
    remediation:
      "Find the client or person that still uses the account: an integration that nobody switched "
      + "off, or somebody who tries the credentials of a person who left.",
    references: [Reference.loginHistory, Reference.frozenUsers], attack: ["T1078"],
    thresholds: [many])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    let isTold = facts.statuses.contains(.userInactive) || facts.statuses.contains(.userFrozen)
    let periods = facts.id.map { context.judgement.snapshots.offPeriods(of: $0) } ?? []
    guard isTold || !periods.isEmpty else { return [] }
    let attempts = facts.logins.filter { login in
      if login.traits.status == .userInactive || login.traits.status == .userFrozen { return true }
      return periods.contains { period in
        guard period.until.map({ login.row.time < $0 }) ?? true else { return false }
        return period.from.map { login.row.time >= $0 } ?? (login.traits.outcome == .failed)
      }
    }
    let used = apiSuccesses(facts, periods)
    let count = attempts.count + used.count
    guard count > 0 else { return [] }
    var draft = FindingDraft()
    let many = context.value(of: Self.many)
    if Double(count) >= many {
      draft.base = .medium
      draft.baseReason = "\(Int(many).counted("attempt")) or more"
    }
    let succeeded = attempts.count { $0.traits.outcome == .succeeded } + used.count
    draft.counts = ["attempts": count, "succeeded": succeeded]
    draft.conditions = [
      Condition(
        "attempts on the inactive or frozen account", String(count),
        threshold: "1 or more; medium from \(Int(many))",
        source: "Status of the login rows and the user snapshot in force"),
      Condition(
        "successful ones among them", String(succeeded),
        source: "login rows since the snapshot that says so",
        wouldChange: "a newer snapshot in which the account is active"),
    ]
    noteFrozen(&draft, facts)
    noteDistance(&draft, attempts, used.rows, periods, succeeded: succeeded, context)
    draft.cite(attempts, "account inactive or frozen")
    for row in used.rows {
      draft.firstSeen = draft.firstSeen.map { min($0, row.row.time) } ?? row.row.time
      draft.lastSeen = draft.lastSeen.map { max($0, row.row.time) } ?? row.row.time
      draft.evidence.append(context.evidence(row, "API login though inactive or frozen"))
    }
    draft.extents = used.dates.map { RowExtent(shapes: facts.apiSuccessShapes, dates: $0) }
    draft.evidenceTotal = count
    return [draft]
  }

  /// Says how old the snapshots are that call the account off, where rows do not say so themselves: one that is
  /// old may have been overtaken, and a success tells that it was.
  private func noteDistance(
    _ draft: inout FindingDraft, _ attempts: [JudgedLogin], _ used: [AccountLedger.ShapedRow],
    _ periods: [Snapshots.OffPeriod], succeeded: Int, _ context: RuleContext
  ) {
    let untold = attempts.filter {
      $0.traits.status != .userInactive && $0.traits.status != .userFrozen
    }
    let times = untold.map(\.row.time) + used.map(\.row.time)
    if succeeded > 0 {
      draft.dataQuality.append(
        "\(succeeded) succeeded, which Salesforce grants no inactive or frozen user: the account was switched "
          + "on again after the snapshot, and perhaps off again")
    }
    let distances = periods.compactMap { period -> (date: Instant, days: Double)? in
      let last = times.filter { time in
        period.from.map { time >= $0 } ?? false && period.until.map { time < $0 } ?? true
      }.max()
      guard let from = period.from, let last else { return nil }
      // Snapshot after snapshot may have said so since.
      let date = context.judgement.snapshots.stateDate(at: last) ?? from
      return (date, RuleContext.days(from: date, to: last, last))
    }
    guard let farthest = distances.max(by: { $0.days < $1.days }),
      farthest.days > context.value(of: RuleEngine.staleSnapshot)
    else { return }
    draft.confidence = draft.confidence.lowered
    draft.dataQuality.append(
      "the snapshot of \(CivilDate(day: farthest.date.day).text) is \(Int(farthest.days).counted("day")) older "
        + "than the last of these attempts")
  }

  /// Says of an account that worked and then was frozen when it last worked: Salesforce freezes users
  /// whose applications come from anonymising proxies (docs/salesforce.md#frozen-users).
  private func noteFrozen(_ draft: inout FindingDraft, _ facts: AccountFacts) {
    guard
      let frozen = facts.logins.first(where: { $0.traits.status == .userFrozen })?.row.time
    else { return }
    var successes = facts.logins.filter { $0.traits.outcome == .succeeded }.map(\.row.time)
    for entry in facts.shapes
    where entry.use.count > 0 && entry.shape.door == .api && entry.shape.outcome == .succeeded {
      successes += [entry.use.first.time, entry.use.last.time]
    }
    for address in facts.addresses {
      successes += [address.firstAPISuccess, address.lastAPISuccess].compactMap { $0?.row.time }
    }
    guard let last = successes.filter({ $0 < frozen }).max() else { return }
    draft.conditions.append(
      Condition(
        "worked before it was frozen", "until \(last.text); refused as frozen from \(frozen.text)",
        source: "Status of the login rows"))
    draft.remediation =
      "Find out who froze the account (Setup > View Setup Audit Trail). Since April 2026 Salesforce "
      + "freezes users whose application comes from an anonymising proxy, and revokes their tokens: "
      + "before it is unfrozen, look at the networks of its last logins and ask the application's "
      + "vendor. Otherwise find the client or person that still uses it."
  }

  /// Successful API logins while a dated snapshot in force says that the account is off: their number,
  /// those of them that are kept as rows, and when it is.
  ///
  /// They are known by minute: all API attempts of those minutes but the unsuccessful ones, which are
  /// kept row by row.
  private func apiSuccesses(
    _ facts: AccountFacts, _ periods: [Snapshots.OffPeriod]
  ) -> (count: Int, rows: [AccountLedger.ShapedRow], dates: [IndicatorDates]) {
    guard facts.api.succeeded > 0 else { return (0, [], []) }
    var count = 0
    var dates: [IndicatorDates] = []
    var rows: [AccountLedger.ShapedRow] = []
    let minutes = periods.isEmpty ? [] : facts.apiMinutes
    for period in periods {
      guard let date = period.from else { continue }
      // Whole minutes: a snapshot's date is a day or a time of the export.
      let first =
        date.minute
        + (date.milliseconds.quotientAndRemainder(dividingBy: 60_000).remainder > 0 ? 1 : 0)
      let end = period.until?.minute ?? .max
      dates.append(
        IndicatorDates(
          from: Instant(milliseconds: first * 60_000),
          until: period.until.map { Instant(milliseconds: $0.minute * 60_000) }))
      func isInside(_ time: Instant) -> Bool { time.minute >= first && time.minute < end }
      for entry in minutes where entry.minute >= first && entry.minute < end {
        count += entry.count
      }
      count -= facts.logins.count { $0.traits.door == .api && isInside($0.row.time) }
      for entry in facts.shapes
      where entry.shape.door == .api && entry.shape.outcome == .succeeded {
        rows += [entry.use.first, entry.use.last].filter { isInside($0.time) }.map {
          AccountLedger.ShapedRow(row: $0, shape: entry.code)
        }
      }
    }
    return (max(0, count), rows.withoutRepeats, dates)
  }
}
