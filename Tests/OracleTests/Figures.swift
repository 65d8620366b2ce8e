/// The figures of one account record, each by its path in the record.
extension Oracle {
  func figures(of account: Account) -> [String: String] {
    var found: [String: String] = [:]
    let rows = account.logins
    let person = account.person
    found["account.key"] = account.key
    found["account.id"] = account.key.hasPrefix("username:") ? "" : account.key
    found["account.in_snapshot"] = "\(person != nil)"
    found["account.class"] = account.accountClass
    if let confidence = account.confidence { found["account.class_confidence"] = confidence }
    // Nothing but the row of a snapshot tells these; a username may stand in the login rows.
    for name in ["name", "user_type", "license", "profile"] { found["account.\(name)"] = "" }
    found["account.username"] =
      account.key.hasPrefix("username:") ? String(account.key.dropFirst(9)) : ""
    if let person {
      found["account.username"] = person.username
      found["account.name"] = person.name
      found["account.user_type"] = person.userType
      found["account.license"] = person.license
      found["account.profile"] = person.profile
      if let isActive = person.isActive { found["account.active"] = "\(isActive)" }
      for (name, ways) in person.permissions {
        for way in ways { found["account.privileges \(name) via \(way)"] = "1" }
      }
    }
    (found["first_login"], found["last_login"]) = ("null", "null")
    let times = account.all.map(\.time)
    if !rows.isEmpty, let first = times.min(), let last = times.max() {
      found["first_login"] = Moment.text(first)
      found["last_login"] = Moment.text(last)
    }
    outcomes(rows, "logins", &found)
    found["logins.total"] = "\(rows.count)"
    found["logins.attempted"] = nil
    outcomes(account.human, "logins.human", &found)
    outcomes(account.api, "logins.api", &found)
    outcomes(rows.filter { $0.door == .unclassified }, "logins.unclassified", &found)
    found["logins.api.subtype_unknown"] = "\(account.api.count { $0.isSubTypeUnknown })"
    for state in [Verdict.State.proven, .absent, .unknown] {
      found["logins.human.mfa_\(state.rawValue)"] = "\(account.humans(state).count)"
    }
    tally(account.human.compactMap(\.verdict?.basis), "logins.human.by_basis", &found)
    let entered = account.human.filter { $0.verdict != nil }
    let order = { (one: Login, other: Login) in
      (one.time, one.address, one.country, one.verdict?.state.rawValue ?? "")
        < (other.time, other.address, other.country, other.verdict?.state.rawValue ?? "")
    }
    if let last = entered.max(by: order) {
      found["logins.human.last.time"] = Moment.text(last.time)
      found["logins.human.last.source_ip"] = last.address
      found["logins.human.last.country"] = last.country
      found["logins.human.last.mfa"] = last.verdict?.state.rawValue
    } else {
      found["logins.human.last"] = "null"
    }
    tally(rows.map(\.status), "by_status", &found)
    tally(rows.map(\.country), "sources.by_country", &found)
    found["sources.distinct_ips"] = "\(Set(rows.map(\.address)).subtracting([""]).count)"
    let api = account.api
    tally(api.map(\.type), "api_traffic.by_login_type", &found)
    tally(api.map(\.apiType), "api_traffic.by_api_type", &found)
    tally(api.map(\.apiVersion), "api_traffic.by_api_version", &found)
    tally(api.map(\.application), "api_traffic.by_application", &found)
    tally(api.map(\.tls), "api_traffic.by_tls", &found)
    peak(api.map(\.hour), 3_600_000, "api_traffic.peak_hour", &found)
    peak(api.map(\.minute), 60_000, "api_traffic.peak_minute", &found)
    activity(rows, &found)
    for label in Maintenance.labels {
      found["logins.human.maintenance.\(label)"] = "\(maintenance(account)[label] ?? 0)"
    }
    found.merge(requestFigures(of: account)) { one, _ in one }
    values(rows, "address", \.address, &found)
    values(rows, "application", \.application, &found)
    values(rows, "api_version", \.apiVersion, &found)
    return found
  }

  private func outcomes(_ rows: [Login], _ path: String, _ found: inout [String: String]) {
    found[path + ".attempted"] = "\(rows.count)"
    for outcome in [Login.Outcome.succeeded, .failed, .pending] {
      found["\(path).\(outcome.rawValue)"] = "\(rows.count { $0.outcome == outcome })"
    }
  }

  private func tally(_ texts: [String], _ path: String, _ found: inout [String: String]) {
    for (text, group) in Dictionary(grouping: texts, by: { $0 }) {
      found["\(path).\(text)"] = "\(group.count)"
    }
  }

  private func peak(
    _ bins: [Int], _ unit: Int, _ path: String, _ found: inout [String: String]
  ) {
    let counts = Dictionary(grouping: bins, by: { $0 }).mapValues(\.count)
    let most = counts.values.max() ?? 0
    found[path + ".logins"] = "\(most)"
    let start = counts.filter { $0.value == most }.keys.min()
    found[path + ".start"] = start.map { Moment.text($0 * unit) } ?? "null"
  }

  private func activity(_ rows: [Login], _ found: inout [String: String]) {
    var hours = [Int](repeating: 0, count: 168)
    for row in rows {
      // 1970-01-01 was a Thursday.
      hours[(row.day + 3) % 7 * 24 + row.hour % 24] += 1
    }
    for (index, count) in hours.enumerated() {
      found["activity.hour_of_week.\(index)"] = "\(count)"
    }
    let days = Dictionary(grouping: rows, by: \.day)
    for (day, rows) in days {
      var counts: [String: Int] = [:]
      for state in [Verdict.State.proven, .absent, .unknown] {
        counts["human_\(state.rawValue)"] = rows.count { $0.verdict?.state == state }
      }
      counts["api"] = rows.count { $0.door == .api && $0.succeeded }
      counts["failed"] = rows.count { $0.outcome == .failed }
      // A day of nothing but pending or unclassified rows has nothing to list.
      guard counts.values.contains(where: { $0 > 0 }) else { continue }
      for (name, count) in counts {
        found["activity.daily.\(Moment.date(day)).\(name)"] = "\(count)"
      }
    }
  }

  private func values(
    _ rows: [Login], _ name: String, _ path: KeyPath<Login, String>,
    _ found: inout [String: String]
  ) {
    let groups = Dictionary(grouping: rows.filter { $0[keyPath: path] != "" }) {
      $0[keyPath: path]
    }
    let entries = groups.map { value, rows in
      (value: value, first: rows.map(\.time).min() ?? 0, rows: rows)
    }.sorted {
      ($1.rows.count, $0.first, $0.value) < ($0.rows.count, $1.first, $1.value)
    }
    for (index, entry) in entries.prefix(50).enumerated() {
      let place = "values.\(name).\(index)"
      found[place + ".value"] = entry.value
      found[place + ".count"] = "\(entry.rows.count)"
      found[place + ".first"] = Moment.text(entry.first)
      found[place + ".last"] = Moment.text(entry.rows.map(\.time).max() ?? 0)
      found[place + ".human"] = "\(entry.rows.count { $0.door == .human })"
      found[place + ".api"] = "\(entry.rows.count { $0.door == .api })"
      found[place + ".failed"] = "\(entry.rows.count { $0.outcome == .failed })"
      // Of successful API logins the first and the last are known one by one.
      let successes = entry.rows.filter { $0.door == .api && $0.succeeded }
      let known =
        entry.rows.filter { !($0.door == .api && $0.succeeded) }
        + [successes.min { $0.time < $1.time }, successes.max { $0.time < $1.time }]
        .compactMap(\.self)
      let placed = name == "address" ? known.filter { $0.country != "" } : []
      let latest = placed.map(\.time).max()
      found[place + ".country"] = placed.filter { $0.time == latest }.map(\.country).min() ?? ""
    }
    found["values.others.\(name)"] = "\(entries.dropFirst(50).reduce(0) { $0 + $1.rows.count })"
  }
}
