import SalesforceExports

/// The logged rows of the accounts that are judged together, by account.
///
/// The lists of one unit hold the rows of the next, so that none is allocated for each account.
struct UnitRows {
  private var rows: [[LoggedLogin]] = []
  private var parted = LoginSequence.Parted()
  /// Rows of an account beyond which its list is not kept for another: few accounts have more.
  private static let keptCapacity = 4_096

  /// Reads the rows of some accounts.
  ///
  /// - Complexity: O(*n*) in their rows.
  mutating func load(
    _ accounts: ArraySlice<(key: AccountKey, numbers: [UInt32])>, _ ledger: AccountLedger
  ) {
    while rows.count < accounts.count { rows.append([]) }
    for (position, account) in accounts.enumerated() {
      rows[position].removeAll(keepingCapacity: rows[position].capacity <= Self.keptCapacity)
      for number in account.numbers {
        ledger.appendLoggedRows(ofAccount: Int(number), to: &rows[position])
      }
    }
  }

  /// Brings the rows of the account at a position into the order that their content decides.
  mutating func order(_ position: Int, _ ledger: AccountLedger) {
    LoginSequence.order(&rows[position], &parted, ledger: ledger)
    parted.shrink(to: Self.keptCapacity)
  }

  /// The rows of the account at a position.
  func rows(of position: Int) -> [LoggedLogin] { rows[position] }
}
