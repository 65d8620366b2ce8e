/// Lines that several workers made in no order, each with its place in the order that counts.
struct PlacedLines<Place: Comparable & Sendable>: Sendable {
  private let spool: TemporarySpool
  private var byteCount = 0
  private var entries: [(place: Place, byteOffset: Int, byteCount: Int)] = []

  /// Makes an empty collection, whose lines would lie in `folder`.
  init(in folder: TemporaryFolder) { spool = TemporarySpool(in: folder) }

  /// Adds a line, without its end; each place is used once.
  mutating func add(_ line: [UInt8], place: Place) throws {
    let bytes = line + [UInt8(ascii: "\n")]
    entries.append((place, byteCount, bytes.count))
    byteCount += bytes.count
    try spool.add(bytes)
  }

  /// The lines of all workers in the order of places.
  ///
  /// - Complexity: O(*n* log *n*) in the number of lines.
  static func inOrder(
    _ parts: [PlacedLines<Place>], in folder: TemporaryFolder
  ) throws -> TemporarySpool {
    var order: [(place: Place, part: Int, entry: Int)] = []
    for (part, lines) in parts.enumerated() {
      for (entry, line) in lines.entries.enumerated() { order.append((line.place, part, entry)) }
    }
    order.sort { $0.place < $1.place }
    let result = TemporarySpool(in: folder)
    for (_, part, entry) in order {
      let line = parts[part].entries[entry]
      try result.add(parts[part].spool.whole(at: line.byteOffset, count: line.byteCount))
    }
    return result
  }
}
