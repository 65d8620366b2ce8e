/// PST-API-001 to 013, but for the requests themselves.
extension Oracle {
  func trafficFindings(_ account: Account) -> [OracleFinding] {
    var found: [OracleFinding] = []
    let api = account.api
    found += rate(account)
    found += soap(account)
    found += versions(account)
    let flow = account.logins.filter { $0.subType == "OAuth Username-Password" }
    for (application, rows) in Dictionary(grouping: flow, by: \.applicationName) {
      found.append(
        finding("API-004", account, rows, "low", discriminator: [application]).counting(
          Self.outcomes(rows)))
    }
    found += burst(account)
    found += networks(account)
    found += applications(account)
    found += failing(account)
    found += consents(account)
    let old = account.logins.filter { ["TLS 1.0", "TLS 1.1"].contains($0.tls) && $0.succeeded }
    for (tls, rows) in Dictionary(grouping: old, by: \.tls) {
      found.append(
        finding("API-010", account, rows, "medium", discriminator: [tls]).counting([
          "succeeded": rows.count
        ]))
    }
    for indicator in Set(account.logins.flatMap(indicators)) {
      let rows = account.logins.filter { indicators($0).contains(indicator) }
      found.append(
        finding("API-011", account, rows, "high", discriminator: [indicator]).counting(
          Self.outcomes(rows)))
    }
    let open = api.filter { $0.isSubTypeUnknown && $0.subType == "" }
    if !open.isEmpty && (account.accountClass == "integration" || account.isPrivileged) {
      found.append(
        notice("API-013", account, open, status: "unknown").counting(["subtype_blank": open.count]))
    }
    return found
  }

  static func outcomes(_ rows: [Login]) -> [String: Int] {
    ["attempted": rows.count, "succeeded": rows.count(where: \.succeeded)]
  }

  /// The most rows in so many consecutive minutes.
  static func peak(_ rows: [Login], minutes: Int) -> Int {
    rows.map { start in
      rows.count { (0..<minutes).contains($0.minute - start.minute) }
    }.max() ?? 0
  }

  private func rate(_ account: Account) -> [OracleFinding] {
    // Rows in order of time: only those in front can lie in a row's window.
    let minutes = account.api.map(\.minute)
    var most = 0
    for (index, minute) in minutes.enumerated() {
      let end = minutes[index...].firstIndex { $0 >= minute + 60 } ?? minutes.count
      most = max(most, end - index)
    }
    let exceeded = account.logins.count { $0.status == "Login rate exceeded" }
    guard most >= 2_880 || exceeded > 0 else { return [] }
    var finding = finding(
      "API-001", account, account.api, most > 3_600 || exceeded > 0 ? "high" : "medium"
    ).counting(["busiest_60_minutes": most, "rate_exceeded": exceeded])
    (finding.first, finding.last, finding.total) = (nil, nil, nil)
    return [finding]
  }

  private func soap(_ account: Account) -> [OracleFinding] {
    let rows = account.api.filter { login in
      if login.subType.hasPrefix("SOAP API") { return true }
      // An event log without types tells it by the path of the login.
      guard ["Partner Product", "Other Apex API", ""].contains(login.type) else { return false }
      guard ["SOAP Partner", "SOAP Enterprise"].contains(login.apiType) else { return false }
      return Double(login.apiVersion).map { $0 < 65 } ?? true
    }
    let left = daysLeft("2027-06-01")
    let base = left <= 0 ? "high" : left <= 180 ? "medium" : "low"
    return Dictionary(grouping: rows) { [$0.applicationName, $0.apiVersion] }.map {
      finding("API-002", account, $1, base, discriminator: $0).counting(Self.outcomes($1))
    }
  }

  private func versions(_ account: Account) -> [OracleFinding] {
    let left = daysLeft("2028-06-01")
    return Dictionary(grouping: account.api, by: \.apiVersion).compactMap { version, rows in
      guard let number = Double(version), number >= 7, number < 41 else { return nil }
      if number < 31 {
        return finding("API-003", account, rows, "high", discriminator: [version]).counting(
          Self.outcomes(rows))
      }
      guard left <= 365 else { return nil }
      let base = left <= 0 ? "high" : left <= 180 ? "medium" : "low"
      return finding("API-003", account, rows, base, discriminator: [version]).counting(
        Self.outcomes(rows))
    }
  }

  private func daysLeft(_ date: String) -> Double {
    Double((Moment.milliseconds(date + "T00:00:00Z") ?? 0) - now) / 86_400_000
  }

  private func burst(_ account: Account) -> [OracleFinding] {
    let hours = Dictionary(grouping: account.api, by: \.hour).mapValues(\.count)
    let sizes = hours.values.sorted()
    guard !sizes.isEmpty else { return [] }
    let middle = sizes.count / 2
    let median =
      sizes.count % 2 == 1
      ? Double(sizes[middle]) : Double(sizes[middle - 1] + sizes[middle]) / 2
    guard sizes.contains(where: { $0 >= 200 && Double($0) >= 10 * median }) else { return [] }
    let peaks = hours.filter { $0.value >= 200 && Double($0.value) >= 10 * median }
    var finding = finding(
      "API-005", account, account.api.filter { peaks[$0.hour] != nil }, "low"
    ).counting(["busiest_hour": sizes.last ?? 0, "bursts": peaks.count])
    (finding.first, finding.last, finding.total) = (nil, nil, nil)
    return [finding]
  }

  static let fourteenDays = 14 * 1_440

  /// Whatever an account's rows show first, succeeded or not, is what it was first seen with.
  func firsts(
    _ account: Account, _ value: (Login) -> String?
  ) -> [String: Int] {
    var firsts: [String: Int] = [:]
    for login in account.all {
      guard let value = value(login), value != "" else { continue }
      firsts[value] = min(firsts[value] ?? .max, login.minute)
    }
    return firsts
  }

  private func networks(_ account: Account) -> [OracleFinding] {
    guard let start = account.all.map(\.minute).min() else { return [] }
    let rows = account.api.filter { $0.succeeded && Address.network($0.address) != nil }
    func network(_ login: Login) -> String { Address.network(login.address) ?? "" }
    let networks = firsts(account) { Address.network($0.address) }
    let countries = firsts(account) { $0.country }
    let (placed, situated) = (known(start, "SourceIp"), known(start, "CountryIso"))
    let foreign = Set(
      rows.filter { (countries[$0.country] ?? 0) - situated >= Self.fourteenDays }.map(network))
    return Dictionary(grouping: rows, by: network).compactMap { name, rows in
      guard (networks[name] ?? 0) - placed >= Self.fourteenDays || foreign.contains(name) else {
        return nil
      }
      var finding = finding("API-006", account, rows, "medium", discriminator: [name]).counting([
        "api_succeeded": rows.count
      ])
      (finding.first, finding.last, finding.total) = (nil, nil, nil)
      return finding
    }
  }

  private func applications(_ account: Account) -> [OracleFinding] {
    guard let start = account.all.map(\.minute).min() else { return [] }
    // What stands for the user interface, or for none, is no application.
    let named = account.logins.filter { !["", "Browser", "N/A"].contains($0.application) }
    let firsts = firsts(account) { $0.applicationName }
    return Dictionary(grouping: named, by: \.applicationName).compactMap { application, rows in
      guard (firsts[application] ?? 0) - known(start, "Application") >= Self.fourteenDays else {
        return nil
      }
      return finding("API-007", account, rows, "medium", discriminator: [application]).counting(
        Self.outcomes(rows))
    }
  }

  private func failing(_ account: Account) -> [OracleFinding] {
    let hours = Dictionary(grouping: account.api, by: \.hour)
    let bad = hours.values.filter { rows in
      let failures = rows.count { $0.outcome == .failed && $0.isStatusKnown }
      return failures >= 50 && failures * 2 >= rows.count
    }.map { $0.filter { $0.outcome == .failed && $0.isStatusKnown } }
    let failing = bad.flatMap { $0 }
    let lockouts = account.api.filter { $0.status == "Password lockout" }
    guard !failing.isEmpty || !lockouts.isEmpty else { return [] }
    var finding = finding("API-008", account, failing + lockouts, "medium").counting([
      "failing_hours": bad.count, "failed_in_worst_hour": bad.map(\.count).max() ?? 0,
      "lockouts": lockouts.count,
      "failed": account.api.count { $0.outcome == .failed && $0.isStatusKnown },
    ])
    (finding.first, finding.last, finding.total) = (nil, nil, nil)
    return [finding]
  }

  private func consents(_ account: Account) -> [OracleFinding] {
    guard let start = wholeLogins.map(\.minute).min() else { return [] }
    // A device flow leaves no sub-type: on a person's account it may be a consent as well.
    let mine = account.logins.filter {
      ($0.isInteractive
        || account.accountClass == "human" && $0.isSubTypeUnknown
          && $0.minute >= known($0.minute, "LoginSubType"))
        && $0.succeeded && !["", "Browser", "N/A"].contains($0.application)
    }
    return Dictionary(grouping: mine, by: \.applicationName).compactMap { application, rows in
      // A try that failed did not let the application in.
      let first =
        wholeLogins.filter { $0.applicationName == application && $0.succeeded }.map(\.minute)
        .min() ?? 0
      guard first - known(start, "Application") >= Self.fourteenDays else { return nil }
      let follows = rows.filter { consent in
        consent.minute == first
          && wholeLogins.contains { other in
            other.door == .api && other.applicationName == application && other.succeeded
              && other.number != consent.number
              && (0..<1_440).contains(other.minute - consent.minute)
          }
      }
      guard !follows.isEmpty else { return nil }
      var finding = finding("API-009", account, follows, "high", discriminator: [application])
      (finding.first, finding.last, finding.total) = (nil, nil, nil)
      // Whether what may be a consent counts among them the page does not say.
      guard rows.allSatisfy(\.isInteractive) else { return finding }
      finding = finding.counting([
        "consents": rows.count,
        "api_logins_of_account": account.api.count {
          $0.applicationName == application && $0.succeeded
        },
      ])
      return finding
    }
  }
}
