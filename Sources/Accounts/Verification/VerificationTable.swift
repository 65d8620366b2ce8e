package import SalesforceExports

/// The verifications of an export, reduced to what verdicts ask: what each login's verifications
/// prove, which times are covered, and whether the export holds more than one user.
///
/// Sixteen bytes a verification that names a login; rows may be added in any order.
package struct VerificationTable: Sendable {
  struct Entry: Sendable {
    var high: UInt64
    var low: UInt32
    var proof: UInt16
  }

  /// A verification that proves MFA, for logins of exports without Ids.
  package struct Place: Sendable, Equatable {
    /// The user.
    package let user: SalesforceID
    /// Canonical source address.
    package let address: String
    /// Time of the verification.
    package let time: Instant
    /// What it proves.
    package let proof: VerificationProof
  }

  /// First and last verification of a UTC day.
  struct DayRange: Sendable {
    var first: Instant
    var last: Instant
  }

  // What is not private here is for ledger files.
  var entries: [Entry] = []
  var days: [Int64: DayRange] = [:]
  private var sortedDays: [Int64] = []
  var users: Set<SalesforceID> = []
  /// Proving verifications by user, ascending in time; kept where asked for.
  var placesByUser: [SalesforceID: [Place]] = [:]

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
  }

  /// Number of rows added.
  package internal(set) var rowCount = 0
  /// Whether places are kept, for login exports without Ids.
  package let keepsPlaces: Bool
  /// Whether they are asked for; if not, they are kept for a ledger alone.
  package var looksAtPlaces = true

  /// Makes an empty table.
  package init(keepsPlaces: Bool) { self.keepsPlaces = keepsPlaces }

  /// Adds one verification.
  package mutating func add(
    user: SalesforceID?, login: SalesforceID?, time: Instant, address: String,
    proof: VerificationProof
  ) {
    rowCount += 1
    var range = days[time.day] ?? DayRange(first: time, last: time)
    range.first = min(range.first, time)
    range.last = max(range.last, time)
    days[time.day] = range
    if users.count < 2, let user { users.insert(user) }
    if let login, !proof.isEmpty {
      entries.append(Entry(high: login.high, low: login.low, proof: proof.rawValue))
    }
    if keepsPlaces, let user, !proof.isDisjoint(with: [.multiFactor, .textMessage]) {
      placesByUser[user, default: []].append(
        Place(user: user, address: address, time: time, proof: proof))
    }
  }

  /// Notes the activity of a verification that succeeded, where it is one that rules ask for.
  package mutating func note(activity: String, user: SalesforceID, time: Instant) {
    switch VerificationActivity(activity) {
    case .generatesTemporaryCode:
      codeGenerations.append(CodeGeneration(user: user, time: time))
    case .registersMethod:
      registrationsByUser[user, default: []].append(Registration(activity: activity, time: time))
    case .other: break
    }
  }

  /// Registrations of MFA methods of a user, ascending in time.
  package func registrations(of user: SalesforceID) -> [Registration] {
    registrationsByUser[user] ?? []
  }

  /// Makes the table ready to be asked; nothing may be added afterwards.
  ///
  /// - Complexity: O(*n*).
  package mutating func close() {
    sortedDays = days.keys.sorted()
    // Exports overlap: a row that two of them hold is one.
    codeGenerations.sort { ($0.time, $0.user) < ($1.time, $1.user) }
    codeGenerations = Self.withoutRepeats(codeGenerations)
    for (user, rows) in registrationsByUser {
      registrationsByUser[user] = Self.withoutRepeats(
        rows.sorted { ($0.time, $0.activity) < ($1.time, $1.activity) })
    }
    for (user, places) in placesByUser {
      placesByUser[user] = Self.withoutRepeats(
        places.sorted {
          ($0.time, $0.address, $0.proof.rawValue) < ($1.time, $1.address, $1.proof.rawValue)
        })
    }
    entries.sort { $0.high != $1.high ? $0.high < $1.high : $0.low < $1.low }
    // What several verifications of one login prove is united in the first of them.
    var kept = 0
    for entry in entries {
      if kept > 0, entries[kept - 1].high == entry.high, entries[kept - 1].low == entry.low {
        entries[kept - 1].proof |= entry.proof
      } else {
        entries[kept] = entry
        kept += 1
      }
    }
    entries.removeSubrange(kept...)
  }

  private static func withoutRepeats<Row: Equatable>(_ rows: [Row]) -> [Row] {
    var result: [Row] = []
    for row in rows where result.last != row { result.append(row) }
    return result
  }

  /// What the verifications of a login prove together; empty when none succeeded.
  ///
  /// - Complexity: O(log *n*); a ``Cursor`` is faster for many logins in order.
  package func proof(of login: SalesforceID) -> VerificationProof {
    guard !login.isNone else { return [] }
    let place = place(of: login, from: 0, to: entries.count)
    return proof(at: place, of: login)
  }

  private func proof(at place: Int, of login: SalesforceID) -> VerificationProof {
    guard place < entries.count, entries[place].low == login.low, entries[place].high == login.high
    else { return [] }
    return VerificationProof(rawValue: entries[place].proof)
  }

  /// The first place between two whose login is not before `login`.
  private func place(of login: SalesforceID, from: Int, to: Int) -> Int {
    var (low, high) = (from, to)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(middle, login) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  @inline(__always)
  private func isBefore(_ place: Int, _ login: SalesforceID) -> Bool {
    entries[place].high != login.high
      ? entries[place].high < login.high : entries[place].low < login.low
  }

  /// Looks logins up that mostly come in the order of their ids, as those of a history do.
  package struct Cursor: Sendable {
    private let table: VerificationTable
    private var place = 0

    /// Stands at the beginning of a closed table.
    package init(_ table: VerificationTable) { self.table = table }

    /// The same as ``VerificationTable/proof(of:)``.
    ///
    /// - Complexity: O(log *d*) in the distance from the last login that was asked for.
    @inline(__always)
    package mutating func proof(of login: SalesforceID) -> VerificationProof {
      let count = table.entries.count
      // Steps that double, from where it stands, until the login is passed.
      if place < count, table.isBefore(place, login) {
        var step = 1
        while place + step < count, table.isBefore(place + step, login) { step *= 2 }
        place = table.place(of: login, from: place + step / 2, to: min(place + step, count))
      } else if place > 0, !table.isBefore(place - 1, login) {
        var step = 1
        while place - step > 0, !table.isBefore(place - step, login) { step *= 2 }
        place = table.place(of: login, from: max(place - step, 0), to: place)
      }
      return table.proof(at: place, of: login)
    }
  }

  /// Proving verifications of a user from an address within `milliseconds` of a time.
  package func proof(
    user: SalesforceID, address: String, near time: Instant, within milliseconds: Int64
  ) -> VerificationProof {
    guard looksAtPlaces else { return .none }
    var result: VerificationProof = []
    for place in placesByUser[user] ?? []
    where place.address == address
      && abs(place.time.milliseconds - time.milliseconds) <= milliseconds
    {
      result.formUnion(place.proof)
    }
    return result
  }

  /// Whether the export holds at least two users.
  package var hasSeveralUsers: Bool { users.count >= 2 }

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
        until.milliseconds - from.milliseconds > VerdictJudge.coverageGapMilliseconds
      else { return nil }
      return ActivityGaps.Gap(from: from, until: until)
    }
  }
}
