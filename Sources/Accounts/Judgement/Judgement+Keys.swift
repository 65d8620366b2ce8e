import SalesforceExports

// Which accounts are judged.
extension Judgement {
  /// All accounts that are judged, in the order of their keys, with their numbers in the ledger.
  static func accounts(
    _ ledger: AccountLedger, _ snapshots: borrowing Snapshots, _ events: EventTables
  ) -> [(key: AccountKey, numbers: [UInt32])] {
    // Nearly all have ids, which are sorted as numbers; those without rows stand behind the same one with.
    let none = UInt32.max
    var ids: [(id: SalesforceID, number: UInt32)] = []
    var names: [AccountKey: [UInt32]] = [:]
    func add(_ key: AccountKey, _ number: UInt32) {
      switch key {
      case .id(let id): ids.append((id, number))
      case .username: names[key, default: []] += number == none ? [] : [number]
      }
    }
    // Of accounts that only opened pages in the window the rows beside it tell how they came in.
    let pageAccounts = Set(events.pages.accounts)
    for number in ledger.accountNumbers where ledger.hasRows(number) || !pageAccounts.isEmpty {
      var key = ledger.key(of: number)
      if case .username(let name) = key, let id = snapshots.userID(named: name) { key = .id(id) }
      guard ledger.hasRows(number) || pageAccounts.contains(key) else { continue }
      add(key, UInt32(number))
    }
    for id in usersWithoutLogins(snapshots) { ids.append((id, none)) }
    for key in events.accounts { add(key, none) }
    ids.sort { $0.id == $1.id ? $0.number < $1.number : $0.id < $1.id }
    var result: [(key: AccountKey, numbers: [UInt32])] = []
    result.reserveCapacity(ids.count + names.count)
    var position = 0
    while position < ids.count {
      let id = ids[position].id
      var numbers: [UInt32] = []
      while position < ids.count, ids[position].id == id {
        if ids[position].number != none { numbers.append(ids[position].number) }
        position += 1
      }
      result.append((.id(id), numbers))
    }
    guard !names.isEmpty else { return result }
    for (key, numbers) in names { result.append((key, numbers)) }
    result.sort { $0.key < $1.key }
    return result
  }

  /// Users of the newest snapshot that are judged though they have no rows.
  ///
  /// These are active ones inside the company. Customers, partners and Salesforce's own users, who are many, have no rule that
  /// speaks about an account without logins.
  private static func usersWithoutLogins(_ snapshots: borrowing Snapshots) -> [SalesforceID] {
    guard let table = snapshots.users.newest else { return [] }
    return table.rows.values.compactMap { user in
      user.isActive != false && user.hasContact != true
        && !AccountClassifier.isOutsideOrSystem(user)
        ? user.key : nil
    }
  }
}
