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
      found.append(finding("MFA-007", account, account.humanSuccesses, "high").counting(counts))
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

  private var rollOutEnd: Int? {
    switch policy.organizationType ?? "production" {
    case "production": Moment.milliseconds("2026-07-31T00:00:00Z")
    case "sandbox": Moment.milliseconds("2026-06-29T00:00:00Z")
    default: nil
    }
  }
}
