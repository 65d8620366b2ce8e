package import SalesforceExports

/// Where one login row stands, and what identifies it; 32 bytes.
package struct RowReference: Hashable, Sendable, BitwiseCopyable {
  /// Time of the login.
  package var time: Instant
  /// Id of the login; ``SalesforceID/none`` where the export has none.
  package var id: SalesforceID
  /// Code of the source address in the ledger; 0 for none.
  package var address: UInt32
  /// File in the upper 24 bits, line below: comparing two compares their places.
  var place: UInt64

  /// Bits of ``place`` that hold the line.
  private static let lineBits: UInt64 = 40

  /// Number of the file among the run's inputs, below 2²⁴.
  package var file: UInt32 { UInt32(truncatingIfNeeded: place >> Self.lineBits) }

  /// Line of the file in which the row begins, 1-based, below 2⁴⁰.
  package var line: UInt64 { place & (1 << Self.lineBits - 1) }

  /// Makes a reference.
  @inline(__always)
  package init(time: Instant, id: SalesforceID, address: UInt32, file: UInt32, line: UInt64) {
    self.time = time
    self.id = id
    self.address = address
    place = UInt64(file) << Self.lineBits | line
  }

  /// Whether this row comes before another by content; the place breaks ties between copies.
  ///
  /// - Parameter precedes: Orders two different address codes by what they stand for.
  @inline(__always)
  func isBefore(_ other: RowReference, addressOrder precedes: (UInt32, UInt32) -> Bool) -> Bool {
    if time != other.time { return time < other.time }
    if id != other.id { return id < other.id }
    if address != other.address { return precedes(address, other.address) }
    return place < other.place
  }

  /// Whether this row is a better last row than another: later by content, and of copies the one
  /// that stands first.
  @inline(__always)
  func isAfter(_ other: RowReference, addressOrder precedes: (UInt32, UInt32) -> Bool) -> Bool {
    if time != other.time { return other.time < time }
    if id != other.id { return other.id < id }
    if address != other.address { return precedes(other.address, address) }
    return place < other.place
  }

  /// The order of places.
  @inline(__always)
  package func isPlacedBefore(_ other: RowReference) -> Bool { place < other.place }
}
