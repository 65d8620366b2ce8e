/// A mistake in options or configuration, found before anything is analysed (exit 64).
package struct UsageError: Error, Sendable, CustomStringConvertible {
  /// What is wrong and what to do.
  package let description: String

  /// Makes an error.
  package init(_ description: String) { self.description = description }
}
