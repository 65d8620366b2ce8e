import Platform
package import SalesforceExports

/// How often a value occurred, and between which times.
package struct ValueUse: Sendable, Equatable {
  /// The value.
  package var value: String
  /// Number of attempts.
  package var count: Int
  /// Time of the first.
  package var first: Instant
  /// Time of the last.
  package var last: Instant

  /// Makes a use.
  package init(value: String, count: Int, first: Instant, last: Instant) {
    self.value = value
    self.count = count
    self.first = first
    self.last = last
  }

  /// The most frequent first; ties: first seen, then value.
  package static func ranks(_ one: ValueUse, before other: ValueUse) -> Bool {
    if one.count != other.count { return one.count > other.count }
    if one.first != other.first { return one.first < other.first }
    return one.value.precedes(other.value)
  }
}
