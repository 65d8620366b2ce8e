import Glibc

/// A lock with a condition to wait for, which ``Guarded`` has not.
// Unchecked: the two C objects are made for use by many threads, and never move.
@safe
final class PipelineMonitor: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  init() {
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

  /// Runs `body` while nobody else holds the lock.
  func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Gives the lock up until somebody calls ``wakeAll()``; only inside ``withLock(_:)``.
  func wait() { unsafe pthread_cond_wait(condition, mutex) }

  /// Wakes whoever waits.
  func wakeAll() { unsafe pthread_cond_broadcast(condition) }
}
