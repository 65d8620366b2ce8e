/// PST-MFA-001 to 008.
extension Oracle {
  func multiFactorFindings(_ account: Account) -> [OracleFinding] {
    var found: [OracleFinding] = []
    let isIntegration = account.accountClass == "integration"
    let judged = account.isInternal && !isAutomation(account)
    let absent = account.humans(.absent)
    let counts = humanCounts(account)
    if judged && !absent.isEmpty {
      if isIntegration {
        found.append(finding("MFA-001", account, absent, "high").counting(counts))
      } else if account.isPrivileged {
        found.append(finding("MFA-002", account, absent, "high").counting(counts))
      } else {
        found.append(finding("MFA-003", account, absent, "medium").counting(counts))
      }
    }
    let unknown = account.humans(.unknown)
    if judged && !unknown.isEmpty {
      found.append(notice("MFA-004", account, unknown, status: "unknown").counting(counts))
    }
    let identity = account.human.filter { $0.verdict?.basis == "sf_identity_only" }
    if judged && (isIntegration || account.isPrivileged) && !identity.isEmpty {
      found.append(finding("MFA-005", account, identity, "medium").counting(counts))
    }
    if judged, isEnforced(account), let end = rollOutEnd {
      let late = account.humans(.proven).filter { $0.time >= end }
      let weak = late.filter {
        $0.verdict?.grade != nil && $0.verdict?.grade != "phishing-resistant"
      }
      if !weak.isEmpty {
        found.append(
          finding("MFA-006", account, weak, "medium").counting([
            "not_phishing_resistant": weak.count,
            "method_unknown": late.count { $0.verdict?.grade == nil },
          ]))
      }
    }
    // Written for internal accounts and not for those that the waiver is meant for.
    if account.person?.has("BypassMFAForUiLogins") == true, judged,
      !account.humanSuccesses.isEmpty
    {
      let isExempt = account.humanSuccesses.contains { isBeforeEnforcement($0, account) }
      found.append(
        (isExempt
          ? finding("MFA-007", account, account.humanSuccesses, "high")
          : notice("MFA-007", account, account.humanSuccesses, status: "info")).counting(counts))
    }
    let codes = account.human.filter(\.hasTemporaryCode)
    if isIntegration && !codes.isEmpty {
      found.append(
        finding("MFA-008", account, codes, "low").counting([
          "logins_with_temporary_code": codes.count
        ]))
    }
    return found
  }

  private func isEnforced(_ account: Account) -> Bool {
    guard let person = account.person else { return false }
    return person.profile == "System Administrator"
      || ["ModifyAllData", "ViewAllData", "CustomizeApplication", "AuthorApex"]
        .contains(where: person.has)
  }

  /// Whether the waiver still exempted the account at a login.
  func isBeforeEnforcement(_ login: Login, _ account: Account) -> Bool {
    let end = account.isPrivileged ? policy.privilegedEnforced : policy.employeesEnforced
    return end.map { login.time < $0 } ?? true
  }

  private var rollOutEnd: Int? { policy.privilegedEnforced }
}
