/// Counts by UTC minute of one account: exact, in any order, four bytes per active minute.
///
/// An entry has the minute in its upper 25 bits (counted from 2000-01-01) and the count in its
/// lower 7; a minute with more has several entries. Entries in order of time form a sorted run, and
/// what arrives out of order waits in a short tail until it is merged.
package struct MinuteCounts: Sendable, Equatable {
  /// 2000-01-01T00:00Z in minutes since 1970.
  private static let base: Int64 = 15_778_080
  private static let fullCount: UInt32 = 127

  private var entries: [UInt32] = []
  private var sortedCount = 0
  /// Counts of minutes that 25 bits cannot hold (before 2000 or after 2063).
  private var outliers: [Int64: Int] = [:]

  /// Makes an empty collection.
  package init() {}

  /// Whether nothing was counted.
  package var isEmpty: Bool { entries.isEmpty && outliers.isEmpty }

  /// Adds `count` to a minute, which is counted from 1970 UTC.
  ///
  /// - Complexity: O(1) amortised for minutes that ascend; O(log *n*) otherwise.
  package mutating func add(minute: Int64, count: Int = 1) {
    let relative = minute - Self.base
    guard relative >= 0, relative < 1 << 25 else {
      outliers[minute, default: 0] += count
      return
    }
    let key = UInt32(relative) << 7
    var rest = count
    if let last = entries.last, last >> 7 == key >> 7 {
      let taken = min(rest, Int(Self.fullCount - last & 127))
      entries[entries.count - 1] += UInt32(taken)
      rest -= taken
    }
    while rest > 0 {
      let taken = min(rest, Int(Self.fullCount))
      append(key | UInt32(taken))
      rest -= taken
    }
  }

  private mutating func append(_ entry: UInt32) {
    // Grows by an eighth instead of doubling, so that the promised bytes per minute hold.
    if entries.count == entries.capacity {
      entries.reserveCapacity(entries.count + max(4, entries.count / 8))
    }
    let isInOrder = sortedCount == entries.count && (entries.last ?? 0) <= entry
    entries.append(entry)
    if isInOrder {
      sortedCount += 1
    } else if entries.count - sortedCount > max(64, sortedCount / 4) {
      compact()
    }
  }

  /// Sorts the entries and unites those of one minute.
  package mutating func compact() {
    guard sortedCount < entries.count || hasSplitMinute else { return }
    entries.sort()
    var united: [UInt32] = []
    united.reserveCapacity(entries.count)
    var position = 0
    while position < entries.count {
      let minute = entries[position] >> 7
      var total = 0
      while position < entries.count, entries[position] >> 7 == minute {
        total += Int(entries[position] & 127)
        position += 1
      }
      // Ascending: the incomplete part first, the full ones behind it.
      if total % 127 > 0 { united.append(minute << 7 | UInt32(total % 127)) }
      united.append(contentsOf: repeatElement(minute << 7 | 127, count: total / 127))
    }
    entries = united
    sortedCount = entries.count
  }

  /// Whether a minute has parts that one entry could hold.
  private var hasSplitMinute: Bool {
    guard entries.count > 1 else { return false }
    for index in 1..<entries.count
    where entries[index] >> 7 == entries[index - 1] >> 7 && entries[index - 1] & 127 < 127 {
      return true
    }
    return false
  }

  /// All counts of `other` added.
  package mutating func merge(_ other: MinuteCounts) {
    for (minute, count) in other.counts { add(minute: minute, count: count) }
  }

  /// Minutes since 1970 UTC with their counts, ascending.
  package var counts: [(minute: Int64, count: Int)] {
    var sorted = self
    sorted.compact()
    var result: [(minute: Int64, count: Int)] = []
    result.reserveCapacity(sorted.entries.count + outliers.count)
    for entry in sorted.entries {
      let minute = Int64(entry >> 7) + Self.base
      let count = Int(entry & 127)
      if result.last?.minute == minute {
        result[result.count - 1].count += count
      } else {
        result.append((minute, count))
      }
    }
    guard !outliers.isEmpty else { return result }
    result.append(contentsOf: outliers.map { ($0.key, $0.value) })
    return result.sorted { $0.minute < $1.minute }
  }

  package static func == (left: Self, right: Self) -> Bool {
    var (left, right) = (left, right)
    left.compact()
    right.compact()
    return left.entries == right.entries && left.outliers == right.outliers
  }
}
