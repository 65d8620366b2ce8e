import Accounts
import SalesforceExports

/// Counts login rows by account, shape and what else a question needs of them.
///
/// Memory depends on the distinct combinations, never on the number of rows. Each worker counts for itself,
/// and sums do not depend on who counted what.
// Unchecked: each part belongs to one worker at a time, and summing begins when they have ended.
final class RowTally: @unchecked Sendable {
  /// What rows are told apart by, beside account and shape.
  struct Grain: Sendable {
    var usesAddress = false
    var usesVerdict = false
    var usesFile = false
    /// Length of the stretches of time; `nil` tells no times apart.
    var stretch: Int64?
  }

  /// What rows that are counted together have in common; 0 stands for what is not told apart.
  struct Key: Hashable, Sendable {
    let user: LedgerUser
    let shape: UInt32
    var address: UInt32 = 0
    var verdict: UInt16 = 0
    var file: UInt32 = 0
    var stretch: Int64 = 0
  }

  /// How many they are, and when.
  struct Count: Sendable {
    var rows = 0
    var first: Instant
    var last: Instant
  }

  /// The counts of one worker.
  // Unchecked: as the tally.
  final class Part: RowSink, @unchecked Sendable {
    private let grain: Grain
    private var places: [Key: Int] = [:]
    fileprivate var counts: [(key: Key, count: Count)] = []
    private var lastPlace = 0

    fileprivate init(_ grain: Grain) { self.grain = grain }

    func add(_ row: PickedLogin) { _ = note(row) }

    /// Counts a row.
    ///
    /// - Returns: The number of its key, counted from 0 in the order of first sight.
    func note(_ row: PickedLogin) -> Int {
      var key = Key(user: row.user, shape: row.shape)
      let time = row.row.time
      if grain.usesAddress { key.address = row.row.address }
      if grain.usesVerdict { key.verdict = row.mark }
      if grain.usesFile { key.file = row.row.file }
      if let stretch = grain.stretch { key.stretch = floorDivide(time.milliseconds, stretch) }
      // Rows of one account often follow each other.
      if lastPlace >= counts.count || counts[lastPlace].key != key {
        if let place = places[key] {
          lastPlace = place
        } else {
          lastPlace = counts.count
          places[key] = lastPlace
          counts.append((key, Count(first: time, last: time)))
        }
      }
      counts[lastPlace].count.rows += 1
      counts[lastPlace].count.first = min(counts[lastPlace].count.first, time)
      counts[lastPlace].count.last = max(counts[lastPlace].count.last, time)
      return lastPlace
    }

    /// How many rows have the key with a number.
    func rows(_ number: Int) -> Int { counts[number].count.rows }
  }

  let grain: Grain
  private let parts: [Part]

  /// Makes an empty tally.
  ///
  /// - Parameter threads: How many workers there are; each picks rows, then judges accounts.
  init(_ grain: Grain, threads: Int) {
    self.grain = grain
    parts = (0..<(2 * max(1, threads))).map { _ in Part(grain) }
  }

  /// The part that one worker adds to.
  func part(_ number: Int) -> Part { parts[number] }

  /// Gives all counts; of one key there may be one for each worker.
  func visit(_ body: (Key, Count) -> Void) {
    for part in parts { for entry in part.counts { body(entry.key, entry.count) } }
  }
}
