import CByteScan
import Platform
package import SalesforceExports

/// The verifications of an export, reduced to what verdicts ask: what each login's verifications
/// say, when, of whom, and which times and users the export covers.
///
/// Sixteen bytes a verification that names a login (``VerificationEntry``); rows may be added in any
/// order.
package struct VerificationTable: Sendable {
  /// A verification, apart from the login that it names.
  package struct Verification: Sendable, Equatable {
    /// Whose it is; `nil` where the row does not say.
    package let user: SalesforceID?
    /// When it took place.
    package let time: Instant
    /// What it says.
    package let proof: VerificationProof
  }

  /// A verification that proves MFA, for logins of exports without Ids.
  package struct Place: Sendable, Equatable {
    /// The user.
    package let user: SalesforceID
    /// The login that it names; ``SalesforceID/none`` for none.
    package let login: SalesforceID
    /// Canonical source address.
    package let address: String
    /// Time of the verification.
    package let time: Instant
    /// What it proves.
    package let proof: VerificationProof

    /// Compares the bytes of addresses.
    package static func == (left: Self, right: Self) -> Bool {
      left.user == right.user && left.login == right.login && left.time == right.time
        && left.proof == right.proof && left.address.hasBytes(of: right.address)
    }
  }

  /// A value that no table knows.
  package struct UnknownValue: Hashable, Sendable, Comparable {
    /// Column of `VerificationHistory`.
    package let column: String
    /// The value, without blanks around it.
    package let value: String

    /// Compares the bytes of values.
    package static func == (left: Self, right: Self) -> Bool {
      left.column == right.column && left.value.hasBytes(of: right.value)
    }

    /// Hashes the bytes of the value.
    package func hash(into hasher: inout Hasher) {
      hasher.combine(column)
      value.hashBytes(into: &hasher)
    }

    /// Orders by column, then value.
    package static func < (left: Self, right: Self) -> Bool {
      left.column != right.column
        ? left.column < right.column : left.value.precedes(right.value)
    }
  }

  /// How many rows, and when the first and last were.
  package struct RowSpan: Sendable, Equatable {
    package var count: Int
    package var first: Instant
    package var last: Instant

    package mutating func formUnion(_ other: RowSpan) {
      count += other.count
      first = min(first, other.first)
      last = max(last, other.last)
    }
  }

  /// First and last verification of a UTC day.
  struct DayRange: Sendable {
    var first: Instant
    var last: Instant

    mutating func formUnion(_ time: Instant) {
      first = min(first, time)
      last = max(last, time)
    }
  }

  // What is not private here is for ledger files.
  var entries: [VerificationEntry] = []
  /// Upper halves of the logins in ``entries``, by their numbers.
  private(set) var highs: [UInt64] = []
  private var highNumbers: [UInt64: UInt32] = [:]
  /// Verifications that an entry cannot hold: times far off, more users or kinds of Ids than any org has.
  private(set) var others: [SalesforceID: [Verification]] = [:]
  /// All users with rows, by their numbers less one.
  var userIDs: [SalesforceID] { numberedUsers.ids }
  private var numberedUsers = NumberedIDs()
  var days: [Int64: DayRange] = [:]
  /// The day of the last rows, which is not in ``days`` yet: rows mostly come in the order of time.
  private var today: (day: Int64, range: DayRange)?
  /// The upper half of the last login and the last user, with their numbers, for the same reason.
  private var lastHigh: (half: UInt64, number: UInt32)?
  private var lastUser: (id: SalesforceID, number: UInt32)?
  private var sortedDays: [Int64] = []
  /// Where the entries begin whose logins have the same upper bits in their distance from the first login;
  /// about one for eight entries, so that a search looks at few of them.
  private var starts: [UInt32] = []
  private var startShift: UInt64 = 0
  /// Proving verifications by user, ascending in time; kept where asked for.
  var placesByUser: [SalesforceID: [Place]] = [:]
  /// Times of verifications that succeeded and name no login, by user, ascending.
  var unnamedByUser: [SalesforceID: [Instant]] = [:]
  /// Verifications that may be MFA and name logins of which the run has no row, by user, ascending in time.
  var strayByUser: [SalesforceID: [Stray]] = [:]
  /// Values that no table knows.
  package internal(set) var unknownValues: [UnknownValue: RowSpan] = [:]

  /// Temporary codes that admins generated, ascending in time once the table is closed.
  package internal(set) var codeGenerations: [CodeGeneration] = []
  var registrationsByUser: [SalesforceID: [Registration]] = [:]

  /// An admin generated a temporary verification code; for whom is not told.
  package struct CodeGeneration: Sendable, Equatable {
    /// Who generated it.
    package let user: SalesforceID
    /// When.
    package let time: Instant
  }

  /// A user registered an MFA method.
  package struct Registration: Sendable, Equatable {
    /// `Activity` of the row, such as `ConnectTotp`.
    package let activity: String
    /// When.
    package let time: Instant
    /// Canonical source address; empty where the row has none.
    package let address: String
    /// Where the row stands.
    package let file: UInt32
    package let line: UInt64

    /// The same row, whose file has another number in this run.
    func moved(_ relocation: LedgerRelocation) -> Registration {
      Registration(
        activity: activity, time: time, address: address, file: relocation.file(file), line: line)
    }

    /// Whether it stands before another one in the order that all runs have; of two copies of a row the
    /// one with an address comes first.
    func precedes(_ other: Registration) -> Bool {
      if time != other.time { return time < other.time }
      if activity != other.activity { return activity < other.activity }
      if address.isEmpty != other.address.isEmpty { return other.address.isEmpty }
      if !address.hasBytes(of: other.address) { return address.precedes(other.address) }
      return file != other.file ? file < other.file : line < other.line
    }
  }

  /// Number of rows added.
  package internal(set) var rowCount = 0
  /// Whether places are kept, for login exports without Ids.
  package let keepsPlaces: Bool
  /// Whether they are asked for; if not, they are kept for a ledger alone.
  package var looksAtPlaces = true

  /// Makes an empty table.
  package init(keepsPlaces: Bool) { self.keepsPlaces = keepsPlaces }

  // MARK: Adding

  /// Adds one verification.
  package mutating func add(
    user: SalesforceID?, login: SalesforceID?, time: Instant, address: String,
    proof: VerificationProof
  ) {
    rowCount += 1
    note(time)
    let number = user.map { self.number(of: $0) } ?? 0
    guard !proof.isEmpty else { return }
    if let login {
      add(login, user: user, number, Verification(user: user, time: time, proof: proof))
    } else if let user, proof.has(.succeeded) {
      unnamedByUser[user, default: []].append(time)
    }
    if keepsPlaces, let user, !proof.isDisjoint(with: [.multiFactor, .textMessage]) {
      placesByUser[user, default: []].append(
        Place(user: user, login: login ?? .none, address: address, time: time, proof: proof))
    }
  }

  /// Notes that a row that names a login could not be read: what it proves nobody can tell.
  mutating func noteUnread(_ login: SalesforceID, user: SalesforceID?) {
    // When it took place is not known either: before anything else, so that it counts for whatever followed.
    let verification = Verification(
      user: user, time: VerificationEntry.earliestTime, proof: .unread)
    add(login, user: user, user.map { number(of: $0) } ?? 0, verification)
  }

  private mutating func note(_ time: Instant) {
    let day = time.day
    if today?.day == day {
      today?.range.formUnion(time)
    } else {
      closeDay()
      today = (day, days[day] ?? DayRange(first: time, last: time))
      today?.range.formUnion(time)
    }
  }

  /// Moves the day of the last rows to the others.
  mutating func closeDay() {
    if let today { days[today.day] = today.range }
    today = nil
  }

  /// Number of a user, 1 for the first; added on first sight.
  @discardableResult
  mutating func number(of user: SalesforceID) -> UInt32 {
    if let lastUser, lastUser.id == user { return lastUser.number }
    let number = numberedUsers.number(of: user)
    lastUser = (user, number)
    return number
  }

  func user(_ number: UInt32) -> SalesforceID? {
    number == 0 ? nil : numberedUsers.ids[Int(number) - 1]
  }

  /// Adds what is known of a verification that names a login.
  mutating func add(
    _ login: SalesforceID, user: SalesforceID?, _ number: UInt32, _ verification: Verification
  ) {
    let high: UInt32
    if let lastHigh, lastHigh.half == login.high {
      high = lastHigh.number
    } else if let known = highNumbers[login.high] {
      high = known
    } else {
      high = UInt32(highs.count)
      guard high <= VerificationEntry.largestHigh else {
        others[login, default: []].append(verification)
        return
      }
      highs.append(login.high)
      highNumbers[login.high] = high
    }
    lastHigh = (login.high, high)
    if let entry = VerificationEntry(
      high: high, low: login.low, user: number, time: verification.time,
      proof: verification.proof)
    {
      entries.append(entry)
    } else {
      others[login, default: []].append(verification)
    }
  }

  /// Notes values that no table knows.
  package mutating func note(unknown value: UnknownValue, _ span: RowSpan) {
    if unknownValues[value]?.formUnion(span) == nil { unknownValues[value] = span }
  }

  /// Notes the activity of a verification that succeeded, where it is one that rules ask for.
  ///
  /// - Parameters:
  ///   - activity: `Activity` of the row.
  ///   - user: Whose it is.
  ///   - time: When it took place.
  ///   - address: Canonical source address; empty for none.
  ///   - file: Number of its file.
  ///   - line: Line in which it begins.
  package mutating func note(
    activity: String, user: SalesforceID, time: Instant, address: String, file: UInt32,
    line: UInt64
  ) {
    switch VerificationActivity(activity) {
    case .generatesTemporaryCode:
      codeGenerations.append(CodeGeneration(user: user, time: time))
    case .registersMethod:
      registrationsByUser[user, default: []].append(
        Registration(activity: activity, time: time, address: address, file: file, line: line))
    default: break
    }
  }

  /// Registrations of MFA methods of a user, ascending in time.
  package func registrations(of user: SalesforceID) -> [Registration] {
    registrationsByUser[user] ?? []
  }

  /// Makes the table ready to be asked; nothing may be added afterwards.
  ///
  /// - Complexity: O(*n* log *n*).
  package mutating func close() {
    closeDay()
    sortedDays = days.keys.sorted()
    // Exports overlap: a row that two of them hold is one.
    codeGenerations.sort { ($0.time, $0.user) < ($1.time, $1.user) }
    codeGenerations = Self.withoutRepeats(codeGenerations)
    for (user, rows) in registrationsByUser {
      var kept: [Registration] = []
      for row in rows.sorted(by: { $0.precedes($1) }) {
        if let last = kept.last, last.time == row.time, last.activity == row.activity { continue }
        kept.append(row)
      }
      registrationsByUser[user] = kept
    }
    for (user, places) in placesByUser {
      placesByUser[user] = Self.withoutRepeats(
        places.sorted {
          ($0.time, ExactText($0.address), $0.login, $0.proof.rawValue)
            < ($1.time, ExactText($1.address), $1.login, $1.proof.rawValue)
        })
    }
    for (user, times) in unnamedByUser {
      unnamedByUser[user] = Self.withoutRepeats(times.sorted())
    }
    entries.sort()
    entries = Self.withoutRepeats(entries)
    indexEntries()
    for (login, rows) in others {
      others[login] = Self.withoutRepeats(
        rows.sorted {
          ($0.user ?? .none, $0.time, $0.proof.rawValue)
            < ($1.user ?? .none, $1.time, $1.proof.rawValue)
        })
    }
  }

  private static func withoutRepeats<Row: Equatable>(_ rows: [Row]) -> [Row] {
    guard rows.indices.dropFirst().contains(where: { rows[$0 - 1] == rows[$0] }) else {
      return rows
    }
    var result: [Row] = []
    for row in rows where result.last != row { result.append(row) }
    return result
  }

  // MARK: Asking

  private static let fewEntries = 16

  /// What the verifications of a login say together, whoever's they are; empty when there are none.
  ///
  /// - Complexity: O(log *n*); a ``Cursor`` is faster for many logins in order.
  package func proof(of login: SalesforceID) -> VerificationProof {
    var result = VerificationProof.none
    forEachVerification(of: login) { result.formUnion($0.proof) }
    return result
  }

  /// What the verifications of each login say together.
  ///
  /// - Complexity: O(*n*).
  package var proofs: LoginProofs {
    var result = LoginProofs()
    for entry in entries {
      result.add(SalesforceID(high: highs[Int(entry.high)], low: entry.low), entry.proof)
    }
    for (login, rows) in others { for row in rows { result.add(login, row.proof) } }
    return result
  }

  /// Gives the verifications that name a login.
  ///
  /// - Complexity: O(1) where the Ids of an org count up, O(log *n*) at most.
  @inline(__always)
  func forEachVerification(of login: SalesforceID, _ body: (Verification) -> Void) {
    guard !login.isNone else { return }
    if !others.isEmpty { others[login]?.forEach(body) }
    guard let key = key(of: login) else { return }
    var place = place(of: key)
    while place < entries.count, entries[place].key == key {
      let entry = entries[place]
      body(Verification(user: user(entry.user), time: entry.time, proof: entry.proof))
      place += 1
    }
  }

  /// Whether a verification of a login succeeded, and is not another user's.
  ///
  /// - Parameter user: The login's user; `nil` where only a name is known, which proves no difference.
  package func joins(_ login: SalesforceID, of user: SalesforceID?) -> Bool {
    var isJoined = false
    forEachVerification(of: login) { verification in
      isJoined =
        isJoined
        || verification.proof.has(.succeeded)
          && (user == nil || verification.user == nil || verification.user == user)
    }
    return isJoined
  }

  private func key(of login: SalesforceID) -> UInt64? {
    // The Ids of an org mostly begin alike.
    if let first = highs.first, first == login.high {
      return VerificationEntry.key(high: 0, low: login.low)
    }
    return highNumbers[login.high].map { VerificationEntry.key(high: $0, low: login.low) }
  }

  private mutating func indexEntries() {
    starts = []
    guard let first = entries.first?.key, let last = entries.last?.key else { return }
    startShift = 0
    while (last - first) >> startShift > UInt64(entries.count / 8) { startShift += 1 }
    starts = [UInt32](repeating: 0, count: Int((last - first) >> startShift) + 2)
    for (place, entry) in entries.enumerated() {
      starts[Int((entry.key - first) >> startShift) + 1] = UInt32(place + 1)
    }
    // Where no entry is, the next ones begin where those before end.
    for number in starts.indices.dropFirst() where starts[number] == 0 {
      starts[number] = starts[number - 1]
    }
  }

  /// Asks for the entries of a login that will be looked for, so that look-ups of many logins do not wait for
  /// memory one after the other.
  func prefetch(_ login: SalesforceID) {
    guard let key = key(of: login), let first = entries.first?.key, key >= first else { return }
    let number = (key - first) >> startShift
    guard number < starts.count - 1 else { return }
    let place = Int(starts[Int(number)])
    unsafe entries.withUnsafeBufferPointer { entries in
      guard place < entries.count, let start = entries.baseAddress else { return }
      unsafe byte_scan_prefetch(start + place)
      unsafe byte_scan_prefetch(start + place + 4)
    }
  }

  /// The first place whose login is not before that of `key`.
  private func place(of key: UInt64) -> Int {
    guard !starts.isEmpty, let first = entries.first?.key, key >= first else { return 0 }
    let number = (key - first) >> startShift
    guard number < starts.count - 1 else { return entries.count }
    return place(
      of: key, from: Int(starts[Int(number)]), to: Int(starts[Int(number) + 1]))
  }

  /// The first place between two whose login is not before that of `key`.
  private func place(of key: UInt64, from: Int, to: Int) -> Int {
    var (low, high) = (from, to)
    if high - low <= Self.fewEntries {
      // The next of a few is what a core foresees best.
      while low < high, entries[low].key < key { low += 1 }
      return low
    }
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Looks logins up that mostly come in the order of their ids, as those of a history do.
  package struct Cursor: Sendable {
    private let table: VerificationTable
    private var place = 0
    private var lastHigh = UInt64.max
    private var lastNumber: UInt32?
    /// Whether some verification that was found may be of another user than the login.
    private(set) var namesOthers = false

    /// Stands at the beginning of a closed table.
    package init(_ table: VerificationTable) { self.table = table }

    /// The same as ``VerificationTable/proof(of:)``.
    ///
    /// - Parameters:
    ///   - login: The login.
    ///   - user: Whose it is; `nil` where only a name is known, who may be any.
    /// - Complexity: O(log *d*) in the distance from the last login that was asked for.
    @inline(__always)
    package mutating func proof(
      of login: SalesforceID, by user: SalesforceID?
    ) -> VerificationProof {
      guard !login.isNone else { return .none }
      if login.high != lastHigh {
        lastHigh = login.high
        lastNumber = table.highNumbers[login.high]
      }
      var result = VerificationProof.none
      if !table.others.isEmpty {
        for other in table.others[login] ?? [] {
          result.formUnion(other.proof)
          namesOthers = true
        }
      }
      guard let number = lastNumber else { return result }
      let key = VerificationEntry.key(high: number, low: login.low)
      let count = table.entries.count
      // Steps that double, from where it stands, until the login is passed.
      if place < count, table.entries[place].key < key {
        var step = 1
        while place + step < count, table.entries[place + step].key < key { step *= 2 }
        place = table.place(of: key, from: place + step / 2, to: min(place + step, count))
      } else if place > 0, table.entries[place - 1].key >= key {
        var step = 1
        while place - step > 0, table.entries[place - step].key >= key { step *= 2 }
        place = table.place(of: key, from: max(place - step, 0), to: place)
      }
      var found = place
      while found < count, table.entries[found].key == key {
        let entry = table.entries[found]
        result.formUnion(entry.proof)
        if !namesOthers, entry.user != 0, table.numberedUsers.ids[Int(entry.user) - 1] != user {
          namesOthers = true
        }
        found += 1
      }
      return result
    }
  }

  /// Proving verifications of a user, for logins of exports without Ids; ascending in time.
  package func places(of user: SalesforceID) -> [Place] {
    looksAtPlaces ? placesByUser[user] ?? [] : []
  }

  /// Times of a user's verifications that succeeded and name no login, ascending.
  package func unnamedTimes(of user: SalesforceID) -> [Instant] { unnamedByUser[user] ?? [] }

  /// All users with rows.
  package var users: [SalesforceID] { userIDs }

  /// Whether the export holds at least two users.
  package var hasSeveralUsers: Bool { userIDs.count >= 2 }

  /// Whether the export has rows of a user.
  package func hasRows(of user: SalesforceID) -> Bool { numberedUsers.known(user) != nil }

  /// Whether the export has rows on a day, counted since 1970.
  package func hasRows(onDay day: Int64) -> Bool { days[day] != nil }

  /// Time of the earliest and latest row.
  package var first: Instant? { days.values.lazy.map(\.first).min() }
  package var last: Instant? { days.values.lazy.map(\.last).max() }

  /// Whether a time lies between two verifications at most `milliseconds` apart, ends included.
  ///
  /// - Complexity: O(log *d*) in the days that have verifications.
  package func surrounds(_ time: Instant, within milliseconds: Int64) -> Bool {
    var before: Instant?
    var after: Instant?
    if let today = days[time.day] {
      if today.first <= time { before = min(today.last, time) }
      if today.last >= time { after = max(today.first, time) }
      // Inside a day both neighbours are less than a day away.
      if before != nil, after != nil { return true }
    }
    var low = 0
    var high = sortedDays.count
    while low < high {
      let middle = (low + high) / 2
      if sortedDays[middle] < time.day { low = middle + 1 } else { high = middle }
    }
    if before == nil, low > 0 { before = days[sortedDays[low - 1]]?.last }
    var next = low
    if next < sortedDays.count, sortedDays[next] == time.day { next += 1 }
    if after == nil, next < sortedDays.count { after = days[sortedDays[next]]?.first }
    guard let before, let after else { return false }
    return after.milliseconds - before.milliseconds <= milliseconds
  }

  /// Stretches between two verifications that are too far apart to cover what lies between.
  package var holes: [ActivityGaps.Gap] {
    zip(sortedDays, sortedDays.dropFirst()).compactMap { one, other in
      guard let from = days[one]?.last, let until = days[other]?.first,
        until.milliseconds - from.milliseconds > VerificationCoverage.gapMilliseconds
      else { return nil }
      return ActivityGaps.Gap(from: from, until: until)
    }
  }
}
