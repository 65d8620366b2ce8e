package import Platform
package import SalesforceExports

/// The rows of one kind at one date.
package struct SnapshotTable<Row: SnapshotRow>: Sendable {
  /// When the export was made; `nil` when its name does not say.
  package let date: Instant?
  /// Numbers of the files that the snapshot consists of.
  package private(set) var files: [UInt32] = []
  /// Rows by what they are about.
  package private(set) var rows: [Row.Key: Row] = [:]
  /// What rows that contradict each other are about.
  package private(set) var contradictions: Set<Row.Key> = []
  /// Names of the permission columns of the files, in lower case.
  package private(set) var columnNames: Set<String> = []
  /// Values of columns of true and false that are neither, with the number of rows.
  package private(set) var unreadable: [UnreadableValue: Int] = [:]
  private var contents: [Row.Key: [UInt8]] = [:]

  init(date: Instant?) { self.date = date }

  mutating func noteFile(_ file: UInt32, columns: ColumnNames) {
    files.append(file)
    columnNames.formUnion(columns.original.map(ColumnNames.fold))
  }

  /// Adds a row; of two that contradict each other the one whose content sorts last stays.
  mutating func add(_ row: Row, content: [UInt8]) {
    guard let known = contents[row.key] else {
      contents[row.key] = content
      rows[row.key] = row
      return
    }
    guard known != content else { return }
    contradictions.insert(row.key)
    if known.lexicographicallyPrecedes(content) {
      contents[row.key] = content
      rows[row.key] = row
    }
  }

  mutating func note(_ unreadable: [UnreadableValue]) {
    for value in unreadable { self.unreadable[value, default: 0] += 1 }
  }

  mutating func close() { contents = [:] }
}

/// All snapshots of one kind.
package struct SnapshotSeries<Row: SnapshotRow>: Sendable {
  /// The snapshots: undated first, then by date.
  package private(set) var tables: [SnapshotTable<Row>] = []

  /// Whether no file of this kind was given.
  package var isEmpty: Bool { tables.isEmpty }

  /// The newest snapshot; the undated one when it is alone.
  package var newest: SnapshotTable<Row>? { tables.last }

  /// The snapshot in force at a time: the newest one not after it, otherwise the oldest.
  ///
  /// An undated snapshot is taken as older than all dated ones, since it is valid for all times.
  package func inForce(at time: Instant?) -> SnapshotTable<Row>? {
    guard let time else { return newest }
    return tables.last { ($0.date ?? Instant(milliseconds: .min)) <= time } ?? tables.first
  }

  mutating func tableIndex(date: Instant?) -> Int {
    if let index = tables.firstIndex(where: { $0.date == date }) { return index }
    let position =
      date.map { date in
        tables.firstIndex { ($0.date.map { $0 > date }) ?? false } ?? tables.count
      } ?? 0
    tables.insert(SnapshotTable(date: date), at: position)
    return position
  }

  mutating func noteFile(_ file: UInt32, date: Instant?, columns: ColumnNames) {
    let index = tableIndex(date: date)
    tables[index].noteFile(file, columns: columns)
  }

  /// Adds a record; false when it is no row of this kind.
  mutating func add(_ record: SnapshotRecord, date: Instant?, times: TimestampReader) -> Bool {
    guard let row = Row(record, times: times) else { return false }
    let index = tableIndex(date: date)
    tables[index].add(row, content: record.content)
    tables[index].note(record.unreadableFlags)
    return true
  }

  mutating func close() {
    for index in tables.indices { tables[index].close() }
  }
}

/// All snapshots of a run.
package struct Snapshots: Sendable {
  package var users = SnapshotSeries<UserRow>()
  package var profiles = SnapshotSeries<ProfileRow>()
  package var permissionSets = SnapshotSeries<PermissionSetRow>()
  package var assignments = SnapshotSeries<AssignmentRow>()
  package var groups = SnapshotSeries<GroupRow>()
  package var components = SnapshotSeries<ComponentRow>()
  package var mutings = SnapshotSeries<PermissionSetRow>()
  package var methods = SnapshotSeries<MethodsRow>()
  package var sessionLevels = SnapshotSeries<SessionLevelRow>()
  package var userLogins = SnapshotSeries<UserLoginRow>()
  package var tokens = SnapshotSeries<OAuthTokenRow>()
  package var licenseAssignments = SnapshotSeries<LicenseAssignmentRow>()

  /// Keeps the rows as they were read, where a ledger is to be written.
  package var archive: SnapshotArchive?

  /// Assignments of each user by date of the snapshot; filled by ``close()``.
  private var assignmentsByUser: [Instant?: [SalesforceID: [AssignmentRow]]] = [:]
  private var componentsByGroup: [Instant?: [SalesforceID: [SalesforceID]]] = [:]
  private var profilesByName: [Instant?: [ExactText: ProfileRow]] = [:]
  private var aggregateSets: [Instant?: [SalesforceID: SalesforceID]] = [:]
  private var usersByName: [ExactText: SalesforceID] = [:]
  private var licensesByUser: [Instant?: [SalesforceID: [String]]] = [:]
  /// Tokens of each user in the newest snapshot.
  private var tokensByUser: [SalesforceID: [OAuthTokenRow]] = [:]
  /// Usernames that different users had at different times, with the user of each snapshot in the
  /// order of their dates; `nil` in one that has no such user.
  package private(set) var contestedNames: [ExactText: [(date: Instant?, user: SalesforceID)]] = [:]
  /// Users whose rows of a `User` file could not be read, and how many such rows name no user.
  private var rejectedUsers: Set<SalesforceID> = []
  private var namelessRejects = 0

  /// Holds nothing.
  package init() {}

  /// Notes a file before its rows.
  package mutating func noteFile(
    _ file: UInt32, kind: FileKind, date: Instant?, columns: ColumnNames
  ) {
    archive?.begin(file, kind: kind, date: date, columns: columns.original)
    switch kind {
    case .user: users.noteFile(file, date: date, columns: columns)
    case .profile: profiles.noteFile(file, date: date, columns: columns)
    case .permissionSet: permissionSets.noteFile(file, date: date, columns: columns)
    case .permissionSetAssignment: assignments.noteFile(file, date: date, columns: columns)
    case .permissionSetGroup: groups.noteFile(file, date: date, columns: columns)
    case .permissionSetGroupComponent: components.noteFile(file, date: date, columns: columns)
    case .mutingPermissionSet: mutings.noteFile(file, date: date, columns: columns)
    case .twoFactorMethodsInfo: methods.noteFile(file, date: date, columns: columns)
    case .profileSessionSetting: sessionLevels.noteFile(file, date: date, columns: columns)
    case .userLogin: userLogins.noteFile(file, date: date, columns: columns)
    case .oauthToken: tokens.noteFile(file, date: date, columns: columns)
    case .permissionSetLicenseAssign:
      licenseAssignments.noteFile(file, date: date, columns: columns)
    default: break
    }
  }

  /// Adds a record.
  ///
  /// - Returns: Whether it holds the Id that it is about.
  package mutating func add(
    _ record: SnapshotRecord, kind: FileKind, date: Instant?, times: TimestampReader
  ) -> Bool {
    // A ledger keeps rows whole.
    let secrets = kind.secretColumns
    let record = secrets.isEmpty ? record : record.without(secrets)
    guard addRow(record, kind: kind, date: date, times: times) else { return false }
    archive?.add(record.fields)
    return true
  }

  private mutating func addRow(
    _ record: SnapshotRecord, kind: FileKind, date: Instant?, times: TimestampReader
  ) -> Bool {
    switch kind {
    case .user: users.add(record, date: date, times: times)
    case .profile: profiles.add(record, date: date, times: times)
    case .permissionSet: permissionSets.add(record, date: date, times: times)
    case .permissionSetAssignment: assignments.add(record, date: date, times: times)
    case .permissionSetGroup: groups.add(record, date: date, times: times)
    case .permissionSetGroupComponent: components.add(record, date: date, times: times)
    case .mutingPermissionSet: mutings.add(record, date: date, times: times)
    case .twoFactorMethodsInfo: methods.add(record, date: date, times: times)
    case .profileSessionSetting: sessionLevels.add(record, date: date, times: times)
    case .userLogin: userLogins.add(record, date: date, times: times)
    case .oauthToken: tokens.add(record, date: date, times: times)
    case .permissionSetLicenseAssign: licenseAssignments.add(record, date: date, times: times)
    default: false
    }
  }

  /// Makes the snapshots ready to be asked; nothing may be added afterwards.
  package mutating func close() {
    users.close()
    profiles.close()
    permissionSets.close()
    assignments.close()
    groups.close()
    components.close()
    mutings.close()
    methods.close()
    sessionLevels.close()
    userLogins.close()
    tokens.close()
    licenseAssignments.close()
    if let table = tokens.newest {
      tokensByUser = Dictionary(grouping: table.rows.values, by: \.key.user)
    }
    for table in licenseAssignments.tables {
      licensesByUser[table.date] = Dictionary(grouping: table.rows.keys, by: \.assignee)
        .mapValues { $0.map(\.license) }
    }
    for table in assignments.tables {
      assignmentsByUser[table.date] = Dictionary(grouping: table.rows.values, by: \.key.assignee)
    }
    for table in components.tables {
      componentsByGroup[table.date] = Dictionary(grouping: table.rows.keys, by: \.group)
        .mapValues { $0.map(\.member) }
    }
    for table in profiles.tables {
      var byName: [ExactText: ProfileRow] = [:]
      for row in table.rows.values.sorted(by: { $0.key < $1.key }) where byName[row.name] == nil {
        byName[row.name] = row
      }
      profilesByName[table.date] = byName
    }
    for table in permissionSets.tables {
      // Of several sets that name one group the one with the smallest id stands.
      for row in table.rows.values {
        guard let group = row.groupID else { continue }
        let known = aggregateSets[table.date, default: [:]][group]
        if known.map({ row.key < $0 }) ?? true {
          aggregateSets[table.date, default: [:]][group] = row.key
        }
      }
    }
    var holders: [ExactText: [(date: Instant?, user: SalesforceID)]] = [:]
    // Newer snapshots overwrite; of two users with one name the smaller id stands.
    for table in users.tables {
      var byName: [ExactText: SalesforceID] = [:]
      byName.reserveCapacity(table.rows.count)
      for (id, row) in table.rows where !row.username.isEmpty {
        let name = row.username.asciiLowercased
        if let known = byName[name], known < id { continue }
        byName[name] = id
      }
      if users.tables.count > 1 {
        for (name, id) in byName { holders[name, default: []].append((table.date, id)) }
      }
      usersByName.merge(byName) { _, newer in newer }
    }
    contestedNames = holders.filter { _, users in users.contains { $0.user != users[0].user } }
  }

  /// Dates at which another snapshot of some kind that permissions rest on comes into force.
  ///
  /// The oldest snapshot of a kind is in force before its date too, so its date changes nothing.
  var permissionDates: [Instant] {
    func dates<Row>(_ series: SnapshotSeries<Row>) -> [Instant] {
      series.tables.dropFirst().compactMap(\.date)
    }
    return dates(users) + dates(profiles) + dates(permissionSets) + dates(assignments)
      + dates(groups) + dates(components) + dates(mutings) + dates(licenseAssignments)
  }

  /// When assignments of a user end, in any snapshot.
  func assignmentEnds(of user: SalesforceID) -> [Instant] {
    assignments.tables.flatMap { table in
      (assignmentsByUser[table.date]?[user] ?? []).compactMap(\.expires)
    }
  }

  /// Whether no kind that permissions rest on has more than one snapshot.
  var hasSingleSnapshots: Bool {
    users.tables.count <= 1 && profiles.tables.count <= 1 && permissionSets.tables.count <= 1
      && assignments.tables.count <= 1 && groups.tables.count <= 1
      && components.tables.count <= 1 && mutings.tables.count <= 1
  }

  /// Whether somebody is assigned to a permission set group of which no export has the aggregate set.
  package var hasUnresolvedGroups: Bool {
    assignments.tables.contains { table in
      table.rows.values.contains { row in
        guard row.isGroup, row.permissions.isEmpty else { return false }
        let sets = permissionSets.inForce(at: table.date)
        if let set = row.key.permissionSet.flatMap({ sets?.rows[$0] }), !set.permissions.isEmpty {
          return false
        }
        return row.key.group.flatMap { aggregateSet(of: $0, at: table.date) } == nil
      }
    }
  }

  /// Whether a permission set group has a muting permission set among its members: their ids begin
  /// with `0QM`.
  package var hasMutingMembers: Bool {
    components.tables.contains { table in
      table.rows.keys.contains { $0.member.text18.hasPrefix("0QM") }
    }
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
  package func user(_ id: SalesforceID) -> UserRow? {
    for table in users.tables.reversed() {
      if let row = table.rows[id] { return row }
    }
    return nil
  }

  /// The id of the user with this lower-cased username.
  package func userID(named username: String) -> SalesforceID? { usersByName[username] }

  /// OAuth tokens of a user in the newest snapshot, in no order.
  package func tokens(of user: SalesforceID) -> [OAuthTokenRow] { tokensByUser[user] ?? [] }

  /// Licences of permission sets that a user has in the snapshot in force at a time.
  func licenses(of user: SalesforceID, at time: Instant?) -> [String] {
    guard let table = licenseAssignments.inForce(at: time) else { return [] }
    return licensesByUser[table.date]?[user] ?? []
  }

  /// Notes a row of a `User` file that could not be read.
  ///
  /// - Parameter fields: Its fields, as far as they can be told apart.
  package mutating func noteRejectedUser(_ fields: [String]) {
    let ids = fields.compactMap { SalesforceID($0.trimmed) }.filter { $0.text15.hasPrefix("005") }
    if let id = ids.first { rejectedUsers.insert(id) } else { namelessRejects += 1 }
  }

  /// Takes over which rows of `User` files could not be read.
  mutating func takeRejects(of other: Snapshots, without people: ForgottenPeople) {
    rejectedUsers = other.rejectedUsers.filter { !people.contains($0) }
    namelessRejects = other.namelessRejects
  }

  /// Whether a user's row may be one that could not be read.
  package func mayBeRejected(_ id: SalesforceID?) -> Bool {
    namelessRejects > 0 || id.map { rejectedUsers.contains($0) } ?? !rejectedUsers.isEmpty
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
    func look<Row>(_ series: SnapshotSeries<Row>, _ isOff: (SnapshotTable<Row>) -> Bool) {
      for (index, table) in series.tables.enumerated() where isOff(table) {
        let next = index + 1 < series.tables.count ? series.tables[index + 1].date : nil
        periods.append(OffPeriod(from: table.date, until: next))
      }
    }
    look(users) { $0.rows[id].map { $0.isActive == false || $0.isFrozen == true } ?? false }
    look(userLogins) { $0.rows[id]?.isFrozen == true }
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

  /// Assignments of a user in the snapshot in force at a time.
  package func assignments(of user: SalesforceID, at time: Instant?) -> [AssignmentRow] {
    guard let table = assignments.inForce(at: time) else { return [] }
    return assignmentsByUser[table.date]?[user] ?? []
  }

  /// Members of a permission set group in the snapshot in force at a time.
  package func members(of group: SalesforceID, at time: Instant?) -> [SalesforceID] {
    guard let table = components.inForce(at: time) else { return [] }
    return componentsByGroup[table.date]?[group] ?? []
  }

  /// The set that holds what a permission set group grants, in the snapshot in force at a time.
  func aggregateSet(of group: SalesforceID, at time: Instant?) -> PermissionSetRow? {
    guard let table = permissionSets.inForce(at: time),
      let set = aggregateSets[table.date]?[group]
    else { return nil }
    return table.rows[set]
  }

  /// The profile with this id, or else this name, in the snapshot in force at a time.
  package func profile(id: SalesforceID?, name: String?, at time: Instant?) -> ProfileRow? {
    guard let table = profiles.inForce(at: time) else { return nil }
    if let id, let row = table.rows[id.text15] { return row }
    return name.flatMap { profilesByName[table.date]?[$0] }
  }
}
