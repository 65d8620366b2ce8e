/// Counts by UTC minute of one account: exact, in any order, four bytes per active minute.
///
/// An entry has the minute in its upper 25 bits (counted from 2000-01-01) and the count in its
/// lower 7; a minute with more has several entries. Entries in order of time form a sorted run, and
/// what arrives out of order waits in a tail until it is merged. The memory is the ledger's;
/// copying the struct copies no entry.
@safe
struct MinuteCounts {
  /// 2000-01-01T00:00Z in minutes since 1970.
  static let base: Int64 = 15_778_080
  /// The first minute that 25 bits cannot hold, in 2063.
  static let end: Int64 = base + 1 << 25
  private static let fullCount: UInt32 = 127

  private var entries: UnsafeMutablePointer<UInt32>?
  private(set) var count: UInt32 = 0
  private var capacity: UInt32 = 0
  private var sortedCount: UInt32 = 0

  /// Makes an empty collection.
  init() { unsafe entries = nil }

  /// Where the next entry will be written or the last one counted up, to be prefetched.
  @inline(__always)
  var end: UnsafeMutablePointer<UInt32>? {
    unsafe entries.map { unsafe $0 + Int(count) - 1 }
  }

  /// Counts one more in a minute since 1970, which must lie in ``base``..<``end``.
  ///
  /// - Complexity: O(1) amortised for minutes that ascend; O(log *n*) otherwise.
  @inline(__always)
  mutating func add(minute: Int64, _ memory: ListMemory) {
    let key = UInt32(truncatingIfNeeded: minute - Self.base) << 7
    if count > 0 {
      let last = unsafe entries.unsafelyUnwrapped + Int(count) - 1
      let entry = unsafe last.pointee
      if entry ^ key < 128, entry & 127 < Self.fullCount {
        unsafe last.pointee = entry + 1
        return
      }
    }
    append(key | 1, memory)
  }

  /// Counts `count` more in a minute.
  mutating func add(minute: Int64, count: Int, _ memory: ListMemory) {
    let key = UInt32(truncatingIfNeeded: minute - Self.base) << 7
    var rest = count
    while rest > 0 {
      let taken = min(rest, Int(Self.fullCount))
      append(key | UInt32(taken), memory)
      rest -= taken
    }
  }

  private mutating func append(_ entry: UInt32, _ memory: ListMemory) {
    // A cache line more, and then an eighth more each time, so that the promised bytes hold.
    if count == capacity { grow(to: capacity + max(16, capacity / 8), memory) }
    let entries = unsafe entries.unsafelyUnwrapped
    let isInOrder =
      unsafe sortedCount == count && (count == 0 || entries[Int(count) - 1] <= entry)
    unsafe entries[Int(count)] = entry
    count += 1
    if isInOrder {
      sortedCount = count
    } else if count - sortedCount > max(64, sortedCount / 2) {
      compact()
    }
  }

  private mutating func grow(to larger: UInt32, _ memory: ListMemory) {
    let byteCount = ListMemory.rounded(Int(larger) * 4)
    let list = unsafe memory.allocate(byteCount)
      .bindMemory(to: UInt32.self, capacity: byteCount / 4)
    if let entries = unsafe entries { unsafe list.update(from: entries, count: Int(count)) }
    unsafe replace(with: list, capacity: UInt32(byteCount / 4), memory)
  }

  private mutating func replace(
    with list: UnsafeMutablePointer<UInt32>, capacity newCapacity: UInt32, _ memory: ListMemory
  ) {
    if let entries = unsafe entries {
      unsafe memory.release(UnsafeMutableRawPointer(entries), Int(capacity) * 4)
    }
    unsafe entries = list
    capacity = newCapacity
  }

  /// Sorts the entries and unites those of one minute.
  mutating func compact() {
    guard let entries = unsafe entries, count > 0 else { return }
    if sortedCount < count {
      var buffer = unsafe UnsafeMutableBufferPointer(start: entries, count: Int(count))
      unsafe buffer.sort()
    }
    var write = 0
    var read = 0
    let end = Int(count)
    while read < end {
      let minute = unsafe entries[read] >> 7
      var total = 0
      while read < end, unsafe entries[read] >> 7 == minute {
        total += unsafe Int(entries[read] & 127)
        read += 1
      }
      // Ascending: the incomplete part first, the full ones behind it. They need no more room than
      // what they unite, so nothing unread is overwritten.
      let full = total / 127
      let part = total % 127
      if part > 0 {
        unsafe entries[write] = minute << 7 | UInt32(part)
        write += 1
      }
      for _ in 0..<full {
        unsafe entries[write] = minute << 7 | 127
        write += 1
      }
    }
    count = UInt32(write)
    sortedCount = count
  }

  /// Adds all counts of another collection, which is brought in order.
  ///
  /// - Complexity: O(*n* + *m*) where both are in order of time.
  mutating func merge(_ other: inout MinuteCounts, _ memory: ListMemory) {
    guard other.count > 0 else { return }
    compact()
    other.compact()
    guard count > 0 else {
      grow(to: other.count, memory)
      unsafe entries.unsafelyUnwrapped.update(
        from: other.entries.unsafelyUnwrapped, count: Int(other.count))
      count = other.count
      sortedCount = count
      return
    }
    let total = count + other.count
    let byteCount = ListMemory.rounded(Int(total) * 4)
    let list = unsafe memory.allocate(byteCount)
      .bindMemory(to: UInt32.self, capacity: byteCount / 4)
    let (mine, theirs) = unsafe (entries.unsafelyUnwrapped, other.entries.unsafelyUnwrapped)
    var (left, right, write) = (0, 0, 0)
    while left < Int(count) || right < Int(other.count) {
      let takesLeft =
        unsafe right == Int(other.count) || (left < Int(count) && mine[left] <= theirs[right])
      unsafe list[write] = takesLeft ? mine[left] : theirs[right]
      if takesLeft { left += 1 } else { right += 1 }
      write += 1
    }
    unsafe replace(with: list, capacity: UInt32(byteCount / 4), memory)
    count = total
    sortedCount = total
    compact()
  }

  /// Appends the minutes with their counts, ascending; only after ``compact()``.
  func appendCounts(to result: inout [(minute: Int64, count: Int)]) {
    guard let entries = unsafe entries else { return }
    result.reserveCapacity(result.count + Int(count))
    var lastKey = UInt32.max
    for index in 0..<Int(count) {
      let entry = unsafe entries[index]
      if entry >> 7 == lastKey {
        result[result.count - 1].count += Int(entry & 127)
      } else {
        lastKey = entry >> 7
        result.append((Int64(lastKey) + Self.base, Int(entry & 127)))
      }
    }
  }
}
