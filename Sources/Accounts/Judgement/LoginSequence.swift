import SalesforceExports

/// The logged rows of one account in an order that only their content decides.
enum LoginSequence {
  /// Sorts rows by time, id, address and shape, and unites copies.
  ///
  /// A copy gives the counted row its place when that comes first; copies of rows that are not
  /// logged (the counted one was exported with other columns) fall away.
  static func ordered(_ rows: [LoggedLogin], ledger: AccountLedger) -> [LoggedLogin] {
    var places: [SalesforceID: RowReference] = [:]
    var seenNeighbours: Set<SalesforceID> = []
    for login in rows where login.standing == .copy && !login.row.id.isNone {
      guard let known = places[login.row.id] else {
        places[login.row.id] = login.row
        continue
      }
      if login.row.isPlacedBefore(known) { places[login.row.id] = login.row }
    }
    var result: [LoggedLogin] = []
    result.reserveCapacity(rows.count)
    for var login in rows where login.standing != .copy {
      if login.standing == .neighbour, !login.row.id.isNone,
        !seenNeighbours.insert(login.row.id).inserted
      {
        continue
      }
      if let place = places[login.row.id], place.isPlacedBefore(login.row) {
        login.row.file = place.file
        login.row.line = place.line
      }
      result.append(login)
    }
    return result.sorted { precedes($0, $1, ledger) }
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
  /// - Parameter rows: An account's rows, ascending in time.
  /// - Complexity: O(*n* + *r* · *w*) with *r* required rows and *w* rows within ten minutes.
  init(rows: [LoggedLogin], ledger: AccountLedger, verifications: VerificationTable?) {
    guard let verifications else { return }
    for (index, required) in rows.enumerated() {
      guard required.row.address != 0, ledger.shapes[Int(required.shape)].outcome == .pending
      else { continue }
      let shape = ledger.shapes[Int(required.shape)]
      guard shape.door == .human, shape.status.hasSuffix("factor required")
      else { continue }
      let proof = verifications.proof(of: required.row.id)
      guard !proof.isDisjoint(with: [.multiFactor, .textMessage]) else { continue }
      attach(proof, required: required, browser: shape.browser, from: index, rows, ledger)
    }
  }

  private mutating func attach(
    _ proof: VerificationProof, required: LoggedLogin, browser: String, from index: Int,
    _ rows: [LoggedLogin], _ ledger: AccountLedger
  ) {
    var found: Instant?
    // Rows of the same instant may stand before the required one.
    var position = index
    while position > 0, rows[position - 1].row.time == required.row.time { position -= 1 }
    while position < rows.count {
      let candidate = rows[position]
      let distance = candidate.row.time.milliseconds - required.row.time.milliseconds
      if distance > VerdictJudge.nearbyMilliseconds { break }
      if let found, candidate.row.time > found { break }
      if candidate.row.address == required.row.address,
        isSuccess(ledger.shapes[Int(candidate.shape)], from: browser)
      {
        // A success at the very instant of the required row does not follow it for certain, so
        // it does not keep the proof from a later one.
        if candidate.row.time > required.row.time { found = candidate.row.time }
        proofs[position, default: []].formUnion(proof)
      }
      position += 1
    }
  }

  /// Whether a shape is a person's success from a browser, which is compared where both are given.
  private func isSuccess(_ shape: borrowing LoginShape, from browser: String) -> Bool {
    shape.door == .human && shape.outcome == .succeeded
      && (shape.browser.isEmpty || browser.isEmpty || shape.browser == browser)
  }

  /// What required rows prove about the row at `index`.
  func proof(ofRow index: Int) -> VerificationProof { proofs[index] ?? [] }
}
