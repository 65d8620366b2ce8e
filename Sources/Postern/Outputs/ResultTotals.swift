import Accounts
import Reports
import SalesforceExports

extension ResultTotals {
  /// The totals of one account.
  init(_ facts: AccountFacts) {
    self.init()
    accounts = 1
    byClass[facts.accountClass] = 1
    first = facts.firstLogin
    last = facts.lastLogin
    human = facts.human
    api = facts.api
    unclassified = facts.unclassified
    if let requests = facts.requests {
      self.requests = requests.total
      requestingAccounts = 1
      requestsByFamily = requests.counts(by: \.family)
      requestsAgainstLimit = requests.counts { $0.limitShare.rawValue }["yes"] ?? 0
    }
    if !facts.verdictStates.isEmpty { verdicts[facts.accountClass] = facts.verdictStates }
  }

  /// Adds other totals.
  mutating func add(_ other: ResultTotals) {
    accounts += other.accounts
    byClass.merge(other.byClass, uniquingKeysWith: +)
    if let login = other.first { first = first.map { min($0, login) } ?? login }
    if let login = other.last { last = last.map { max($0, login) } ?? login }
    human.add(other.human)
    api.add(other.api)
    unclassified.add(other.unclassified)
    requests += other.requests
    requestingAccounts += other.requestingAccounts
    requestsByFamily.merge(other.requestsByFamily, uniquingKeysWith: +)
    requestsAgainstLimit += other.requestsAgainstLimit
    for (accountClass, counts) in other.verdicts {
      verdicts[accountClass, default: [:]].merge(counts, uniquingKeysWith: +)
    }
  }
}
