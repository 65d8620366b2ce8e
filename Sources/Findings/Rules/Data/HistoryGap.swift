package import Accounts
import SalesforceExports

struct HistoryGap: Rule {
  private static let hours = RuleThreshold(
    "gap_hours", 6, "hours without login rows from which they are a gap")
  private static let days = RuleThreshold(
    "gap_days", 7, "days with rows that an org must have before gaps are looked for")
  private static let share = RuleThreshold(
    "gap_days_percent", 50, "percent of these days that must have rows in the hours of the gap")

  static let description = RuleDescription(
    id: "PST-DATA-001", title: "gap in the login history",
    status: .info, severity: .info, onePer: "org, gap",
    condition:
      "no login rows in 360 or more consecutive UTC minutes (6 hours), although at least half of the "
      + "covered days (7 or more) have rows at that time of the day",
    evidence: "none: the finding is about rows that are missing",
    remediation:
      "Check whether the org stood still or an export is missing, and give the missing export: "
      + "findings about this time cannot be made.",
    references: [Reference.loginHistory], thresholds: [hours, days, share])

  /// The gaps of a run by the thresholds in force; the run record lists them as well.
  static func gaps(in context: RuleContext) -> [ActivityGaps.Gap] {
    var measure = ActivityGaps.Measure()
    measure.hours = Int(context.value(of: hours))
    measure.days = Int(context.value(of: days))
    measure.percent = context.value(of: share)
    return context.judgement.history.gaps(measure)
  }

  func findings(for run: RunFacts, in context: RuleContext) -> [FindingDraft] {
    Self.gaps(in: context).map { gap in
      var draft = FindingDraft()
      draft.discriminator = "from=\(gap.from.text)"
      draft.firstSeen = gap.from
      draft.lastSeen = gap.until
      let hours = Int((gap.until.milliseconds - gap.from.milliseconds) / 3_600_000)
      draft.counts = ["hours": hours]
      draft.conditions = [
        Condition(
          "hours without rows", "\(hours) from \(gap.from.text) to \(gap.until.text)",
          threshold: "\(Int(context.value(of: Self.hours))) or more",
          source: "times of the login rows",
          wouldChange: "an export that holds rows of this time")
      ]
      draft.dataQuality = ["no login rows from \(gap.from.text) to \(gap.until.text)"]
      return draft
    }
  }
}

extension RuleContext {
  /// Stretches without login rows in which the org is usually busy.
  package var gaps: [ActivityGaps.Gap] { HistoryGap.gaps(in: self) }
}
