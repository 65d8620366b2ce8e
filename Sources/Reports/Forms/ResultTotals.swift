import Accounts
import Findings
import Platform
import Results
import SalesforceExports

/// Totals over all accounts of a run.
struct ResultTotals: Sendable {
  var accounts = 0
  var byClass = FewKeys<AccountClass, Int>()
  var human = OutcomeCounts()
  var api = OutcomeCounts()
  var unclassified = OutcomeCounts()
  /// API requests of event logs, and the accounts that made them; by family and by what they count.
  var requests = 0
  var requestingAccounts = 0
  var requestsByFamily: [ExactText: Int] = [:]
  var requestsAgainstLimit = 0
  /// Successful human logins by class of the account and verdict.
  var verdicts = FewKeys<AccountClass, FewKeys<VerdictState, Int>>()

  /// Counts nothing.
  init() {}

  /// Successful human logins with a verdict, over all classes.
  func count(_ state: VerdictState) -> Int {
    verdicts.entries.reduce(0) { $0 + ($1.value[state] ?? 0) }
  }

  /// Adds an account.
  mutating func add(_ account: borrowing AccountRecord) {
    accounts += 1
    byClass.update(account.accountClass, from: 0) { $0 += 1 }
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
      let (proven, absent, unknown) = (
        account.logins.proven, account.logins.absent, account.logins.unknown
      )
      verdicts.update(account.accountClass, from: FewKeys()) { counts in
        counts.update(.proven, from: 0) { $0 += proven }
        counts.update(.absent, from: 0) { $0 += absent }
        counts.update(.unknown, from: 0) { $0 += unknown }
      }
    }
  }

  /// Adds other totals.
  mutating func add(_ other: ResultTotals) {
    accounts += other.accounts
    for (accountClass, count) in other.byClass.entries {
      byClass.update(accountClass, from: 0) { $0 += count }
    }
    human.add(other.human)
    api.add(other.api)
    unclassified.add(other.unclassified)
    requests += other.requests
    requestingAccounts += other.requestingAccounts
    requestsByFamily.merge(other.requestsByFamily, uniquingKeysWith: +)
    requestsAgainstLimit += other.requestsAgainstLimit
    for (accountClass, others) in other.verdicts.entries {
      verdicts.update(accountClass, from: FewKeys()) { counts in
        for (state, count) in others.entries { counts.update(state, from: 0) { $0 += count } }
      }
    }
  }
}
