import Accounts
import Findings
import Platform
import Results
import SalesforceExports

/// Totals over all accounts of a run.
struct ResultTotals: Sendable {
  var accounts = 0
  var byClass: [AccountClass: Int] = [:]
  var human = OutcomeCounts()
  var api = OutcomeCounts()
  var unclassified = OutcomeCounts()
  /// API requests of event logs, and the accounts that made them; by family and by what they count.
  var requests = 0
  var requestingAccounts = 0
  var requestsByFamily: [ExactText: Int] = [:]
  var requestsAgainstLimit = 0
  /// Successful human logins by class of the account and verdict.
  var verdicts: [AccountClass: [VerdictState: Int]] = [:]

  /// Counts nothing.
  init() {}

  /// Successful human logins with a verdict, over all classes.
  func count(_ state: VerdictState) -> Int {
    verdicts.values.reduce(0) { $0 + ($1[state] ?? 0) }
  }

  /// Adds an account.
  mutating func add(_ account: AccountRecord) {
    accounts += 1
    byClass[account.accountClass, default: 0] += 1
    human.add(account.logins.human)
    api.add(account.logins.api)
    unclassified.add(account.logins.unclassified)
    if let made = account.requests {
      requests += made.total
      requestingAccounts += 1
      for (family, count) in made.byFamily.entries {
        requestsByFamily[family, default: 0] += count
      }
      requestsAgainstLimit += made.countsAgainstLimit["yes"]
    }
    if account.logins.human.succeeded > 0 {
      for state in VerdictState.allCases {
        verdicts[account.accountClass, default: [:]][state, default: 0] +=
          account.logins.verdicts(state)
      }
    }
  }

  /// Adds other totals.
  mutating func add(_ other: ResultTotals) {
    accounts += other.accounts
    byClass.merge(other.byClass, uniquingKeysWith: +)
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
