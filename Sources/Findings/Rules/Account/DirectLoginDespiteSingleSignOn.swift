import Accounts
import Platform
import SalesforceExports

struct DirectLoginDespiteSingleSignOn: Rule {
  private static let logins = RuleThreshold(
    "sso_habit_logins", 10, "logins by single sign-on from which an account is used to it")
  private static let days = RuleThreshold(
    "sso_habit_days", 5, "days with single sign-on from which an account is used to it")
  private static let share = RuleThreshold(
    "sso_habit_direct_share", 10,
    "percent of an account's days with people's logins on which direct ones may occur")

  static let description = RuleDescription(
    id: "PST-ACC-006", title: "direct password login of an account that comes by single sign-on",
    severity: .low, onePer: "account", isEvent: true,
    condition:
      "a person logged in with username and password (type Application, succeeded) to an internal "
      + "account with at least 10 logins by single sign-on on at least 5 days, and such direct "
      + "logins fall on at most a tenth of the days on which people logged in to it. Accounts of "
      + "ui_automation_accounts are left out",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the direct logins",
    remediation:
      "Ask the person why. What the identity provider demands (MFA, a known device) was not asked "
      + "of these logins. Where nobody needs the password, turn it off: Setup > Single Sign-On "
      + "Settings > Disable login with Salesforce credentials; keep an emergency account outside.",
    references: [Reference.loginHistory, Reference.multiFactorFAQ], attack: ["T1078.004"],
    thresholds: [logins, days, share])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.human.succeeded > 0, !facts.isAutomation, facts.accountClass != .external,
      facts.accountClass != .system
    else { return [] }
    guard facts.past != nil || facts.shapes.contains(where: { $0.shape.role == .singleSignOn })
    else { return [] }
    let direct = facts.logins.filter { $0.traits.isDirectSuccess }
    guard !direct.isEmpty else { return [] }
    // What an account is used to rests on all rows that were read.
    let habit = facts.past?.signOn ?? SignOnHabit(facts.logins)
    let (least, leastDays, share) = (
      context.value(of: Self.logins), context.value(of: Self.days), context.value(of: Self.share)
    )
    guard habit.singleSignOnLogins > 0, Double(habit.singleSignOnLogins) >= least,
      Double(habit.singleSignOnDays) >= leastDays,
      Double(habit.directDays) * 100 <= share * Double(habit.days)
    else { return [] }
    var draft = FindingDraft()
    draft.counts = [
      "direct_logins": direct.count, "sso_logins": habit.singleSignOnLogins,
      "sso_days": habit.singleSignOnDays,
    ]
    draft.conditions = [
      Condition(
        "logins by single sign-on",
        "\(habit.singleSignOnLogins) on \(habit.singleSignOnDays.counted("day"))",
        threshold: "\(Int(least)) or more on \(Int(leastDays).counted("day")) or more",
        source: "login rows"),
      Condition(
        "days with a direct login", "\(habit.directDays) of \(habit.days)",
        threshold: "at most \(Int(share)) % of the days with people's logins",
        source: "login rows", wouldChange: "direct logins on more days: then they are usual"),
    ]
    draft.cite(direct, "direct login with a password")
    return [draft]
  }
}
