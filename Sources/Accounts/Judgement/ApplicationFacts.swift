package import Platform
package import SalesforceExports

/// What an org did through one application: the subject of rules and records about applications.
package struct ApplicationFacts: Sendable {
  /// Its name, without the version of the client.
  package let name: String
  /// Attempts by door.
  package var human = OutcomeCounts()
  package var api = OutcomeCounts()
  package var unclassified = OutcomeCounts()
  /// Time of the earliest and latest row of any kind.
  package var first: Instant
  package var last: Instant
  /// Attempts by `CountryIso`, `LoginSubType`, `ApiVersion`, and by the name as rows spell it, the version
  /// of the client with it.
  package var byCountry: [ExactText: Int] = [:]
  package var bySubType: [ExactText: Int] = [:]
  package var byAPIVersion: [ExactText: Int] = [:]
  package var byName: [ExactText: Int] = [:]
  /// Whether people use it as their client, as the configuration or Postern's list says.
  package var isUserFacing = false
  /// UTC days since 1970 on which logins of it succeeded, ascending.
  package var days: [Int64] = []
  /// Those of them on which one of the logins was by API.
  package var apiDays: [Int64] = []
  /// Accounts that used it, in the order of keys.
  package var accounts: [Account] = []
  /// Networks from which it was used, the earliest first.
  package var networks: [Network] = []

  /// An account that used it.
  package struct Account: Sendable {
    /// Place of the account in the order of keys.
    package let place: Int
    /// Time of its earliest and latest row.
    package let first: Instant
    package let last: Instant
    package let attempts: Int
    package let successes: Int
  }

  /// A network from which it was used.
  package struct Network: Sendable {
    /// The network in the form of results: `192.0.2.0/24`.
    package let name: String
    /// Time of its earliest and latest row.
    package let first: Instant
    package let last: Instant
    package let attempts: Int
    /// How many accounts came from there.
    package let accounts: Int
    /// Successful API logins of each of them.
    package let visits: [ApplicationUses.Visit]
  }

  /// Covered days in a row without a success of it, between two on which there was one.
  package struct Silence: Sendable, Equatable {
    /// UTC days since 1970 with a success, before and behind.
    package let before: Int64
    package let wokeOn: Int64
    /// How many covered days lie between them.
    package let coveredDays: Int
  }

  /// Silences of at least so many covered days, in the order of time.
  ///
  /// - Parameters:
  ///   - least: Covered days.
  ///   - coveredDays: UTC days since 1970 with rows of the org, ascending.
  ///   - wakings: The days of ``days`` on which a silence may end.
  /// - Complexity: O(*n*) in all days.
  package func silences(
    of least: Int, among coveredDays: [Int64], wakingOn wakings: [Int64]
  ) -> [Silence] {
    let wakings = Set(wakings)
    var result: [Silence] = []
    // How many covered days there are up to each of the days.
    var covered = 0
    var coveredAtLast = 0
    for (position, day) in days.enumerated() {
      while covered < coveredDays.count, coveredDays[covered] < day { covered += 1 }
      let between = covered - coveredAtLast
      if position > 0, between >= least, wakings.contains(day) {
        result.append(
          Silence(before: days[position - 1], wokeOn: day, coveredDays: between))
      }
      coveredAtLast = covered
      if covered < coveredDays.count, coveredDays[covered] == day { coveredAtLast += 1 }
    }
    return result
  }

  /// Covered days behind the last day with a success of it; 0 where none ever succeeded.
  package func silentDays(among coveredDays: [Int64]) -> Int {
    guard let last = days.last else { return 0 }
    return coveredDays.count { $0 > last }
  }

  /// All attempts.
  package var total: OutcomeCounts {
    var sum = human
    sum.add(api)
    sum.add(unclassified)
    return sum
  }
}

extension Judgement {
  /// When a row of any account first came from a network, by all rows that were read; `nil` for never.
  ///
  /// - Parameter network: In the form of results.
  /// - Complexity: O(*n*) in the addresses of all accounts.
  package func firstSeen(network: String) -> Instant? {
    if let past {
      return past.accounts.values.compactMap { $0.networks[network] }.min()
    }
    let codes = Set(
      ledger.addresses.indices.filter {
        self.network(ofAddress: UInt32($0))?.text == network
      }.map { UInt32($0) })
    var first: Instant?
    for number in ledger.accountNumbers {
      for use in ledger.addressUses(of: number) where codes.contains(use.code) {
        first = min(first ?? use.first, use.first)
      }
    }
    return first
  }

  /// The applications by all rows that were read, outside the window too, by name; those of the run where
  /// there is no window.
  ///
  /// - Parameter applications: Those of the run.
  package func wholeApplications(
    _ applications: [ApplicationFacts]
  ) -> [ExactText: ApplicationFacts] {
    past?.applications
      ?? Dictionary(uniqueKeysWithValues: applications.map { (ExactText($0.name), $0) })
  }

  /// The applications of the run, in the order of their names' bytes.
  ///
  /// - Parameter gathered: What was gathered of all accounts.
  /// - Complexity: O(*n* log *n*) in shapes, accounts and networks of applications.
  package func applications(_ gathered: ApplicationUses) -> [ApplicationFacts] {
    var found: [Int: ApplicationFacts] = [:]
    var codes: [ExactText: Int] = [:]
    for (code, name) in ledger.applications.enumerated().dropFirst(2) { codes[name] = code }
    // All accounts use the same few shapes, so texts are looked at once a shape.
    for (code, use) in history.shapeSums.enumerated() {
      guard let use, shapeTraits[code].signs.contains(.application) else { continue }
      let shape = ledger.shapes[code]
      let number = Int(numbers.applications[code])
      // Taken out while it is changed, or each change would copy its figures.
      var facts =
        found.removeValue(forKey: number)
        ?? ApplicationFacts(name: shape.applicationName, first: use.first, last: use.last)
      facts.first = min(facts.first, use.first)
      facts.last = max(facts.last, use.last)
      switch shape.door {
      case .human: facts.human.add(shape.outcome, use.count)
      case .api: facts.api.add(shape.outcome, use.count)
      case .unclassified: facts.unclassified.add(shape.outcome, use.count)
      }
      facts.byCountry[shape.country, default: 0] += use.count
      facts.bySubType[shape.subType, default: 0] += use.count
      facts.byAPIVersion[shape.apiVersion, default: 0] += use.count
      facts.byName[shape.application, default: 0] += use.count
      facts.isUserFacing = numbers.isUserFacing[code]
      found[number] = facts
    }
    // Names are sorted and not facts, which hold four tables each.
    let order = found.map { (number: $0.key, name: $0.value.name) }
      .sorted { $0.name.precedes($1.name) }
    return order.compactMap { number, _ in
      guard var facts = found.removeValue(forKey: number) else { return nil }
      let gathered = gathered.applications[number]
      facts.apiDays = codes[facts.name].map { ledger.days(ofApplication: $0) } ?? []
      facts.days = gathered.loggedDays.union(facts.apiDays).sorted()
      facts.accounts = gathered.accounts.sorted { $0.place < $1.place }.map {
        ApplicationFacts.Account(
          place: $0.place, first: $0.first, last: $0.last, attempts: $0.attempts,
          successes: $0.successes)
      }
      facts.networks = gathered.networks.map { key, network in
        ApplicationFacts.Network(
          name: key.text, first: network.first, last: network.last, attempts: network.attempts,
          accounts: network.accounts, visits: network.visits)
      }.sorted { ($0.first, $0.name) < ($1.first, $1.name) }
      return facts
    }
  }
}
