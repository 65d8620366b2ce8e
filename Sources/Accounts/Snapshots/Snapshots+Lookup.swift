import Platform
package import SalesforceExports

// What snapshots say of a user, a group or a profile.
extension Snapshots {
  /// Dates at which a user's permissions may become others, ascending: between two of them they are the same.
  func permissionChangeDates(of user: SalesforceID) -> [Instant] {
    var dates = Array(sharedChangeDates)
    if let number = users.history.number(of: user) {
      dates += users.changeDates(ofNumber: number)
    }
    for number in assignmentsByUser[user] ?? [] {
      dates += assignments.changeDates(ofNumber: number)
    }
    for number in licensesByUser[user] ?? [] {
      dates += licenseAssignments.changeDates(ofNumber: number)
    }
    dates += assignmentEnds(of: user)
    dates.sort()
    var last: Instant?
    return dates.filter { date in
      defer { last = date }
      return date != last
    }
  }

  /// When assignments of a user end, in any snapshot.
  func assignmentEnds(of user: SalesforceID) -> [Instant] {
    var ends: [Instant] = []
    for number in assignmentsByUser[user] ?? [] {
      assignments.history.forEachStretch(ofNumber: number) { _, _, row in
        if let end = row.expires { ends.append(end) }
      }
    }
    return ends
  }

  /// Whether no kind that permissions rest on has more than one snapshot.
  var hasSingleSnapshots: Bool {
    users.tables.count <= 1 && profiles.tables.count <= 1 && permissionSets.tables.count <= 1
      && assignments.tables.count <= 1 && groups.tables.count <= 1
      && components.tables.count <= 1 && mutings.tables.count <= 1
  }

  /// Whether somebody is assigned to a permission set group of which no export has the aggregate set.
  package var hasUnresolvedGroups: Bool {
    var isFound = false
    for number in assignments.history.numbers where !isFound {
      assignments.history.forEachStretch(ofNumber: number) { from, until, row in
        guard !isFound, row.isGroup, row.permissions.isEmpty else { return }
        isFound = assignments.tables[from..<(until ?? assignments.tables.count)].contains { table in
          // An undated snapshot is judged with the newest of the others.
          let sets = permissionSets.inForce(at: table.date)
          let set = row.key.permissionSet.flatMap { sets?.rows[$0] }
          if let set, !set.permissions.isEmpty { return false }
          return row.key.group.flatMap { aggregateSet(of: $0, at: table.date) } == nil
        }
      }
    }
    return isFound
  }

  /// Whether a permission set group has a muting permission set among its members: their ids begin
  /// with `0QM`.
  package var hasMutingMembers: Bool {
    components.history.contains { $0.key.member.text18.hasPrefix("0QM") }
  }

  /// Whether some file of permissions has a column for this one; orgs lack those of features that they
  /// do not have.
  package func hasColumn(of permission: TrackedPermission) -> Bool {
    let name = "permissions" + permission.foldedName
    func has<Row>(_ series: SnapshotSeries<Row>) -> Bool {
      series.tables.contains { $0.columnNames.contains { $0.hasSuffix(name) } }
    }
    return has(users) || has(profiles) || has(permissionSets) || has(assignments)
  }

  /// The newest row of a user; `nil` when no user snapshot has one.
  package func user(_ id: SalesforceID) -> UserRow? { users.history.newestRow(of: id) }

  /// Gives the rows of a user, ascending, each once for the snapshots in which it stands.
  func forEachRow(of user: SalesforceID, _ body: (UserRow) -> Void) {
    guard let number = users.history.number(of: user) else { return }
    users.history.forEachStretch(ofNumber: number) { _, _, row in body(row) }
  }

  /// The id of the user with this lower-cased username.
  package func userID(named username: String) -> SalesforceID? { usersByName[username] }

  /// OAuth tokens of a user in the newest snapshot, in no order.
  package func tokens(of user: SalesforceID) -> [OAuthTokenRow] { tokensByUser[user] ?? [] }

  /// Licences of permission sets that a user has in the snapshot in force at a time.
  func licenses(of user: SalesforceID, at time: Instant?) -> [String] {
    guard let table = licenseAssignments.inForce(at: time) else { return [] }
    return (licensesByUser[user] ?? []).compactMap { table.rows[number: $0]?.key.license }
  }

  /// Whether a user's row may be one that could not be read.
  package func mayBeRejected(_ id: SalesforceID?) -> Bool {
    areUsersPartial || rejectedUsers.mayHold(id)
  }

  /// Why nothing is known of an account.
  func absence(of id: SalesforceID?) -> String {
    mayBeRejected(id)
      ? "its row of User may be one that could not be read" : "it is in no user snapshot"
  }

  /// A stretch of time in which an account is inactive or frozen.
  package struct OffPeriod: Sendable {
    /// Since when; `nil` where the snapshot is undated and does not say.
    package let from: Instant?
    /// Until when; `nil` for ever.
    package let until: Instant?
  }

  /// When snapshots say that a user is inactive or frozen, united and ascending; those of undated
  /// snapshots first.
  package func offPeriods(of id: SalesforceID) -> [OffPeriod] {
    var periods: [OffPeriod] = []
    func look<Row>(_ series: SnapshotSeries<Row>, _ key: Row.Key, _ isOff: (Row) -> Bool) {
      guard let number = series.history.number(of: key) else { return }
      series.history.forEachStretch(ofNumber: number) { from, until, row in
        guard isOff(row) else { return }
        let until = until.flatMap { series.tables[$0].date }
        // The time of an undated snapshot is a period of its own.
        if series.tables[from].date == nil, from + 1 < series.tables.count {
          let next = series.tables[from + 1].date
          periods.append(OffPeriod(from: nil, until: next))
          if next != until { periods.append(OffPeriod(from: next, until: until)) }
        } else {
          periods.append(OffPeriod(from: series.tables[from].date, until: until))
        }
      }
    }
    look(users, id) { $0.isActive == false || $0.isFrozen == true }
    look(userLogins, id) { $0.isFrozen == true }
    let end = Instant(milliseconds: .max)
    var united = periods.filter { $0.from == nil }
    var last: OffPeriod?
    for period in periods.filter({ $0.from != nil }).sorted(by: {
      ($0.from ?? end) < ($1.from ?? end)
    }) {
      if let known = last, (period.from ?? end) <= (known.until ?? end) {
        let until = known.until.flatMap { one in period.until.map { max(one, $0) } }
        last = OffPeriod(from: known.from, until: until)
      } else {
        if let known = last { united.append(known) }
        last = period
      }
    }
    if let last { united.append(last) }
    return united
  }

  /// Date of the newest snapshot that may call a user inactive or frozen, and is not after a time; `nil` without
  /// one.
  package func stateDate(at time: Instant) -> Instant? {
    (users.tables.map(\.date) + userLogins.tables.map(\.date)).compactMap(\.self)
      .filter { $0 <= time }.max()
  }

  /// Assignments of a user in the snapshot in force at a time, in no order.
  package func assignments(of user: SalesforceID, at time: Instant?) -> [AssignmentRow] {
    guard let table = assignments.inForce(at: time) else { return [] }
    return (assignmentsByUser[user] ?? []).compactMap { table.rows[number: $0] }
  }

  /// Members of a permission set group in the snapshot in force at a time, in no order.
  package func members(of group: SalesforceID, at time: Instant?) -> [SalesforceID] {
    guard let table = components.inForce(at: time) else { return [] }
    return (componentsByGroup[group] ?? []).compactMap { table.rows[number: $0]?.key.member }
  }

  /// The set that holds what a permission set group grants, in the snapshot in force at a time; of several that
  /// name the group the one with the smallest id.
  func aggregateSet(of group: SalesforceID, at time: Instant?) -> PermissionSetRow? {
    guard let table = permissionSets.inForce(at: time) else { return nil }
    for number in setsByGroup[group] ?? [] {
      if let row = table.rows[number: number], row.groupID == group { return row }
    }
    return nil
  }

  /// The profile with this id, or else this name, in the snapshot in force at a time.
  package func profile(id: SalesforceID?, name: String?, at time: Instant?) -> ProfileRow? {
    guard let table = profiles.inForce(at: time) else { return nil }
    if let id, let row = table.rows[id.text15] { return row }
    guard let name else { return nil }
    for number in profilesByName[name] ?? [] {
      if let row = table.rows[number: number], row.name.hasBytes(of: name) { return row }
    }
    return nil
  }
}
