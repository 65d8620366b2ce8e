import Accounts
import SalesforceExports

/// What PST-MFA-001, 002 and 003 have in common: successful human logins known to be without MFA.
enum AbsentMFA {
  static let severitySteps = [
    "+1 waiver permission held", "+1 used from an indicator",
    "−1 every source inside trusted_networks",
  ]
  static let evidence = "the successful human logins without MFA, with the basis of each verdict"
  static let condition =
    "at least one successful human login with the MFA verdict absent (basis sf_identity_only, "
    + "idp_amr_single or sf_no_verification)"
  static let needs: [RuleInput] = [.verifications]

  /// Which of the three rules concerns an account; `nil` for external users, Salesforce's own and
  /// accounts of test automation.
  static func ruleID(for facts: AccountFacts, _ context: RuleContext) -> String? {
    guard !facts.isAutomation else { return nil }
    switch facts.accountClass {
    case .integration: return "PST-MFA-001"
    case .human, .breakGlass, .unknown:
      // Without permissions nothing tells who is privileged, and 002 does not run.
      return facts.isPrivileged && context.inputs.contains(.permissions)
        ? "PST-MFA-002" : "PST-MFA-003"
    case .external, .system: return nil
    }
  }

  static func draft(_ facts: AccountFacts, _ context: RuleContext, stepsPrivileged: Bool)
    -> FindingDraft?
  {
    let absent = facts.logins.filter { $0.verdict?.state == .absent }
    guard let first = absent.first, let last = absent.last else { return nil }
    var draft = FindingDraft()
    draft.firstSeen = first.row.time
    draft.lastSeen = last.row.time
    draft.confidence = absent.compactMap { $0.verdict?.confidence }.max() ?? .medium
    draft.counts = HumanLogins.counts(facts)
    draft.conditions = [
      Condition(
        "human logins without MFA", String(absent.count), threshold: "1 or more",
        source: "login rows and VerificationHistory",
        wouldChange: "a verification at login with the Id of each login"),
      HumanLogins.classCondition(facts),
    ]
    draft.evidence = absent.map { login in
      context.evidence(login, login.verdict.map { "without MFA: \($0.basis.rawValue)" } ?? "")
    }
    draft.evidenceTotal = absent.count
    if stepsPrivileged, facts.isPrivileged { draft.steps.append((1, "privileged account")) }
    if case .granted(let paths)? = facts.permissions?.state(of: .bypassMFAForUILogins) {
      draft.steps.append((1, "holds the MFA waiver through " + paths.joined(separator: ", ")))
    }
    return draft
  }
}

/// Figures and conditions about human logins that several rules show.
enum HumanLogins {
  static func counts(_ facts: AccountFacts) -> [String: Int] {
    var counts = [
      "human_succeeded": facts.human.succeeded,
      "mfa_proven": facts.verdictStates[.proven] ?? 0,
      "mfa_absent": facts.verdictStates[.absent] ?? 0,
      "mfa_unknown": facts.verdictStates[.unknown] ?? 0,
    ]
    for (basis, count) in facts.verdicts { counts["basis_" + basis.rawValue] = count }
    return counts
  }

  static func classCondition(_ facts: AccountFacts) -> Condition {
    Condition(
      "class of the account",
      "\(facts.accountClass.rawValue) (\(facts.classification.confidence.rawValue)): "
        + facts.classification.reasons.joined(separator: "; "),
      source: "snapshots, configuration and the account's own logins",
      wouldChange: "an entry in the configuration's lists of accounts")
  }
}
