import Accounts
import SalesforceExports

/// PST-DATA-001.
struct HistoryGap: Rule {
  let description = RuleDescription(
    id: "PST-DATA-001", title: "gap in the login history",
    status: .info, severity: .info, onePer: "org, gap",
    condition:
      "no login rows for at least 6 hours, although at least half of the covered days (7 or more) have "
      + "rows in those hours of the day",
    evidence: "none: the finding is about rows that are missing",
    remediation:
      "Check whether the org stood still or an export is missing, and give the missing export: "
      + "findings about this time cannot be made.",
    references: [Reference.loginHistory])

  func findings(for run: RunFacts, in context: RuleContext) -> [FindingDraft] {
    run.gaps.map { gap in
      var draft = FindingDraft()
      draft.discriminator = "from=\(gap.from.text)"
      draft.firstSeen = gap.from
      draft.lastSeen = gap.until
      let hours = Int((gap.until.milliseconds - gap.from.milliseconds) / 3_600_000)
      draft.counts = ["hours": hours]
      draft.conditions = [
        Condition(
          "hours without rows", "\(hours) from \(gap.from.text) to \(gap.until.text)",
          threshold: "6 or more", source: "times of the login rows",
          wouldChange: "an export that holds rows of this time")
      ]
      draft.dataQuality = ["no login rows from \(gap.from.text) to \(gap.until.text)"]
      return draft
    }
  }
}
