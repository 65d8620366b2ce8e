import Glibc

/// Work that a thread of its own does, while whoever started it does something else.
///
/// The value is waited for when it is asked for, and at the latest when nobody holds the work any more.
package final class StartedWork<Value: Sendable>: Sendable {
  private let result: Locked<Value?>
  /// The thread that nobody has joined yet.
  private let thread: Locked<pthread_t?>

  /// Starts work.
  ///
  /// If a thread cannot be created, the caller does it before this returns.
  ///
  /// - Parameter isConcurrent: Whether it gets a thread; if not, the caller does it too.
  package init(isConcurrent: Bool, _ body: @escaping @Sendable () -> Value) {
    let result = Locked<Value?>(nil)
    self.result = result
    let work: @Sendable () -> Void = {
      let value = body()
      result.withLock { $0 = value }
    }
    if isConcurrent {
      thread = Locked(WorkerThreads.start(work))
    } else {
      thread = Locked(nil)
      work()
    }
  }

  deinit { join() }

  private func join() {
    // Whoever comes second waits for the lock until the first has joined.
    thread.withLock { thread in
      if let running = thread { pthread_join(running, nil) }
      thread = nil
    }
  }

  /// What came of it.
  package var value: Value {
    join()
    guard let value = result.withLock({ $0 }) else {
      preconditionFailure("the thread has ended")
    }
    return value
  }
}
