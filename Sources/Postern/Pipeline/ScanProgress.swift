/// How far a run is.
package struct ScanProgress: Sendable {
  /// Compressed bytes done, and in all; 0 when the total is not known.
  package var doneBytes: UInt64
  package var totalBytes: UInt64
  /// Rows read.
  package var rows: Int
  /// Whether all is read, so that whoever shows progress makes room for results.
  package var isFinished = false

  /// All is read.
  static let finished = ScanProgress(doneBytes: 0, totalBytes: 0, rows: 0, isFinished: true)
}
