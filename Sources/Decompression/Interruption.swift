package import Synchronization

/// Whether the program was asked to stop, so that a read that waits for a pipe need not go on.
package enum Interruption {
  /// Set from a signal handler.
  package static let isRequested = Atomic<Bool>(false)
}
