/// PST-INT-012, PST-INT-013 and PST-API-012: what event logs beside the logins tell.
extension Oracle {
  func eventLogFindings(_ account: Account) -> [OracleFinding] {
    impersonations(of: account) + pages(of: account) + requests(of: account)
  }

  /// One administrator inside an account, as the log or an event tells it.
  private struct Session {
    let admin: String
    let time: Int
    let address: String
    let application: String
    let isLogged: Bool
  }

  /// DELEGATED_* is who came, USER_ID is who they became.
  private func sessions(of account: Account) -> [Session] {
    var seen: Set<[String]> = []
    let files = exports.filter { ["LoginAs", "LoginAsEvent"].contains($0.kind) }
    return files.flatMap { export in
      export.text.records.compactMap { record -> Session? in
        let isLogged = export.kind == "LoginAs"
        let time =
          isLogged ? Login.time(of: record) : Moment.milliseconds(record["eventdate"])
        func key(_ ids: [String], _ name: String) -> String? {
          people.key(
            id: ids.lazy.map { record[$0] }.first { $0 != "" } ?? "",
            username: record[name].lowercased())
        }
        guard let time, policy.window.contains(time),
          key(
            ["user_id_derived", "user_id", "userid"], isLogged ? "user_name" : "username")
            == account.key,
          let admin = key(
            ["delegated_user_id_derived", "delegated_user_id"],
            isLogged ? "delegated_user_name" : "delegatedusername")
        else { return nil }
        let identifier = record["request_id", "eventidentifier"]
        // A row of two files counts once; what has no name of its own always counts.
        if identifier != "",
          !seen.insert([export.kind, identifier, admin, "\(time)"]).inserted
        {
          return nil
        }
        return Session(
          admin: admin, time: time, address: Address.canonical(record["client_ip", "sourceip"]),
          application: record["application"], isLogged: isLogged)
      }
    }
  }

  private func impersonations(of account: Account) -> [OracleFinding] {
    guard account.accountClass == "integration" else { return [] }
    return Dictionary(grouping: sessions(of: account), by: \.admin).map { admin, sessions in
      let logged = sessions.count(where: \.isLogged)
      // The log and the events tell of the same visits.
      return found(
        "INT-012", "medium", account, [admin], sessions.map(\.time), sessions.map(\.address),
        sessions.map(\.application)
      ).counting([
        "login_as": max(logged, sessions.count - logged), "login_as_event_log": logged,
        "login_as_events": sessions.count - logged,
      ])
    }
  }

  /// Hours with pages and no login before the first of them.
  private func pages(of account: Account) -> [OracleFinding] {
    guard account.accountClass == "integration" else { return [] }
    let rows = exports.filter { $0.kind == "Pages" }.flatMap(\.text.records).compactMap {
      record -> (time: Int, address: String)? in
      guard let time = Login.time(of: record), policy.window.contains(time),
        people.key(id: record["user_id_derived"], username: "") == account.key
      else { return nil }
      return (time, Address.canonical(record["client_ip"]))
    }
    let hours = Dictionary(grouping: rows) { $0.time / 3_600_000 }
    let firsts = hours.values.compactMap { rows in
      rows.min { $0.time < $1.time }.map { (first: $0, count: rows.count) }
    }
    let entries =
      account.all.filter { $0.succeeded && $0.door != .api }.map(\.time)
      + sessions(of: account).map(\.time)
    let unexplained = firsts.filter { hour in
      let minute = hour.first.time / 60_000
      return !entries.contains { (minute - 1_440...minute + 1).contains($0 / 60_000) }
    }
    guard !unexplained.isEmpty else { return [] }
    let holes = gaps.map { ($0.first ?? 0)..<($0.last ?? 0) }
    let told = unexplained.filter { hour in
      let before = hour.first.time - 86_400_000..<hour.first.time
      guard let first = wholeLogins.map(\.time).min(), let last = wholeLogins.map(\.day).max()
      else { return false }
      return first <= before.lowerBound && last >= before.upperBound / 86_400_000
        && !holes.contains { $0.overlaps(before) }
    }
    let shown = told.isEmpty ? unexplained : told
    var finding = found(
      "INT-013", "high", account, [], shown.map(\.first.time), shown.map(\.first.address), []
    ).counting([
      "hours": shown.count, "rows": shown.reduce(0) { $0 + $1.count },
      "hours_untold": unexplained.count - told.count,
    ])
    if told.isEmpty { (finding.status, finding.severity) = ("unknown", "info") }
    return [finding]
  }

  private func requests(of account: Account) -> [OracleFinding] {
    let requests = countedRequests.filter { $0.account == account.key }
    var result: [OracleFinding] = []
    func found(_ kind: String, _ rows: [Request], _ counts: [String: Int]) {
      result.append(
        self.found(
          "API-012", "low", account, [kind], rows.map(\.time), rows.map(\.address),
          rows.map(\.application)
        ).counting(counts))
    }
    let retired = requests.filter { isRetired($0.version) }
    if !retired.isEmpty { found("retired_version", retired, ["requests": retired.count]) }
    let days = Dictionary(grouping: requests) { $0.time / 86_400_000 }
    let sizes = days.values.map(\.count).sorted()
    let (low, high) =
      sizes.isEmpty
      ? (0, 0) : (sizes[(sizes.count - 1) / 2], sizes[sizes.count / 2])
    // Ten times the median, whole numbers on both sides.
    let busy = days.values.filter { $0.count >= 1_000 && $0.count >= 5 * (low + high) }
    if !busy.isEmpty {
      let rows = busy.flatMap { $0 }
      found(
        "busy_day", rows,
        [
          "busiest_day": sizes.last ?? 0, "busy_days": busy.count, "requests": rows.count,
          "active_days": days.count,
        ])
    }
    return result
  }

  private func isRetired(_ version: String) -> Bool {
    guard let number = Double(version), number < 41 else { return false }
    let day = number < 21 ? "2022-06-01" : number < 31 ? "2025-06-01" : "2028-06-01"
    return now >= Moment.milliseconds(day + "T00:00:00Z") ?? 0
  }

  /// A finding about rows that are no logins, or not only logins.
  func found(
    _ rule: String, _ base: String, _ account: Account, _ discriminator: [String], _ times: [Int],
    _ addresses: [String], _ applications: [String]
  ) -> OracleFinding {
    var severity = OracleSeverity(base)
    let isNamed =
      addresses.contains { address in
        policy.indicatorAddresses.contains { Address.contains($0, address) }
      }
      || applications.contains { name in
        policy.indicatorApplications.contains { $0.lowercased() == name.lowercased() }
      }
    if isNamed { severity.step(1) }
    if !addresses.isEmpty, addresses.allSatisfy(isTrusted) { severity.step(-1, notBelow: "low") }
    return OracleFinding(
      rule: rule, account: account.key, discriminator: discriminator, severity: severity.name,
      confidence: isUncertain(account) ? "low" : nil, first: times.min(), last: times.max(),
      total: times.count)
  }
}
