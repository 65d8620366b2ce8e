import Glibc

/// A value protected by a lock.
///
/// `Mutex` of Synchronization is on Linux a futex inside the run time, which the thread sanitizer does
/// not see, so that it takes every access for a race; a lock of POSIX it knows.
// Unchecked: the value is reached under the lock alone. The C object never moves.
@safe
package final class Locked<Value>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  /// Puts a value behind a lock of its own.
  package init(_ value: Value) {
    self.value = value
    unsafe mutex = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  /// Runs `body` with exclusive access to the value.
  ///
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
