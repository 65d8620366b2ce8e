import Delimited

/// Where the next row of a file is looked for among those of another.
struct ExpectedRows: Sendable {
  /// How far rows may be from where they are expected.
  private static let reach = 8

  private let rows: [UInt32]
  private var next = 0
  private var missCount = 0
  /// Places of rows; filled where they are not found otherwise.
  private var places: [UInt32: Int] = [:]

  init(_ rows: [UInt32] = []) { self.rows = rows }

  /// The row that a record plainly is; `nil` for none near.
  mutating func take(_ record: Record, _ pool: SnapshotRowPool) -> UInt32? {
    for place in next..<min(next + Self.reach, rows.count) {
      let row = rows[place]
      guard row != SnapshotRowOrder.noRow, pool.holds(row, record) else { continue }
      next = place + 1
      missCount = 0
      return row
    }
    return nil
  }

  /// Notes a row that was not near.
  mutating func note(_ row: UInt32) {
    if rows.isEmpty { return }
    missCount += 1
    guard missCount > Self.reach else { return }
    if places.isEmpty {
      for (place, row) in rows.enumerated() where row != SnapshotRowOrder.noRow {
        places[row] = place
      }
    }
    guard let place = places[row] else { return }
    next = place + 1
    missCount = 0
  }
}

/// The rows of a file in their order.
struct SnapshotRowOrder: Sendable {
  /// In the place of a row about which something was noted, which is to be noted of each file.
  static let noRow = UInt32.max

  /// How the file writes its values.
  var reading: SnapshotForms.Reading?
  var rows: [UInt32] = []
}
