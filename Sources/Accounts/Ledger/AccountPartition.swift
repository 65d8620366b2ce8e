import Platform
import SalesforceExports

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

  /// What all logged rows of the partition have to do with.
  @safe
  struct Log {
    /// Where a row is packed.
    let bytes: UnsafeMutableRawPointer
    var rowCount = 0
    /// The earliest and the latest time of a row.
    var first = Int64.max
    var last = Int64.min
  }

  /// In memory of its own, since each access to a class's property is checked for overlap at run time.
  private let log: UnsafeMutablePointer<Log>

  /// Makes a partition without accounts.
  ///
  /// - Parameter source: Memory of all partitions of the ledger.
  init(_ source: ChunkArena) {
    memory = ListAllocator(source)
    unsafe log = .allocate(capacity: 1)
    unsafe log.initialize(
      to: Log(bytes: .allocate(byteCount: LoggedRows.largestRow, alignment: 8)))
  }

  deinit {
    index.free()
    unsafe log.pointee.bytes.deallocate()
    unsafe log.deallocate()
  }

  /// Runs `body` while no other worker has the partition.
  func withLock(_ body: () -> Void) {
    lock.withLock { _ in body() }
  }

  /// Number of logged rows.
  var loggedCount: Int { unsafe log.pointee.rowCount }

  /// Times of the earliest and latest logged row; `nil` without rows.
  var loggedSpan: ClosedRange<Instant>? {
    let (first, last) = unsafe (log.pointee.first, log.pointee.last)
    return first > last ? nil : Instant(milliseconds: first)...Instant(milliseconds: last)
  }

  /// Adds a logged row of an account.
  ///
  /// - Complexity: O(1).
  @inline(__always)
  func log(_ login: LoggedLogin, of slot: UnsafeMutablePointer<AccountSlot>) {
    unsafe slot.pointee.loggedRows.append(login, bytes: log.pointee.bytes, memory)
    let time = login.row.time.milliseconds
    unsafe log.pointee.rowCount += 1
    unsafe log.pointee.first = min(log.pointee.first, time)
    unsafe log.pointee.last = max(log.pointee.last, time)
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
