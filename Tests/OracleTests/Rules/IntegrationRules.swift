/// PST-INT-001 to 011, and 014.
extension Oracle {
  func integrationFindings(_ account: Account) -> [OracleFinding] {
    var found: [OracleFinding] = []
    let isIntegration = account.accountClass == "integration"
    let proven = account.humans(.proven)
    if isIntegration && !proven.isEmpty {
      found.append(finding("INT-001", account, proven, "low").counting(humanCounts(account)))
    }
    let refused = account.logins.filter {
      $0.status == "Failed: API-only user" && $0.door != .api
    }
    if !refused.isEmpty {
      found.append(
        finding("INT-002", account, refused, "medium").counting(["refused": refused.count]))
    }
    if account.person != nil { found += apiOnly(account) }
    // Of a user who is off and was never there, nothing is to be said.
    guard isIntegration, account.person?.isActive != false || !account.logins.isEmpty else {
      return found
    }
    let person = account.person
    if let person, !person.has("ApiUserOnly") {
      found.append(
        state("INT-004", account, "medium").counting([
          "human_logins_it_would_refuse": account.humanSuccesses.count
        ]))
    }
    if policy.isSwitchOn == false, person != nil, person?.has("ForceTwoFactor") != true {
      found.append(state("INT-005", account, "medium"))
    }
    if sessionLevel(account) == "HIGH_ASSURANCE" {
      found.append(state("INT-006", account, "medium"))
    }
    if person?.has("TwoFactorApi") == true {
      found.append(
        state("INT-007", account, "low").counting([
          "api_logins": account.api.count(where: \.succeeded)
        ]))
    }
    let allowed = policy.allowedPrivileges.filter { name, _ in
      name.lowercased() == person?.username.lowercased() || name == account.key
        || name == "profile:\(person?.profile ?? "")" || name == "*"
    }.flatMap(\.value)
    if let person,
      People.privileges.contains(where: { name in
        (person.has(name) || person.profile == "System Administrator") && !allowed.contains(name)
      })
    {
      let held = People.privileges.count { person.has($0) && !allowed.contains($0) }
      found.append(state("INT-008", account, "low").counting(["privileges": held]))
    }
    for permission in ["ApproveUninstalledConnectedApps", "UseAnyApiClient"]
    where person?.has(permission) == true {
      var finding = state("INT-014", account, "low")
      finding.discriminator = [permission]
      found.append(finding)
    }
    found += rhythm(account)
    found += places(account)
    return found + registrations(account)
  }

  /// INT-011: nobody has registered a method that is required, or somebody just did.
  private func registrations(_ account: Account) -> [OracleFinding] {
    guard people.tables["TwoFactorMethodsInfo"] != nil else { return [] }
    let seen = verifications.filter {
      $0.user == account.key && $0.succeeded && ($0.activity ?? "").hasPrefix("connect")
        && $0.activity != "connectedapp"
    }
    let isRequired =
      policy.isSwitchOn == true || account.person?.has("ForceTwoFactor") == true
    let methods = methods(account)
    let counts = ["registrations": seen.count]
    if !seen.isEmpty || isRequired && methods == [] {
      return [state("INT-011", account, "medium").counting(counts)]
    }
    guard isRequired, methods == nil else { return [] }
    var finding = notice("INT-011", account, [], status: "unknown").counting(counts)
    (finding.first, finding.last, finding.total) = (nil, nil, nil)
    return [finding]
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

  /// People's logins while the snapshots in force said that the account is for APIs alone.
  private func apiOnly(_ account: Account) -> [OracleFinding] {
    let objects = [
      "User", "Profile", "PermissionSet", "PermissionSetAssignment", "PermissionSetGroup",
      "PermissionSetGroupComponent", "MutingPermissionSet",
    ]
    var since: [Login] = []
    var before: [Login] = []
    var isUndated = false
    for login in account.humanSuccesses {
      let inForce = people.people(at: login.time, now: login.time, only: account.key)
      guard inForce[account.key]?.has("ApiUserOnly") == true else { continue }
      // The newest of the snapshots in force: what it says was so on its day.
      let dates = objects.compactMap { object in
        let tables = people.tables[object] ?? []
        return (tables.last { ($0.date ?? .min) <= login.time } ?? tables.first)?.date
      }
      if let date = dates.max(), login.time < date {
        before.append(login)
      } else {
        since.append(login)
        isUndated = isUndated || dates.isEmpty
      }
    }
    let rows = since + before
    guard !rows.isEmpty else { return [] }
    let counts = ["logins_since_snapshot": since.count, "logins_before_snapshot": before.count]
    // Consents, and logins at which a method was registered, are open to API-only users.
    let entered = since.filter { !$0.isInteractive && !$0.registeredMethod }
    if entered.isEmpty {
      return [notice("INT-003", account, rows, status: "info").counting(counts)]
    }
    var finding = finding("INT-003", account, rows, "high").counting(counts)
    let isBearer = entered.allSatisfy { $0.type == "SAML Idp Initiated SSO" }
    finding.confidence = isUndated || isBearer ? "low" : nil
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
    let days = Set(logins.map(\.day)).sorted()
    let created = account.person?.created.map { $0 / 86_400_000 }
    let mine = Set(account.logins.map(\.day))
    var run = 0
    var wakings = 0
    for day in days where day >= created ?? .min {
      if mine.contains(day) {
        // Of an account that may be younger than the gap nothing is known.
        if run >= 30, created != nil || mine.contains(where: { $0 < day }) { wakings += 1 }
        run = 0
      } else {
        run += 1
      }
    }
    let isDormant = run >= 30 && account.person?.isActive == true
    guard account.person != nil, wakings > 0 || isDormant else { return [] }
    return [
      state("INT-009", account, wakings > 0 ? "medium" : "low").counting([
        "covered_days": days.count, "idle_days_at_end": run, "woke_up": wakings,
      ])
    ]
  }

  /// INT-010: people from three places, browsers or platforms within thirty days.
  private func places(_ account: Account) -> [OracleFinding] {
    let rows = account.humanSuccesses.filter { Address.network($0.address) != nil }
    func place(_ login: Login) -> String {
      let family = login.browser.prefix { !$0.isNumber }
      let network = Address.network(login.address) ?? login.address
      return [network, trimmed(String(family)), login.platform].joined(separator: "|")
    }
    let most =
      rows.map { start in
        Set(rows.filter { (0..<43_200).contains($0.minute - start.minute) }.map(place)).count
      }.max() ?? 0
    guard most >= 3 else { return [] }
    var finding = finding("INT-010", account, rows, "medium").counting([
      "places_within_window": most, "places": Set(rows.map(place)).count, "logins": rows.count,
    ])
    (finding.first, finding.last, finding.total) = (nil, nil, nil)
    return [finding]
  }
}
