import Accounts
import Platform

/// Adds up what workers have done, and tells whoever wants to show it.
final class ProgressCounter: Sendable {
  private let report: (@Sendable (ScanProgress) -> Void)?
  private struct State {
    var progress: ScanProgress
    var doneByFile: [Int: UInt64] = [:]
  }

  private let state: Locked<State>

  init(_ report: (@Sendable (ScanProgress) -> Void)?, totalBytes: UInt64) {
    self.report = report
    state = Locked(State(progress: ScanProgress(doneBytes: 0, totalBytes: totalBytes, rows: 0)))
  }

  /// Adds one block's work.
  ///
  /// - Parameters:
  ///   - done: Stored bytes of the file up to the end of the block.
  ///   - file: Number of the file.
  ///   - rows: Rows of the block.
  func add(done: UInt64, ofFile file: Int, rows: Int) {
    guard let report else { return }
    let progress = state.withLock { state in
      // Blocks of one file may be done in another order than they were cut.
      let known = state.doneByFile[file] ?? 0
      if done > known {
        state.progress.doneBytes += done - known
        state.doneByFile[file] = done
      }
      state.progress.rows += rows
      return state.progress
    }
    report(progress)
  }
}
