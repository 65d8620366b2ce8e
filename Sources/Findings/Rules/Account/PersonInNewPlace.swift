import Accounts
import Platform
import SalesforceExports

struct PersonInNewPlace: Rule {
  static let description = RuleDescription(
    id: "PST-ACC-007",
    title: "privileged or break-glass account entered from a network and a country new to it",
    severity: .medium, onePer: "account, network", isEvent: true,
    needsColumns: ["SourceIp", "CountryIso"], needs: [.permissions],
    condition:
      "a human login succeeded to a privileged or break-glass account from a network (IPv4 /24, "
      + "IPv6 /48) and from a country that the account's rows of any kind first show after at least "
      + "14 days of its history; rows without a country are left out",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the logins from the network, each with its country",
    remediation:
      "Ask the person by a way that the caller cannot know, not by the address of the account. If "
      + "it was not them, freeze the account (Setup > Users > the user > Freeze), end its sessions "
      + "(Setup > Session Management), disconnect methods registered since, and reset the password "
      + "here and at the identity provider. Restrict where administrators may log in from (Setup > "
      + "Profiles > Login IP Ranges).",
    references: [Reference.loginHistory, Reference.vishing], attack: ["T1078.004"],
    thresholds: [NewNetwork.days])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.human.succeeded > 0, mayBePrivileged(facts, context),
      facts.latestNewCountry != nil, let places = NewPlaces(facts, context),
      places.mayHaveNewCountry(facts)
    else { return [] }
    var byNetwork: [Neighbourhood: [JudgedLogin]] = [:]
    for login in facts.logins where login.verdict != nil && places.hasNewCountry(login.shape) {
      guard let network = places.newNetwork(ofAddress: login.row.address) else { continue }
      byNetwork[network, default: []].append(login)
    }
    return byNetwork.sorted { $0.key.text < $1.key.text }.compactMap { network, logins in
      let isBreakGlass = facts.accountClass == .breakGlass
      guard isBreakGlass || context.wasPrivileged(facts, at: logins) else { return nil }
      return draft(network, logins, places, isBreakGlass: isBreakGlass, context)
    }
  }

  /// Whether the account is one of those that the rule is about, at any time.
  private func mayBePrivileged(_ facts: AccountFacts, _ context: RuleContext) -> Bool {
    facts.accountClass == .breakGlass || facts.isPrivileged
      || !facts.hasConstantPermissions
  }

  private func draft(
    _ network: Neighbourhood, _ logins: [JudgedLogin], _ places: NewPlaces, isBreakGlass: Bool,
    _ context: RuleContext
  ) -> FindingDraft {
    let numbers = context.judgement.numbers
    @Sendable func country(_ login: JudgedLogin) -> String {
      numbers.countryTexts[Int(numbers.countries[Int(login.shape)])]
    }
    var draft = FindingDraft()
    draft.discriminator = "network=\(network.text)"
    draft.counts = ["logins": logins.count]
    draft.conditions = [
      places.condition(ofNetwork: network),
      Condition(
        "new countries", logins.map(country).distinctByBytes().joined(separator: ", "),
        threshold: "1 or more", source: "CountryIso of the login rows",
        wouldChange: "an earlier row from the country"),
      Condition(
        isBreakGlass ? "break-glass account" : "privileged account at the time of the logins",
        "yes",
        source: isBreakGlass ? "break_glass_accounts" : "permission snapshots"),
    ]
    if !isBreakGlass { context.limitByPermissions(&draft) }
    draft.cite(logins) { "from a new network and country: \(country($0))" }
    return draft
  }
}
