/// PST-ACC-001 to 005, and what concerns the org.
extension Oracle {
  func accountFindings(_ account: Account) -> [OracleFinding] {
    var found: [OracleFinding] = []
    let closed = account.logins.filter {
      people.isOff(account.key, at: $0.time, hasFailed: $0.outcome == .failed)
        || ["User is inactive", "User is frozen"].contains($0.status)
    }
    if !closed.isEmpty {
      var finding = finding("ACC-001", account, closed, closed.count >= 10 ? "medium" : "low")
        .counting(["attempts": closed.count, "succeeded": closed.count(where: \.succeeded)])
      // Of successful API logins the first and last of each kind alone are kept.
      if closed.contains(where: { $0.door == .api && $0.succeeded }) {
        (finding.first, finding.last) = (nil, nil)
      }
      found.append(finding)
    }
    if people.tables["User"] != nil, !people.known.contains(account.key), !account.logins.isEmpty {
      found.append(
        finding("ACC-002", account, account.logins, "low").counting(
          Self.outcomes(account.logins)))
    }
    let failures = account.logins.filter {
      ["Invalid password", "Password lockout"].contains($0.status)
    }
    func before(_ login: Login) -> [Login] {
      failures.filter { (0..<20).contains(login.minute - $0.minute) }
    }
    let broken = account.logins.filter { $0.succeeded && before($0).count >= 10 }
    if !broken.isEmpty {
      var finding = finding("ACC-003", account, broken, "high").counting([
        "most_failures_before_success": broken.map { before($0).count }.max() ?? 0,
        "failures": failures.count { failure in
          broken.contains { (0..<20).contains($0.minute - failure.minute) }
        }, "minutes_with_success": Set(broken.map(\.minute)).count,
      ])
      (finding.first, finding.last, finding.total) = (nil, nil, nil)
      found.append(finding)
    }
    let placed = account.humanSuccesses.filter { $0.country != "" }
    let torn = placed.filter { one in
      placed.contains { other in
        other.country != one.country && abs(other.minute - one.minute) < 30
      }
    }
    if !torn.isEmpty {
      var finding = finding("ACC-004", account, torn, "medium").counting([
        "logins": torn.count, "countries": Set(torn.map(\.country)).count,
      ])
      (finding.first, finding.last, finding.total) = (nil, nil, nil)
      found.append(finding)
    }
    if account.accountClass == "break_glass", !account.logins.isEmpty {
      let rows = account.logins
      found.append(
        finding("ACC-005", account, rows, "medium").counting([
          "attempted": rows.count, "succeeded": rows.count(where: \.succeeded),
          "failed": rows.count { $0.outcome == .failed },
          "pending": rows.count { $0.outcome == .pending },
          "human_succeeded": account.humanSuccesses.count,
          "api_succeeded": account.api.count(where: \.succeeded),
        ]))
    }
    return found
  }

  var organizationFindings: [OracleFinding] {
    var found = sprays + unknownValues
    let integrations = ordered.filter {
      $0.accountClass == "integration" && $0.person != nil
        && ($0.person?.isActive != false || !$0.logins.isEmpty)
    }
    if policy.isSwitchOn == nil,
      integrations.contains(where: { $0.person?.has("ForceTwoFactor") != true })
    {
      var finding = notice("INT-005", nil, [], status: "unknown").counting([
        "integration_accounts": integrations.count,
        "without_permission": integrations.count { $0.person?.has("ForceTwoFactor") != true },
      ])
      finding.total = nil
      found.append(finding)
    }
    return found
  }

  private var sprays: [OracleFinding] {
    let wrong = logins.filter { $0.status == "Invalid password" && $0.address != "" }
    return Dictionary(grouping: wrong, by: \.address).compactMap { address, rows in
      guard Address.bytes(address) != nil else { return nil }
      let windows = rows.map { start in
        rows.filter { (0..<5).contains($0.minute - start.minute) }
      }.filter { Set($0.map(\.account)).count > 15 }
      guard !windows.isEmpty else { return nil }
      // Rows in such a window, each once.
      let minutes = Set(windows.flatMap { $0.map(\.minute) })
      let sprayed = rows.filter { minutes.contains($0.minute) }
      var severity = OracleSeverity("high")
      if sprayed.contains(where: { !indicators($0).isEmpty }) { severity.step(1) }
      if isTrusted(address) { severity.step(-1, notBelow: "low") }
      return OracleFinding(
        rule: "ORG-001", account: "", discriminator: [address], severity: severity.name
      ).counting([
        "accounts": Set(sprayed.map(\.account)).count,
        "most_accounts_at_once": windows.map { Set($0.map(\.account)).count }.max() ?? 0,
        "attempts": sprayed.count,
      ])
    }
  }

  private var unknownValues: [OracleFinding] {
    func notices(_ column: String, _ rows: [Login], _ value: (Login) -> String) -> [OracleFinding] {
      Dictionary(grouping: rows, by: value).map { value, rows in
        var notice = notice("DATA-004", nil, rows, status: "info", discriminator: [column, value])
          .counting(["rows": rows.count])
        notice.total = nil
        return notice
      }
    }
    return notices("LoginType", logins.filter { $0.door == .unclassified && $0.type != "" }, \.type)
      + notices("LoginSubType", logins.filter { !$0.isSubTypeKnown }, \.subType)
      + notices("Status", logins.filter { !$0.isStatusKnown }, \.status)
      + unknownVerifications
  }

  /// Values of verifications that the page does not list, and verifications of another user's login.
  private var unknownVerifications: [OracleFinding] {
    func notice(_ column: String, _ value: String, _ rows: Int) -> OracleFinding {
      var notice = self.notice(
        "DATA-004", nil, [], status: "info",
        discriminator: ["VerificationHistory." + column, value]
      ).counting(["rows": rows])
      notice.total = nil
      return notice
    }
    var found: [OracleFinding] = []
    let users = Dictionary(grouping: logins.filter { $0.id != "" }, by: \.id)
    // One verification that two exports hold is one.
    var seen: Set<String> = []
    let foreign = verifications.reduce(0) { sum, verification in
      guard verification.login != "", verification.user != "",
        verification.succeeded || verification.isUnread,
        seen.insert(verification.identity).inserted
      else { return sum }
      return sum
        + (users[verification.login] ?? []).count { login in
          let isAsked = login.isDemand || login.status == "Lightning Login required"
          return (isAsked || login.door == .human && login.succeeded)
            && !login.account.hasPrefix("username:") && login.account != verification.user
        }
    }
    if foreign > 0 { found.append(notice("UserId", "another user", foreign)) }
    return found
  }
}
