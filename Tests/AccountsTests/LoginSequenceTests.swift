import SalesforceExports
import TestSupport
import Testing

@testable import Accounts

/// The order of an account's logged rows, whoever entered them.
struct LoginSequenceTests {
  /// As one worker enters them, as two do, as three do, and in no order.
  @Test(arguments: SeededGenerator.seeds)
  func rowsComeInTheOrderOfTheirContent(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let ledger = AccountLedger()
    var parted = LoginSequence.Parted()
    for workerCount in 1...4 {
      let count = random.below(300)
      // Times that several rows share; Ids tell these apart.
      let sorted = (0..<count).map { self.row($0) }
      var rows = sorted
      if workerCount == 4 {
        rows.shuffle(using: &random)
      } else {
        rows = interleaved(sorted, workerCount, &random)
      }
      LoginSequence.order(&rows, &parted, ledger: ledger)
      #expect(rows == sorted, "seed \(seed), \(workerCount) workers")
    }
  }

  private func row(_ number: Int) -> LoggedLogin {
    let time = Instant(milliseconds: Int64(number / 3) * 1_000)
    let id = SalesforceID(high: 7, low: UInt32(number))
    let row = RowReference(time: time, id: id, address: 0, file: 0, line: UInt64(number + 2))
    return LoggedLogin(account: 0, shape: 0, row: row, disposition: .counted)
  }

  /// Rows that each of some workers entered in order, some at a time.
  private func interleaved(
    _ sorted: [LoggedLogin], _ workerCount: Int, _ random: inout SeededGenerator
  ) -> [LoggedLogin] {
    var parts = [[LoggedLogin]](repeating: [], count: workerCount)
    for row in sorted { parts[random.below(workerCount)].append(row) }
    var rows: [LoggedLogin] = []
    while parts.contains(where: { !$0.isEmpty }) {
      let part = random.below(workerCount)
      let taken = min(1 + random.below(20), parts[part].count)
      rows.append(contentsOf: parts[part].prefix(taken))
      parts[part].removeFirst(taken)
    }
    return rows
  }
}
