import Glibc

/// A lock together with a condition variable, for threads that wait for one another.
///
/// What it protects lies with its owner; a value that is only read and written is a ``Locked``.
// Unchecked: the two C objects are made for use by many threads, and never move.
@safe
package final class Monitor: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  /// Makes a lock that nobody holds.
  package init() {
    unsafe mutex = .allocate(capacity: 1)
    unsafe condition = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(condition, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Runs `body` while holding the lock.
  ///
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  package func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Gives the lock up until somebody calls ``wakeAll()``; only inside ``withLock(_:)``.
  package func wait() { unsafe pthread_cond_wait(condition, mutex) }

  /// Wakes every waiting thread.
  package func wakeAll() { unsafe pthread_cond_broadcast(condition) }
}
