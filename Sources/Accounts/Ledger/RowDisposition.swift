/// How a logged row counts.
package enum RowDisposition: UInt8, Sendable {
  /// It is analysed.
  case counted
  /// A copy of a row counted elsewhere; it can give the row an earlier place.
  case copy
  /// It lies outside the window, and serves the rows at the window's edge.
  case neighbour
}
