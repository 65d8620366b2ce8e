package import SalesforceExports

/// Which login rows a run takes.
package struct RowSelection: Sendable {
  /// First instant of the window, inclusive.
  package var since: Instant?
  /// End of the window, exclusive.
  package var until: Instant?
  /// Rows before this time are not taken at all, outside the window either.
  package var forgottenBefore: Instant?
  /// Whether rows with an Id seen before are dropped.
  package var dropsDuplicates = true
  /// Whether what lies outside the window is taken, and nothing inside.
  var takesOutside = false

  /// Takes everything.
  package init() {}

  /// Whether there is an outside.
  package var isBounded: Bool { since != nil || until != nil }

  @inline(__always)
  func contains(_ time: Instant) -> Bool {
    let isInside = (since.map { $0 <= time } ?? true) && (until.map { time < $0 } ?? true)
    return takesOutside ? !isInside && (forgottenBefore.map { $0 <= time } ?? true) : isInside
  }

  /// Whether a row outside the window can prove one inside.
  func isNeighbour(_ time: Instant) -> Bool {
    if takesOutside { return false }
    let day = Instant.dayMilliseconds
    let from = since.map { $0.milliseconds - day } ?? .min
    let to = until.map { $0.milliseconds + day } ?? .max
    return time.milliseconds >= from && time.milliseconds < to
  }
}
