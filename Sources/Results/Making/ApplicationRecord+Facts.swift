package import Accounts
package import Findings
import Platform
import SalesforceExports

/// Makes the records of applications of a run.
package struct ApplicationRecordMaker {
  private let context: RuleContext
  private let run: RunFacts
  private let whole: [ExactText: ApplicationFacts]

  /// Makes a maker.
  ///
  /// - Parameters:
  ///   - context: What rules know; thresholds decide what is new and what is dormant.
  ///   - facts: The run, all of whose accounts are known.
  package init(_ context: RuleContext, _ facts: RunFacts) {
    self.context = context
    run = facts
    whole = context.judgement.wholeApplications(facts.applications)
  }

  /// The record of an application.
  ///
  /// - Complexity: O(*n* log *n*) in its accounts and networks, O(*n*) in the days of the history.
  package func record(_ facts: ApplicationFacts) -> ApplicationRecord {
    let past = whole[facts.name] ?? facts
    var record = ApplicationRecord()
    record.name = facts.name
    record.isUserFacing = facts.isUserFacing
    record.first = past.first
    record.last = facts.last
    record.logins.human = facts.human
    record.logins.api = facts.api
    record.logins.unclassified = facts.unclassified
    record.accounts = facts.accounts.prefix(ApplicationRecord.limit).map(account)
    record.accountsTotal = facts.accounts.count
    record.networks = networks(facts, past)
    record.networksTotal = facts.networks.count
    record.byAPIVersion = NamedCounts(facts.byAPIVersion)
    record.byCountry = NamedCounts(facts.byCountry)
    record.byName = NamedCounts(facts.byName)
    record.bySubType = NamedCounts(facts.bySubType)
    let silence = WokenApplication.silences(of: facts, past, context).last
    record.silence = silence.map { silence in
      var record = ApplicationSilenceRecord()
      record.coveredDays = silence.coveredDays
      record.from = Instant(milliseconds: silence.before * Instant.dayMilliseconds)
      record.until = Instant(milliseconds: silence.wokeOn * Instant.dayMilliseconds)
      return record
    }
    record.states = states(facts, past, isWoken: silence != nil)
    return record
  }

  private func states(
    _ facts: ApplicationFacts, _ past: ApplicationFacts, isWoken: Bool
  ) -> [ApplicationState] {
    var states: [ApplicationState] = []
    if ConsentToNewApplication.isNew(past.first, context) { states.append(.new) }
    if WokenApplication.isDormant(past, context) { states.append(.dormant) }
    if isWoken { states.append(.woken) }
    if facts.accounts.count > 1 { states.append(.shared) }
    if facts.total.succeeded == 0 { states.append(.refused) }
    return states
  }

  private func account(_ facts: ApplicationFacts.Account) -> ApplicationAccountRecord {
    let key = context.judgement.key(atPlace: facts.place)
    var record = ApplicationAccountRecord()
    record.key = key.text
    let summary = run.account(key)
    record.username = summary?.username ?? ""
    record.accountClass = summary?.accountClass ?? .unknown
    record.first = facts.first
    record.last = facts.last
    record.attempts = facts.attempts
    record.succeeded = facts.successes
    return record
  }

  private func networks(
    _ facts: ApplicationFacts, _ past: ApplicationFacts
  ) -> [ApplicationNetworkRecord] {
    let seen = Dictionary(past.networks.map { ($0.name, $0.first) }) { one, _ in one }
    return facts.networks.prefix(ApplicationRecord.limit).map { network in
      var record = ApplicationNetworkRecord()
      record.name = network.name
      record.first = seen[network.name] ?? network.first
      record.last = network.last
      record.attempts = network.attempts
      record.accounts = network.accounts
      record.isNew = SharedApplicationFromNewNetwork.isNew(record.first, to: past, context)
      return record
    }
  }
}
