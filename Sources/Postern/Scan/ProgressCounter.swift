import Synchronization

/// Adds up what workers have done, and tells whoever wants to show it.
final class ProgressCounter: Sendable {
  private let report: (@Sendable (ScanProgress) -> Void)?
  private let state: Mutex<ScanProgress>

  init(_ report: (@Sendable (ScanProgress) -> Void)?, totalBytes: UInt64) {
    self.report = report
    state = Mutex(ScanProgress(doneBytes: 0, totalBytes: totalBytes, rows: 0))
  }

  /// Adds one block's work.
  func add(bytes: UInt64, rows: Int) {
    guard let report else { return }
    let progress = state.withLock { progress in
      progress.doneBytes += bytes
      progress.rows += rows
      return progress
    }
    report(progress)
  }
}
