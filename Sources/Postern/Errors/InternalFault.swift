/// The program contradicts itself (exit 70).
package struct InternalFault: Error, Sendable, CustomStringConvertible {
  /// What does not fit.
  package let description: String

  /// Makes an error.
  package init(_ detail: String) { description = "internal fault: \(detail)" }
}
