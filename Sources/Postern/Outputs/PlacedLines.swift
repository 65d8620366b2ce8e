/// Lines that several workers made in no order, each with its place in the order that counts.
struct PlacedLines<Place: Comparable & Sendable>: Sendable {
  private let spool: TemporarySpool
  private var byteCount = 0
  private var entries: [(place: Place, byteOffset: Int, byteCount: Int)] = []

  /// Makes an empty collection, whose lines would lie in `folder`.
  init(in folder: TemporaryFolder) { spool = TemporarySpool(in: folder) }

  /// Adds a line, without its end; each place is used once.
  mutating func add(_ line: [UInt8], place: Place) throws {
    entries.append((place, byteCount, line.count + 1))
    byteCount += line.count + 1
    try spool.add(line, [UInt8(ascii: "\n")])
  }

  /// The lines of all workers in the order of places.
  ///
  /// - Complexity: O(*n* log *n*) in the number of lines.
  static func inOrder(_ parts: [PlacedLines<Place>]) -> OrderedLines {
    var order: [(place: Place, line: OrderedLines.Line)] = []
    order.reserveCapacity(parts.reduce(0) { $0 + $1.entries.count })
    for (part, lines) in parts.enumerated() {
      for entry in lines.entries {
        order.append(
          (
            entry.place,
            OrderedLines.Line(part: part, byteOffset: entry.byteOffset, byteCount: entry.byteCount)
          ))
      }
    }
    order.sort { $0.place < $1.place }
    return OrderedLines(spools: parts.map(\.spool), lines: order.map(\.line))
  }
}

/// Lines in the order that counts, which still lie where their workers put them.
struct OrderedLines: Sendable {
  fileprivate struct Line: Sendable {
    let part: Int
    let byteOffset: Int
    let byteCount: Int
  }

  private static let pieceByteCount = 1 << 20

  private let spools: [TemporarySpool]
  private let lines: [Line]

  fileprivate init(spools: [TemporarySpool], lines: [Line]) {
    self.spools = spools
    self.lines = lines
  }

  /// Gives all lines to `body` in pieces of about a mebibyte, each of whole lines.
  func forEachPiece(_ body: ([UInt8]) throws -> Void) throws {
    var piece: [UInt8] = []
    for line in lines {
      piece += try spools[line.part].whole(at: line.byteOffset, count: line.byteCount)
      guard piece.count >= Self.pieceByteCount else { continue }
      try body(piece)
      piece.removeAll(keepingCapacity: true)
    }
    if !piece.isEmpty { try body(piece) }
  }
}
