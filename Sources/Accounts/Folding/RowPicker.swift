package import SalesforceExports

/// Picks the rows of a filter out of those that one worker folds.
///
/// Rows that the ledger logs are left to whoever reads the log, except for copies: what is handed on
/// are successful API logins, of which the ledger keeps no single row.
package final class RowPicker {
  /// How many rows that the fold analysed or took for copies lie outside the filter's window.
  package private(set) var outside = (analysed: 0, duplicate: 0)
  /// Which of the filter's Ids are those of analysed rows.
  package private(set) var foundIDs: Set<SalesforceID> = []
  /// Which of the filter's places are those of rows.
  package private(set) var foundPlaces: Set<RowPlace> = []
  /// Ids of the rows at these places.
  package private(set) var idsAtPlaces: Set<SalesforceID> = []

  private let filter: RowFilter
  private let ledger: AccountLedger
  private let userID: (String) -> SalesforceID?
  private let receive: (PickedLogin) -> Void
  private let namesRows: Bool
  private var users = UserAnswers()
  private var accounts: [LedgerUser] = []
  private var shapes = ValueAnswers()
  private var addresses = ValueAnswers()

  /// Makes a picker.
  ///
  /// - Parameters:
  ///   - filter: What is asked for.
  ///   - ledger: Gives the codes of the rows.
  ///   - userID: Gives the id of the user with a lower-cased username, for rows that carry no id.
  ///   - receive: Is handed the rows, on the worker's thread.
  package init(
    _ filter: RowFilter, ledger: AccountLedger, userID: @escaping (String) -> SalesforceID?,
    receive: @escaping (PickedLogin) -> Void
  ) {
    self.filter = filter
    self.ledger = ledger
    self.userID = userID
    self.receive = receive
    namesRows = filter.namesRows
  }

  /// The user that stands for the account of another; `nil` when its rows are not asked for.
  private func account(of user: LedgerUser) -> LedgerUser? {
    if filter.account == nil, user.usernameNumber == nil { return user }
    let answer = users.answer(for: user) { user in
      var key = ledger.key(of: user)
      if case .username(let name) = key, let id = userID(name) { key = .id(id) }
      if let account = filter.account, !account(key) { return -1 }
      accounts.append(ledger.user(of: key))
      return Int32(accounts.count - 1)
    }
    return answer < 0 ? nil : accounts[Int(answer)]
  }

  /// Hands a row on if it is asked for.
  func take(_ login: FoldedLogin) {
    guard note(login.row, login.disposition) else { return }
    let isCopy = login.disposition == .copy
    if namesRows { noteNamed(login.row, isCopy: isCopy) }
    let isLogged = login.kind.contains(.logged)
    let isAskedFor = !isLogged && wants(login)
    if isCopy {
      // A row without any Id has no copies.
      guard filter.copies == .all || filter.copies == .unlogged && !isLogged,
        login.row.id != .none
      else { return }
    } else if !isAskedFor {
      return
    }
    // A copy elsewhere may stand at a place that is asked for, so only Ids decide here.
    if namesRows, filter.places.isEmpty, !filter.ids.contains(login.row.id) { return }
    guard let account = account(of: login.user) else { return }
    receive(
      PickedLogin(
        row: login.row, shape: login.shape, user: account,
        disposition: !isCopy ? .counted : isAskedFor ? .matchingCopy : .copy))
  }

  private func wants(_ login: FoldedLogin) -> Bool {
    let isShape = shapes.answer(for: login.shape) { filter.shape(ledger.shape($0)) }
    if isShape == filter.eitherSuffices { return isShape }
    guard let test = filter.address else { return true }
    return addresses.answer(for: login.row.address) { test(ledger.address($0)) }
  }

  /// Whether a row lies in the window; counts it if it does not.
  private func note(_ row: RowReference, _ disposition: RowDisposition) -> Bool {
    guard disposition != .neighbour else { return false }
    if filter.contains(row.time) { return true }
    if disposition == .copy { outside.duplicate += 1 } else { outside.analysed += 1 }
    return false
  }

  private func noteNamed(_ row: RowReference, isCopy: Bool) {
    if !isCopy, filter.ids.contains(row.id) { foundIDs.insert(row.id) }
    guard !filter.places.isEmpty else { return }
    let place = RowPlace(file: row.file, line: row.line)
    guard filter.places.contains(place) else { return }
    foundPlaces.insert(place)
    if !row.id.isNone { idsAtPlaces.insert(row.id) }
  }
}

/// Answers about values that a ledger numbers, each asked for once.
package struct ValueAnswers: Sendable {
  private var answers: [UInt8] = []

  /// Knows no answers.
  package init() {}

  /// The answer for a code, which `ask` gives on first sight.
  package mutating func answer(for code: UInt32, _ ask: (UInt32) -> Bool) -> Bool {
    if Int(code) < answers.count, answers[Int(code)] != 0 { return answers[Int(code)] == 1 }
    while answers.count <= Int(code) { answers.append(0) }
    let answer = ask(code)
    answers[Int(code)] = answer ? 1 : 2
    return answer
  }
}

/// Answers about users, each asked for once: open addressing by the users' own hash.
private struct UserAnswers {
  private var users = [LedgerUser](repeating: LedgerUser(.none), count: 64)
  private var answers = [Int32](repeating: 0, count: 64)
  private var isUsed = [Bool](repeating: false, count: 64)
  private var count = 0

  /// The answer for a user, which `ask` gives on first sight.
  ///
  /// - Complexity: O(1) amortised.
  mutating func answer(for user: LedgerUser, _ ask: (LedgerUser) -> Int32) -> Int32 {
    let place = place(of: user)
    if isUsed[place] { return answers[place] }
    let answer = ask(user)
    users[place] = user
    answers[place] = answer
    isUsed[place] = true
    count += 1
    if count * 2 > users.count { grow() }
    return answer
  }

  /// Where a user stands, or is to stand.
  private func place(of user: LedgerUser) -> Int {
    var place = Int(user.tag) & (users.count - 1)
    while isUsed[place], users[place] != user { place = (place + 1) & (users.count - 1) }
    return place
  }

  private mutating func grow() {
    let known = users.indices.filter { isUsed[$0] }.map { (users[$0], answers[$0]) }
    let capacity = users.count * 2
    users = [LedgerUser](repeating: LedgerUser(.none), count: capacity)
    answers = [Int32](repeating: 0, count: capacity)
    isUsed = [Bool](repeating: false, count: capacity)
    for (user, answer) in known {
      let place = place(of: user)
      users[place] = user
      answers[place] = answer
      isUsed[place] = true
    }
  }
}
