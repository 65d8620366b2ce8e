import Platform
import SalesforceExports

/// Who used each application of an org, and from where; gathered account by account.
///
/// Applications go by their number in ``ShapeNumbers``. What shapes alone tell of an application needs no
/// gathering: see ``Judgement/applications(_:)``. An application and network take at most 64 bytes, and 24
/// for each account beyond.
package struct ApplicationUses: Sendable {
  /// An account that used an application.
  struct Account: Sendable {
    /// Place in the order of keys.
    let place: Int
    var first: Instant
    var last: Instant
    var attempts = 0
    var successes = 0
  }

  /// Successful API logins of one account from a network.
  package struct Visit: Sendable {
    /// Place of the account in the order of keys.
    package let place: Int32
    /// UTC minutes since 1970 of the first and last one.
    package fileprivate(set) var firstMinute: Int32
    package fileprivate(set) var lastMinute: Int32
    /// UTC days of them: bit *d* modulo 64 for the day *d* since 1970.
    package fileprivate(set) var days: UInt64
  }

  /// What came through one application from one network.
  struct Network: Sendable {
    /// The earliest and the latest row of any kind.
    var first: Instant
    var last: Instant
    var attempts = 0
    var accounts = 0
    var visits: [Visit] = []

    fileprivate mutating func note(_ stay: Stay) {
      first = min(first, stay.first)
      last = max(last, stay.last)
      attempts += stay.attempts
      accounts += 1
      if let visit = stay.visit { visits.append(visit) }
    }
  }

  /// One application.
  struct Application: Sendable {
    var accounts: [Account] = []
    var networks: [Neighbourhood: Network] = [:]
    /// UTC days of successes that are logged one by one.
    var loggedDays: Set<Int64> = []
  }

  private(set) var applications: [Application]

  /// Holds nothing.
  package init(_ judgement: Judgement) {
    applications = Array(
      repeating: Application(), count: judgement.numbers.applicationCount)
  }

  /// What one account did from one network.
  fileprivate struct Stay {
    var first: Instant
    var last: Instant
    var attempts = 0
    var visit: Visit?

    mutating func note(_ first: Instant, _ last: Instant, count: Int) {
      self.first = min(self.first, first)
      self.last = max(self.last, last)
      attempts += count
    }
  }

  private struct Whereabouts: Hashable {
    let application: Int
    let network: Neighbourhood
  }

  /// Adds what an account did.
  ///
  /// - Parameters:
  ///   - facts: The account.
  ///   - place: Its place in the order of keys.
  /// - Complexity: O(*n*) in the shapes and addresses of the account, and in its logged rows where it
  ///   named an application.
  package mutating func note(_ facts: AccountFacts, place: Int, in judgement: Judgement) {
    guard facts.signs.contains(.application) else { return }
    noteShapes(facts, place, judgement)
    var stays = FewKeys<Whereabouts, Stay>()
    for use in facts.apiPlaces where use.application > 1 {
      guard let first = use.firstAPISuccess, let last = use.lastAPISuccess,
        let network = judgement.network(ofAddress: use.code)
      else { continue }
      let number = Int(judgement.numbers.applications[Int(first.shape)])
      let visit = Visit(
        place: Int32(clamping: place), firstMinute: Int32(clamping: first.row.time.minute),
        lastMinute: Int32(clamping: last.row.time.minute), days: use.days)
      stays.update(
        Whereabouts(application: number, network: network),
        from: Stay(first: use.first, last: use.last)
      ) { stay in
        stay.note(use.first, use.last, count: use.count)
        stay.visit = stay.visit?.united(with: visit) ?? visit
      }
    }
    for position in facts.logins.indices
    where facts.logins[position].traits.signs.contains(.application) {
      let number = Int(judgement.numbers.applications[Int(facts.logins[position].shape)])
      let time = facts.logins[position].row.time
      if facts.logins[position].traits.outcome == .succeeded {
        applications[number].loggedDays.insert(time.day)
      }
      guard let network = judgement.network(ofAddress: facts.logins[position].row.address) else {
        continue
      }
      stays.update(
        Whereabouts(application: number, network: network), from: Stay(first: time, last: time)
      ) { $0.note(time, time, count: 1) }
    }
    for (whereabouts, stay) in stays.entries {
      // In its place: a copy would copy the visits of all accounts before this one.
      applications[whereabouts.application].networks[
        whereabouts.network, default: Network(first: stay.first, last: stay.last)
      ].note(stay)
    }
  }

  private mutating func noteShapes(
    _ facts: AccountFacts, _ place: Int, _ judgement: Judgement
  ) {
    for position in facts.shapes.indices {
      // Copying an entry counts the references of its shape.
      let code = facts.shapes[position].code
      let traits = judgement.traits(ofShape: code)
      guard traits.signs.contains(.application) else { continue }
      let use = facts.shapes[position].use
      let number = Int(judgement.numbers.applications[Int(code)])
      let (first, last) = (use.first.time, use.last.time)
      var account = Account(place: place, first: first, last: last)
      if let known = applications[number].accounts.last, known.place == place {
        account = known
        applications[number].accounts.removeLast()
      }
      account.first = min(account.first, first)
      account.last = max(account.last, last)
      account.attempts += use.count
      if traits.outcome == .succeeded { account.successes += use.count }
      applications[number].accounts.append(account)
    }
  }

  /// Adds what another worker gathered of other accounts.
  package mutating func formUnion(_ other: ApplicationUses) {
    for number in other.applications.indices {
      let theirs = other.applications[number]
      applications[number].accounts += theirs.accounts
      applications[number].loggedDays.formUnion(theirs.loggedDays)
      applications[number].networks.merge(theirs.networks) { one, two in
        var sum = one
        sum.first = min(one.first, two.first)
        sum.last = max(one.last, two.last)
        sum.attempts += two.attempts
        sum.accounts += two.accounts
        sum.visits += two.visits
        return sum
      }
    }
  }
}

extension ApplicationUses.Visit {
  /// The visits of one account, which may be known by several keys or come from several addresses.
  fileprivate func united(with other: Self) -> Self {
    var sum = self
    sum.firstMinute = min(firstMinute, other.firstMinute)
    sum.lastMinute = max(lastMinute, other.lastMinute)
    sum.days |= other.days
    return sum
  }
}
