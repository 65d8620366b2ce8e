package import Delimited
package import Platform
package import SalesforceExports

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

  /// Dates of all snapshots that permissions rest on, ascending; undated ones first.
  private(set) var dates: [Instant?] = []
  /// Dates of all snapshots of users, profiles, sets and assignments, ascending.
  package private(set) var identityDates: [Instant] = []
  /// Dates at which another snapshot of some kind that permissions rest on comes into force, ascending.
  ///
  /// The oldest snapshot of a kind is in force before its date too, so its date changes nothing.
  private(set) var permissionDates: [Instant] = []
  /// Those of them at which rows change that do not belong to one user: profiles, sets and groups.
  private(set) var sharedChangeDates: Set<Instant> = []
  /// What is assigned to each user in any snapshot, as numbers of the history; the same of the rest.
  private(set) var assignmentsByUser: [SalesforceID: [Int]] = [:]
  private(set) var componentsByGroup: [SalesforceID: [Int]] = [:]
  private(set) var licensesByUser: [SalesforceID: [Int]] = [:]
  /// Profiles that had a name in any snapshot, and sets of a group; in the order of their keys.
  private(set) var profilesByName: [ExactText: [Int]] = [:]
  private(set) var setsByGroup: [SalesforceID: [Int]] = [:]
  private(set) var usersByName: [ExactText: SalesforceID] = [:]
  /// Tokens of each user in the newest snapshot.
  private(set) var tokensByUser: [SalesforceID: [OAuthTokenRow]] = [:]
  /// Usernames that different users had at different times, with the user of each snapshot in the
  /// order of their dates; without those that have no such user.
  package private(set) var contestedNames: [ExactText: [(date: Instant?, user: SalesforceID)]] = [:]
  /// Rows of `User` files that could not be read.
  package private(set) var rejectedUsers = RejectedUsers()
  /// Whether some users may be in what is not there of the files of users.
  package var areUsersPartial = false

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
    case .user: added(users.readRows)
    case .profile: added(profiles.readRows)
    case .permissionSet: added(permissionSets.readRows)
    case .mutingPermissionSet: added(mutings.readRows)
    case .permissionSetAssignment: added(assignments.readRows)
    case .permissionSetGroup: added(groups.readRows)
    case .permissionSetGroupComponent: added(components.readRows)
    case .twoFactorMethodsInfo: added(methods.readRows)
    case .profileSessionSetting: added(sessionLevels.readRows)
    case .userLogin: added(userLogins.readRows)
    case .oauthToken: added(tokens.readRows)
    case .permissionSetLicenseAssign: added(licenseAssignments.readRows)
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
    func close<Row>(_ series: inout SnapshotSeries<Row>, _ kind: FileKind) {
      let rows = series.readRows
      series = SnapshotSeries(kind, archive, read: rows, times: times)
      rows.removeAll()
    }
    close(&users, .user)
    close(&profiles, .profile)
    close(&permissionSets, .permissionSet)
    close(&assignments, .permissionSetAssignment)
    close(&groups, .permissionSetGroup)
    close(&components, .permissionSetGroupComponent)
    close(&mutings, .mutingPermissionSet)
    close(&methods, .twoFactorMethodsInfo)
    close(&sessionLevels, .profileSessionSetting)
    close(&userLogins, .userLogin)
    close(&tokens, .oauthToken)
    close(&licenseAssignments, .permissionSetLicenseAssign)
    if !keepsRows { self.archive = SnapshotArchive() }
    indexDates()
    indexRows()
    indexNames()
  }

  /// Takes over all of one kind that was read apart, beside this; both are closed.
  package mutating func adopt(_ kind: FileKind, of other: Snapshots) {
    switch kind {
    case .user:
      users = other.users
      (usersByName, contestedNames) = (other.usersByName, other.contestedNames)
      rejectedUsers.formUnion(other.rejectedUsers)
      areUsersPartial = other.areUsersPartial
    case .profile: (profiles, profilesByName) = (other.profiles, other.profilesByName)
    case .permissionSet:
      (permissionSets, setsByGroup) = (other.permissionSets, other.setsByGroup)
    case .mutingPermissionSet: mutings = other.mutings
    case .permissionSetAssignment:
      (assignments, assignmentsByUser) = (other.assignments, other.assignmentsByUser)
    case .permissionSetGroup: groups = other.groups
    case .permissionSetGroupComponent:
      (components, componentsByGroup) = (other.components, other.componentsByGroup)
    case .twoFactorMethodsInfo: methods = other.methods
    case .profileSessionSetting: sessionLevels = other.sessionLevels
    case .userLogin: userLogins = other.userLogins
    case .oauthToken: (tokens, tokensByUser) = (other.tokens, other.tokensByUser)
    case .permissionSetLicenseAssign:
      (licenseAssignments, licensesByUser) = (other.licenseAssignments, other.licensesByUser)
    default: preconditionFailure("\(kind) is no snapshot")
    }
    indexDates()
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

  /// Notes a row of a `User` file that could not be read.
  ///
  /// - Parameter fields: Its fields, as far as they can be told apart.
  mutating func noteRejectedUser(_ fields: [String]) { rejectedUsers.note(fields) }

  /// Notes rows of `User` files that another run could not read.
  package mutating func add(_ rejected: RejectedUsers) { rejectedUsers.formUnion(rejected) }
}
