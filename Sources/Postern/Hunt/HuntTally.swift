import Configuration
import Reports
import SalesforceExports

/// What rows match of a list of indicators, counted as they come in the order of time.
struct HuntTally {
  /// Rows of one account that match an indicator.
  private struct AccountTally {
    var rows = 0
    var first: Instant
    var last: Instant
  }

  /// Rows that match an indicator.
  private struct EntryTally {
    var rows = 0
    var succeeded = 0
    var accounts: [Int: AccountTally] = [:]
    var first: ShownLogin?
    var last: ShownLogin?
  }

  private let table: IndicatorTable
  private let texts: LoginTexts
  private var entries: [EntryTally]
  private var entriesOfShapes: [Int: [Int]] = [:]
  private var entriesOfAddresses: [Int: [Int]] = [:]

  /// Counts nothing.
  init(_ table: IndicatorTable, _ texts: LoginTexts) {
    self.table = table
    self.texts = texts
    entries = table.indicators.map { _ in EntryTally() }
  }

  /// Whether any row matched any indicator.
  var hasMatch: Bool { entries.contains { $0.rows > 0 } }

  /// Counts a row for the indicators whose dates hold its time.
  ///
  /// - Complexity: O(*k*) in the indicators that its values match; values are compared once each.
  mutating func add(_ login: ShownLogin) {
    if entriesOfShapes[login.shape] == nil {
      entriesOfShapes[login.shape] = table.entries(of: texts.shapes[login.shape])
    }
    if entriesOfAddresses[login.address] == nil {
      entriesOfAddresses[login.address] = table.entries(address: texts.addresses[login.address])
    }
    let succeeded = texts.shapes[login.shape].outcome == .succeeded
    for list in [entriesOfShapes[login.shape], entriesOfAddresses[login.address]] {
      for entry in list ?? []
      where table.indicators[entry].dates.contains(login.time.milliseconds) {
        count(login, succeeded, &entries[entry])
      }
    }
  }

  private func count(_ login: ShownLogin, _ succeeded: Bool, _ entry: inout EntryTally) {
    entry.rows += 1
    if succeeded { entry.succeeded += 1 }
    if entry.first == nil { entry.first = login }
    entry.last = login
    var account =
      entry.accounts[login.account] ?? AccountTally(first: login.time, last: login.time)
    account.rows += 1
    account.last = login.time
    entry.accounts[login.account] = account
  }

  /// Fills in what was counted for an indicator.
  func describe(_ hunted: inout HuntedIndicator, _ entry: Int) {
    let tally = entries[entry]
    hunted.rows = tally.rows
    hunted.succeeded = tally.succeeded
    hunted.first = tally.first.map { HuntedIndicator.Row($0, texts) }
    hunted.last = tally.last.map { HuntedIndicator.Row($0, texts) }
    let uses = tally.accounts.map { number, use in
      HuntedIndicator.AccountUse(
        account: texts.accounts[number], rows: use.rows, first: use.first, last: use.last)
    }
    hunted.accounts = uses.sorted {
      $0.rows != $1.rows ? $0.rows > $1.rows : $0.account.key < $1.account.key
    }
  }
}
