import Accounts
import Findings
import Reports
import Results
import SalesforceExports

/// The rows of one account as a case file shows them, and its sources.
struct DossierRows {
  private let facts: AccountFacts
  private let context: RuleContext
  private let fileNames: [String]

  /// Takes an account.
  ///
  /// - Parameter fileNames: Names of the run's inputs by number.
  init(_ facts: AccountFacts, context: RuleContext, fileNames: [String]) {
    self.facts = facts
    self.context = context
    self.fileNames = fileNames
  }

  /// Successful human logins, in the order of time.
  var humanLogins: [EvidenceRecord] { facts.humanSuccesses.map(record) }

  /// Attempts that did not succeed, in the order of time.
  var refusedLogins: [EvidenceRecord] {
    facts.logins.filter { $0.traits.outcome != .succeeded }.map(record)
  }

  private func record(_ login: JudgedLogin) -> EvidenceRecord {
    EvidenceRecord(
      login.row, context.shape(login.shape), address: context.address(login.row.address),
      login.verdict, fileNames: fileNames)
  }

  /// The addresses, most frequent first.
  ///
  /// Rows other than successful API logins are at hand; of these their number is known.
  var sources: [AccountSource] {
    var sources = facts.addresses.map { address -> AccountSource in
      var source = AccountSource(
        address: address.use.value, country: "", first: address.use.first, last: address.use.last)
      source.api.succeeded = address.apiSuccesses
      return source
    }
    var positions: [UInt32: Int] = [:]
    // When a row last named the country.
    var latest = [Instant?](repeating: nil, count: sources.count)
    func note(_ country: String, at time: Instant, _ position: Int) {
      guard !country.isEmpty, latest[position].map({ $0 <= time }) ?? true else { return }
      latest[position] = time
      sources[position].country = country
    }
    for (position, address) in facts.addresses.enumerated() {
      positions[address.code] = position
      for case let row? in [address.firstAPISuccess, address.lastAPISuccess] {
        note(context.shape(row.shape).country, at: row.row.time, position)
      }
    }
    for login in facts.logins {
      guard let position = positions[login.row.address] else { continue }
      switch login.traits.door {
      case .human: sources[position].human.add(login.traits.outcome, 1)
      case .api: sources[position].api.add(login.traits.outcome, 1)
      case .unclassified: sources[position].unclassified.add(login.traits.outcome, 1)
      }
      note(context.shape(login.shape).country, at: login.row.time, position)
    }
    return sources
  }
}
