import Accounts
import Platform
import SalesforceExports

struct BreakGlassAccountUsed: Rule {
  static let description = RuleDescription(
    id: "PST-ACC-005", title: "break-glass account used",
    severity: .medium, onePer: "account", isEvent: true, needs: [.breakGlassAccounts],
    condition: "an account that break_glass_accounts names has at least one login row",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence:
      "every row, not capped; successful API logins, which are kept as counts, with the first and last "
      + "of each kind and address",
    remediation:
      "Check each use against the emergency log. Change the password after every use, keep a security "
      + "key for the account in the safe, and let an alert tell of its next login.",
    references: [Reference.multiFactorFAQ], attack: ["T1078.004"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.accountClass == .breakGlass, facts.total.attempted > 0 else { return [] }
    var draft = FindingDraft()
    let total = facts.total
    draft.isEvidenceCapped = false
    draft.firstSeen = facts.firstLogin
    draft.lastSeen = facts.lastLogin
    draft.counts = [
      "attempted": total.attempted, "succeeded": total.succeeded, "failed": total.failed,
      "pending": total.pending, "human_succeeded": facts.human.succeeded,
      "api_succeeded": facts.api.succeeded,
    ]
    draft.conditions = [
      Condition(
        "login rows of the account", String(total.attempted), threshold: "1 or more",
        source: "login rows"),
      HumanLogins.classCondition(facts),
    ]
    draft.cite(facts.logins) { login in
      switch login.traits.outcome {
      case .succeeded: "break-glass account used"
      case .failed: "attempt that failed"
      case .pending: "step on the way"
      }
    }
    var rows: [AccountLedger.ShapedRow] = []
    for entry in facts.shapes
    where entry.use.count > 0 && entry.shape.door == .api && entry.shape.outcome == .succeeded {
      rows.append(AccountLedger.ShapedRow(row: entry.use.first, shape: entry.code))
      rows.append(AccountLedger.ShapedRow(row: entry.use.last, shape: entry.code))
    }
    for address in facts.addresses {
      rows += [address.firstAPISuccess, address.lastAPISuccess].compactMap { $0 }
    }
    rows = rows.withoutRepeats
    draft.evidence = rows.map { context.evidence($0, "break-glass account used by API") }
    draft.extents = [RowExtent()]
    draft.evidenceTotal = total.attempted
    if rows.count < facts.api.succeeded {
      draft.dataQuality.append(
        "\(facts.api.succeeded.counted("successful API login")); the first and last of each kind and address "
          + "are listed")
    }
    return [draft]
  }
}
