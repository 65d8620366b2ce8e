import SalesforceExports

/// The logged rows of one account in an order that only their content decides.
enum LoginSequence {
  /// Rows of an account that another worker entered between those that ascend.
  struct Parted {
    fileprivate var rows: [LoggedLogin] = []

    /// Gives the memory back where it is for more than some rows.
    mutating func shrink(to rowCount: Int) {
      if rows.capacity > rowCount { rows = [] }
    }
  }

  /// Sorts rows by time, id, address and shape, and unites copies.
  ///
  /// A copy gives the counted row its place when that comes first; copies of rows that are not
  /// logged (the counted one was exported with other columns) fall away.
  ///
  /// - Parameter parted: Memory that is used again.
  static func order(_ rows: inout [LoggedLogin], _ parted: inout Parted, ledger: AccountLedger) {
    guard rows.contains(where: { $0.disposition != .counted }) else {
      // Rows of one file come in order, and nothing is to be done; of two workers each has them in order.
      if !isOrdered(rows), !mergeTwoSequences(&rows, &parted, ledger) {
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
  ///
  /// What ascends from the first row on stays where it is and moves to the front; the rest is put between.
  private static func mergeTwoSequences(
    _ rows: inout [LoggedLogin], _ parted: inout Parted, _ ledger: AccountLedger
  ) -> Bool {
    parted.rows.removeAll(keepingCapacity: true)
    for position in rows.indices.dropFirst() {
      let known = position - parted.rows.count
      guard precedes(rows[position], rows[known - 1], ledger) else {
        if known < position { rows[known] = rows[position] }
        continue
      }
      if let last = parted.rows.last, precedes(rows[position], last, ledger) {
        for (offset, row) in parted.rows.enumerated() { rows[known + offset] = row }
        return false
      }
      parted.rows.append(rows[position])
    }
    var left = rows.count - parted.rows.count
    var right = parted.rows.count
    // From the end, where there is room: as many as are still to come from between.
    while right > 0 {
      let isOther = left == 0 || !precedes(parted.rows[right - 1], rows[left - 1], ledger)
      rows[left + right - 1] = isOther ? parted.rows[right - 1] : rows[left - 1]
      if isOther { right -= 1 } else { left -= 1 }
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
