/// PST-ACC-001 to 005, and what concerns the org.
extension Oracle {
  func accountFindings(_ account: Account) -> [OracleFinding] {
    var found: [OracleFinding] = []
    let isInactive = account.person?.isActive == false
    let closed = account.logins.filter {
      isInactive && $0.outcome == .failed
        || ["User is inactive", "User is frozen"].contains($0.status)
    }
    if !closed.isEmpty {
      found.append(finding("ACC-001", account, closed, closed.count >= 10 ? "medium" : "low"))
    }
    if people.tables["User"] != nil, !people.known.contains(account.key), !account.logins.isEmpty {
      found.append(finding("ACC-002", account, account.logins, "low"))
    }
    let failures = account.logins.filter {
      ["Invalid password", "Password lockout"].contains($0.status)
    }
    let broken = account.logins.filter { login in
      login.succeeded
        && failures.count { (0..<20).contains(login.minute - $0.minute) } >= 10
    }
    if !broken.isEmpty {
      var finding = finding("ACC-003", account, broken, "high")
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
      var finding = finding("ACC-004", account, torn, "medium")
      (finding.first, finding.last, finding.total) = (nil, nil, nil)
      found.append(finding)
    }
    if account.accountClass == "break_glass", !account.logins.isEmpty {
      found.append(finding("ACC-005", account, account.logins, "medium"))
    }
    return found
  }

  var organizationFindings: [OracleFinding] {
    var found = sprays + unknownValues
    let integrations = ordered.filter { $0.accountClass == "integration" && $0.person != nil }
    if policy.isSwitchOn == nil,
      integrations.contains(where: { $0.person?.has("ForceTwoFactor") != true })
    {
      var finding = notice("INT-005", nil, [], status: "unknown")
      finding.total = nil
      found.append(finding)
    }
    return found
  }

  private var sprays: [OracleFinding] {
    let wrong = logins.filter { $0.status == "Invalid password" && $0.address != "" }
    return Dictionary(grouping: wrong, by: \.address).compactMap { address, rows in
      let isSpray = rows.contains { start in
        let window = rows.filter { (0..<5).contains($0.minute - start.minute) }
        return Set(window.map(\.account)).count > 15
      }
      guard isSpray else { return nil }
      var severity = OracleSeverity("high")
      if rows.contains(where: { !indicators($0).isEmpty }) { severity.step(1) }
      if isTrusted(address) { severity.step(-1, notBelow: "low") }
      return OracleFinding(
        rule: "ORG-001", account: "", discriminator: [address], severity: severity.name)
    }
  }

  private var unknownValues: [OracleFinding] {
    func notices(_ column: String, _ rows: [Login], _ value: (Login) -> String) -> [OracleFinding] {
      Dictionary(grouping: rows, by: value).map { value, rows in
        var notice = notice("DATA-004", nil, rows, status: "info", discriminator: [column, value])
        notice.total = nil
        return notice
      }
    }
    return notices("LoginType", logins.filter { $0.door == .unclassified && $0.type != "" }, \.type)
      + notices("LoginSubType", logins.filter { !$0.isSubTypeKnown }, \.subType)
      + notices("Status", logins.filter { !$0.isStatusKnown }, \.status)
  }
}
