import SalesforceExports

/// The logged rows of one account in an order that only their content decides.
enum LoginSequence {
  /// Sorts rows by time, id, address and shape, and unites copies.
  ///
  /// A copy gives the counted row its place when that comes first; copies of rows that are not
  /// logged (the counted one was exported with other columns) fall away.
  static func order(_ rows: inout [LoggedLogin], ledger: AccountLedger) {
    guard rows.contains(where: { $0.disposition != .counted }) else {
      // Rows of one file come in order, and nothing is to be done; of two workers each has them in order.
      if !isOrdered(rows), !mergeTwoSequences(&rows, ledger) {
        rows.sort { precedes($0, $1, ledger) }
      }
      return
    }
    var places: [SalesforceID: RowReference] = [:]
    var seenNeighbours: Set<SalesforceID> = []
    for login in rows where login.disposition == .copy && login.row.id != .none {
      guard let known = places[login.row.id] else {
        places[login.row.id] = login.row
        continue
      }
      if login.row.isPlacedBefore(known) { places[login.row.id] = login.row }
    }
    var result: [LoggedLogin] = []
    result.reserveCapacity(rows.count)
    for var login in rows where login.disposition != .copy {
      if login.disposition == .neighbour, login.row.id != .none,
        !seenNeighbours.insert(login.row.id).inserted
      {
        continue
      }
      if let place = places[login.row.id], place.isPlacedBefore(login.row) {
        login.row.place = place.place
      }
      result.append(login)
    }
    result.sort { precedes($0, $1, ledger) }
    rows = result
  }

  private static func isOrdered(_ rows: [LoggedLogin]) -> Bool {
    for index in rows.indices.dropFirst() {
      let (one, other) = (rows[index - 1].row, rows[index].row)
      if one.time > other.time || one.time == other.time && !(one.id < other.id) { return false }
    }
    return true
  }

  /// Sorts rows that are two ascending sequences in one another; tells whether they were.
  private static func mergeTwoSequences(
    _ rows: inout [LoggedLogin], _ ledger: AccountLedger
  ) -> Bool {
    var one: [LoggedLogin] = []
    var other: [LoggedLogin] = []
    one.reserveCapacity(rows.count)
    for login in rows {
      if let last = one.last, precedes(login, last, ledger) {
        if let last = other.last, precedes(login, last, ledger) { return false }
        other.append(login)
      } else {
        one.append(login)
      }
    }
    var (left, right) = (0, 0)
    for place in rows.indices {
      let isOther =
        left == one.count || right < other.count && precedes(other[right], one[left], ledger)
      rows[place] = isOther ? other[right] : one[left]
      if isOther { right += 1 } else { left += 1 }
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
