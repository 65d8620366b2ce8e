package import SalesforceExports

/// The verifications of an export, reduced to what verdicts ask: what each login's verifications
/// prove, which times are covered, and whether the export holds more than one user.
///
/// Sixteen bytes a verification that names a login; rows may be added in any order.
package struct VerificationTable: Sendable {
  private struct Entry: Sendable {
    var high: UInt64
    var low: UInt32
    var proof: UInt16
  }

  /// A verification that proves MFA, for logins of exports without Ids.
  package struct Place: Sendable {
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
  private struct DayRange: Sendable {
    var first: Instant
    var last: Instant
  }

  private var entries: [Entry] = []
  /// Start of each bucket in `entries`; empty until the table is closed.
  private var offsets: [UInt32] = []
  private var bucketBits: UInt64 = 0
  private var days: [Int64: DayRange] = [:]
  private var sortedDays: [Int64] = []
  private var users: Set<SalesforceID> = []
  /// Proving verifications by user, ascending in time; kept where asked for.
  private var placesByUser: [SalesforceID: [Place]] = [:]

  /// Temporary codes that admins generated, ascending in time once the table is closed.
  package private(set) var codeGenerations: [CodeGeneration] = []
  private var registrationsByUser: [SalesforceID: [Registration]] = [:]

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
  package private(set) var rowCount = 0
  /// Whether places are kept, for login exports without Ids.
  package let keepsPlaces: Bool

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
    codeGenerations.sort { ($0.time, $0.user) < ($1.time, $1.user) }
    for user in registrationsByUser.keys {
      registrationsByUser[user]?.sort { ($0.time, $0.activity) < ($1.time, $1.activity) }
    }
    for user in placesByUser.keys { placesByUser[user]?.sort { $0.time < $1.time } }
    bucketBits = 1
    while (1 << bucketBits) * 8 < entries.count { bucketBits += 1 }
    var starts = [UInt32](repeating: 0, count: (1 << Int(bucketBits)) + 1)
    let bits = bucketBits
    for entry in entries { starts[Self.bucket(entry.high, entry.low, bits) + 1] += 1 }
    for index in 1..<starts.count { starts[index] += starts[index - 1] }
    offsets = starts
    // Sorted in place by bucket, so that the table never stands in memory twice.
    entries.sort { Self.bucket($0.high, $0.low, bits) < Self.bucket($1.high, $1.low, bits) }
  }

  private static func bucket(_ high: UInt64, _ low: UInt32, _ bucketBits: UInt64) -> Int {
    let mixed = (high ^ UInt64(low) << 34) &* 0x9E37_79B9_7F4A_7C15
    return Int((mixed ^ UInt64(low) &* 0xD6E8_FEB8_6659_FD93) >> (64 - bucketBits))
  }

  /// What the verifications of a login prove together; empty when none succeeded.
  package func proof(of login: SalesforceID) -> VerificationProof {
    guard !offsets.isEmpty, !login.isNone else { return [] }
    let bucket = Self.bucket(login.high, login.low, bucketBits)
    var result: VerificationProof = []
    for index in Int(offsets[bucket])..<Int(offsets[bucket + 1])
    where entries[index].low == login.low && entries[index].high == login.high {
      result.formUnion(VerificationProof(rawValue: entries[index].proof))
    }
    return result
  }

  /// Proving verifications of a user from an address within `milliseconds` of a time.
  package func proof(
    user: SalesforceID, address: String, near time: Instant, within milliseconds: Int64
  ) -> VerificationProof {
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
