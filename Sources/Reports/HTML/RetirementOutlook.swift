import Findings
import SalesforceExports

/// Which retirements of Salesforce's concern which accounts.
struct RetirementOutlook {
  private static let soapLogin = "soap_login_retirement"

  /// A date, and the accounts whose API logins it concerns.
  private struct Concern {
    let entry: CalendarEntry
    let date: Instant
    var accounts: [(account: String, key: String, logins: Int)] = []
    var logins: Int { accounts.reduce(0) { $0 + $1.logins } }
  }

  private let dates: [String: Instant]
  private let soapLogins: [String: Int]
  private let evaluationTime: Instant
  private var concerns: [String: Concern] = [:]

  /// Makes an outlook.
  ///
  /// - Parameters:
  ///   - findings: All findings; those on SOAP login() say who uses it.
  ///   - dates: Dates in force, by name of the calendar entry.
  init(findings: [FindingRecord], dates: [String: Instant], evaluationTime: Instant) {
    self.dates = dates
    self.evaluationTime = evaluationTime
    var logins: [String: Int] = [:]
    for finding in findings where finding.ruleID == Catalogue.soapLogin.id {
      if let key = finding.account?.key {
        logins[key, default: 0] += finding.counts["attempted"] ?? finding.evidenceTotal
      }
    }
    soapLogins = logins
    for entry in CalendarEntry.all where entry.name.hasSuffix("_retirement") {
      let date = dates[entry.name] ?? entry.date
      if date != .never { concerns[entry.name] = Concern(entry: entry, date: date) }
    }
  }

  /// API logins of an account by the retirement that concerns them.
  private func logins(_ account: AccountRecord) -> [String: Int] {
    var result: [String: Int] = [:]
    for (version, count) in account.traffic.byAPIVersion {
      guard let number = Self.major(version), let name = CalendarEntry.retirement(ofVersion: number)
      else { continue }
      result[name, default: 0] += count
    }
    if let count = soapLogins[account.key] { result[Self.soapLogin] = count }
    return result
  }

  private static func major(_ version: String) -> Int? {
    Int(version.prefix { $0 != "." })
  }

  /// Accounts whose API logins use something that is retired or to retire.
  private(set) var accountCount = 0

  /// Adds an account.
  mutating func add(_ account: AccountRecord) {
    let logins = logins(account)
    if !logins.isEmpty { accountCount += 1 }
    for (name, count) in logins {
      concerns[name]?.accounts.append((account.shownName, account.key, count))
    }
  }

  /// The earliest retirement that concerns an account, in a few characters.
  func short(_ account: AccountRecord) -> Markup {
    let names = logins(account).keys.compactMap { concerns[$0] }
    guard let first = names.min(by: { ($0.date, $0.entry.name) < ($1.date, $1.entry.name) }) else {
      return Markup()
    }
    let isSOAP = first.entry.name == Self.soapLogin
    return "\(FigureText.date(first.date))\(isSOAP ? "<i>SOAP login()</i>" : "" as Markup)"
  }

  // MARK: Calendar

  private func distance(_ date: Instant) -> Markup {
    let days = Int(date.day - evaluationTime.day)
    if days < 0 { return "<b class=high>retired</b> \(FigureText.count(-days, "day")) ago" }
    return days <= 180
      ? "<b class=medium>in \(FigureText.count(days, "day"))</b>"
      : "in \(FigureText.count(days, "day"))"
  }

  /// The calendar: each date with the accounts it concerns, the first date first.
  func markup(_ index: ReportIndex) -> Markup {
    let sorted = concerns.values.sorted { ($0.date, $0.entry.name) < ($1.date, $1.entry.name) }
    let rows = sorted.map { concern -> Markup in
      """
      <tr><th scope=row class=nw>\(FigureText.date(concern.date))<td class=nw>\
      \(distance(concern.date))<td>\(concern.entry.summary)<br><small><a \
      href="\(concern.entry.source)" rel=noreferrer>Salesforce’s statement</a></small>\
      <td class=r>\(concern.accounts.count)<td class=r>\(concern.logins)<td>\
      \(accounts(concern, index))
      """
    }.joined()
    return """
      <div class="card scroll" tabindex=0 role=region aria-label="API retirement calendar"><table>\
      <thead><tr><th scope=col>Date<th scope=col>From this report<th scope=col>What retires\
      <th scope=col class=r>Accounts<th scope=col class=r>API logins<th scope=col>Which\
      <tbody>\(rows)</table></div>
      """
  }

  private func accounts(_ concern: Concern, _ index: ReportIndex) -> Markup {
    guard !concern.accounts.isEmpty else { return "<span class=soft>none</span>" }
    let most = concern.accounts.sorted {
      $0.logins != $1.logins
        ? $0.logins > $1.logins : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }
    var result = most.prefix(20).map { account -> Markup in
      let name: Markup =
        index.panels[account.key].map { "<a href=#a\(plain: $0)>\(account.account)</a>" }
        ?? "\(account.account)"
      return "<bdi>\(name)</bdi> <small>\(account.logins)</small>"
    }.joined(", ")
    if most.count > 20 {
      let date = FigureText.date(concern.date)
      result += """
         and \(most.count - 20) more: <a href=#accounts data-q="\(date)">search the table for \
        \(date)</a>
        """
    }
    return result
  }
}
