package import SalesforceExports

/// Where one login row stands, and what identifies it.
package struct RowReference: Hashable, Sendable {
  /// Time of the login.
  package var time: Instant
  /// Id of the login; ``SalesforceID/none`` where the export has none.
  package var id: SalesforceID
  /// Code of the source address in the ledger; 0 for none.
  package var address: UInt32
  /// Number of the file among the run's inputs.
  package var file: UInt32
  /// Line of the file in which the row begins, 1-based.
  package var line: UInt64

  /// Makes a reference.
  package init(time: Instant, id: SalesforceID, address: UInt32, file: UInt32, line: UInt64) {
    self.time = time
    self.id = id
    self.address = address
    self.file = file
    self.line = line
  }

  /// The order of content; the place only breaks ties between copies of one row.
  ///
  /// - Parameter precedes: Orders two different address codes by what they stand for.
  @inline(__always)
  func isBefore(_ other: RowReference, addressOrder precedes: (UInt32, UInt32) -> Bool) -> Bool {
    if time != other.time { return time < other.time }
    if id != other.id { return id < other.id }
    if address != other.address { return precedes(address, other.address) }
    return isPlacedBefore(other)
  }

  /// The order of places.
  @inline(__always)
  package func isPlacedBefore(_ other: RowReference) -> Bool {
    file != other.file ? file < other.file : line < other.line
  }
}
