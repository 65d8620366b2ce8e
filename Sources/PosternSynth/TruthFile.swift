/// What must come out of a scan of the exports, written as JSON.
struct TruthFile {
  let organization: SyntheticOrganization
  let truths: [AccountTruth]
  let rowCount: Int
  let duplicateCount: Int
  let rejectCount: Int
  let hasVerdicts: Bool

  /// The whole file.
  var text: String {
    var accounts: [String] = []
    for account in organization.accounts {
      let truth = truths[account.number]
      guard truth.counts.values.reduce(0, +) > 0 else { continue }
      accounts.append(accountText(account, truth))
    }
    return """
      {"analysed": \(rowCount), "duplicate": \(duplicateCount), "rejected": \(rejectCount),
      "accounts": {
      \(accounts.sorted().joined(separator: ",\n"))
      }}

      """
  }

  private func accountText(_ account: SyntheticAccount, _ truth: AccountTruth) -> String {
    func object(_ counts: [String: Int]) -> String {
      "{" + counts.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
        .joined(separator: ", ") + "}"
    }
    let accountClass = expectedClass(account, truth)
    let findings = expectedFindings(account, truth, accountClass)
      .sorted().map { "\"\($0)\"" }.joined(separator: ", ")
    return "\"\(account.id)\": {\"username\": \"\(account.username)\", \"class\": "
      + "\"\(accountClass)\", \"counts\": \(object(truth.counts)), \"bases\": "
      + "\(object(truth.bases)), \"findings\": [\(findings)]}"
  }

  /// The class by RULES.md §3, from how the account was made and what it did.
  private func expectedClass(_ account: SyntheticAccount, _ truth: AccountTruth) -> String {
    switch account.kind {
    case .integrationByProfile, .integrationBySet, .integrationByGroup: return "integration"
    case .external: return "external"
    case .automatedProcess: return "system"
    case .integrationByName where share(truth) >= 80: return "integration"
    default: break
    }
    let behaves =
      share(truth) >= 95 && truth.systemAPISuccesses >= 100 && truth.apiDays.count >= 7
    if behaves { return "integration" }
    return account.kind == .stranger ? "unknown" : "human"
  }

  private func share(_ truth: AccountTruth) -> Double {
    let people =
      (truth.counts["human.succeeded"] ?? 0) + (truth.counts["unclassified.succeeded"] ?? 0)
    let all = truth.systemAPISuccesses + people
    return all == 0 ? 0 : 100 * Double(truth.systemAPISuccesses) / Double(all)
  }

  /// The findings about the account in a run with undated snapshots, without a configuration.
  private func expectedFindings(
    _ account: SyntheticAccount, _ truth: AccountTruth, _ accountClass: String
  ) -> [String] {
    var findings: [String] = []
    let isInternal = ["integration", "human", "unknown"].contains(accountClass)
    if hasVerdicts, isInternal {
      if truth.absent > 0 {
        findings.append(
          accountClass == "integration"
            ? "PST-MFA-001" : account.isPrivileged ? "PST-MFA-002" : "PST-MFA-003")
      }
      if truth.unknown > 0 { findings.append("PST-MFA-004") }
      if (truth.bases["sf_identity_only"] ?? 0) > 0,
        accountClass == "integration" || account.isPrivileged
      {
        findings.append("PST-MFA-005")
      }
      if accountClass == "integration", truth.proven > 0 { findings.append("PST-INT-001") }
    }
    if truth.isRefused { findings.append("PST-INT-002") }
    if account.kind.isAPIOnly, (truth.counts["human.succeeded"] ?? 0) > 0 {
      findings.append("PST-INT-003")
    }
    if accountClass == "integration", !account.kind.isAPIOnly, account.kind != .stranger {
      findings.append("PST-INT-004")
    }
    if busiestHour(truth) >= 2_880 { findings.append("PST-API-001") }
    if truth.usesSOAP { findings.append("PST-API-002") }
    if truth.usesRetiredVersion { findings.append("PST-API-003") }
    if truth.inactiveAttempts > 0 { findings.append("PST-ACC-001") }
    if account.kind == .stranger { findings.append("PST-ACC-002") }
    return findings
  }

  private func busiestHour(_ truth: AccountTruth) -> Int {
    truth.minutes.keys.reduce(0) { best, minute in
      max(best, (minute..<(minute + 60)).reduce(0) { $0 + (truth.minutes[$1] ?? 0) })
    }
  }
}
