import Platform
import Synchronization

/// The run was asked to stop (SIGINT).
package struct Cancelled: Error, Sendable {
  /// Makes the error.
  package init() {}

  /// Ends the run when a signal asked for it.
  ///
  /// - Throws: ``Cancelled``.
  static func check() throws(Cancelled) {
    if Interruption.isRequested.load(ordering: .relaxed) { throw Cancelled() }
  }
}
