import Accounts
import Platform
import SalesforceExports

/// Networks and countries that an account's rows of any kind first show when it has some history.
struct NewPlaces {
  /// Where the account's history begins that tells of networks.
  let start: Instant
  /// UTC minutes since which a first network, and a first country, is new.
  private let networkBorder: Int64
  private let countryBorder: Int64
  private let networks: FewKeys<Neighbourhood, Instant>
  private let knownCountries: FewKeys<UInt32, Void>
  private let judgement: Judgement
  /// Days of history after which a first network is new.
  private let days: Double

  /// Looks at where an account came from.
  ///
  /// - Returns: `nil` for an account whose history is too short for anything to be new.
  /// - Complexity: O(*n*) in its addresses and shapes.
  init?(_ facts: borrowing AccountFacts, _ context: borrowing RuleContext) {
    guard let first = facts.firstSeen, let end = facts.lastLogin else { return nil }
    days = context.value(of: NewNetwork.days)
    let span = Int64(days * 1_440)
    start = context.history(from: first, telling: ["SourceIp"])
    networkBorder = start.minute + span
    countryBorder = context.history(from: first, telling: ["CountryIso"]).minute + span
    guard end.minute >= min(networkBorder, countryBorder) else { return nil }
    var networks = FewKeys<Neighbourhood, Instant>()
    for position in facts.addresses.indices {
      guard let network = facts.addresses[position].network else { continue }
      let first = facts.addresses[position].use.first
      networks.update(network, from: first) { $0 = min($0, first) }
    }
    if let past = facts.past {
      for (network, time) in networks.entries {
        guard let earlier = past.networks[network.text] else { continue }
        networks.update(network, from: time) { $0 = min(time, earlier) }
      }
    }
    let countries = context.judgement.numbers.countries
    var known = FewKeys<UInt32, Void>()
    known.insert(0)
    for position in facts.shapes.indices {
      // Copying an entry counts the references of its shape.
      var first = facts.shapes[position].use.first.time
      if let past = facts.past {
        first = min(first, past.countries[facts.shapes[position].shape.country] ?? first)
      }
      if first.minute < countryBorder {
        known.insert(countries[Int(facts.shapes[position].code)])
      }
    }
    self.networks = networks
    knownCountries = known
    judgement = context.judgement
  }

  /// Whether a network that was first seen at a time is new to the account.
  func isNewNetwork(_ first: Instant) -> Bool { first.minute >= networkBorder }

  /// Whether the account may have a new country: the one that came last is.
  func mayHaveNewCountry(_ facts: AccountFacts) -> Bool {
    facts.latestNewCountry.map { $0.minute >= countryBorder } ?? false
  }

  /// When the account's rows first show a network; `nil` where they do not.
  func firstSeen(_ network: Neighbourhood) -> Instant? { networks[network] }

  /// The network of an address when it is new to the account; `nil` also for text that is no address.
  func newNetwork(ofAddress code: UInt32) -> Neighbourhood? {
    guard let network = judgement.network(ofAddress: code),
      let first = networks[network], isNewNetwork(first)
    else { return nil }
    return network
  }

  /// Whether the country of logins of a shape is new to the account; a row without one says nothing.
  func hasNewCountry(_ shape: UInt32) -> Bool {
    !knownCountries.contains(judgement.numbers.countries[Int(shape)])
  }

  /// When the account first came from a network, as a condition.
  func condition(ofNetwork network: Neighbourhood) -> Condition {
    let first = networks[network] ?? start
    let passed = (first.minute - start.minute) / 1_440
    return Condition(
      "first row from \(network.text)",
      "\(first.text), after \(passed.counted("day")) of history",
      threshold: "after \(Int(days).counted("day")) or more",
      source: "SourceIp of the login rows", wouldChange: "an earlier row from the network")
  }
}
