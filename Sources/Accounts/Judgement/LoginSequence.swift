import SalesforceExports

/// The logged rows of one account in an order that only their content decides.
enum LoginSequence {
  /// Sorts rows by time, id, address and shape, and unites copies.
  ///
  /// A copy gives the counted row its place when that comes first; copies of rows that are not
  /// logged (the counted one was exported with other columns) fall away.
  static func ordered(_ rows: [LoggedLogin], ledger: AccountLedger) -> [LoggedLogin] {
    guard rows.contains(where: { $0.standing != .counted }) else {
      // Rows of one file come in order, and nothing is to be done.
      return isOrdered(rows) ? rows : rows.sorted { precedes($0, $1, ledger) }
    }
    var places: [SalesforceID: RowReference] = [:]
    var seenNeighbours: Set<SalesforceID> = []
    for login in rows where login.standing == .copy && login.row.id != .none {
      guard let known = places[login.row.id] else {
        places[login.row.id] = login.row
        continue
      }
      if login.row.isPlacedBefore(known) { places[login.row.id] = login.row }
    }
    var result: [LoggedLogin] = []
    result.reserveCapacity(rows.count)
    for var login in rows where login.standing != .copy {
      if login.standing == .neighbour, login.row.id != .none,
        !seenNeighbours.insert(login.row.id).inserted
      {
        continue
      }
      if let place = places[login.row.id], place.isPlacedBefore(login.row) {
        login.row.place = place.place
      }
      result.append(login)
    }
    return result.sorted { precedes($0, $1, ledger) }
  }

  private static func isOrdered(_ rows: [LoggedLogin]) -> Bool {
    for index in rows.indices.dropFirst() {
      let (one, other) = (rows[index - 1].row, rows[index].row)
      if one.time > other.time || one.time == other.time && !(one.id < other.id) { return false }
    }
    return true
  }

  private static func precedes(
    _ one: LoggedLogin, _ other: LoggedLogin, _ ledger: AccountLedger
  ) -> Bool {
    if one.row.time != other.row.time { return one.row.time < other.row.time }
    if one.row.id != other.row.id { return one.row.id < other.row.id }
    if one.row.address != other.row.address {
      return ledger.addresses[Int(one.row.address)].utf8.lexicographicallyPrecedes(
        ledger.addresses[Int(other.row.address)].utf8)
    }
    if one.shape != other.shape {
      return ledger.shapes[Int(one.shape)] < ledger.shapes[Int(other.shape)]
    }
    return one.row.isPlacedBefore(other.row)
  }
}

/// What verifications of required rows prove about the success that followed them.
///
/// A login that is asked for a further factor leaves a `Multi-factor required` row, and the
/// verification names that row (RULES.md §2).
struct NearbyProofs {
  private var proofs: [Int: VerificationProof] = [:]

  /// Finds, for each required row with a proving verification, the first successful human login
  /// from there within ten minutes; several at the same instant all count.
  ///
  /// - Parameters:
  ///   - rows: An account's rows, ascending in time.
  ///   - traits: Traits of shapes by code.
  ///   - browsers: What verdicts ask of shapes, by code.
  /// - Complexity: O(*n* + *r* · *w*) with *r* required rows and *w* rows within ten minutes.
  init(rows: [LoggedLogin], traits: [ShapeTraits], browsers: [VerdictTraits]) {
    for (index, required) in rows.enumerated()
    where required.proof.mayProve {
      let shape = traits[Int(required.shape)]
      guard required.row.address != 0, shape.status == .factorRequired
      else { continue }
      attach(required, from: index, rows, traits, browsers)
    }
  }

  private mutating func attach(
    _ required: LoggedLogin, from index: Int, _ rows: [LoggedLogin], _ traits: [ShapeTraits],
    _ browsers: [VerdictTraits]
  ) {
    let browser = browsers[Int(required.shape)].browser
    var found: Instant?
    // Rows of the same instant may stand before the required one.
    var position = index
    while position > 0, rows[position - 1].row.time == required.row.time { position -= 1 }
    while position < rows.count {
      let candidate = rows[position]
      let distance = candidate.row.time.milliseconds - required.row.time.milliseconds
      if distance > VerdictJudge.nearbyMilliseconds { break }
      if let found, candidate.row.time > found { break }
      let other = browsers[Int(candidate.shape)].browser
      if candidate.row.address == required.row.address,
        traits[Int(candidate.shape)].isHumanSuccess,
        // Browsers are compared where both are given.
        other == 0 || browser == 0 || other == browser
      {
        // A success at the very instant of the required row does not follow it for certain, so
        // it does not keep the proof from a later one.
        if candidate.row.time > required.row.time { found = candidate.row.time }
        proofs[position, default: []].formUnion(required.proof)
      }
      position += 1
    }
  }

  /// What required rows prove about the row at `index`.
  func proof(ofRow index: Int) -> VerificationProof {
    proofs.isEmpty ? .none : proofs[index] ?? .none
  }
}
