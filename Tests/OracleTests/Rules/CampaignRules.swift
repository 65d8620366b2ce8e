/// PST-API-014 to 016 and INT-013: how the campaigns of 2025 and 2026 came in.
///
/// What the rules' page leaves open is said where it is taken; the counts of these findings are not
/// named there, and are not compared.
extension Oracle {
  private static let day = 1_440

  func campaignFindings(_ account: Account) -> [OracleFinding] {
    foreignPages(account) + staleTokens(account)
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
    byApplication(wholeLogins).flatMap { application, rows -> [OracleFinding] in
      let start = rows.map(\.minute).min() ?? 0
      var firsts: [String: Int] = [:]
      for row in rows {
        guard let network = Address.network(row.address) else { continue }
        firsts[network] = min(firsts[network] ?? .max, row.minute)
      }
      return firsts.compactMap { network, first -> OracleFinding? in
        guard first - start >= Self.fourteenDays else { return nil }
        let mine = logins.filter {
          $0.applicationName == application && $0.door == .api && $0.succeeded
            && Address.network($0.address) == network
        }
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
    return byApplication(wholeLogins).compactMap { application, rows in
      let days = Set(rows.map(\.day)).sorted()
      let wakings = logins.filter { login in
        guard login.applicationName == application, login.succeeded,
          let before = days.last(where: { $0 < login.day })
        else { return false }
        return covered.count { $0 > before && $0 < login.day } >= 60
      }
      return wakings.isEmpty
        ? nil : organizationFinding("API-015", "medium", wakings, [application])
    }
  }

  // MARK: Accounts

  /// INT-013: of the first day of the history nobody knows whether a login came before it.
  private func foreignPages(_ account: Account) -> [OracleFinding] {
    guard account.accountClass == "integration",
      let start = wholeLogins.map(\.minute).min()
    else { return [] }
    let visits = account.all.filter { $0.door == .human && $0.succeeded }.map(\.minute)
    let pages = exports.filter { $0.kind == "Page" }.flatMap(\.text.records).compactMap {
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

  /// API-016: a token lies unused until the last row of the history, from its creation if it was never
  /// used; that its application has no login says something of uses within the history alone.
  private func staleTokens(_ account: Account) -> [OracleFinding] {
    guard account.accountClass == "integration" || account.isPrivileged,
      let first = wholeLogins.map(\.time).min(), let last = wholeLogins.map(\.time).max()
    else { return [] }
    let applications = Set(byApplication(wholeLogins).keys)
    let stale = people.table("OauthToken").filter { token in
      guard People.long(token["userid"]) == account.key else { return false }
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
