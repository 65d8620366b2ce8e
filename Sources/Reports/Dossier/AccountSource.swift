package import Accounts
package import SalesforceExports

/// How an account used one source address: people and programs, successes and failures apart.
package struct AccountSource: Sendable {
  /// The canonical address; other text as it stands.
  package var address: String
  /// Of its latest row that names one.
  package var country: String
  package var first: Instant
  package var last: Instant
  package var human = OutcomeCounts()
  package var api = OutcomeCounts()
  package var unclassified = OutcomeCounts()

  /// Makes a source without attempts.
  package init(address: String, country: String, first: Instant, last: Instant) {
    self.address = address
    self.country = country
    self.first = first
    self.last = last
  }

  /// All attempts.
  package var attempts: Int { human.attempted + api.attempted + unclassified.attempted }
}
