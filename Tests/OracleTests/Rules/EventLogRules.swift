/// PST-INT-012 and PST-API-012: what event logs beside the logins tell.
extension Oracle {
  func eventLogFindings(_ account: Account) -> [OracleFinding] {
    impersonations(of: account) + requests(of: account)
  }

  /// Rows of one event log with their account and time.
  private func events(
    _ kind: String, of account: Account
  ) -> [(time: Int, record: DelimitedText.Record)] {
    exports.filter { $0.kind == kind }.flatMap(\.text.records).compactMap { record in
      guard let time = Login.time(of: record),
        People.long(record["user_id_derived", "user_id"]) == account.key
      else { return nil }
      return (time, record)
    }
  }

  /// DELEGATED_* is who came, USER_ID is who they became.
  private func impersonations(of account: Account) -> [OracleFinding] {
    guard account.accountClass == "integration" else { return [] }
    let sessions = events("LoginAs", of: account)
    let groups = Dictionary(grouping: sessions) {
      People.long($0.record["delegated_user_id_derived", "delegated_user_id"])
    }
    return groups.filter { $0.key != "" && $0.key != account.key }.map { admin, sessions in
      let addresses = sessions.map { Address.canonical($0.record["client_ip"]) }
      return found(
        "INT-012", "medium", account, [admin], sessions.map(\.time), addresses,
        ["login_as": sessions.count])
    }
  }

  private func requests(of account: Account) -> [OracleFinding] {
    let requests = events("ApiTotalUsage", of: account)
    var result: [OracleFinding] = []
    let retired = requests.filter { isRetired($0.record["api_version"]) }
    if !retired.isEmpty {
      result.append(
        found(
          "API-012", "low", account, ["retired_version"], retired.map(\.time),
          retired.map { Address.canonical($0.record["client_ip"]) }, ["requests": retired.count]))
    }
    let days = Dictionary(grouping: requests) { $0.time / 86_400_000 }
    let sizes = days.values.map(\.count).sorted()
    let (low, high) =
      sizes.isEmpty
      ? (0, 0) : (sizes[(sizes.count - 1) / 2], sizes[sizes.count / 2])
    // Ten times the median, whole numbers on both sides.
    let busy = days.values.filter { $0.count >= 1_000 && $0.count >= 5 * (low + high) }
    if !busy.isEmpty {
      let rows = busy.flatMap { $0 }
      result.append(
        found(
          "API-012", "low", account, ["busy_day"], rows.map(\.time),
          rows.map { Address.canonical($0.record["client_ip"]) },
          ["busy_days": busy.count, "requests": rows.count, "active_days": days.count]))
    }
    return result
  }

  private func isRetired(_ version: String) -> Bool {
    guard let number = Double(version), number >= 7, number < 41 else { return false }
    let day = number < 21 ? "2022-06-01" : number < 31 ? "2025-06-01" : "2028-06-01"
    return now > Moment.milliseconds(day + "T00:00:00Z") ?? 0
  }

  private func found(
    _ rule: String, _ base: String, _ account: Account, _ discriminator: [String], _ times: [Int],
    _ addresses: [String], _ counts: [String: Int]
  ) -> OracleFinding {
    func severity(_ addresses: [String]) -> String {
      var severity = OracleSeverity(base)
      let isNamed = addresses.contains { address in
        policy.indicatorAddresses.contains { Address.contains($0, address) }
      }
      if isNamed { severity.step(1) }
      if !addresses.isEmpty, addresses.allSatisfy(isTrusted) { severity.step(-1, notBelow: "low") }
      return severity.name
    }
    // Of requests the program keeps no addresses; the account's logins may stand for them.
    return OracleFinding(
      rule: rule, account: account.key, discriminator: discriminator,
      severity: severity(addresses),
      otherSeverity: rule == "API-012" ? severity(account.logins.map(\.address)) : nil,
      confidence: isUncertain(account) ? "low" : nil, first: times.min(), last: times.max(),
      total: times.count, counts: counts)
  }
}
