import Accounts
import SalesforceExports

/// Figures and conditions about human logins that several rules show.
enum HumanLogins {
  static func counts(_ facts: AccountFacts) -> [String: Int] {
    var counts = [
      "human_succeeded": facts.human.succeeded,
      "mfa_proven": facts.verdicts[.proven],
      "mfa_absent": facts.verdicts[.absent],
      "mfa_unknown": facts.verdicts[.unknown],
    ]
    for (basis, count) in facts.verdicts.bases { counts["basis_" + basis.rawValue] = count }
    for (label, count) in facts.maintenance.counts {
      counts["maintenance_" + label.rawValue] = count
    }
    return counts
  }

  /// A row's label, with what the login was for where the account is an integration account.
  static func label(_ text: String, _ login: JudgedLogin, _ maintenance: Maintenance) -> String {
    maintenance.label(login).map { "\(text); maintenance: \($0.rawValue)" } ?? text
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
