import Accounts
import SalesforceExports

struct ContradictoryLogins: Rule {
  static let description = RuleDescription(
    id: "PST-DATA-007", title: "rows with one login Id that contradict each other",
    severity: .medium, onePer: "org",
    condition:
      "rows with one login Id differ in time, user, type, status or address, of the columns that all "
      + "login files have: each distinct one counts once",
    evidence: "none: the finding names the Ids",
    remediation:
      "Find out where the files come from: exports of two orgs were mixed, or an export was changed. "
      + "Export the logins again, from one org.",
    references: [Reference.loginHistory], attack: ["T1565.001"])

  /// Ids that a finding names.
  private static let namedCount = 20

  func findings(for run: RunFacts, in context: RuleContext) -> [FindingDraft] {
    guard !run.contradictions.isEmpty else { return [] }
    let ids = run.contradictions.keys.sorted()
    var draft = FindingDraft()
    draft.firstSeen = run.first
    draft.lastSeen = run.last
    draft.counts = ["ids": ids.count, "rows": run.contradictions.values.reduce(0, +)]
    let names = ids.prefix(Self.namedCount).map { $0.isNone ? "of another form" : $0.text18 }
    draft.conditions = [
      Condition(
        "login Ids with contradictory rows", String(ids.count), threshold: "1 or more",
        source: "login rows", wouldChange: "exports of one org, unchanged"),
      Condition(
        "these Ids", names.joined(separator: ", ") + (ids.count > names.count ? ", …" : ""),
        source: "login rows"),
    ]
    draft.dataQuality = ["rows with one login Id say different things: all of them are counted"]
    return [draft]
  }
}
