/// PST-API-014 to 016, INT-013 and 014, ACC-006 to 008: how the campaigns of 2025 and 2026 came in.
///
/// What the rules' page leaves open is said where it is taken; the counts of these findings are not
/// named there, and are not compared.
extension Oracle {
  private static let fourteenDays = 14 * 1_440
  private static let day = 1_440

  func campaignFindings(_ account: Account) -> [OracleFinding] {
    mixedDoors(account) + strangePlaces(account) + registrationsAfterStrangeLogin(account)
      + foreignPages(account) + looseClients(account) + staleTokens(account)
  }

  var campaignFindings: [OracleFinding] { supplyChains + wokenApplications }

  private func open(_ finding: OracleFinding) -> OracleFinding {
    var finding = finding
    (finding.first, finding.last, finding.total) = (nil, nil, nil)
    return finding
  }

  // MARK: Applications of the org

  /// Rows of each application; what stands for the user interface, or for none, is no application.
  private func byApplication(_ rows: [Login]) -> [String: [Login]] {
    Dictionary(
      grouping: rows.filter { !["", "Browser", "N/A"].contains($0.application) },
      by: \.applicationName)
  }

  private func organizationFinding(
    _ rule: String, _ base: String, _ rows: [Login], _ discriminator: [String]
  ) -> OracleFinding {
    var severity = OracleSeverity(base)
    if rows.contains(where: { !indicators($0).isEmpty }) { severity.step(1) }
    if !rows.isEmpty, rows.allSatisfy({ isTrusted($0.address) }) {
      severity.step(-1, notBelow: "low")
    }
    // Steps need all rows at hand, and a finding about the org may not hold them all.
    return OracleFinding(
      rule: rule, account: "", discriminator: discriminator, severity: severity.name,
      otherSeverity: base)
  }

  /// API-014: a network is new to an application if no row of it, succeeded or not, came from there in
  /// its first fourteen days.
  private var supplyChains: [OracleFinding] {
    let inside = byApplication(logins.filter { $0.door == .api && $0.succeeded })
    return byApplication(wholeLogins).flatMap { application, rows -> [OracleFinding] in
      let start = rows.map(\.minute).min() ?? 0
      var firsts: [String: Int] = [:]
      for row in rows {
        guard let network = Address.network(row.address) else { continue }
        firsts[network] = min(firsts[network] ?? .max, row.minute)
      }
      return firsts.compactMap { network, first -> OracleFinding? in
        guard first - start >= Self.fourteenDays else { return nil }
        let mine = (inside[application] ?? []).filter { Address.network($0.address) == network }
        let meets = mine.contains { row in
          Set(mine.filter { (0..<Self.day).contains($0.minute - row.minute) }.map(\.account)).count
            >= 3
        }
        return meets
          ? organizationFinding("API-014", "high", mine, [application, network]) : nil
      }
    }
  }

  /// API-015: any row shows an application; it logs in again by one that succeeded.
  private var wokenApplications: [OracleFinding] {
    let covered = Set(wholeLogins.map(\.day)).sorted()
    let inside = byApplication(logins.filter(\.succeeded))
    return byApplication(wholeLogins).compactMap { application, rows in
      let days = Set(rows.map(\.day)).sorted()
      let woken = Set(
        zip(days, days.dropFirst()).filter { before, day in
          covered.count { $0 > before && $0 < day } >= 60
        }.map(\.1))
      let wakings = (inside[application] ?? []).filter { woken.contains($0.day) }
      return wakings.isEmpty
        ? nil : organizationFinding("API-015", "medium", wakings, [application])
    }
  }

  // MARK: Accounts

  /// ACC-006: the habit is that of all rows; its days are those on which people came by either door.
  private func mixedDoors(_ account: Account) -> [OracleFinding] {
    let people = account.all.filter { $0.door == .human && $0.succeeded }
    let provided = people.filter(\.isSSO)
    let direct = people.filter { $0.type == "Application" }
    let days = Set((provided + direct).map(\.day)).count
    guard provided.count >= 10, Set(provided.map(\.day)).count >= 5,
      Set(direct.map(\.day)).count * 10 <= days
    else { return [] }
    let rows = account.humanSuccesses.filter { $0.type == "Application" }
    return rows.isEmpty ? [] : [open(finding("ACC-006", account, rows, "low"))]
  }

  /// When an account's rows first show a value, counted from its first row.
  private func firsts(_ account: Account, _ value: (Login) -> String?) -> [String: Int] {
    let start = account.all.map(\.minute).min() ?? 0
    var firsts: [String: Int] = [:]
    for login in account.all {
      guard let value = value(login), value != "" else { continue }
      firsts[value] = min(firsts[value] ?? .max, login.minute - start)
    }
    return firsts
  }

  private func isNew(_ value: String?, _ firsts: [String: Int]) -> Bool {
    value.flatMap { firsts[$0] }.map { $0 >= Self.fourteenDays } ?? false
  }

  private func strangePlaces(_ account: Account) -> [OracleFinding] {
    guard account.isPrivileged || account.accountClass == "break_glass" else { return [] }
    let networks = firsts(account) { Address.network($0.address) }
    let countries = firsts(account) { $0.country }
    let rows = account.humanSuccesses.filter {
      isNew(Address.network($0.address), networks) && isNew($0.country, countries)
    }
    return Dictionary(grouping: rows) { Address.network($0.address) ?? "" }.map { network, rows in
      open(finding("ACC-007", account, rows, "medium", discriminator: [network]))
    }
  }

  /// ACC-008: a network is new as for API-006, first seen after fourteen days of the account's history.
  private func registrationsAfterStrangeLogin(_ account: Account) -> [OracleFinding] {
    let registrations = verifications.filter { $0.user == account.key && $0.isRegistration }
    guard !registrations.isEmpty, account.isPrivileged || account.accountClass == "integration"
    else { return [] }
    let networks = firsts(account) { Address.network($0.address) }
    let strange = account.logins.filter {
      $0.succeeded && isNew(Address.network($0.address), networks)
    }
    let rows = strange.filter { login in
      registrations.contains { registration in
        registration.time >= login.time
          && registration.time / 60_000 - login.minute < Self.day
      }
    }
    guard !rows.isEmpty else { return [] }
    var finding = open(finding("ACC-008", account, rows, "high"))
    finding.otherSeverity = "high"
    return [finding]
  }

  /// INT-013: of the first day of the history nobody knows whether a login came before it.
  private func foreignPages(_ account: Account) -> [OracleFinding] {
    guard account.accountClass == "integration",
      let start = wholeLogins.map(\.minute).min()
    else { return [] }
    let logs = exports.filter { $0.kind == "Page" }
    guard !logs.isEmpty else { return [] }
    let visits = account.all.filter { $0.door == .human && $0.succeeded }.map(\.minute)
    let pages = logs.flatMap(\.text.records).compactMap {
      record -> Int? in
      guard let time = Login.time(of: record), policy.window.contains(time),
        people.key(
          id: record["user_id_derived"] == "" ? record["user_id"] : record["user_id_derived"],
          username: record["user_name"].lowercased()) == account.key
      else { return nil }
      return time / 60_000
    }
    let foreign = pages.filter { page in
      page - start >= Self.day && !visits.contains { (0..<Self.day).contains(page - $0) }
    }
    guard !foreign.isEmpty else { return [] }
    var finding = open(finding("INT-013", account, [], "high"))
    finding.otherSeverity = "high"
    return [finding]
  }

  /// INT-014: a column that no export has tells nothing.
  private func looseClients(_ account: Account) -> [OracleFinding] {
    guard account.accountClass == "integration", let person = account.person,
      person.isActive != false || !account.logins.isEmpty
    else { return [] }
    return ["ApproveUninstalledConnectedApps", "UseAnyApiClient"].filter(person.has).map {
      open(finding("INT-014", account, [], "low", discriminator: [$0]))
    }
  }

  /// API-016: a token lies unused until the last row of the history, from its creation if it was never
  /// used; that its application has no login says something of uses within the history alone.
  private func staleTokens(_ account: Account) -> [OracleFinding] {
    let tokens = people.table("OauthToken").filter { People.long($0["userid"]) == account.key }
    guard !tokens.isEmpty, account.accountClass == "integration" || account.isPrivileged,
      let first = wholeLogins.map(\.time).min(), let last = wholeLogins.map(\.time).max()
    else { return [] }
    let applications = Set(byApplication(wholeLogins).keys)
    let stale = tokens.filter { token in
      let used = Moment.milliseconds(token["lastuseddate"])
      let since = used ?? Moment.milliseconds(token["createddate"])
      if let since, last - since >= 90 * 86_400_000 { return true }
      guard let used, used >= first else { return false }
      return !applications.contains(applicationName(token["appname"]))
    }
    return Set(stale.map { applicationName($0["appname"]) }).sorted().map {
      open(finding("API-016", account, [], "low", discriminator: [$0]))
    }
  }

  /// A name without the version of the client behind it, as ``Login/applicationName``.
  private func applicationName(_ text: String) -> String {
    text.replacing(/\/v?[0-9._]*$/, with: "")
  }
}
