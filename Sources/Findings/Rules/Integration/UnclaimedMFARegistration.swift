import Accounts
import SalesforceExports

struct UnclaimedMFARegistration: Rule {
  static let description = RuleDescription(
    id: "PST-INT-011",
    title:
      "MFA is required and nobody has registered a method: whoever logs in first does, or somebody did",
    severity: .medium, onePer: "account", needs: [.methods],
    condition:
      "an integration account has no MFA method in TwoFactorMethodsInfo while MFA is required of it "
      + "(org-wide switch, or the permission Multi-Factor Authentication for User Interface Logins), "
      + "or VerificationHistory holds a registration of a method on the account. Account or column "
      + "missing from the export, and no registration seen: undecided",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "none: the finding is about registered methods",
    remediation:
      "Let a known admin log in once and register a method, or set Api Only User on the profile so "
      + "that nobody can log in to the user interface. For a further admin generate a temporary "
      + "verification code (Setup > Users > the user > Temporary Verification Code > Generate). "
      + "Disconnect methods that nobody can explain.",
    references: [Reference.guidance, Reference.multiFactorFAQ],
    attack: ["T1098.005", "T1078.004"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.accountClass == .integration, let id = facts.id,
      let table = context.judgement.snapshots.methods.newest
    else { return [] }
    let isRequired =
      context.requiresMultiFactor == true
      || facts.permissions?.isGranted(.forceTwoFactor) == true
    let registrations = context.judgement.verifications?.registrations(of: id) ?? []
    let row = table.rows[id]
    let isUnclaimed = isRequired && row?.hasMethod == false
    let isUntold = isRequired && row?.hasMethod == nil
    guard isUnclaimed || isUntold || !registrations.isEmpty else { return [] }
    var draft = FindingDraft()
    draft.firstSeen = registrations.first?.time ?? facts.firstLogin
    draft.lastSeen = registrations.last?.time ?? facts.lastLogin
    draft.counts = ["registrations": registrations.count]
    if isUntold, registrations.isEmpty {
      draft.becomeUnknown([
        row == nil ? "a row of TwoFactorMethodsInfo for this user" : "columns of methods"
      ])
    }
    draft.conditions = [
      Condition(
        "registered MFA methods",
        row.map { $0.hasMethod.map { $0 ? "at least one" : "none" } ?? "not available" }
          ?? "not in the export", threshold: "none", isMet: row?.hasMethod == false,
        source: "TwoFactorMethodsInfo",
        wouldChange: row?.hasMethod == nil
          ? "a TwoFactorMethodsInfo export that holds the account and all columns"
          : "a method registered by a known person"),
      Condition(
        "MFA required", isRequired ? "yes" : "not known to be", isMet: isRequired,
        source: "mfa.required_for_direct_ui_logins, permissions"),
      Condition(
        "registrations seen",
        registrations.isEmpty
          ? "none"
          : registrations.map { "\($0.activity) at \($0.time.text)" }.joined(separator: ", "),
        isMet: !registrations.isEmpty, source: "VerificationHistory, activities Connect…"),
      HumanLogins.classCondition(facts),
    ]
    return [draft]
  }
}
