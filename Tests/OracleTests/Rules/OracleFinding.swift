/// A finding as the oracle expects it; nothing where the rules' page leaves a value open.
struct OracleFinding {
  let rule: String
  /// Key of the account, or empty for the org.
  let account: String
  /// The values of the discriminator.
  var discriminator: [String] = []
  var status = "fail"
  var severity: String
  /// Another severity that the page allows as well.
  var otherSeverity: String?
  var confidence: String?
  var first: Int?
  var last: Int?
  var total: Int?
  /// Some of its counts, by name, or all of them.
  var counts: [String: Int] = [:]
  var hasAllCounts = false

  /// The same with all of its counts.
  func counting(_ counts: [String: Int]) -> OracleFinding {
    var finding = self
    finding.counts = counts
    finding.hasAllCounts = true
    return finding
  }

  var name: String {
    let values = discriminator.joined(separator: ", ")
    return "\(rule) \(account == "" ? "org" : account)" + (values == "" ? "" : " [\(values)]")
  }

  /// What is compared, by name.
  var facts: [String: String] {
    var facts = ["status": status, "severity": severity]
    facts["confidence"] = confidence
    facts["first_seen"] = first.map(Moment.text)
    facts["last_seen"] = last.map(Moment.text)
    facts["evidence_total"] = total.map { "\($0)" }
    for (name, count) in counts { facts["counts." + name] = "\(count)" }
    return facts
  }
}

/// A severity and the steps from it.
struct OracleSeverity {
  static let names = ["info", "low", "medium", "high", "critical"]
  private var level: Int

  init(_ base: String) { level = Self.names.firstIndex(of: base) ?? 0 }

  mutating func step(_ steps: Int, notBelow floor: String = "info") {
    let least = min(level, Self.names.firstIndex(of: floor) ?? 0)
    level = max(least, min(4, level + steps))
  }

  var name: String { Self.names[level] }
}

extension Oracle {
  private static let privilegeStep: Set<String> = [
    "MFA-001", "MFA-007", "INT-001", "INT-002", "INT-003", "INT-010",
  ]
  private static let waiverStep: Set<String> = ["MFA-001", "MFA-002", "MFA-003"]
  private static let attemptsStep: Set<String> = [
    "API-002", "API-004", "API-007", "API-011", "ACC-002",
  ]

  /// A finding about some rows of an account, or about the account itself without rows.
  ///
  /// The page leaves open whose sources count, those of the rows or the account's. Taken: those of
  /// the rows; the account's where there are none. Of successful API logins the program keeps the
  /// first and last alone, so there either may stand.
  func finding(
    _ rule: String, _ account: Account, _ rows: [Login], _ base: String,
    discriminator: [String] = []
  ) -> OracleFinding {
    func severity(_ sources: [Login]) -> String {
      var severity = OracleSeverity(base)
      if account.isPrivileged && Self.privilegeStep.contains(rule) { severity.step(1) }
      if account.person?.has("BypassMFAForUiLogins") == true, Self.waiverStep.contains(rule),
        rows.contains(where: { isBeforeEnforcement($0, account) })
      {
        severity.step(1)
      }
      if Self.attemptsStep.contains(rule), !rows.isEmpty, !rows.contains(where: \.succeeded) {
        severity.step(-2)
      }
      let named = rows.contains { !namedIndicators($0).isEmpty }
      if rule != "API-011", named || sources.contains(where: { !addressIndicators($0).isEmpty }) {
        severity.step(1)
      }
      if !sources.isEmpty, sources.allSatisfy({ isTrusted($0.address) }) {
        severity.step(-1, notBelow: "low")
      }
      return severity.name
    }
    let isCounted = rows.contains { $0.door == .api && $0.succeeded }
    var finding = OracleFinding(
      rule: rule, account: account.key, discriminator: discriminator,
      severity: severity(rows.isEmpty ? account.logins : rows),
      confidence: isUncertain(account) ? "low" : nil, first: rows.map(\.time).min(),
      last: rows.map(\.time).max(), total: rows.count)
    if isCounted { finding.otherSeverity = severity(account.logins) }
    return finding
  }

  /// A finding that tells and doesn't accuse.
  func notice(
    _ rule: String, _ account: Account?, _ rows: [Login], status: String,
    discriminator: [String] = []
  ) -> OracleFinding {
    OracleFinding(
      rule: rule, account: account?.key ?? "", discriminator: discriminator, status: status,
      severity: "info", first: rows.map(\.time).min(), last: rows.map(\.time).max(),
      total: rows.count)
  }

  /// Whether an account only behaves like an integration account.
  func isUncertain(_ account: Account) -> Bool {
    account.accountClass == "integration" && account.confidence == "low"
  }

  func isTrusted(_ address: String) -> Bool {
    policy.trustedNetworks.contains { Address.contains($0, address) }
  }

  /// The indicators that a row matches.
  func indicators(_ login: Login) -> [String] {
    addressIndicators(login) + namedIndicators(login)
  }

  private func addressIndicators(_ login: Login) -> [String] {
    policy.indicatorAddresses.filter { Address.contains($0, login.address) }
  }

  private func namedIndicators(_ login: Login) -> [String] {
    policy.indicatorApplications.filter { $0.lowercased() == login.application.lowercased() }
      .map { "application: " + $0 }
      + policy.indicatorUserAgents.filter {
        login.userAgent != "" && $0.lowercased() == login.userAgent.lowercased()
      }.map { "user_agent: " + $0 }
  }

  var ordered: [Account] { accounts.values.sorted { $0.key < $1.key } }

  func isAutomation(_ account: Account) -> Bool {
    let name = account.person?.username.lowercased() ?? ""
    return policy.automationAccounts.contains { $0.lowercased() == name || $0 == account.key }
  }

  /// Every finding.
  var findings: [OracleFinding] {
    if let known = known.findings { return known }
    let findings = allFindings
    known.findings = findings
    return findings
  }

  private var allFindings: [OracleFinding] {
    var found: [OracleFinding] = []
    for account in ordered {
      found += multiFactorFindings(account)
      found += integrationFindings(account)
      found += trafficFindings(account)
      found += accountFindings(account)
      found += placeFindings(account)
      found += tokenFindings(account)
      found += eventLogFindings(account)
    }
    return found + organizationFindings + campaignFindings + fileFindings + snapshotFindings
  }
}
