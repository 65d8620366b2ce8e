import Accounts
import Platform
import SalesforceExports

struct CountriesAtOnce: Rule {
  private static let minutes = RuleThreshold(
    "countries_minutes", 30, "consecutive minutes in which human logins come from two countries")

  static let description = RuleDescription(
    id: "PST-ACC-004", title: "human logins from two countries at once",
    severity: .medium, onePer: "account", isEvent: true, needsColumns: ["CountryIso"],
    condition:
      "successful human logins from at least 2 countries within 30 consecutive UTC minutes; rows "
      + "without a country, or with a word for none, are left out",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the logins in such minutes, each with its country",
    remediation:
      "Ask the person. A VPN or a mobile network explains many such pairs (name your own exits in "
      + "trusted_networks). Otherwise freeze the account (Setup > Users > the user > Freeze), end its "
      + "sessions and reset the password.",
    references: [Reference.loginHistory], attack: ["T1078.004"], thresholds: [minutes])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.human.succeeded > 1, facts.humanCountryCount > 1 else { return [] }
    let countries = context.judgement.numbers.countries
    let width = Int64(context.value(of: Self.minutes))
    let logins = facts.logins.filter { $0.verdict != nil && countries[Int($0.shape)] != 0 }
    // A login is cited when the nearest one before or after it from another country is near enough.
    var isCited = [Bool](repeating: false, count: logins.count)
    var lastOther = -1
    for index in logins.indices.dropFirst() {
      let country = countries[Int(logins[index].shape)]
      if countries[Int(logins[index - 1].shape)] != country { lastOther = index - 1 }
      guard lastOther >= 0,
        logins[index].row.time.minute - logins[lastOther].row.time.minute < width
      else { continue }
      isCited[index] = true
      // The other ones of that country are cited as long as they lie within the window.
      var other = lastOther
      while other >= 0, !isCited[other], countries[Int(logins[other].shape)] != country,
        logins[index].row.time.minute - logins[other].row.time.minute < width
      {
        isCited[other] = true
        other -= 1
      }
    }
    let cited = logins.indices.filter { isCited[$0] }.map { logins[$0] }
    guard !cited.isEmpty else { return [] }
    let texts = context.judgement.numbers.countryTexts
    let names = Set(cited.map { countries[Int($0.shape)] }).map { texts[Int($0)] }
      .sortedByBytes()
    var draft = FindingDraft()
    draft.counts = ["logins": cited.count, "countries": names.count]
    draft.conditions = [
      Condition(
        "countries within \(width.counted("minute"))", names.joined(separator: ", "),
        threshold: "2 or more", source: "CountryIso of the login rows",
        wouldChange: "logins from one country")
    ]
    draft.cite(cited) { login in "from " + texts[Int(countries[Int(login.shape)])] }
    return [draft]
  }
}
