import Accounts
import Findings
import Reports
import SalesforceExports

/// The rows that are shown, in their order, with the texts that they refer to.
final class ShownRows {
  /// Where the rows come from.
  enum Source {
    case merged(MergedLogins)
    /// Each of them is there once, and stands in no order.
    case unordered(LoginSorter)
  }

  /// Rows that become one piece of output.
  private static let pieceRowCount = 2_048

  /// Texts of the rows.
  let texts: LoginTexts
  /// Numbers of the accounts in the texts.
  let accountNumbers: [LedgerUser: Int]
  /// Rows given so far.
  private(set) var count = 0
  /// Whether there are rows beyond the limit, once the last one was given.
  private(set) var hasMore = false

  private let limit: Int
  /// The rows that are shown; `nil` for all.
  private let finding: FindingRows?
  private let selection: EventSelection
  private var merged: MergedLogins?
  private let unordered: LoginSorter?
  /// The row behind the group that was read last.
  private var ahead: PickedLogin?
  private var hasBegun = false
  private var gathered: [PickedLogin]?

  /// Takes rows that were put in order, or whose order does not matter.
  init(
    _ source: Source, _ selection: EventSelection, accounts: [JudgedRows.Account],
    _ ledger: AccountLedger, verdicts: [Verdict], files: [String],
    of finding: FindingRows? = nil, limit: Int?
  ) {
    self.finding = finding
    self.limit = limit ?? .max
    switch source {
    case .merged(let merged): (self.merged, unordered) = (merged, nil)
    case .unordered(let sorter): (merged, unordered) = (nil, sorter)
    }
    self.selection = selection
    var numbers: [LedgerUser: Int] = [:]
    numbers.reserveCapacity(accounts.count)
    for (number, entry) in accounts.enumerated() { numbers[entry.user] = number }
    accountNumbers = numbers
    texts = LoginTexts(
      accounts: accounts.map(\.account), shapes: ledger.shapes, addresses: ledger.addresses,
      verdicts: verdicts, files: files)
  }

  /// The next rows; `nil` at the end.
  func next() throws -> [ShownLogin]? {
    var rows: [ShownLogin] = []
    let room = min(Self.pieceRowCount, limit - count)
    rows.reserveCapacity(room)
    while rows.count < room, let login = try nextShown() {
      rows.append(
        ShownLogin(
          time: login.row.time, id: login.id, account: accountNumbers[login.user] ?? 0,
          shape: Int(login.shape), address: Int(login.row.address), verdict: Int(login.mark),
          file: Int(login.row.file), line: login.row.line))
    }
    count += rows.count
    if count == limit, !hasMore { hasMore = try nextShown() != nil }
    return rows.isEmpty ? nil : rows
  }

  /// Hands all rows on to be counted instead of giving them.
  ///
  /// - Parameters:
  ///   - threads: How many workers may share them, where they stand in no order.
  ///   - sink: What a worker hands its rows to.
  /// - Throws: ``OutputError``, ``Cancelled``.
  func addAll(threads: Int, to sink: (Int) -> any RowSink) throws {
    if let sorter = unordered {
      let sinks = (0..<max(1, threads)).map(sink)
      return try sorter.forEachRow(threads: threads) { worker, login in sinks[worker].add(login) }
    }
    let sink = sink(0)
    while let login = try nextShown() {
      try Cancelled.check()
      sink.add(login)
    }
  }

  /// Brings all rows into memory; for those that are named or limited, of which there are few.
  ///
  /// - Returns: Values of the rows.
  func gatherAll() throws -> ShownValues {
    var values = ShownValues()
    var rows: [PickedLogin] = []
    // One more tells that there are more.
    while rows.count <= limit, let login = try nextShown() {
      if rows.count < limit { values.note(login) }
      rows.append(login)
    }
    gathered = rows.reversed()
    return values
  }

  /// The next row of an account that is shown.
  ///
  /// An account that is not judged has only copies of rows that count for another.
  func nextShown() throws -> PickedLogin? {
    while let login = try nextLogin() {
      guard let number = accountNumbers[login.user] else { continue }
      guard let finding else { return login }
      if finding.contains(login.row, shape: login.shape, of: texts.accounts[number].key) {
        return login
      }
    }
    return nil
  }

  private func nextLogin() throws -> PickedLogin? {
    if gathered != nil { return gathered?.popLast() }
    while let group = try nextGroup() {
      if let login = selection.united(group) { return login }
    }
    return nil
  }

  /// The next row with its copies, which stand beside it.
  private func nextGroup() throws -> [PickedLogin]? {
    if !hasBegun {
      hasBegun = true
      ahead = try merged?.next()
    }
    guard let first = ahead else { return nil }
    var group = [first]
    while true {
      ahead = try merged?.next()
      guard let next = ahead, let last = group.last, next.row.id != .none,
        next.row.id == last.row.id, next.isCopy || last.isCopy,
        next.isCopy || group.allSatisfy(\.isCopy)
      else { return group }
      group.append(next)
    }
  }
}
