import Accounts
import Platform
import SalesforceExports

struct TemporaryCodeOnIntegrationAccount: Rule {
  private static let hours = RuleThreshold(
    "temporary_code_hours", 24,
    "hours before its use in which the generation of a temporary code is looked for")

  static let description = RuleDescription(
    id: "PST-MFA-008", version: 2,
    title: "temporary verification codes used on an integration account",
    severity: .low, onePer: "account", isEvent: true, needs: [.verifications],
    condition:
      "MFA of at least one successful human login of an integration account was done with a "
      + "temporary verification code. Who generated codes in the 24 hours before is named where "
      + "VerificationHistory holds it; which account a code was for it does not tell",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the logins with a temporary code",
    remediation:
      "Check with the admins named that each code belonged to a known maintenance task. A temporary "
      + "code is the way for a further admin to log in to such an account; expire it when the task "
      + "is done (Setup > Users > the user > Temporary Verification Code > Expire Now).",
    references: [Reference.guidance, Reference.multiFactorFAQ], attack: ["T1078.004"],
    thresholds: [hours])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.accountClass == .integration, facts.verdicts[.proven] > 0 else {
      return []
    }
    let logins = facts.logins.filter { $0.verdict?.usedTemporaryCode == true }
    guard !logins.isEmpty else { return [] }
    var draft = FindingDraft()
    draft.confidence = logins.compactMap { $0.verdict?.confidence }.max() ?? .medium
    draft.counts = ["logins_with_temporary_code": logins.count]
    let window = Int64(context.value(of: Self.hours) * 3_600_000)
    let generations = (context.judgement.verifications?.codeGenerations ?? []).filter {
      generation in
      logins.contains {
        let distance = $0.row.time.milliseconds - generation.time.milliseconds
        return distance >= 0 && distance <= window
      }
    }
    let users = context.judgement.snapshots
    let names = generations.map { generation in
      let name = users.user(generation.user)?.username ?? ""
      return (name.isEmpty ? generation.user.text18 : name) + " at " + generation.time.text
    }
    draft.conditions = [
      Condition(
        "human logins with a temporary code", String(logins.count), threshold: "1 or more",
        source: "VerificationHistory, method TempCode",
        wouldChange: "a method that the person registered"),
      Condition(
        "codes generated within \(Int(context.value(of: Self.hours)).counted("hour")) before",
        names.isEmpty ? "not told" : names.joined(separator: ", "), isMet: !names.isEmpty,
        source: "VerificationHistory, activity TempCode",
        wouldChange: "a VerificationHistory export that holds the admins' rows"),
      HumanLogins.classCondition(facts),
    ]
    draft.cite(logins, "temporary verification code")
    return [draft]
  }
}
