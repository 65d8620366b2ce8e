import Accounts
import Platform
import SalesforceExports

struct PagesWithoutLogin: Rule {
  private static let hours = RuleThreshold(
    "page_login_hours", 24,
    "hours before pages of the user interface in which the login of their session is looked for")

  static let description = RuleDescription(
    id: "PST-INT-013",
    title: "pages of the user interface opened on an integration account without a login",
    severity: .high, onePer: "account", isEvent: true, needs: [.pages],
    condition:
      "rows of the event logs URI, AuraRequest or LightningPageView name an integration account, and "
      + "no successful login other than by API lies in the 24 hours before the first of an hour (or "
      + "the minute after), nor a session of an administrator logged in as the account: the session was "
      + "made from an API token, which LoginHistory does not show. Where the logins given do not "
      + "reach over that time: undecided",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the first row of each such hour, with the number of rows",
    remediation:
      "Ask who uses the account in a browser: command-line tools and browser extensions open the user "
      + "interface with an API token, and so does whoever has stolen one. If nobody can explain it, "
      + "revoke the account's tokens (" + SetupPath.revokingTokens + "), end its sessions (Setup > "
      + "Session Management), change the credential, and set Api Only User.",
    references: [Reference.guidance], attack: ["T1550.001", "T1078.004"], thresholds: [hours])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.accountClass == .integration, !facts.pages.isEmpty else { return [] }
    let span = Int64(context.value(of: Self.hours) * 60)
    let entries =
      facts.logins.filter { $0.traits.outcome == .succeeded && $0.traits.door != .api }
      .map(\.row.time) + facts.neighbourEntries + facts.impersonations.map(\.time)
    let unexplained = facts.pages.filter { page in
      let minute = page.first.time.minute
      return !entries.contains { (minute - span...minute + 1).contains($0.minute) }
    }
    guard !unexplained.isEmpty else { return [] }
    let gaps = context.gaps
    let told = unexplained.filter { isCovered($0.first.time, span, gaps, context) }
    return [draft(told.isEmpty ? unexplained : told, told.count, unexplained.count, facts, context)]
  }

  /// Whether the logins that were given reach over the time in which the login of a page must lie.
  private func isCovered(
    _ time: Instant, _ span: Int64, _ gaps: [ActivityGaps.Gap], _ context: RuleContext
  ) -> Bool {
    let history = context.judgement.wholeHistory
    guard let first = history.first, let last = history.last else { return false }
    let start = Instant(milliseconds: time.milliseconds - span * 60_000)
    return first <= start && last >= time
      && !gaps.contains { $0.from < time && $0.until > start }
  }

  private func draft(
    _ pages: [PageHour], _ told: Int, _ all: Int, _ facts: AccountFacts, _ context: RuleContext
  ) -> FindingDraft {
    var draft = FindingDraft()
    draft.firstSeen = pages.first?.first.time
    draft.lastSeen = pages.last?.first.time
    draft.counts = [
      "hours": pages.count, "rows": pages.reduce(0) { $0 + $1.count }, "hours_untold": all - told,
    ]
    let hours = Int(context.value(of: Self.hours))
    draft.conditions = [
      Condition(
        "hours with pages and no login before", String(pages.count), threshold: "1 or more",
        source: "event logs URI, AuraRequest, LightningPageView beside the login rows",
        wouldChange: "a login to the user interface in the \(hours.counted("hour")) before"),
      Condition(
        "logins given reach over the \(hours.counted("hour")) before", told > 0 ? "yes" : "no",
        isMet: told > 0, source: "login files", wouldChange: "login files of that time"),
      HumanLogins.classCondition(facts),
    ]
    if told == 0 {
      draft.status = .unknown
      draft.dataQuality.append(
        "the logins given do not reach over the \(hours.counted("hour")) before these pages")
      draft.remediation =
        "Nothing is to be changed yet: give the login history of the \(hours.counted("hour")) before the pages."
    } else if !context.inputs.contains(.impersonations) {
      draft.confidence = draft.confidence.lowered
      draft.dataQuality.append(
        "an administrator who logged in as the account opens pages without a login as well: the event "
          + "log LoginAs would tell")
    }
    draft.evidence = pages.map { page in
      context.evidence(
        page.first, LoginShape(), address: page.address,
        "\(page.kind.eventType ?? ""): \(page.count.counted("row")) in this hour, and no login before"
      )
    }
    draft.evidenceTotal = pages.count
    return draft
  }
}
