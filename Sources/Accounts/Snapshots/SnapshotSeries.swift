package import Delimited
package import Platform
package import SalesforceExports

/// The rows of one kind at one date.
package struct SnapshotTable<Row: SnapshotRow>: Sendable {
  /// When the export was made; `nil` when its name does not say.
  package let date: Instant?
  /// Numbers of the files that the snapshot consists of.
  package let files: [UInt32]
  /// Rows by what they are about.
  package let rows: SnapshotTableRows<Row>
  /// What rows that contradict each other are about.
  package let contradictions: Set<Row.Key>
  /// Names of the permission columns of the files, in lower case.
  package let columnNames: Set<String>
  /// Values of columns of true and false that are neither, with the number of rows.
  package let unreadable: [UnreadableValue: Int]
}

/// The rows of a snapshot, in the history that keeps those of all.
package struct SnapshotTableRows<Row: SnapshotRow>: Sendable {
  fileprivate let history: SnapshotHistory<Row>
  fileprivate let table: Int
  /// Number of rows.
  package let count: Int

  /// The row about something.
  package subscript(key: Row.Key) -> Row? {
    history.number(of: key).flatMap { self[number: $0] }
  }

  /// The row about something, by its number in the history.
  fileprivate subscript(number number: Int) -> Row? {
    history.row(ofNumber: number, inTable: table)
  }

  /// All rows, in no order.
  ///
  /// - Complexity: O(*n*) in all that was ever there.
  package var values: [Row] { history.numbers.compactMap { self[number: $0] } }

  /// What rows are about, in no order.
  package var keys: [Row.Key] { values.map(\.key) }
}

/// All snapshots of one kind.
package struct SnapshotSeries<Row: SnapshotRow>: Sendable {
  /// The snapshots: undated first, then by date.
  package let tables: [SnapshotTable<Row>]
  /// The rows of all of them.
  package let history: SnapshotHistory<Row>

  /// Whether no file of this kind was given.
  package var isEmpty: Bool { tables.isEmpty }

  /// The newest snapshot; the undated one when it is alone.
  package var newest: SnapshotTable<Row>? { tables.last }

  /// Has no snapshot.
  init() {
    tables = []
    history = SnapshotHistory()
  }

  /// Reads the rows of one kind.
  ///
  /// - Parameters:
  ///   - kind: The kind.
  ///   - archive: Has them.
  ///   - read: Those of them that were read already.
  ///   - times: Reads times of files that state no zone.
  /// - Complexity: O(*n*) in the rows of the first snapshot and in those that others change, where each is one
  ///   file without copies; otherwise in the rows of all.
  init(
    _ kind: FileKind, _ archive: SnapshotArchive, read rows: ReadSnapshotRows<Row>,
    times: TimestampReader
  ) {
    let files = archive.files.indices.filter { archive.files[$0].kind == kind }
    // Files of one date are one snapshot; an undated one is older than all others.
    let groups = Dictionary(grouping: files) { archive.files[$0].date }
      .sorted { ($0.key?.milliseconds ?? .min) < ($1.key?.milliseconds ?? .min) }
    var builder = SnapshotHistoryBuilder<Row>(archive, read: rows, times: times)
    var walk = SnapshotArchive.Walk()
    var readings = SnapshotReadings()
    var names: [Int: Set<String>] = [:]
    var columnNames: [Set<String>] = []
    var summaries: [SnapshotSummary<Row>] = []
    for (table, group) in groups.enumerated() {
      var columns: Set<String>?
      var read: [(position: Int, reading: SnapshotForms.Reading)] = []
      for position in group.value {
        let file = archive.files[position]
        read.append((position, readings.reading(of: position, in: archive, &walk)))
        let own = names[file.family] ?? Set(file.columns.map(ColumnNames.fold))
        names[file.family] = own
        columns = columns.map { $0 == own ? $0 : $0.union(own) } ?? own
      }
      summaries.append(builder.add(read, to: table, &walk))
      columnNames.append(columns ?? [])
    }
    let history = builder.history
    self.history = history
    tables = groups.indices.map { table in
      SnapshotTable(
        date: groups[table].key, files: groups[table].value.map { archive.files[$0].number },
        rows: SnapshotTableRows(history: history, table: table, count: summaries[table].count),
        contradictions: summaries[table].contradictions, columnNames: columnNames[table],
        unreadable: summaries[table].unreadable)
    }
  }

  /// The snapshot in force at a time: the newest one not after it, otherwise the oldest.
  ///
  /// An undated snapshot is taken as older than all dated ones, since it is valid for all times.
  ///
  /// - Complexity: O(log *t*) in the number of snapshots.
  package func inForce(at time: Instant?) -> SnapshotTable<Row>? {
    guard let time else { return newest }
    return placeInForce(at: time).map { tables[$0] }
  }

  /// The row of a subject in the snapshot in force at a time.
  func row(ofNumber number: Int, at time: Instant) -> Row? {
    placeInForce(at: time).flatMap { history.row(ofNumber: number, inTable: $0) }
  }

  private func placeInForce(at time: Instant) -> Int? {
    guard tables.count > 1 else { return tables.isEmpty ? nil : 0 }
    var (low, high) = (0, tables.count)
    while low < high {
      let middle = (low + high) / 2
      if (tables[middle].date ?? Instant(milliseconds: .min)) <= time {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return max(low - 1, 0)
  }

  /// Dates at which something else comes to stand of a subject.
  ///
  /// The oldest snapshot is in force before its date too, so its date changes nothing.
  fileprivate func changeDates(ofNumber number: Int) -> [Instant] {
    tables.count > 1 ? history.changes(ofNumber: number).compactMap { tables[$0].date } : []
  }

  /// Dates at which something else comes to stand of anything.
  fileprivate var changeDates: Set<Instant> {
    guard tables.count > 1 else { return [] }
    var changed: Set<Int> = []
    for number in history.numbers { changed.formUnion(history.changes(ofNumber: number)) }
    return Set(changed.compactMap { tables[$0].date })
  }

  /// Dates of the snapshots behind the oldest.
  fileprivate var laterDates: [Instant] { tables.dropFirst().compactMap(\.date) }
}

/// All snapshots of a run.
package struct Snapshots: Sendable {
  package private(set) var users = SnapshotSeries<UserRow>()
  package private(set) var profiles = SnapshotSeries<ProfileRow>()
  package private(set) var permissionSets = SnapshotSeries<PermissionSetRow>()
  package private(set) var assignments = SnapshotSeries<AssignmentRow>()
  package private(set) var groups = SnapshotSeries<GroupRow>()
  package private(set) var components = SnapshotSeries<ComponentRow>()
  package private(set) var mutings = SnapshotSeries<PermissionSetRow>()
  package private(set) var methods = SnapshotSeries<MethodsRow>()
  package private(set) var sessionLevels = SnapshotSeries<SessionLevelRow>()
  package private(set) var userLogins = SnapshotSeries<UserLoginRow>()
  package private(set) var tokens = SnapshotSeries<OAuthTokenRow>()
  package private(set) var licenseAssignments = SnapshotSeries<LicenseAssignmentRow>()

  /// The rows as they were read.
  package private(set) var archive = SnapshotArchive()
  /// What rows of ``archive`` were read as when they were added; none once they were closed.
  private var readRows = ReadRows()

  private struct ReadRows: Sendable {
    let users = ReadSnapshotRows<UserRow>()
    let profiles = ReadSnapshotRows<ProfileRow>()
    let permissionSets = ReadSnapshotRows<PermissionSetRow>()
    let assignments = ReadSnapshotRows<AssignmentRow>()
    let groups = ReadSnapshotRows<GroupRow>()
    let components = ReadSnapshotRows<ComponentRow>()
    let mutings = ReadSnapshotRows<PermissionSetRow>()
    let methods = ReadSnapshotRows<MethodsRow>()
    let sessionLevels = ReadSnapshotRows<SessionLevelRow>()
    let userLogins = ReadSnapshotRows<UserLoginRow>()
    let tokens = ReadSnapshotRows<OAuthTokenRow>()
    let licenseAssignments = ReadSnapshotRows<LicenseAssignmentRow>()
  }

  /// Dates of all snapshots that permissions rest on, ascending; undated ones first.
  private(set) var dates: [Instant?] = []
  /// Dates of all snapshots of users, profiles, sets and assignments, ascending.
  package private(set) var identityDates: [Instant] = []
  /// Dates at which another snapshot of some kind that permissions rest on comes into force, ascending.
  ///
  /// The oldest snapshot of a kind is in force before its date too, so its date changes nothing.
  private(set) var permissionDates: [Instant] = []
  /// Those of them at which rows change that do not belong to one user: profiles, sets and groups.
  private var sharedChangeDates: Set<Instant> = []
  /// What is assigned to each user in any snapshot, as numbers of the history; the same of the rest.
  private var assignmentsByUser: [SalesforceID: [Int]] = [:]
  private var componentsByGroup: [SalesforceID: [Int]] = [:]
  private var licensesByUser: [SalesforceID: [Int]] = [:]
  /// Profiles that had a name in any snapshot, and sets of a group; in the order of their keys.
  private var profilesByName: [ExactText: [Int]] = [:]
  private var setsByGroup: [SalesforceID: [Int]] = [:]
  private var usersByName: [ExactText: SalesforceID] = [:]
  /// Tokens of each user in the newest snapshot.
  private var tokensByUser: [SalesforceID: [OAuthTokenRow]] = [:]
  /// Usernames that different users had at different times, with the user of each snapshot in the
  /// order of their dates; without those that have no such user.
  package private(set) var contestedNames: [ExactText: [(date: Instant?, user: SalesforceID)]] = [:]
  /// Rows of `User` files that could not be read.
  package private(set) var rejectedUsers = RejectedUsers()

  /// Holds nothing.
  package init() {}

  /// Notes a file before its rows.
  package mutating func noteFile(
    _ file: UInt32, kind: FileKind, date: Instant?, columns: ColumnNames
  ) {
    archive.begin(file, kind: kind, date: date, columns: columns.original)
  }

  /// Adds a record of the file noted last.
  ///
  /// - Parameters:
  ///   - kind: What its file holds.
  ///   - secrets: Positions of what is not kept.
  ///   - forms: How the file writes booleans and dates; it has seen all rows.
  ///   - times: Reads times of files that state no zone.
  /// - Returns: Whether it holds the Id that it is about.
  mutating func add(
    _ record: Record, kind: FileKind, leavingOut secrets: Set<Int>, forms: SnapshotForms,
    times: TimestampReader
  ) -> Bool {
    let row = archive.codes(of: record, leavingOut: secrets)
    func added<Row: SnapshotRow>(_ rows: ReadSnapshotRows<Row>) -> Bool {
      add(row, to: rows, forms, times)
    }
    return switch kind {
    case .user: added(readRows.users)
    case .profile: added(readRows.profiles)
    case .permissionSet: added(readRows.permissionSets)
    case .mutingPermissionSet: added(readRows.mutings)
    case .permissionSetAssignment: added(readRows.assignments)
    case .permissionSetGroup: added(readRows.groups)
    case .permissionSetGroupComponent: added(readRows.components)
    case .twoFactorMethodsInfo: added(readRows.methods)
    case .profileSessionSetting: added(readRows.sessionLevels)
    case .userLogin: added(readRows.userLogins)
    case .oauthToken: added(readRows.tokens)
    case .permissionSetLicenseAssign: added(readRows.licenseAssignments)
    default: false
    }
  }

  /// Adds a row where it holds the Id that it is about; notes what of it cannot be read.
  private mutating func add<Row: SnapshotRow>(
    _ row: [UInt32], to rows: ReadSnapshotRows<Row>, _ forms: SnapshotForms,
    _ times: TimestampReader
  ) -> Bool {
    let notedCount = forms.notedCount
    guard let read: Row = read(row, forms, times) else { return false }
    let number = archive.add(row, forms, isPlain: forms.notedCount == notedCount)
    if let number {
      rows.keep(read, number, ofFile: archive.files.count - 1, archive.form)
    }
    return true
  }

  /// Reads a row; the record refers to all texts, and is gone before another is added.
  private func read<Row: SnapshotRow>(
    _ row: [UInt32], _ forms: SnapshotForms, _ times: TimestampReader
  ) -> Row? {
    Row(SnapshotRecord(row: row[...], of: archive.pool, forms: forms), times: times)
  }

  /// Adds a record that repeats a row of the snapshot before, of the same columns.
  ///
  /// - Parameter forms: How its file writes booleans and dates; it has seen all rows.
  /// - Returns: Whether it does; otherwise it is still to be added.
  package mutating func addKnown(_ record: Record, _ forms: SnapshotForms) -> Bool {
    archive.addKnown(record, forms)
  }

  /// Ends the file that was noted last.
  package mutating func settle() { archive.settle() }

  /// Adds the snapshots of an earlier run, under the file numbers of this one.
  package mutating func add(_ archive: SnapshotArchive, _ relocation: LedgerRelocation) {
    self.archive.add(archive, relocation)
  }

  /// Makes the snapshots ready to be asked; nothing may be added afterwards.
  ///
  /// - Parameters:
  ///   - times: Reads times of files that state no zone.
  ///   - keepsRows: Whether the rows are kept as they were read, for a ledger.
  package mutating func close(
    times: TimestampReader = TimestampReader(), keepsRows: Bool = true
  ) {
    archive.close()
    let archive = archive
    func series<Row>(_ kind: FileKind, _ rows: ReadSnapshotRows<Row>) -> SnapshotSeries<Row> {
      defer { rows.removeAll() }
      return SnapshotSeries(kind, archive, read: rows, times: times)
    }
    users = series(.user, readRows.users)
    profiles = series(.profile, readRows.profiles)
    permissionSets = series(.permissionSet, readRows.permissionSets)
    assignments = series(.permissionSetAssignment, readRows.assignments)
    groups = series(.permissionSetGroup, readRows.groups)
    components = series(.permissionSetGroupComponent, readRows.components)
    mutings = series(.mutingPermissionSet, readRows.mutings)
    methods = series(.twoFactorMethodsInfo, readRows.methods)
    sessionLevels = series(.profileSessionSetting, readRows.sessionLevels)
    userLogins = series(.userLogin, readRows.userLogins)
    tokens = series(.oauthToken, readRows.tokens)
    licenseAssignments = series(.permissionSetLicenseAssign, readRows.licenseAssignments)
    if !keepsRows { self.archive = SnapshotArchive() }
    indexDates()
    indexRows()
    indexNames()
  }

  private mutating func indexDates() {
    var all: Set<Instant?> = []
    func note<Row>(_ series: SnapshotSeries<Row>) { all.formUnion(series.tables.map(\.date)) }
    note(users)
    note(profiles)
    note(permissionSets)
    note(assignments)
    note(groups)
    note(components)
    note(mutings)
    dates = all.sorted { ($0?.milliseconds ?? .min) < ($1?.milliseconds ?? .min) }
    var identities: Set<Instant> = []
    func noteIdentities<Row>(_ series: SnapshotSeries<Row>) {
      for table in series.tables { if let date = table.date { identities.insert(date) } }
    }
    noteIdentities(users)
    noteIdentities(profiles)
    noteIdentities(permissionSets)
    noteIdentities(assignments)
    identityDates = identities.sorted()
    let later =
      users.laterDates + profiles.laterDates + permissionSets.laterDates + assignments.laterDates
      + groups.laterDates + components.laterDates + mutings.laterDates
      + licenseAssignments.laterDates
    permissionDates = Set(later).sorted()
    sharedChangeDates = profiles.changeDates.union(permissionSets.changeDates)
      .union(groups.changeDates).union(components.changeDates).union(mutings.changeDates)
  }

  private mutating func indexRows() {
    if let table = tokens.newest {
      tokensByUser = Dictionary(grouping: table.rows.values, by: \.key.user)
    }
    /// What each thing about rows is true of, as numbers of the history.
    func grouped<Row, Key: Hashable>(
      _ series: SnapshotSeries<Row>, by key: (Row) -> Key?
    ) -> [Key: [Int]] {
      var result: [Key: [Int]] = [:]
      for number in series.history.numbers {
        series.history.forEachStretch(ofNumber: number) { _, _, row in
          guard let key = key(row), result[key]?.last != number else { return }
          result[key, default: []].append(number)
        }
      }
      return result
    }
    licensesByUser = grouped(licenseAssignments) { $0.key.assignee }
    assignmentsByUser = grouped(assignments) { $0.key.assignee }
    componentsByGroup = grouped(components) { $0.key.group }
    profilesByName = grouped(profiles) { ExactText($0.name) }
    for (name, numbers) in profilesByName where numbers.count > 1 {
      let keys = numbers.map { (profiles.history.key(ofNumber: $0), $0) }
      profilesByName[name] = keys.sorted { $0 < $1 }.map(\.1)
    }
    setsByGroup = grouped(permissionSets) { $0.groupID }
    for (group, numbers) in setsByGroup where numbers.count > 1 {
      let keys = numbers.map { (permissionSets.history.key(ofNumber: $0), $0) }
      setsByGroup[group] = keys.sorted { $0 < $1 }.map(\.1)
    }
  }

  /// Newer snapshots overwrite; of two users with one name the smaller id stands.
  private mutating func indexNames() {
    /// The last snapshot in which a name is somebody's, and whose.
    var last: [ExactText: (table: Int, user: SalesforceID)] = [:]
    last.reserveCapacity(users.history.numbers.count)
    var shared: Set<ExactText> = []
    let end = users.tables.count - 1
    for number in users.history.numbers {
      var (username, name) = ("", ExactText(""))
      users.history.forEachStretch(ofNumber: number) { _, until, row in
        guard !row.username.isEmpty else { return }
        // Most rows of a user differ in something else.
        if !username.hasBytes(of: row.username) {
          username = row.username
          name = ExactText(username.asciiLowercased)
        }
        let (table, user) = (until.map { $0 - 1 } ?? end, row.key)
        guard let known = last[name] else {
          last[name] = (table, user)
          return
        }
        if known.user != user { shared.insert(name) }
        if table > known.table || table == known.table && user < known.user {
          last[name] = (table, user)
        }
      }
    }
    usersByName = last.mapValues(\.user)
    guard users.tables.count > 1, !shared.isEmpty else { return }
    var holders: [ExactText: [Int: SalesforceID]] = [:]
    for number in users.history.numbers {
      users.history.forEachStretch(ofNumber: number) { from, until, row in
        let name = ExactText(row.username.asciiLowercased)
        guard shared.contains(name) else { return }
        for table in from..<(until ?? end + 1) {
          let known = holders[name]?[table]
          if known.map({ row.key < $0 }) ?? true {
            holders[name, default: [:]][table] = row.key
          }
        }
      }
    }
    for (name, tables) in holders {
      let users = tables.sorted { $0.key < $1.key }
        .map { (date: self.users.tables[$0.key].date, user: $0.value) }
      if users.contains(where: { $0.user != users[0].user }) { contestedNames[name] = users }
    }
  }

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

  /// Notes a row of a `User` file that could not be read.
  ///
  /// - Parameter fields: Its fields, as far as they can be told apart.
  mutating func noteRejectedUser(_ fields: [String]) { rejectedUsers.note(fields) }

  /// Notes rows of `User` files that another run could not read.
  package mutating func add(_ rejected: RejectedUsers) { rejectedUsers.formUnion(rejected) }

  /// Whether a user's row may be one that could not be read.
  package func mayBeRejected(_ id: SalesforceID?) -> Bool { rejectedUsers.mayHold(id) }

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
