import Accounts
import SalesforceExports

struct HiddenConsents: Rule {
  static let description = RuleDescription(
    id: "PST-API-013",
    title: "Remote Access logins without a sub-type: people could be among them",
    status: .unknown, severity: .info, onePer: "account",
    condition:
      "an integration or privileged account has logins of type Remote Access whose sub-type is blank "
      + "or missing from the export; they are counted as API logins",
    evidence: "first and last row of each kind of such logins",
    remediation:
      "Export LoginSubType with the logins (LOGIN_SUB_TYPE in event log files). It tells consents by "
      + "people (OAuth Web Server, OAuth User-Agent) from flows of systems.",
    references: [Reference.loginHistory])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.openSubTypes > 0, facts.accountClass == .integration || facts.isPrivileged else {
      return []
    }
    let uses = facts.shapes.filter {
      $0.use.count > 0 && $0.shape.door == .api && $0.shape.marks.contains(.openSubType)
        && $0.shape.subType.isEmpty
    }
    guard !uses.isEmpty else { return [] }
    var draft = FindingDraft()
    let blank = uses.outcomes.attempted
    draft.counts = ["subtype_blank": blank]
    let isMissing = context.missingLoginColumns.contains("LoginSubType")
    draft.conditions = [
      Condition(
        "Remote Access logins without a sub-type", String(blank),
        threshold: "1 or more", source: "LoginType and LoginSubType of the login rows",
        wouldChange: isMissing
          ? "an export with the column LoginSubType (LOGIN_SUB_TYPE in event log files)"
          : "rows in which LoginSubType is not blank"),
      HumanLogins.classCondition(facts),
    ]
    draft.dataQuality.append(
      isMissing
        ? "missing column: LoginSubType" : "LoginSubType is blank in these rows")
    draft.cite(uses, "Remote Access without a sub-type", context)
    return [draft]
  }
}
