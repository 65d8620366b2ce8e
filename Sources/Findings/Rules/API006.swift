import Accounts
import SalesforceExports

/// PST-API-006.
struct NewNetwork: Rule {
  private static let days = RuleThreshold(
    "new_network_history_days", 14,
    "days of an account's history after which a first network or country is new")

  let description = RuleDescription(
    id: "PST-API-006", title: "API logins from a network or country new to the account",
    severity: .medium, onePer: "account, network",
    condition:
      "an API login succeeded from a network (IPv4 /24, IPv6 /48) that the account had no row from in "
      + "at least 14 days of history, or from a country that it had none from; for a new country the "
      + "network of its first API login",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "first and last successful API login of each address of the network",
    remediation:
      "Ask the integration's owner whether its address changed. If not, revoke the sessions and "
      + "tokens of the account (Setup > Session Management; Setup > Connected Apps OAuth Usage > "
      + "Revoke), change the credential, and restrict the profile to the integration's addresses "
      + "(Setup > Profiles > Login IP Ranges).",
    references: [Reference.loginHistory, Reference.vishing], attack: ["T1078.004", "T1550.001"],
    thresholds: [days])

  /// What is known of one network of an account.
  private struct Network {
    var first: Instant
    var last: Instant
    var attempts = 0
    var apiSuccesses = 0
    var rows: [AccountLedger.ShapedRow] = []
    var newCountries: Set<String> = []
    var isNew = false
  }

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.api.succeeded > 0, let start = facts.firstLogin, let end = facts.lastLogin else {
      return []
    }
    let border = start.minute + Int64(context.value(of: Self.days) * 1_440)
    guard end.minute >= border else { return [] }
    let countries = newCountries(facts, since: border)
    guard !countries.isEmpty || facts.addresses.contains(where: { $0.use.first.minute >= border })
    else { return [] }
    var networks: [String: Network] = [:]
    for address in facts.addresses {
      let name = NetworkAddress.neighbourhood(of: address.use.value)
      var network = networks[name] ?? Network(first: address.use.first, last: address.use.last)
      network.first = min(network.first, address.use.first)
      network.last = max(network.last, address.use.last)
      network.attempts += address.use.count
      network.apiSuccesses += address.apiSuccesses
      network.rows += [address.firstAPISuccess, address.lastAPISuccess].compactMap { $0 }
      networks[name] = network
    }
    for (name, network) in networks { networks[name]?.isNew = network.first.minute >= border }
    for (country, row) in countries {
      let name = NetworkAddress.neighbourhood(of: context.address(row.row.address))
      networks[name]?.newCountries.insert(country)
      networks[name]?.rows.append(row)
    }
    return networks.filter { $0.value.apiSuccesses > 0 }
      .filter { $0.value.isNew || !$0.value.newCountries.isEmpty }
      .sorted { $0.key < $1.key }.map { draft($0.key, $0.value, start, context) }
  }

  /// Countries that the account was first seen from after the border, with the earliest successful
  /// API login from each.
  private func newCountries(
    _ facts: AccountFacts, since border: Int64
  ) -> [String: AccountLedger.ShapedRow] {
    guard facts.signs.contains(.country) else { return [:] }
    var first: [String: Instant] = [:]
    for entry in facts.shapes where entry.use.count > 0 && !entry.shape.country.isEmpty {
      let time = entry.use.first.time
      first[entry.shape.country] = first[entry.shape.country].map { min($0, time) } ?? time
    }
    var result: [String: AccountLedger.ShapedRow] = [:]
    // Shapes come in their own order, so of two rows at one instant the same one is taken always.
    for entry in facts.shapes
    where entry.use.count > 0 && entry.shape.door == .api && entry.shape.outcome == .succeeded {
      guard let time = first[entry.shape.country], time.minute >= border,
        entry.use.first.address != 0
      else { continue }
      let row = AccountLedger.ShapedRow(row: entry.use.first, shape: entry.code)
      if let known = result[entry.shape.country], known.row.time <= row.row.time { continue }
      result[entry.shape.country] = row
    }
    return result
  }

  private func draft(
    _ name: String, _ network: Network, _ start: Instant, _ context: RuleContext
  ) -> FindingDraft {
    var draft = FindingDraft()
    draft.discriminator = name
    draft.firstSeen = network.isNew ? network.first : network.rows.map(\.row.time).min()
    draft.lastSeen = network.last
    draft.counts = ["attempts": network.attempts, "api_succeeded": network.apiSuccesses]
    let days = (network.first.minute - start.minute) / 1_440
    draft.conditions = [
      Condition(
        "first row from \(name)", "\(network.first.text), after \(days) days of history",
        threshold: "after \(Int(context.value(of: Self.days))) days or more", isMet: network.isNew,
        source: "SourceIp of the login rows", wouldChange: "an earlier row from the network"),
      Condition(
        "new countries",
        network.newCountries.isEmpty
          ? "none" : network.newCountries.sorted().joined(separator: ", "),
        threshold: "1 or more", isMet: !network.newCountries.isEmpty,
        source: "CountryIso of the login rows", wouldChange: "an earlier row from the country"),
      Condition(
        "successful API logins from the network", String(network.apiSuccesses),
        threshold: "1 or more", source: "login rows"),
    ]
    draft.evidence = network.rows.withoutRepeats.map {
      context.evidence($0, "API login from a new place")
    }
    draft.evidenceTotal = network.apiSuccesses
    return draft
  }
}
