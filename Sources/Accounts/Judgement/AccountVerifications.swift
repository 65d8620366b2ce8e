import Platform
import SalesforceExports

/// A closed table of verifications in one object, which every account refers to.
final class SharedVerifications: Sendable {
  let table: VerificationTable

  /// Shares a closed table.
  init(_ table: VerificationTable) { self.table = table }
}

/// What verifications say of each login of one account (docs/judgement.md).
///
/// A login that is asked for a further factor leaves a `Multi-factor required` row, and the
/// verification may name that row; it then belongs to the first success that followed it. A
/// verification belongs to one login at most. One that names neither a success nor such a row, or a row that
/// is not among the run's, proves nothing, and is a doubt about the success that followed it.
///
/// One is used for account after account, so that its lists need not be allocated for each.
struct AccountVerifications {
  /// Largest distance from a required row to the success it led to.
  private static let nearbyMilliseconds: Int64 = 600_000
  /// Largest distance of a demand for MFA from a login that it may have been made of.
  private static let demandMilliseconds: Int64 = 900_000
  /// Largest distance of a login without Id from the verification before it.
  private static let placeMilliseconds: Int64 = 120_000

  /// What a required row's verifications say about the success that followed.
  private struct Nearby {
    /// Position of the latest required row that proves, and what it proves.
    var provingRow = -1
    var proving = VerificationProof.none
    /// What all of them say.
    var all = VerificationProof.none
  }

  private let traits: [ShapeTraits]
  private let texts: [VerdictTraits]
  private let shared: SharedVerifications
  /// Whether all that was noted of a row when it was read is of its own user's verifications.
  private let isOwnAlone: Bool
  private var rows: [LoggedLogin] = []
  /// Whose they are, where an id tells.
  private(set) var user: SalesforceID?
  /// What verifications with a row's own Id say, by row; empty where no row has any.
  private var owned: [VerificationProof] = []
  /// What required rows say, and for which rows: by row a place in ``nearby`` and one more, 0 for none;
  /// empty where no row has any.
  private var nearby: [Nearby] = []
  private var nearbyPlaces: [UInt32] = []
  /// Times of required rows and of people's successes, ascending.
  private var demands: [Instant] = []
  private var successes: [Instant] = []
  /// Positions of required rows.
  private var demandRows: [Int] = []
  /// Times of verifications that may be MFA and name rows of the account, but belong to no success, and of those
  /// that name logins of which the run has no row; ascending.
  private var unclaimed: [Instant] = []
  private var strays: [Instant] = []
  /// Rows that verifications name, and those of them that asked for a further factor.
  private var named: [Int] = []
  private var required: [Int] = []
  /// Verifications of logins of this account that are another user's.
  private(set) var foreign: VerificationTable.RowSpan?

  /// Has joined nothing.
  ///
  /// - Parameters:
  ///   - traits: Traits of shapes by code.
  ///   - texts: What verdicts ask of shapes, by code.
  ///   - shared: What rows are joined with.
  ///   - isOwnAlone: Whether no verification names a login of another user, so that what was noted of a row
  ///     when it was read is what its own user's say.
  init(
    traits: [ShapeTraits], texts: [VerdictTraits], shared: SharedVerifications, isOwnAlone: Bool
  ) {
    self.traits = traits
    self.texts = texts
    self.shared = shared
    self.isOwnAlone = isOwnAlone
  }

  /// Rows of an account beyond which lists are not kept for the next.
  private static let keptCapacity = 4_096

  /// Joins an account's rows with verifications, in the place of the account before.
  ///
  /// - Parameters:
  ///   - rows: The account's rows, ascending in time.
  ///   - user: The account's id, where it has one.
  ///   - isExternal: External users may confirm by text message.
  ///   - lacksIDs: Whether a row is from an export without login Ids.
  ///   - address: Gives the canonical address of a code.
  mutating func join(
    _ rows: [LoggedLogin], of user: SalesforceID?, isExternal: Bool,
    lacksIDs: (RowReference) -> Bool, address: (UInt32) -> String
  ) {
    let isKept = self.rows.count <= Self.keptCapacity
    // Taken out of `self`, which is changed.
    let (traits, shared) = (traits, shared)
    self.rows = rows
    self.user = user
    foreign = nil
    owned.removeAll(keepingCapacity: isKept)
    nearby.removeAll(keepingCapacity: isKept)
    nearbyPlaces.removeAll(keepingCapacity: isKept)
    demands.removeAll(keepingCapacity: isKept)
    demandRows.removeAll(keepingCapacity: isKept)
    unclaimed.removeAll(keepingCapacity: isKept)
    strays.removeAll(keepingCapacity: isKept)
    successes.removeAll(keepingCapacity: isKept)
    named.removeAll(keepingCapacity: isKept)
    required.removeAll(keepingCapacity: isKept)
    for index in rows.indices {
      let shape = traits[Int(rows[index].shape)]
      let isNamed = rows[index].proof != .none
      if isNamed {
        if !isOwnAlone || shape.status == .factorRequired {
          shared.table.prefetch(rows[index].row.id)
        }
        named.append(index)
      }
      if shape.status == .factorRequired {
        demands.append(rows[index].row.time)
        demandRows.append(index)
        if isNamed { required.append(index) }
      } else if isSuccess(shape) {
        successes.append(rows[index].row.time)
      } else if shape.door != .api, shape.outcome != .succeeded, shape.status == .other {
        // Challenged, perhaps: a wrong password or an inactive user is asked for nothing more.
        noteUnclaimed(rows[index], isExternal)
      }
    }
    attach(isExternal)
    unclaimed.sort()
    if let user {
      for stray in shared.table.strays(of: user)
      where stray.proof.mayBeMultiFactor(isExternal: isExternal) {
        strays.append(stray.time)
      }
    }
    if let user { attachPlaces(shared.table.places(of: user), isExternal, lacksIDs, address) }
    noteOwned()
  }

  /// Notes verifications of a row with which nobody got in.
  private mutating func noteUnclaimed(_ login: LoggedLogin, _ isExternal: Bool) {
    // Taken out of `self`, which is changed.
    let (user, shared) = (user, shared)
    shared.table.forEachVerification(of: login.row.id) { verification in
      if Self.isOwn(verification, user),
        verification.proof.mayBeMultiFactor(isExternal: isExternal)
      {
        unclaimed.append(verification.time)
      }
    }
  }

  /// A person got in, and not from inside a session.
  private func isSuccess(_ shape: ShapeTraits) -> Bool {
    shape.isHumanSuccess && shape.role != .insideSession
  }

  /// Whether a verification is of a user, as far as both are known.
  private static func isOwn(
    _ verification: VerificationTable.Verification, _ user: SalesforceID?
  ) -> Bool {
    user == nil || verification.user == nil || verification.user == user
  }

  /// What verifications with a row's Id say.
  func own(_ index: Int) -> VerificationProof {
    owned.isEmpty ? .none : owned[index]
  }

  /// What the latest required row that proves, or a verification beside a login without Id, proves of
  /// a row.
  func provenNearby(_ index: Int) -> VerificationProof {
    place(ofNearby: index).map { nearby[$0].proving } ?? .none
  }

  /// All that verifications of a row's required rows say.
  func required(_ index: Int) -> VerificationProof {
    place(ofNearby: index).map { nearby[$0].all } ?? .none
  }

  /// Where in ``nearby`` is what required rows say of a row; `nil` where none says anything.
  private func place(ofNearby index: Int) -> Int? {
    guard !nearbyPlaces.isEmpty else { return nil }
    let place = nearbyPlaces[index]
    return place == 0 ? nil : Int(place) - 1
  }

  /// The same, added where there is none.
  private mutating func addedPlace(ofNearby index: Int) -> Int {
    if let place = place(ofNearby: index) { return place }
    if nearbyPlaces.isEmpty { nearbyPlaces.append(contentsOf: repeatElement(0, count: rows.count)) }
    nearby.append(Nearby())
    nearbyPlaces[index] = UInt32(nearby.count)
    return nearby.count - 1
  }

  /// Whether Salesforce had demanded MFA just before a row: by a required row that no other success
  /// followed, from wherever, or by a verification of which no login is known.
  ///
  /// - Complexity: O(log *n*).
  func isDemanded(_ index: Int) -> Bool {
    let time = rows[index].row.time
    if let demand = Self.latest(demands, notAfter: time), demand >= beginning(of: index) {
      return true
    }
    if isVerifiedElsewhere(index) { return true }
    guard let user, let unnamed = Self.latest(shared.table.unnamedTimes(of: user), notAfter: time)
    else {
      return false
    }
    return unnamed.milliseconds >= time.milliseconds - Self.demandMilliseconds
  }

  /// Whether there is a required row of the same kind just before a row, which no success followed, or a
  /// verification of which no login is known.
  ///
  /// - Complexity: O(log *n*), and O(*d*) in the required rows since the last success.
  func isDemandedAlike(_ index: Int) -> Bool {
    let last = beginning(of: index)
    var place = Self.count(demands, before: last)
    while place < demands.count, demands[place] <= rows[index].row.time {
      if agree(rows[demandRows[place]], rows[index]) { return true }
      place += 1
    }
    return isVerifiedElsewhere(index)
  }

  /// Whether a verification that may be MFA came just before a row and before no other success, and names a
  /// row that did not get in, or one that the run does not have.
  ///
  /// - Complexity: O(log *n*) in these.
  func isVerifiedElsewhere(_ index: Int) -> Bool {
    let time = rows[index].row.time
    let last = beginning(of: index)
    if let found = Self.latest(unclaimed, notAfter: time), found >= last { return true }
    // Of exports without login Ids no verification is known to name another row.
    guard !rows[index].row.id.isNone else { return false }
    return Self.latest(strays, notAfter: time).map { $0 >= last } ?? false
  }

  /// Since when what Salesforce asked may have been asked of a row: for a while, and since the success before it.
  ///
  /// A success at the very instant of a demand does not follow it for certain, so it does not take the demand from
  /// a later one.
  private func beginning(of index: Int) -> Instant {
    let time = rows[index].row.time
    let earliest = Instant(milliseconds: time.milliseconds - Self.demandMilliseconds)
    return max(Self.latest(successes, before: time) ?? earliest, earliest)
  }

  /// How many of some times, ascending, come before another.
  private static func count(_ times: [Instant], before time: Instant) -> Int {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func latest(_ times: [Instant], notAfter time: Instant) -> Instant? {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : times[low - 1]
  }

  private static func latest(_ times: [Instant], before time: Instant) -> Instant? {
    latest(times, notAfter: Instant(milliseconds: time.milliseconds - 1))
  }

  // MARK: Joining

  /// The first row whose time is not before another, which mostly is near some row.
  private func position(of time: Instant, near index: Int) -> Int {
    var index = index
    for _ in 0..<8 {
      if index > 0, rows[index - 1].row.time >= time {
        index -= 1
      } else if index < rows.count, rows[index].row.time < time {
        index += 1
      } else {
        return index
      }
    }
    return position(of: time)
  }

  /// The first row whose time is not before another.
  private func position(of time: Instant) -> Int {
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].row.time < time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Gives each verification of required rows to the success that it belongs to.
  private mutating func attach(_ isExternal: Bool) {
    guard !required.isEmpty else { return }
    // Taken out of `self`, which is changed.
    let (rows, user, shared, all) = (rows, user, shared, required)
    for required in all {
      let demand = rows[required]
      let end = demand.row.time.milliseconds + Self.nearbyMilliseconds
      shared.table.forEachVerification(of: demand.row.id) { verification in
        guard Self.isOwn(verification, user) else { return }
        var index = position(of: max(demand.row.time, verification.time), near: required)
        var isGiven = false
        while index < rows.count, rows[index].row.time.milliseconds <= end {
          defer { index += 1 }
          guard isSuccess(traits[Int(rows[index].shape)]), agree(demand, rows[index]) else {
            continue
          }
          isGiven = true
          let place = addedPlace(ofNearby: index)
          nearby[place].all.formUnion(verification.proof)
          if verification.proof.provesMultiFactor(isExternal: isExternal),
            required >= nearby[place].provingRow
          {
            if required > nearby[place].provingRow { nearby[place].proving = .none }
            nearby[place].provingRow = required
            nearby[place].proving.formUnion(verification.proof)
          }
          break
        }
        if !isGiven, verification.proof.mayBeMultiFactor(isExternal: isExternal) {
          unclaimed.append(verification.time)
        }
      }
    }
  }

  /// Whether address, browser and login type are equal wherever both rows give one.
  private func agree(_ one: LoggedLogin, _ other: LoggedLogin) -> Bool {
    let (left, right) = (texts[Int(one.shape)], texts[Int(other.shape)])
    func agree(_ one: UInt32, _ other: UInt32) -> Bool { one == 0 || other == 0 || one == other }
    return agree(one.row.address, other.row.address) && agree(left.browser, right.browser)
      && agree(left.type, right.type)
  }

  /// Gives verifications to the logins without Id just behind them.
  private mutating func attachPlaces(
    _ places: [VerificationTable.Place], _ isExternal: Bool,
    _ lacksIDs: (RowReference) -> Bool, _ address: (UInt32) -> String
  ) {
    guard !places.isEmpty else { return }
    var ids: Set<SalesforceID> = []
    for login in rows where !login.row.id.isNone { ids.insert(login.row.id) }
    for place in places
    // What names a login of the run belongs to that.
    where !ids.contains(place.login) && place.proof.provesMultiFactor(isExternal: isExternal) {
      let end = place.time.milliseconds + Self.placeMilliseconds
      var index = position(of: place.time)
      while index < rows.count, rows[index].row.time.milliseconds <= end {
        defer { index += 1 }
        let login = rows[index]
        guard login.row.id.isNone, isSuccess(traits[Int(login.shape)]), login.row.address != 0,
          lacksIDs(login.row), address(login.row.address).hasBytes(of: place.address)
        else { continue }
        let found = addedPlace(ofNearby: index)
        nearby[found].all.formUnion(place.proof)
        nearby[found].proving.formUnion(place.proof)
        break
      }
    }
  }

  /// Looks each row up once that verifications name.
  private mutating func noteOwned() {
    guard !named.isEmpty else { return }
    owned.append(contentsOf: repeatElement(.none, count: rows.count))
    if isOwnAlone {
      for index in named { owned[index] = rows[index].proof }
      return
    }
    // Taken out of `self`, which is changed.
    let (rows, user, shared, named) = (rows, user, shared, named)
    var found: VerificationTable.RowSpan?
    for index in named {
      let login = rows[index]
      var proof = VerificationProof.none
      shared.table.forEachVerification(of: login.row.id) { verification in
        if Self.isOwn(verification, user) {
          proof.formUnion(verification.proof)
        } else if login.disposition == .counted {
          let span = VerificationTable.RowSpan(
            count: 1, first: login.row.time, last: login.row.time)
          if found?.formUnion(span) == nil { found = span }
        }
      }
      owned[index] = proof
    }
    foreign = found
  }
}
