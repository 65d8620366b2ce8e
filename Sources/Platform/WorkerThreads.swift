import Glibc

/// Threads that each do one worker's share and end.
///
/// Plain threads, not a queue's: a pool starts its threads when it finds the machine idle enough, and
/// on a busy one a scan was seen to run on one core alone.
package enum WorkerThreads {
  /// What a thread is handed.
  private final class Share: Sendable {
    let worker: Int
    let body: @Sendable (Int) -> Void

    init(worker: Int, body: @escaping @Sendable (Int) -> Void) {
      self.worker = worker
      self.body = body
    }
  }

  /// Calls `body` on a thread of its own.
  ///
  /// - Returns: The thread, which has to be joined; `nil` where none could be created, and the caller has
  ///   called `body`.
  static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
    start(worker: 0) { _ in body() }
  }

  private static func start(
    worker: Int, _ body: @escaping @Sendable (Int) -> Void
  ) -> pthread_t? {
    let share = unsafe Unmanaged.passRetained(Share(worker: worker, body: body))
    var thread = pthread_t()
    let result = unsafe pthread_create(
      &thread, nil,
      { context in
        guard let context = unsafe context else { return nil }
        let share = unsafe Unmanaged<Share>.fromOpaque(context).takeRetainedValue()
        share.body(share.worker)
        return nil
      }, share.toOpaque())
    if result == 0 { return thread }
    unsafe share.release()
    body(worker)
    return nil
  }

  /// Calls `body` with 0..<`count`, each on a thread of its own, the first on the caller's, and
  /// returns when all have ended.
  ///
  /// If a thread cannot be created, the caller does its share.
  package static func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
    guard count > 1 else { return body(0) }
    withoutActuallyEscaping(body) { body in
      var threads: [pthread_t] = []
      for worker in 1..<count {
        if let thread = start(worker: worker, body) { threads.append(thread) }
      }
      body(0)
      for thread in threads { pthread_join(thread, nil) }
    }
  }
}
