import Accounts
import Findings
import Reports
import SalesforceExports

extension ResultTotals {
  /// Adds one account.
  mutating func add(_ facts: AccountFacts, _ findings: [Finding]) {
    accounts += 1
    byClass[facts.accountClass, default: 0] += 1
    if let login = facts.firstLogin { first = first.map { min($0, login) } ?? login }
    if let login = facts.lastLogin { last = last.map { max($0, login) } ?? login }
    human.add(facts.human)
    api.add(facts.api)
    unclassified.add(facts.unclassified)
    for (state, count) in facts.verdictStates {
      verdicts[facts.accountClass, default: [:]][state, default: 0] += count
    }
  }
}
