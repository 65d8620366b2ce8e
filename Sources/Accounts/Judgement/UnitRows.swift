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
    rows.removeAll(keepingCapacity: true)
    for account in accounts {
      var all = account.numbers.first.map { ledger.loggedRows(ofAccount: Int($0)) } ?? []
      for number in account.numbers.dropFirst() {
        all += ledger.loggedRows(ofAccount: Int(number))
      }
      rows.append(all)
    }
  }

  /// Brings the rows of the account at a position into the order that their content decides.
  mutating func order(_ position: Int, _ ledger: AccountLedger) {
    LoginSequence.order(&rows[position], ledger: ledger)
  }

  /// The rows of the account at a position.
  func rows(of position: Int) -> [LoggedLogin] { rows[position] }
}
