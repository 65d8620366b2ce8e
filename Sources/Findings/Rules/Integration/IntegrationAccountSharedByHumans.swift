import Accounts
import Platform
import SalesforceExports

struct IntegrationAccountSharedByHumans: Rule {
  private static let places = RuleThreshold(
    "shared_account_places", 3,
    "distinct networks with browser and platform from which humans share an account")
  private static let days = RuleThreshold(
    "shared_account_days", 30, "days within which they are counted")

  static let description = RuleDescription(
    id: "PST-INT-010", title: "integration account used by humans from several places",
    severity: .medium, onePer: "account", isEvent: true,
    condition:
      "successful human logins of an integration account within 30 days come from at least 3 distinct "
      + "combinations of network (IPv4 /24, IPv6 /48), browser family (without its version) and "
      + "platform; logins without an address are left out",
    severitySteps: [
      "+1 privileged account", "+1 used from an indicator",
      "−1 every source inside trusted_networks",
    ],
    evidence: "the human logins, each with its combination",
    remediation:
      "Several people, or one person in several places, share this account. Give each person a user "
      + "of their own with the permissions they need, change the account's password and security "
      + "token, and set Api Only User on its profile.",
    references: [Reference.guidance, Reference.multiFactorFAQ], attack: ["T1078.004"],
    thresholds: [places, days])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    let limit = Int(context.value(of: Self.places))
    guard facts.accountClass == .integration, facts.human.succeeded >= limit else { return [] }
    // What is no address says nothing of a place.
    let logins = facts.humanSuccesses.filter {
      context.judgement.network(ofAddress: $0.row.address) != nil
    }
    guard logins.count >= limit else { return [] }
    let places = PlacesByCode(context)
    // A place is looked up once for each address with each shape.
    var numbers: [[String]: Int] = [:]
    var known: [UInt64: Int] = [:]
    let codes = logins.map { login in
      let pair = UInt64(login.row.address) << 32 | UInt64(login.shape)
      if let number = known[pair] { return number }
      let place = places.place(of: login)
      let number = numbers[place] ?? numbers.count
      numbers[place] = number
      known[pair] = number
      return number
    }
    guard numbers.count >= limit else { return [] }
    // Logins ascend in time; the window slides over whole UTC minutes.
    let window = Int64(context.value(of: Self.days) * 1_440)
    var counts = [Int](repeating: 0, count: numbers.count)
    var distinct = 0
    var most = 0
    var tail = 0
    for (index, code) in codes.enumerated() {
      if counts[code] == 0 { distinct += 1 }
      counts[code] += 1
      while logins[tail].row.time.minute <= logins[index].row.time.minute - window {
        counts[codes[tail]] -= 1
        if counts[codes[tail]] == 0 { distinct -= 1 }
        tail += 1
      }
      most = max(most, distinct)
    }
    guard most >= limit else { return [] }
    var draft = FindingDraft()
    draft.counts = ["places_within_window": most, "places": numbers.count, "logins": logins.count]
    draft.conditions = [
      Condition(
        "distinct (network, browser family, platform) within \((window / 1_440).counted("day"))",
        String(most),
        threshold: "\(limit) or more", source: "SourceIp, Browser and Platform of human logins",
        wouldChange: "human use from fewer places"),
      HumanLogins.classCondition(facts),
    ]
    if context.wasPrivileged(facts, at: logins) { draft.steps.append((1, "privileged account")) }
    draft.cite(logins) { login in
      places.place(of: login).map { $0.isEmpty ? "?" : $0 }.joined(separator: ", ")
    }
    return [draft]
  }

  /// Network, browser family and platform of logins.
  private struct PlacesByCode: Sendable {
    let context: RuleContext

    init(_ context: RuleContext) { self.context = context }

    func place(of login: JudgedLogin) -> [String] {
      let shape = context.shape(login.shape)
      let address = login.row.address
      return [
        context.judgement.network(ofAddress: address)?.text ?? context.address(address),
        Self.family(shape.browser), shape.platform,
      ]
    }

    /// A browser's name up to its version: `Chrome 126` and `Chrome 127` are one family.
    private static func family(_ browser: String) -> String {
      var family = browser.prefix { !$0.isNumber }
      while family.last == " " { family.removeLast() }
      return String(family)
    }
  }
}
