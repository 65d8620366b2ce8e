import SalesforceExports

/// The logged rows of the accounts that are judged together, by account.
struct UnitRows {
  private var rows: [[LoggedLogin]] = []

  /// Reads the rows of some accounts.
  ///
  /// - Complexity: O(*n*) in their rows.
  mutating func load(
    _ accounts: ArraySlice<(key: AccountKey, numbers: [UInt32])>, _ ledger: AccountLedger
  ) {
    for position in rows.indices { rows[position].removeAll(keepingCapacity: true) }
    while rows.count < accounts.count { rows.append([]) }
    for (position, account) in accounts.enumerated() {
      for number in account.numbers {
        rows[position].reserveCapacity(rows[position].count + ledger.loggedCount(of: Int(number)))
        ledger.forEachLoggedRow(ofAccount: Int(number)) { rows[position].append($0) }
      }
    }
  }

  /// Brings the rows of the account at a position into the order that their content decides.
  mutating func order(_ position: Int, _ ledger: AccountLedger) {
    LoginSequence.order(&rows[position], ledger: ledger)
  }

  /// The rows of the account at a position.
  func rows(of position: Int) -> [LoggedLogin] { rows[position] }
}
