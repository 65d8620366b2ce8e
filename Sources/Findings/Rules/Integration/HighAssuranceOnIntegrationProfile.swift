import Accounts
import SalesforceExports

struct HighAssuranceOnIntegrationProfile: Rule {
  static let description = RuleDescription(
    id: "PST-INT-006",
    title: "High Assurance required at login on the profile of an integration account",
    severity: .medium, onePer: "account", needs: [.users, .sessionLevels],
    condition:
      "Session Security Level Required at Login is High Assurance for the profile of an integration "
      + "account, as session_levels of the configuration or else ProfileSessionSetting says",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "none: the finding is about settings",
    remediation:
      "Set Setup > Profiles > the profile > Session Settings > Session Security Level Required at "
      + "Login back to None (or Standard). API logins without a step of approval by a user (JWT "
      + "bearer, client credentials) are blocked by High Assurance. Require MFA of people through the "
      + "org-wide switch or the permission Multi-Factor Authentication for User Interface Logins "
      + "instead.",
    references: [Reference.guidance, Reference.highAssurance])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.accountClass == .integration, !facts.profile.isEmpty,
      let (level, source) = level(of: facts.profile, context),
      Self.highAssurance.equals(level)
    else { return [] }
    var draft = FindingDraft()
    draft.firstSeen = facts.firstLogin
    draft.lastSeen = facts.lastLogin
    draft.conditions = [
      Condition(
        "session level required by the profile \(facts.profile)", level,
        threshold: "HIGH_ASSURANCE", source: source, wouldChange: "None or Standard"),
      HumanLogins.classCondition(facts),
    ]
    return [draft]
  }

  private static let highAssurance = FoldedText("HIGH_ASSURANCE")

  private func level(of profile: String, _ context: RuleContext) -> (String, source: String)? {
    if let stated = context.statedSessionLevel(profile) {
      return (stated, "session_levels of the configuration")
    }
    guard let table = context.judgement.snapshots.sessionLevels.newest else { return nil }
    if let row = table.rows[profile] { return (row.level, "ProfileSessionSetting") }
    // Spellings differ between metadata and exports.
    return context.sessionLevels[FoldedText(profile)].map { ($0, "ProfileSessionSetting") }
  }
}
