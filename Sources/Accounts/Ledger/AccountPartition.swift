import Platform

/// A part of a ledger's accounts, with the memory of their lists.
// Not Sendable: while rows are folded, whoever holds the lock has it to itself.
@safe
final class AccountPartition {
  private let lock = Locked(())
  var index = AccountIndex()
  /// Memory of the slots' lists.
  let memory: ListAllocator
  /// The largest count that is added to a slot's, which take four bytes for each 127.
  private static let largestCount = 1 << 12
  /// Counts that a slot's counts cannot hold (of minutes before 2000 or after 2063), or not in few bytes,
  /// by place.
  private(set) var outlyingMinutes: [Int: [Int64: Int]] = [:]

  /// Makes a partition without accounts.
  ///
  /// - Parameter source: Memory of all partitions of the ledger.
  init(_ source: ChunkArena) { memory = ListAllocator(source) }

  deinit { index.free() }

  /// Runs `body` while no other worker has the partition.
  func withLock(_ body: () -> Void) {
    lock.withLock { _ in body() }
  }

  /// Counts API attempts of an account in a minute since 1970.
  ///
  /// - Complexity: O(1) amortised for minutes that ascend; O(log *n*) otherwise.
  @inline(__always)
  func add(minute: Int64, of slot: UnsafeMutablePointer<AccountSlot>) {
    if minute >= MinuteCounts.base, minute < MinuteCounts.end {
      unsafe slot.pointee.minutes.add(minute: minute, memory)
    } else {
      unsafe outlyingMinutes[slot - index.slots, default: [:]][minute, default: 0] += 1
    }
  }

  /// Counts `count` attempts of an account in a minute.
  func add(minute: Int64, of slot: UnsafeMutablePointer<AccountSlot>, count: Int) {
    if minute >= MinuteCounts.base, minute < MinuteCounts.end, count <= Self.largestCount {
      unsafe slot.pointee.minutes.add(minute: minute, count: count, memory)
    } else {
      unsafe outlyingMinutes[slot - index.slots, default: [:]][minute, default: 0] += count
    }
  }
}
