import Accounts
import SalesforceExports

struct AccountInNoSnapshot: Rule {
  static let description = RuleDescription(
    id: "PST-ACC-002", version: 2, title: "logins by an account that is in no user snapshot",
    severity: .low, onePer: "account", needs: [.users],
    condition:
      "an account has login rows and no row in any user snapshot of the run, not even one that could not "
      + "be read",
    severitySteps: [
      "−2 attempts only, none succeeded", "+1 used from an indicator",
      "−1 every source inside trusted_networks",
    ],
    evidence: "first and last row of each kind of login",
    remediation:
      "Export User without a filter (inactive users too). If the account is missing there as well, "
      + "ask Salesforce support whose it is.",
    references: [Reference.loginHistory])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    let total = facts.total
    // A row that could not be read may be the account's.
    guard facts.user == nil, total.attempted > 0,
      !context.judgement.snapshots.mayBeRejected(facts.id)
    else { return [] }
    var draft = FindingDraft()
    if total.succeeded == 0 { draft.steps.append((-2, "attempts only, none succeeded")) }
    draft.firstSeen = facts.firstLogin
    draft.lastSeen = facts.lastLogin
    draft.counts = ["attempted": total.attempted, "succeeded": total.succeeded]
    draft.conditions = [
      Condition(
        "rows of the account in user snapshots", "0", threshold: "1", source: "User exports",
        wouldChange: "a User export that holds the account")
    ]
    draft.evidence = context.evidence(facts.shapes, "account in no snapshot")
    draft.extents = [RowExtent()]
    draft.evidenceTotal = total.attempted
    return [draft]
  }
}
