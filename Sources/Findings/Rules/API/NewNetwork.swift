import Accounts
import Platform
import SalesforceExports

struct NewNetwork: Rule {
  static let days = RuleThreshold(
    "new_network_history_days", 14,
    "days of an account's history after which a first network or country is new")

  static let description = RuleDescription(
    id: "PST-API-006", title: "API logins from a network or country new to the account",
    severity: .medium, onePer: "account, network", needsColumns: ["SourceIp"],
    condition:
      "an API login succeeded from a network (IPv4 /24, IPv6 /48), or from a country, that the "
      + "account's rows of any kind first show after at least 14 days of its history",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "first and last successful API login of each address of the network",
    remediation:
      "Ask the integration's owner whether its address changed. If not, revoke the sessions and "
      + "tokens of the account (Setup > Session Management; " + SetupPath.revokingTokens
      + "), change the credential, and restrict the profile to the integration's addresses (Setup > "
      + "Profiles > Login IP Ranges).",
    references: [Reference.loginHistory, Reference.vishing], attack: ["T1078.004", "T1550.001"],
    thresholds: [days])

  /// What is known of successful API logins from one network.
  private struct Network {
    var first: Instant
    var last: Instant
    var successes = 0
    var addresses: Set<UInt32> = []
    var rows: [AccountLedger.ShapedRow] = []
    var newCountries: Set<ExactText> = []
  }

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.api.succeeded > 0, let places = NewPlaces(facts, context) else { return [] }
    let foreign = rowsOfNewCountries(facts, places)
    // Without new countries only networks count that are new.
    func isOfInterest(_ position: Int) -> Bool {
      guard facts.addresses[position].apiSuccesses > 0,
        let key = facts.addresses[position].network
      else { return false }
      return !foreign.isEmpty || places.firstSeen(key).map(places.isNewNetwork) ?? true
    }
    guard facts.addresses.indices.contains(where: isOfInterest) else { return [] }
    let countries = Set(foreign.map { ExactText(context.shape($0.shape).country) })
    var networks: [Neighbourhood: Network] = [:]
    for position in facts.addresses.indices where isOfInterest(position) {
      let address = facts.addresses[position]
      guard let first = address.firstAPISuccess, let last = address.lastAPISuccess,
        let key = address.network
      else { continue }
      var network = networks[key] ?? Network(first: first.row.time, last: last.row.time)
      network.first = min(network.first, first.row.time)
      network.last = max(network.last, last.row.time)
      network.successes += address.apiSuccesses
      network.rows += [first, last]
      network.addresses.insert(address.code)
      networks[key] = network
    }
    for row in foreign {
      guard let key = context.judgement.network(ofAddress: row.row.address) else { continue }
      networks[key]?.rows.append(row)
    }
    var found: [(name: String, key: Neighbourhood, isNew: Bool)] = []
    for key in networks.keys {
      if !countries.isEmpty, let rows = networks[key]?.rows {
        networks[key]?.newCountries = Set(rows.map { ExactText(context.shape($0.shape).country) })
          .intersection(countries)
      }
      guard let network = networks[key] else { continue }
      let isNew = places.isNewNetwork(places.firstSeen(key) ?? network.first)
      if isNew || !network.newCountries.isEmpty { found.append((key.text, key, isNew)) }
    }
    // Names are sorted and not drafts, which are large: an account may have hundreds.
    found.sort { $0.name < $1.name }
    let shapes = context.collectsRows ? facts.apiSuccessShapes : []
    return found.compactMap { name, key, isNew in
      networks[key].map { draft(name, $0, places.start, isNew: isNew, shapes: shapes, context) }
    }
  }

  /// First and last rows of each kind of successful API login from countries that are new to the account.
  private func rowsOfNewCountries(
    _ facts: AccountFacts, _ places: NewPlaces
  ) -> [AccountLedger.ShapedRow] {
    guard places.mayHaveNewCountry(facts) else { return [] }
    return facts.shapes.filter { entry in
      places.hasNewCountry(entry.code) && entry.shape.door == .api
        && entry.shape.outcome == .succeeded
    }.flatMap { entry in
      [entry.use.first, entry.use.last].map {
        AccountLedger.ShapedRow(row: $0, shape: entry.code)
      }
    }
  }

  private func draft(
    _ name: String, _ network: Network, _ start: Instant, isNew: Bool, shapes: Set<UInt32>,
    _ context: RuleContext
  ) -> FindingDraft {
    var draft = FindingDraft()
    draft.discriminator = "network=\(name)"
    draft.firstSeen = network.first
    draft.lastSeen = network.last
    draft.evidenceTotal = network.successes
    let rows = network.rows.withoutRepeats
    if context.collectsRows {
      draft.evidence = rows.map { context.evidence($0, "API login from a new place") }
      // Each address of the network has a row here.
      draft.origins = (Set(draft.evidence.map(\.address)), [])
      draft.extents = [RowExtent(shapes: shapes, addresses: network.addresses)]
    } else {
      draft.omittedRowCount = rows.count
    }
    guard context.describes else { return draft }
    draft.counts = ["api_succeeded": network.successes]
    let days = (network.first.minute - start.minute) / 1_440
    draft.conditions = [
      Condition(
        "first successful API login from \(name)",
        "\(network.first.text), after \(days.counted("day")) of history",
        threshold: "after \(Int(context.value(of: Self.days)).counted("day")) or more",
        isMet: isNew,
        source: "SourceIp of the login rows", wouldChange: "an earlier login from the network"),
      Condition(
        "new countries",
        network.newCountries.isEmpty
          ? "none" : network.newCountries.sorted().map(\.string).joined(separator: ", "),
        threshold: "1 or more", isMet: !network.newCountries.isEmpty,
        source: "CountryIso of the login rows", wouldChange: "an earlier login from the country"),
    ]
    return draft
  }
}
