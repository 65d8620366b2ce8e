import Platform

/// Makes pieces of an output by all workers, and writes them in the order of what they are made from.
///
/// One worker at a time takes what comes next, several make pieces of it, and whoever has made the
/// piece that is due writes it, with those behind it that are ready. No more pieces wait than are
/// worth it.
// Unchecked: all members are used under the monitor's lock.
final class OrderedPieces<Source: Sendable, Piece: Sendable>: @unchecked Sendable {
  private let monitor = Monitor()
  private let take: () throws -> Source?
  private let write: (Piece) throws -> Void
  private var takenCount = 0
  private var writtenCount = 0
  private var waiting: [Int: Piece] = [:]
  private var hasEnded = false
  private var failure: (any Error)?

  /// Makes a line of work.
  ///
  /// - Parameters:
  ///   - take: Gives what the next piece is made from; `nil` at the end.
  ///   - write: Takes the pieces in order. Both are called by one worker at a time.
  init(take: @escaping () throws -> Source?, write: @escaping (Piece) throws -> Void) {
    self.take = take
    self.write = write
  }

  /// Makes and writes all pieces.
  ///
  /// - Parameters:
  ///   - threads: How many workers there are.
  ///   - waiting: How many pieces may wait for one before them; `nil` for two of each worker.
  ///   - makeState: Makes what a worker needs for itself.
  ///   - make: Makes a piece.
  /// - Throws: What failed first.
  func run<State>(
    threads: Int, waiting: Int? = nil, state makeState: @Sendable () -> State,
    _ make: @Sendable (inout State, Source) -> Piece
  ) throws {
    let threads = max(1, threads)
    WorkerThreads.run(threads) { _ in
      var state = makeState()
      while let (number, source) = next(bound: waiting ?? 2 * threads) {
        finish(number, make(&state, source))
      }
    }
    if let failure { throw failure }
  }

  private func next(bound: Int) -> (number: Int, source: Source)? {
    monitor.withLock {
      while takenCount - writtenCount >= bound, failure == nil { monitor.wait() }
      guard failure == nil, !hasEnded else { return nil }
      do {
        guard let source = try take() else {
          hasEnded = true
          return nil
        }
        takenCount += 1
        return (takenCount - 1, source)
      } catch {
        fail(error)
        return nil
      }
    }
  }

  private func finish(_ number: Int, _ piece: Piece) {
    monitor.withLock {
      waiting[number] = piece
      do {
        while failure == nil, let due = waiting.removeValue(forKey: writtenCount) {
          try write(due)
          writtenCount += 1
        }
      } catch {
        fail(error)
      }
      monitor.wakeAll()
    }
  }

  private func fail(_ error: any Error) {
    failure = failure ?? error
    monitor.wakeAll()
  }
}
