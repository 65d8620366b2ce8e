import Accounts
import SalesforceExports

/// Networks and countries that an account's rows of any kind first show when it has some history.
struct NewPlaces {
  /// When the account was first seen.
  let start: Instant
  /// Since when a first network or country is new.
  private let border: Int64
  private let networks: [String: Instant]
  private let knownCountries: Set<UInt32>
  private let context: RuleContext

  /// Looks at where an account came from.
  ///
  /// - Returns: `nil` for an account whose history is too short for anything to be new.
  /// - Complexity: O(*n*) in its addresses and shapes.
  init?(_ facts: AccountFacts, _ context: RuleContext) {
    guard let start = facts.firstSeen, let end = facts.lastLogin else { return nil }
    let border = start.minute + Int64(context.value(of: NewNetwork.days) * 1_440)
    guard end.minute >= border else { return nil }
    var networks: [String: Instant] = [:]
    for address in facts.addresses {
      guard let name = NetworkAddress(address.use.value)?.neighbourhood else { continue }
      networks[name] = min(networks[name] ?? address.use.first, address.use.first)
    }
    for (name, time) in networks {
      if let earlier = facts.past?.networks[name] { networks[name] = min(time, earlier) }
    }
    let countries = context.judgement.numbers.countries
    var known: Set<UInt32> = [0]
    for entry in facts.shapes {
      let first = facts.past?.countries[entry.shape.country] ?? entry.use.first.time
      if min(first, entry.use.first.time).minute < border {
        known.insert(countries[Int(entry.code)])
      }
    }
    self.start = start
    self.border = border
    self.networks = networks
    knownCountries = known
    self.context = context
  }

  /// Whether what was first seen at a time is new to the account.
  func isNew(_ time: Instant) -> Bool { time.minute >= border }

  /// The network of an address when it is new to the account; `nil` also for text that is no address.
  func newNetwork(ofAddress code: UInt32) -> String? {
    guard let name = NetworkAddress(context.address(code))?.neighbourhood,
      let first = networks[name], isNew(first)
    else { return nil }
    return name
  }

  /// Whether the country of a login is new to the account; a row without one says nothing.
  func hasNewCountry(_ login: JudgedLogin) -> Bool {
    !knownCountries.contains(context.judgement.numbers.countries[Int(login.shape)])
  }

  /// When the account first came from a network, as a condition.
  func condition(ofNetwork name: String) -> Condition {
    let first = networks[name] ?? start
    let days = (first.minute - start.minute) / 1_440
    return Condition(
      "first row from \(name)", "\(first.text), after \(days) days of history",
      threshold: "after \(Int(context.value(of: NewNetwork.days))) days or more",
      source: "SourceIp of the login rows", wouldChange: "an earlier row from the network")
  }
}
