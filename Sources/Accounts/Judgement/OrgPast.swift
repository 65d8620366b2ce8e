package import Platform
package import SalesforceExports

/// What all rows that were read say of one account, where a window bounds what is judged: who it is,
/// and what it was seen with before (docs/judgement.md).
package struct AccountPast: Sendable {
  /// Time of the earliest and latest row of any kind.
  package let first: Instant
  package let last: Instant
  let behaviour: AccountBehaviour
  let userTypes: [String]
  /// How people come in to it.
  package let signOn: SignOnHabit
  /// When the account first used an application, a country, and a network; by their names.
  package let applications: [ExactText: Instant]
  package let countries: [ExactText: Instant]
  package let networks: [String: Instant]

  init?(_ facts: AccountFacts) {
    guard let first = facts.firstLogin, let last = facts.lastLogin else { return nil }
    self.first = first
    self.last = last
    behaviour = facts.behaviour
    userTypes = facts.loginUserTypes
    signOn = SignOnHabit(facts.logins)
    var applications: [ExactText: Instant] = [:]
    var countries: [ExactText: Instant] = [:]
    var networks: [String: Instant] = [:]
    func note(_ time: Instant, _ name: String, in table: inout [ExactText: Instant]) {
      table[name] = min(table[name] ?? time, time)
    }
    for entry in facts.shapes {
      let time = entry.use.first.time
      if entry.shape.namesApplication {
        note(time, entry.shape.applicationName, in: &applications)
      }
      if !entry.shape.country.isEmpty { note(time, entry.shape.country, in: &countries) }
    }
    for address in facts.addresses {
      guard let name = address.network?.text else { continue }
      networks[name] = min(networks[name] ?? address.use.first, address.use.first)
    }
    (self.applications, self.countries, self.networks) = (applications, countries, networks)
  }
}

/// What all rows that were read say, where a window bounds what is judged.
package struct OrgPast: Sendable {
  let accounts: [AccountKey: AccountPast]
  let history: OrgHistory
  /// Applications by name.
  let applications: [ExactText: ApplicationFacts]
  let coverage: VerificationCoverage?

  /// Sums up a judgement of all rows.
  package init(_ judgement: Judgement, threads: Int) {
    history = judgement.history
    history.settle()
    coverage = judgement.coverage
    // Neither closure throws, so there are always parts.
    let parts =
      (try? judgement.forEachAccount(threads: threads) {
        (accounts: [AccountKey: AccountPast](), uses: ApplicationUses(judgement))
      } _: { part, place, facts in
        part.accounts[facts.key] = AccountPast(facts)
        part.uses.note(facts, place: place, in: judgement)
      }) ?? []
    var accounts: [AccountKey: AccountPast] = [:]
    var uses = ApplicationUses(judgement)
    for part in parts {
      accounts.merge(part.accounts) { one, _ in one }
      uses.formUnion(part.uses)
    }
    self.accounts = accounts
    applications = Dictionary(
      uniqueKeysWithValues: judgement.applications(uses).map { (ExactText($0.name), $0) })
  }
}
