import Accounts
import SalesforceExports

/// What the three rules about UI sessions without MFA have in common.
///
/// They share the accounts with successful human logins known to be without MFA among them.
enum AbsentMFA {
  static let severitySteps = [
    "+1 waiver permission held", "+1 used from an indicator",
    "−1 every source inside trusted_networks",
  ]
  static let evidence = "the successful human logins without MFA, with the basis of each verdict"
  static let condition =
    "at least one successful human login without MFA: Salesforce recorded no successful verification for it, or "
    + "one by e-mail or text message only, or the identity provider named weak methods alone"
  static let needs: [RuleInput] = [.verifications]

  /// Whether the rules about MFA concern an account: not external users, Salesforce's own, employees
  /// with an exempt licence and accounts of test automation.
  static func concerns(_ facts: AccountFacts) -> Bool {
    !facts.isAutomation && !facts.hasExemptLicense && facts.accountClass != .external
      && facts.accountClass != .system
  }

  /// Which accounts one of the three rules is about.
  enum Group {
    case integrationAccounts
    case privilegedAccounts
    case otherAccounts
  }

  /// The finding about an account, unless it is in another group.
  ///
  /// An account is privileged here when it was so at the time of one of the logins.
  static func draft(
    about group: Group, _ facts: AccountFacts, _ context: RuleContext
  ) -> FindingDraft? {
    guard facts.verdicts[.absent] > 0, concerns(facts),
      (facts.accountClass == .integration) == (group == .integrationAccounts)
    else { return nil }
    let isPrivileged = context.wasPrivileged(facts, atLogins: .absent)
    // Without permissions nothing tells who is privileged, and the rule about them does not run.
    let isKnownPrivileged = isPrivileged && context.inputs.contains(.permissions)
    guard group == .integrationAccounts || isKnownPrivileged == (group == .privilegedAccounts)
    else { return nil }
    let absent = facts.logins(.absent)
    var draft = FindingDraft()
    draft.confidence = absent.compactMap { $0.verdict?.confidence }.max() ?? .medium
    if context.describes {
      draft.counts = HumanLogins.counts(facts)
      draft.conditions = [
        Condition(
          "human logins without MFA", String(absent.count), threshold: "1 or more",
          source: "login rows and VerificationHistory",
          wouldChange: "a verification at login with the Id of each login"),
        HumanLogins.classCondition(facts),
      ]
    }
    draft.cite(absent) { [maintenance = facts.maintenance] login in
      let label = login.verdict.map { "without MFA: \($0.basis.rawValue)" } ?? ""
      return HumanLogins.label(label, login, maintenance)
    }
    if group == .integrationAccounts, isPrivileged {
      draft.steps.append((1, "privileged account"))
      context.noteMissingPermissionFiles(&draft)
    }
    // After the end of the roll-out the permission exempts nobody.
    let waiverEnd = context.waiverEnd(isPrivileged: facts.isPrivileged)
    // Logins ascend in time.
    let exempted = absent.prefix { $0.row.time < waiverEnd }
    let waiver =
      exempted.isEmpty ? [] : context.paths(.bypassMFAForUILogins, facts, at: exempted)
    if !waiver.isEmpty {
      draft.steps.append((1, "holds the MFA waiver through " + waiver.joined(separator: ", ")))
    }
    return draft
  }
}
