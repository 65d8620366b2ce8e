/// Counts by UTC minute of one account: exact, in any order, four bytes per active minute.
///
/// An entry has the minute in its upper 25 bits (counted from 2000-01-01) and the count in its
/// lower 7; a minute with more has several entries. Entries fill lines of 128 bytes, of which the last
/// eight are the address of the next line; the last line names the first. So nothing moves when an account
/// grows, whatever the number of accounts that grow with it. What arrives out of order is sorted and
/// united when there is four times as much as after the last time.
@safe
struct MinuteCounts {
  /// 2000-01-01T00:00Z in minutes since 1970.
  static let base: Int64 = 15_778_080
  /// The first minute that 25 bits cannot hold, in 2063.
  static let end: Int64 = base + 1 << 25
  private static let fullCount: UInt32 = 127
  /// Bytes of a line.
  static let lineByteCount = 128
  /// Entries of a line, before the address of the next.
  private static let lineEntryCount: UInt32 = 30
  private static let nextOffset = 120
  /// Entries below which nothing is united.
  private static let unitedCount: UInt32 = 512
  /// How many times as much there is when it is united again: workers make what is hardly out of order, and
  /// sorting it gains nothing.
  private static let growth: UInt32 = 4

  /// The last line.
  private var last: UnsafeMutableRawPointer?
  private(set) var count: UInt32 = 0
  /// Entries when order was looked at last.
  private var orderedCount: UInt32 = 0

  /// Makes an empty collection.
  init() { unsafe last = nil }

  /// The last entry, which the next row changes or writes behind, to be prefetched.
  @inline(__always)
  var end: UnsafeMutableRawPointer? {
    guard let last = unsafe last else { return nil }
    return unsafe UnsafeMutableRawPointer(
      Self.entries(last) + Int((count &- 1) % Self.lineEntryCount))
  }

  @inline(__always)
  private static func entries(_ line: UnsafeMutableRawPointer) -> UnsafeMutablePointer<UInt32> {
    unsafe line.assumingMemoryBound(to: UInt32.self)
  }

  @inline(__always)
  private static func next(_ line: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    unsafe line.load(fromByteOffset: nextOffset, as: UnsafeMutableRawPointer.self)
  }

  /// Names the line behind another one.
  @inline(__always)
  private static func setNext(_ next: UnsafeMutableRawPointer, of line: UnsafeMutableRawPointer) {
    unsafe line.storeBytes(
      of: next, toByteOffset: nextOffset, as: UnsafeMutableRawPointer.self)
  }

  /// Counts one more in a minute since 1970, which must lie in ``base``..<``end``.
  ///
  /// - Complexity: O(1) amortised for minutes that ascend; O(log *n*) otherwise.
  @inline(__always)
  mutating func add(minute: Int64, _ memory: ListAllocator) {
    let key = UInt32(truncatingIfNeeded: minute - Self.base) << 7
    if let last = unsafe last {
      let entry = unsafe Self.entries(last) + Int((count - 1) % Self.lineEntryCount)
      if unsafe entry.pointee ^ key < 128, unsafe entry.pointee & 127 < Self.fullCount {
        unsafe entry.pointee += 1
        return
      }
    }
    append(key | 1, memory)
  }

  /// Counts `count` more in a minute.
  mutating func add(minute: Int64, count: Int, _ memory: ListAllocator) {
    let key = UInt32(truncatingIfNeeded: minute - Self.base) << 7
    var rest = count
    while rest > 0 {
      let taken = min(rest, Int(Self.fullCount))
      append(key | UInt32(taken), memory)
      rest -= taken
    }
  }

  private mutating func append(_ entry: UInt32, _ memory: ListAllocator) {
    let place = count % Self.lineEntryCount
    if place == 0 {
      if count >= Self.unitedCount, count / Self.growth >= orderedCount {
        let united = self.united
        if united.count * 4 <= Int(count) * 3 {
          rewrite(united, memory)
          append(entry, memory)
          return
        }
        // Few are of one minute: looked at again when there are more.
        orderedCount = count
      }
      addLine(memory)
    }
    guard let last = unsafe last else { return }
    unsafe Self.entries(last)[Int(place)] = entry
    count += 1
  }

  private mutating func addLine(_ memory: ListAllocator) {
    let line = unsafe memory.allocate(Self.lineByteCount)
    if let last = unsafe last {
      unsafe Self.setNext(Self.next(last), of: line)
      unsafe Self.setNext(line, of: last)
    } else {
      unsafe Self.setNext(line, of: line)
    }
    unsafe last = line
  }

  /// Puts other entries in the place of all.
  private mutating func rewrite(_ entries: [UInt32], _ memory: ListAllocator) {
    if let last = unsafe last {
      var line = unsafe Self.next(last)
      while unsafe line != last {
        let next = unsafe Self.next(line)
        unsafe memory.release(line, Self.lineByteCount)
        unsafe line = next
      }
      unsafe memory.release(last, Self.lineByteCount)
    }
    unsafe last = nil
    count = 0
    orderedCount = .max / 2
    for entry in entries { append(entry, memory) }
    orderedCount = count
  }

  /// All entries in the order in which they were written.
  private var all: [UInt32] {
    guard let last = unsafe last else { return [] }
    var result: [UInt32] = []
    result.reserveCapacity(Int(count))
    var line = unsafe Self.next(last)
    var rest = count
    while rest > 0 {
      let inLine = min(rest, Self.lineEntryCount)
      unsafe result.append(
        contentsOf: UnsafeBufferPointer(start: Self.entries(line), count: Int(inLine)))
      rest -= inLine
      unsafe line = Self.next(line)
    }
    return result
  }

  /// The entries in order of time, those of one minute united.
  private var united: [UInt32] {
    var entries = all
    var isOrdered = true
    for index in entries.indices.dropFirst()
    where entries[index] >> 7 <= entries[index - 1] >> 7 {
      isOrdered = false
      break
    }
    if isOrdered { return entries }
    Self.sort(&entries)
    var write = 0
    var read = 0
    while read < entries.count {
      let minute = entries[read] >> 7
      if read + 1 == entries.count || entries[read + 1] >> 7 != minute {
        entries[write] = entries[read]
        write += 1
        read += 1
        continue
      }
      var total = 0
      while read < entries.count, entries[read] >> 7 == minute {
        total += Int(entries[read] & 127)
        read += 1
      }
      // Ascending: the incomplete part first, the full ones behind it. They need no more room than
      // what they unite, so nothing unread is overwritten.
      if total % 127 > 0 {
        entries[write] = minute << 7 | UInt32(total % 127)
        write += 1
      }
      for _ in 0..<(total / 127) {
        entries[write] = minute << 7 | 127
        write += 1
      }
    }
    entries.removeSubrange(write...)
    return entries
  }

  private static let digitBits: UInt32 = 9
  /// Entries below which a sort by comparisons is faster.
  private static let countedSortCount = 256

  /// Sorts entries by their minutes; those of one minute are in any order.
  ///
  /// - Complexity: O(*n*): a history has few years, whose minutes two or three digits tell apart.
  private static func sort(_ entries: inout [UInt32]) {
    if mergeTwoSequences(&entries) { return }
    guard entries.count >= countedSortCount, let least = entries.min(), let most = entries.max()
    else { return entries.sort() }
    let base = least >> 7
    let digitMask: UInt32 = 1 << digitBits - 1
    var other = [UInt32](repeating: 0, count: entries.count)
    var shift: UInt32 = 0
    while (most >> 7 - base) >> shift > 0 {
      var ends = [Int](repeating: 0, count: 1 << Int(digitBits))
      for entry in entries { ends[Int((entry >> 7 &- base) >> shift & digitMask)] += 1 }
      var start = 0
      for digit in ends.indices {
        let count = ends[digit]
        ends[digit] = start
        start += count
      }
      for entry in entries {
        let digit = Int((entry >> 7 &- base) >> shift & digitMask)
        other[ends[digit]] = entry
        ends[digit] += 1
      }
      swap(&entries, &other)
      shift += digitBits
    }
  }

  /// Sorts entries that are two ascending sequences in one another, as two workers make them; tells whether
  /// they were.
  ///
  /// - Complexity: O(*n*).
  private static func mergeTwoSequences(_ entries: inout [UInt32]) -> Bool {
    // One grows from the front and the other from the back, where it descends.
    var parted = [UInt32](repeating: 0, count: entries.count)
    var (front, back) = (0, entries.count)
    var (frontLast, backLast): (UInt32, UInt32) = (0, 0)
    for entry in entries {
      // As far as it matters an entry is its minute.
      if entry | 127 >= frontLast {
        frontLast = entry
        parted[front] = entry
        front += 1
      } else if entry | 127 >= backLast {
        backLast = entry
        back -= 1
        parted[back] = entry
      } else {
        return false
      }
    }
    var (left, right) = (0, entries.count - 1)
    for place in entries.indices {
      if right < back || left < front && parted[left] <= parted[right] {
        entries[place] = parted[left]
        left += 1
      } else {
        entries[place] = parted[right]
        right -= 1
      }
    }
    return true
  }

  /// Adds all counts of another collection.
  mutating func merge(_ other: MinuteCounts, _ memory: ListAllocator) {
    guard other.count > 0 else { return }
    for entry in other.united { append(entry, memory) }
  }

  /// Appends the minutes with their counts, ascending.
  ///
  /// - Complexity: O(*n*) where minutes were added in order of time.
  func appendCounts(to result: inout [(minute: Int64, count: Int)]) {
    guard let last = unsafe last else { return }
    let start = result.count
    result.reserveCapacity(start + Int(count))
    var line = unsafe Self.next(last)
    var rest = count
    var lastKey: UInt32?
    while rest > 0 {
      let entries = unsafe Self.entries(line)
      let inLine = min(rest, Self.lineEntryCount)
      for position in 0..<Int(inLine) {
        let entry = unsafe entries[position]
        if entry >> 7 == lastKey {
          result[result.count - 1].count += Int(entry & 127)
          continue
        }
        if let lastKey, entry >> 7 < lastKey {
          // Not in order: from the start again, sorted.
          result.removeSubrange(start...)
          appendSorted(to: &result)
          return
        }
        lastKey = entry >> 7
        result.append((Int64(entry >> 7) + Self.base, Int(entry & 127)))
      }
      rest -= inLine
      unsafe line = Self.next(line)
    }
  }

  /// The counts by hour since 1970, ascending; hours without any are left out.
  ///
  /// Nothing is sorted: what each of two workers added ascends by itself.
  ///
  /// - Parameter sequences: Memory that is used again.
  /// - Returns: `nil` where minutes came in more orders than two.
  /// - Complexity: O(*n*).
  func hours(_ sequences: inout HourSequences) -> [(hour: Int64, count: Int)]? {
    guard let last = unsafe last else { return [] }
    sequences.clear()
    var line = unsafe Self.next(last)
    var rest = count
    while rest > 0 {
      let entries = unsafe Self.entries(line)
      let inLine = min(rest, Self.lineEntryCount)
      for position in 0..<Int(inLine) {
        let entry = unsafe entries[position]
        guard sequences.add(minute: entry >> 7, Int(entry & 127)) else { return nil }
      }
      rest -= inLine
      unsafe line = Self.next(line)
    }
    return sequences.merged(from: Self.base / 60)
  }

  private func appendSorted(to result: inout [(minute: Int64, count: Int)]) {
    var lastKey = UInt32.max
    for entry in united {
      if entry >> 7 == lastKey {
        result[result.count - 1].count += Int(entry & 127)
      } else {
        lastKey = entry >> 7
        result.append((Int64(lastKey) + Self.base, Int(entry & 127)))
      }
    }
  }
}
