package import Accounts
package import SalesforceExports

/// Totals over all accounts of a run.
package struct ResultTotals: Sendable {
  package var accounts = 0
  package var byClass: [AccountClass: Int] = [:]
  package var first: Instant?
  package var last: Instant?
  package var human = OutcomeCounts()
  package var api = OutcomeCounts()
  package var unclassified = OutcomeCounts()
  /// API requests of event logs, and the accounts that made them; by family and by what they count.
  package var requests = 0
  package var requestingAccounts = 0
  package var requestsByFamily: [String: Int] = [:]
  package var requestsAgainstLimit = 0
  /// Successful human logins by class of the account and verdict.
  package var verdicts: [AccountClass: [VerdictState: Int]] = [:]

  /// Counts nothing.
  package init() {}

  /// Successful human logins with a verdict, over all classes.
  package func count(_ state: VerdictState) -> Int {
    verdicts.values.reduce(0) { $0 + ($1[state] ?? 0) }
  }
}
