/// PST-INT-001 to 011.
extension Oracle {
  func integrationFindings(_ account: Account) -> [OracleFinding] {
    var found: [OracleFinding] = []
    let isIntegration = account.accountClass == "integration"
    let proven = account.humans(.proven)
    if isIntegration && !proven.isEmpty {
      found.append(finding("INT-001", account, proven, "low"))
    }
    let refused = account.logins.filter { $0.status == "Failed: API-only user" }
    if !refused.isEmpty { found.append(finding("INT-002", account, refused, "medium")) }
    if account.person?.has("ApiUserOnly") == true { found += apiOnly(account) }
    guard isIntegration else { return found }
    let person = account.person
    if let person, !person.has("ApiUserOnly") {
      found.append(state("INT-004", account, "medium"))
    }
    if policy.isSwitchOn == false, person != nil, person?.has("ForceTwoFactor") != true {
      found.append(state("INT-005", account, "medium"))
    }
    if sessionLevel(account) == "HIGH_ASSURANCE" {
      found.append(state("INT-006", account, "medium"))
    }
    if person?.has("TwoFactorApi") == true { found.append(state("INT-007", account, "low")) }
    let allowed = policy.allowedPrivileges.filter { name, _ in
      name.lowercased() == person?.username.lowercased() || name == account.key
        || name == "profile:\(person?.profile ?? "")" || name == "*"
    }.flatMap(\.value)
    if let person,
      People.privileges.contains(where: { name in
        (person.has(name) || person.profile == "System Administrator") && !allowed.contains(name)
      })
    {
      found.append(state("INT-008", account, "low"))
    }
    found += rhythm(account)
    found += places(account)
    let isRequired = policy.isSwitchOn == true || person?.has("ForceTwoFactor") == true
    if isRequired, let methods = methods(account), methods.isEmpty {
      found.append(state("INT-011", account, "medium"))
    }
    return found
  }

  /// A finding about what is set, not about rows.
  private func state(_ rule: String, _ account: Account, _ base: String) -> OracleFinding {
    var finding = finding(rule, account, [], base)
    // Some name the people's logins as evidence, so that these may be the sources.
    finding.otherSeverity =
      account.humanSuccesses.isEmpty
      ? nil : self.finding(rule, account, account.humanSuccesses, base).severity
    (finding.first, finding.last, finding.total) = (nil, nil, nil)
    return finding
  }

  private func apiOnly(_ account: Account) -> [OracleFinding] {
    let rows = account.humanSuccesses
    guard !rows.isEmpty else { return [] }
    let dates = [
      "User", "Profile", "PermissionSet", "PermissionSetAssignment",
    ].flatMap { (people.tables[$0] ?? []).compactMap(\.date) }
    guard let date = dates.max() else {
      var finding = finding("INT-003", account, rows, "high")
      finding.confidence = "low"
      return [finding]
    }
    // With several snapshots the permission may be older than the newest of them.
    let since =
      dates.sorted().first { day in
        people.people(at: day, now: now)[account.key]?.has("ApiUserOnly") == true
      } ?? date
    let later = rows.filter { $0.time >= since }
    if later.isEmpty { return [notice("INT-003", account, rows, status: "info")] }
    var finding = finding("INT-003", account, rows, "high")
    finding.confidence = nil
    return [finding]
  }

  private func sessionLevel(_ account: Account) -> String? {
    guard let profile = account.person?.profile, profile != "" else { return nil }
    if let level = policy.sessionLevels[profile] { return level }
    return people.table("ProfileSessionSetting").first { $0["profile"] == profile }?[
      "requiredsessionlevel"]
  }

  /// The methods registered for an account; nil where no export tells.
  private func methods(_ account: Account) -> [String]? {
    let row = people.table("TwoFactorMethodsInfo").first {
      People.long($0["userid"]) == account.key
    }
    guard let row else { return nil }
    return [
      "hasbuiltinauthenticator", "hassalesforceauthenticator", "hastotp", "hasu2f",
      "hassecuritykey",
    ].filter { row[$0].lowercased() == "true" }
  }

  /// INT-009: thirty covered days without a login, at the end or before one.
  private func rhythm(_ account: Account) -> [OracleFinding] {
    let covered = Set(logins.map(\.day)).sorted()
    let mine = Set(account.logins.map(\.day))
    var run = 0
    var woke = false
    for day in covered {
      if mine.contains(day) {
        if run >= 30, mine.contains(where: { $0 < day }) { woke = true }
        run = 0
      } else {
        run += 1
      }
    }
    let isDormant = run >= 30 && account.person?.isActive == true
    guard woke || isDormant else { return [] }
    return [state("INT-009", account, woke ? "medium" : "low")]
  }

  /// INT-010: people from three places, browsers or platforms within thirty days.
  private func places(_ account: Account) -> [OracleFinding] {
    let rows = account.humanSuccesses
    func place(_ login: Login) -> String {
      let family = login.browser.prefix { !$0.isNumber }
      let network = Address.network(login.address) ?? login.address
      return [network, trimmed(String(family)), login.platform].joined(separator: "|")
    }
    let isSpread = rows.contains { start in
      let window = rows.filter { (0..<43_200).contains($0.minute - start.minute) }
      return Set(window.map(place)).count >= 3
    }
    guard isSpread else { return [] }
    var finding = finding("INT-010", account, rows, "medium")
    (finding.first, finding.last, finding.total) = (nil, nil, nil)
    return [finding]
  }
}
