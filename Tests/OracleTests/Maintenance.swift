/// What people did inside an integration account, by the guidance's own words.
enum Maintenance {
  static let labels = ["first_setup", "password_reset", "other"]
}

extension Oracle {
  /// UI logins of an integration account by label.
  func maintenance(_ account: Account) -> [String: Int] {
    guard account.accountClass == "integration" else { return [:] }
    let rows = (people.tables["User"] ?? []).flatMap(\.rows).filter {
      People.long($0["id"]) == account.key
    }
    let created = rows.lazy.compactMap { Moment.milliseconds($0["createddate"]) }.first
    let changes = rows.compactMap { Moment.milliseconds($0["lastpasswordchangedate"]) }
    let labels = account.humanSuccesses.map { login in
      if let created, (0...7 * 86_400_000).contains(login.time - created) { return "first_setup" }
      let isNear = changes.contains { abs($0 - login.time) <= 3_600_000 }
      return login.subType == "UI Password Reset" || isNear ? "password_reset" : "other"
    }
    return Dictionary(grouping: labels) { $0 }.mapValues(\.count)
  }

  /// What findings about people's logins count.
  func humanCounts(_ account: Account) -> [String: Int] {
    var counts = ["human_succeeded": account.humanSuccesses.count]
    for state in [Verdict.State.proven, .absent, .unknown] {
      counts["mfa_\(state.rawValue)"] = account.humans(state).count
    }
    for verdict in account.human.compactMap(\.verdict) {
      counts["basis_\(verdict.basis)", default: 0] += 1
    }
    for (label, count) in maintenance(account) { counts["maintenance_\(label)"] = count }
    return counts
  }
}
